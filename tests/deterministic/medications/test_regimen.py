"""Every medicine stands once, with how it is taken, whether it is taken now, and all that says so."""

from datetime import timedelta
from typing import Any
from uuid import uuid5
from zoneinfo import ZoneInfo

import pytest

from tests.deterministic.medications.taking import (
    NOW,
    RXNORM,
    SIMVASTATIN,
    Takes,
    directions,
    dispensed,
    ordered,
    stated,
)
from tests.deterministic.records.resources import about, coded
from tests.people import access_of, new_principal
from vitasense.deterministic import consent
from vitasense.deterministic.medications.regimen import medicine_of, regimen
from vitasense.deterministic.medications.schemas import Dose
from vitasense.deterministic.medications.sources import State
from vitasense.deterministic.platform.access import Action, Category, Role
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.records import import_bundle

UTC_ZONE = ZoneInfo("UTC")


async def test_an_order_and_what_the_person_says_of_it_are_one_medicine(takes: Takes) -> None:
    await takes.has(
        ordered(dosageInstruction=directions("1 tablet at night"), requester={"display": "Dr. Winter"}),
        stated(dosage=directions("20 mg at night"), effectivePeriod={"start": "2026-01-12"}),
    )
    entry = await takes.only()
    assert (entry.name, entry.state, entry.prescriber) == (SIMVASTATIN, State.TAKING, "Dr. Winter")
    assert [each.drug.key for each in entry.ingredients if each.drug] == ["simvastatin"]
    assert {each.ref.partition("/")[0] for each in entry.evidence} == {"MedicationRequest", "MedicationStatement"}
    assert entry.conflicts == ()
    assert (entry.begins, entry.route) == ("2026-01-12", "oral")


async def test_two_doses_of_one_medicine_are_told_as_such(takes: Takes) -> None:
    await takes.has(
        ordered(dosageInstruction=directions("1 tablet at night")), stated(dosage=directions("40 mg at night"))
    )
    entry = await takes.only()
    (conflict,) = entry.conflicts
    assert conflict.kind == "dose" and "40 mg at night" in conflict.text and "1 tablet at night" in conflict.text
    assert len(conflict.evidence) == 2
    assert medicine_of(entry, NOW, UTC_ZONE).dose is None


async def test_other_strengths_and_other_routes_are_other_medicines(takes: Takes) -> None:
    await takes.has(
        ordered("a"),
        ordered("b", "Simvastatin 40 MG Oral Tablet", "stopped"),
        ordered("c", "hydrocortisone 1 % Topical Cream"),
        ordered("d", "hydrocortisone 10 MG Oral Tablet"),
    )
    found = await takes.regimen()
    assert [(each.name, each.is_taken) for each in found] == [
        ("hydrocortisone 1 % Topical Cream", True),
        ("hydrocortisone 10 MG Oral Tablet", True),
        (SIMVASTATIN, True),
        ("Simvastatin 40 MG Oral Tablet", False),
    ]


async def test_what_says_no_strength_belongs_to_what_is_taken(takes: Takes) -> None:
    await takes.has(ordered("a"), ordered("b", "Simvastatin 40 MG Oral Tablet", "stopped"), stated())
    found = await takes.regimen()
    assert [len(each.sources) for each in found] == [2, 1]


async def test_orders_of_years_are_one_medicine_that_began_with_the_first_that_holds(takes: Takes) -> None:
    await takes.has(
        ordered("a", status="completed", authoredOn="2020-01-01"),
        ordered("b", status="stopped", authoredOn="2023-01-01"),
        ordered("c", authoredOn="2025-01-01"),
    )
    entry = await takes.only()
    assert (entry.state, entry.since, len(entry.sources)) == (State.TAKING, "2025-01-01", 3)
    assert entry.id == uuid5(takes.id, "MedicationRequest/a")
    assert all(entry.is_named(uuid5(takes.id, f"MedicationRequest/{each}")) for each in "abc")


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("active", State.TAKING),
        ("completed", State.COMPLETED),
        ("intended", State.PLANNED),
        ("stopped", State.STOPPED),
        ("on-hold", State.PAUSED),
        ("unknown", State.UNCLEAR),
        ("not-taken", State.NOT_TAKEN),
    ],
)
async def test_a_status_is_a_state(takes: Takes, status: str, state: State) -> None:
    await takes.has(stated(status=status, statusReason=[{"text": "because"}]))
    entry = await takes.only()
    assert (entry.state, entry.state_reason) == (state, "because")


async def test_time_alone_ends_and_begins_a_medicine(takes: Takes) -> None:
    week = [
        {
            "text": "1 tablet every 8 hours for 7 days",
            "timing": {
                "repeat": {
                    "frequency": 1,
                    "period": 8,
                    "periodUnit": "h",
                    "boundsDuration": {"value": 7, "system": "http://unitsofmeasure.org", "code": "d"},
                }
            },
        }
    ]
    await takes.has(
        stated("a", "amoxicillin", effectivePeriod={"start": "2026-11-01", "end": "2026-11-19"}),
        stated("b", "doxycycline", effectivePeriod={"start": "2026-11-12"}, dosage=week),
        stated("c", "ibuprofen", effectivePeriod={"start": "2026-12-01"}),
        ordered("d", "metformin 500 MG", doNotPerform=True),
        ordered("e", "lisinopril 10 MG", intent="proposal"),
        stated("f", "aspirin", effectivePeriod={"start": "2026-11-01", "end": "2026-11-20"}),
    )
    states = {each.name: each.state for each in await takes.regimen()}
    assert states == {
        "amoxicillin": State.COMPLETED,
        "doxycycline": State.COMPLETED,
        "ibuprofen": State.PLANNED,
        "metformin 500 MG": State.NOT_TAKEN,
        "lisinopril 10 MG": State.PLANNED,
        "aspirin": State.TAKING,
    }


