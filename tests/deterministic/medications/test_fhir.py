"""What is said of a medicine goes through FHIR and comes back; a dose of the log is a MedicationAdministration."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.deterministic.medications.taking import NOW, Takes, ordered
from tests.deterministic.medications.test_directions import READ
from tests.people import new_principal
from vitasense.deterministic.medications.directions import schedule_from_words
from vitasense.deterministic.medications.fhir import Said, administration_of, beginning, statement_of
from vitasense.deterministic.medications.log import DoseStatus
from vitasense.deterministic.medications.schedules import Dates
from vitasense.deterministic.medications.sources import Source, State, source_of
from vitasense.deterministic.platform.access import Category, Role
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.records import StoredResource, Treatment
from vitasense.deterministic.records.validation import validate

WHOSE, VIENNA = new_id(), ZoneInfo("Europe/Vienna")
STATES = {
    "active": State.TAKING,
    "stopped": State.STOPPED,
    "on-hold": State.PAUSED,
    "completed": State.COMPLETED,
    "intended": State.PLANNED,
    "not-taken": State.NOT_TAKEN,
}


def written(said: Said, role: Role = Role.PATIENT) -> dict[str, Any]:
    content = statement_of(said, WHOSE, new_principal(role), NOW)
    whole = {"resourceType": "MedicationStatement", "id": str(new_id()), "subject": {"reference": f"Patient/{WHOSE}"}}
    return {**content, **whole}


def read_back(content: dict[str, Any]) -> Source:
    row = StoredResource(
        type="MedicationStatement",
        id=UUID(content["id"]),
        version=1,
        category=Category.MEDICATIONS,
        label=content["medicationCodeableConcept"]["text"],
        code_system=None,
        code=None,
        status=content["status"],
        at=None,
        recorded_at=NOW,
        content=content,
    )
    return source_of(Treatment(row, row.label, ()), NOW, VIENNA)


@settings(deadline=None)
@given(
    st.sampled_from(sorted(READ)),
    st.sampled_from(sorted(STATES)),
    st.sampled_from([None, "2026", "2026-11", "2026-11-03", "2026-11-03T08:00:00+01:00"]),
    st.sampled_from([None, "pain", "blood pressure"]),
)
def test_a_statement_comes_back_as_it_was_said(words: str, status: str, begins: str | None, reason: str | None) -> None:
    said = Said("metformin 500 mg", status, schedule_from_words(words), begins=begins, reason=reason, status_reason="x")
    content = written(said)
    validate(content)
    found = read_back(content)
    assert (found.name, found.schedule, found.begins, found.reason) == (said.name, said.schedule, begins, reason)
    ran_out = found.state is State.COMPLETED and status == "active"
    assert ran_out or found.state is STATES[status]
    assert (found.state_reason, found.here) == ("x", True)


def test_who_says_it_is_named() -> None:
    assert written(Said("aspirin", "active"))["informationSource"] == {"reference": f"Patient/{WHOSE}"}
    provider = written(Said("aspirin", "active"), Role.PROVIDER)
    assert set(provider["informationSource"]) == {"display"} and "category" not in provider


def test_codes_are_those_of_the_one_ingredient_that_is_known() -> None:
    assert written(Said("Glucophage", "active"))["medicationCodeableConcept"]["coding"][0]["code"] == "6809"
    assert "coding" not in written(Said("Zorblatin", "active"))["medicationCodeableConcept"]


@pytest.mark.parametrize(
    ("words", "bounds"),
    [
        ("once a day", [Dates("2026-11-20")]),
        ("once a day for 5 days", [Dates("2026-11-20", "2026-11-24")]),
        ("40 mg once a day for 1 week, then 10 mg", [Dates("2026-11-20", "2026-11-26"), Dates("2026-11-27")]),
    ],
)
def test_directions_from_a_day_on_have_that_day(words: str, bounds: list[Dates]) -> None:
    found = beginning(schedule_from_words(words), "2026-11-20", VIENNA)
    assert [step.timing.bounds for step in found.steps if step.timing] == bounds


@pytest.mark.parametrize(
    ("status", "said", "expected"),
    [
        (DoseStatus.TAKEN, {"amount": 2.0, "unit": "{tbl}"}, ("completed", None)),
        (DoseStatus.MISSED, {}, ("not-done", "missed")),
        (DoseStatus.SKIPPED, {"reason": "sick"}, ("not-done", "sick")),
    ],
)
async def test_a_dose_is_an_administration_that_is_valid_and_read_elsewhere(
    takes: Takes, status: DoseStatus, said: dict[str, Any], expected: tuple[str, str | None]
) -> None:
    await takes.has(ordered())
    entry = await takes.only()
    at = datetime(2026, 11, 19, 8, tzinfo=UTC)
    dose = (await takes.logs(entry, at, status, **said)).dose
    content = administration_of(dose, entry, takes.id)
    validate(content)
    reason = content["statusReason"][0]["text"] if "statusReason" in content else None  # pyright: ignore
    assert (content["status"], reason) == expected
    await takes.has(content)
    (given_there,) = (await takes.only()).administrations
    assert (given_there.given, given_there.at) == (status is DoseStatus.TAKEN, at)