async def test_a_later_word_that_it_is_not_taken_wins_and_the_order_is_told(takes: Takes) -> None:
    await takes.has(ordered(), stated(status="stopped", dateAsserted="2026-03-01", statusReason=[{"text": "cough"}]))
    entry = await takes.only()
    assert (entry.state, entry.state_reason) == (State.STOPPED, "cough")
    assert [each.kind for each in entry.conflicts] == ["state"]
    await takes.has(ordered("later", authoredOn="2026-04-01"))
    entry = await takes.only()
    assert (entry.state, entry.conflicts) == (State.TAKING, ())


async def test_refills_are_those_that_were_not_used(takes: Takes) -> None:
    ask = {
        "numberOfRepeatsAllowed": 3,
        "quantity": {"value": 30, "unit": "tablet"},
        "performer": {"display": "Corner Pharmacy"},
        "expectedSupplyDuration": {"value": 30, "unit": "d"},
    }
    await takes.has(ordered(dispenseRequest=ask))
    (order,) = (await takes.only()).prescriptions
    assert (order.refills_allowed, order.refills_left, order.dispensed) == (3, None, 0)
    assert order.unknown and "handed over" in order.unknown
    assert (order.pharmacy, order.days) == ("Corner Pharmacy", 30)
    named: dict[str, Any] = {"authorizingPrescription": [{"reference": "MedicationRequest/r1"}]}
    await takes.has(dispensed("d1", "2026-01-12", **named), dispensed("d2", "2026-02-11", **named))
    (order,) = (await takes.only()).prescriptions
    assert (order.refills_left, order.dispensed, order.unknown) == (2, 2, None)


async def test_a_dispense_that_names_no_order_goes_to_the_medicine_it_is_of(takes: Takes) -> None:
    await takes.has(ordered(), dispensed("d1", "2026-01-12"), dispensed("d2", "2026-02-11", status="cancelled"))
    entry = await takes.only()
    assert [each.id for each in entry.dispenses] == [uuid5(takes.id, "MedicationDispense/d1")]


async def test_the_medicine_behind_a_reference_is_read_with_its_strength(takes: Takes) -> None:
    medication = {
        "resourceType": "Medication",
        "id": "m1",
        "code": coded("36567", "Simvastatin", RXNORM),
        "ingredient": [
            {
                "itemCodeableConcept": coded("36567", "Simvastatin", RXNORM),
                "strength": {"numerator": {"value": 20, "unit": "mg"}, "denominator": {"value": 1, "unit": "tablet"}},
            }
        ],
    }
    request = about(
        "MedicationRequest", "r9", status="active", intent="order", medicationReference={"reference": "Medication/m1"}
    )
    await takes.has(request, stated(dosage=directions("20 mg at night")), ordered())
    async with takes.tx() as tx:
        await import_bundle(tx, takes.id, medication, now=NOW)
    entry = await takes.only()
    assert len(entry.sources) == 3 and entry.strengths[0].value == 20


async def test_a_medicine_for_the_checks_has_its_dose(takes: Takes) -> None:
    await takes.begins("metformin 500 mg", "2 tablets in the morning and 1 at night")
    found = medicine_of(await takes.only(), takes.now, UTC_ZONE)
    assert found.dose == Dose(2, "{tbl}", 1.5)
    assert (found.origin, found.name) == ("said", "metformin 500 mg")


async def test_as_needed_has_no_times_a_day_but_a_limit(takes: Takes) -> None:
    await takes.begins("paracetamol", "500 mg as needed, up to 4 times a day")
    assert medicine_of(await takes.only(), takes.now, UTC_ZONE).dose == Dose(500, "mg", None, 4)


async def test_of_a_tapered_dose_the_one_of_now_counts(takes: Takes) -> None:
    await takes.begins(
        "prednisone", "40 mg once a day for 5 days, then 30 mg for 5 days, then 20 mg", since="2026-11-14"
    )
    assert medicine_of(await takes.only(), takes.now, UTC_ZONE).dose == Dose(30, "mg", 1)
    takes.now += timedelta(days=4)
    assert medicine_of(await takes.only(), takes.now, UTC_ZONE).dose == Dose(20, "mg", 1)


async def test_an_unknown_name_stays_unknown_and_is_one_medicine(takes: Takes) -> None:
    await takes.has(stated("a", "Zorblatin"), stated("b", "zorblatin"))
    entry = await takes.only()
    assert [each.drug for each in entry.ingredients] == [None] and len(entry.sources) == 2


async def test_nobody_without_a_grant_sees_a_medicine(takes: Takes) -> None:
    await takes.begins("metformin 500 mg", "twice a day")
    provider = new_principal(Role.PROVIDER)
    assert await takes.regimen(provider) == []
    async with takes.tx() as tx:
        terms = consent.Terms(provider.account_id, frozenset({Category.MEDICATIONS}), frozenset({Action.READ}))
        await consent.grant(tx, takes.person, terms, new_id)
    assert len(await takes.regimen(provider)) == 1
    async with takes.database.transaction(access_of(new_principal(Role.PATIENT), takes.id)) as tx:
        assert await regimen(tx, takes.id, NOW) == []
