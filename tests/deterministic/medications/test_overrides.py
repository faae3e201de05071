"""What somebody chose to live with stays quiet until its severity, a dose, an entry or the band of a value changes."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.deterministic.medications.taking import NOW, Takes
from tests.people import access_of, new_principal
from vitasense.deterministic import consent
from vitasense.deterministic.auth import SYSTEM, system_access
from vitasense.deterministic.medications.log import Override
from vitasense.deterministic.medications.overrides import (
    end_override,
    finding_key,
    fingerprint,
    override_finding,
    overrides,
    quiet,
)
from vitasense.deterministic.platform.access import Action, Category, Principal, Role
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.findings import Evidence, Finding, Status, Urgency, Value
from vitasense.deterministic.platform.problems import Conflict, InvalidInput, NotAllowed, NotFound


def drug(name: str, code: str | None = None) -> Value:
    return Value(name="drug", text=name, code=code)


def rated(severity: str = "major") -> tuple[Value, Value]:
    return Value(name="severity", text=severity), Value(name="basis", text="documented")


def entry(ref: str = "MedicationStatement/1", version: str = "1") -> Evidence:
    return Evidence(kind="record", ref=ref, version=version, label="x")


def knowledge(version: str = "2026.11") -> Evidence:
    return Evidence(kind="knowledge", ref="knowledge/interactions#a", version=version, label="x", source="a label")


def finding(*values: Value, evidence: tuple[Evidence, ...] = (), severity: str = "major", **more: Any) -> Finding:
    usual: dict[str, Any] = {
        "kind": "drug_interaction",
        "text": "Two medicines affect each other.",
        "status": Status.FOUND,
        "urgency": Urgency.URGENT,
    }
    named = values or (drug("warfarin", "11289"), drug("ibuprofen", "5640"))
    return Finding(values=(*named, *rated(severity)), evidence=(knowledge(), entry(), *evidence), **{**usual, **more})


def potassium(value: float, **more: Any) -> Finding:
    lab = Value(name="potassium", number=value, unit="mmol/L", at=NOW, code="2823-3")
    seen = Evidence(kind="record", ref=f"Observation/{value}", version="1", label="Potassium", at=NOW)
    return finding(drug("lisinopril", "29046"), lab, evidence=(seen,), kind="drug_laboratory", **more)


async def overridden(
    takes: Takes, told: Finding, reason: str = "my doctor knows", by: Principal | None = None, **more: Any
) -> Override:
    usual: dict[str, Any] = {"override_id": new_id(), "actor": by or takes.person, "now": takes.now, "ids": new_id}
    async with takes.tx(by) as tx:
        return await override_finding(tx, takes.id, told, reason, **{**usual, **more})


async def standing(takes: Takes, by: Principal | None = None, *, ended: bool = False) -> list[Override]:
    async with takes.tx(by) as tx:
        return await overrides(tx, takes.id, ended=ended)


async def speaks(takes: Takes, told: Finding) -> bool:
    (heard,) = quiet([told], await standing(takes))
    return heard.override is None and heard.finding == told


def test_what_it_is_about_goes_by_codes_in_any_order() -> None:
    one = finding(drug("warfarin", "11289"), drug("ibuprofen", "5640"))
    other = finding(drug("Ibuprofen 400", "5640"), drug("Coumadin", "11289"), severity="moderate")
    assert finding_key(one) == finding_key(other)
    assert finding_key(one) != finding_key(finding(drug("warfarin", "11289"), drug("naproxen", "7258")))
    assert finding_key(one) != finding_key(one.model_copy(update={"kind": "drug_duplication"}))
    ill = finding(drug("ibuprofen", "5640"), Value(name="condition", text="Heart failure"))
    assert finding_key(ill) != finding_key(finding(drug("ibuprofen", "5640"), Value(name="condition", text="Asthma")))


def test_the_digests_tell_nothing() -> None:
    ill = finding(drug("ibuprofen", "5640"), Value(name="condition", text="Heart failure"))
    assert all(len(each) == 64 and "heart" not in each for each in (finding_key(ill), fingerprint(ill)))


async def test_it_is_listed_and_not_shouted_while_nothing_changes(takes: Takes) -> None:
    told = finding()
    made = await overridden(takes, told)
    (heard,) = quiet([told], await standing(takes))
    assert heard.override == made and heard.finding.urgency is Urgency.SELF_CARE
    assert heard.finding.text == told.text
    assert [each.text for each in heard.finding.values if each.name == "overridden"] == ["my doctor knows"]
    newer_rules = finding().model_copy(update={"evidence": (knowledge("2026.12"), entry())})
    assert not await speaks(takes, newer_rules)
    assert await speaks(takes, finding(drug("warfarin", "11289"), drug("naproxen", "7258")))


@pytest.mark.parametrize(
    "changed",
    [
        finding(severity="contraindicated"),
        finding(urgency=Urgency.ROUTINE),
        finding(evidence=(entry("MedicationStatement/1", "2"),)),
        finding(evidence=(entry("MedicationRequest/2"),)),
        finding(evidence=(entry("Condition/7"),)),
        finding(drug("warfarin", "11289"), drug("ibuprofen", "5640"), Value(name="daily dose", number=2400, unit="mg")),
    ],
)
async def test_it_speaks_again_when_what_mattered_changes(takes: Takes, changed: Finding) -> None:
    await overridden(takes, finding())
    assert await speaks(takes, changed)


async def test_a_changed_dose_speaks_and_a_value_in_its_band_does_not(takes: Takes) -> None:
    def dosed(amount: float) -> Finding:
        return finding(
            drug("ibuprofen", "5640"), Value(name="daily dose", number=amount, unit="mg"), kind="maximum_dose"
        )

    await overridden(takes, dosed(2400))
    assert not await speaks(takes, dosed(2400.0)) and await speaks(takes, dosed(2600))
    await overridden(takes, potassium(5.6))
    assert not await speaks(takes, potassium(5.8))
    assert await speaks(takes, potassium(6.1)) and await speaks(takes, potassium(5.2))


async def test_an_emergency_is_never_quiet(takes: Takes) -> None:
    with pytest.raises(InvalidInput):
        await overridden(takes, potassium(6.9, urgency=Urgency.EMERGENCY))
    urgent = potassium(6.9)
    made = await overridden(takes, urgent)
    pressing = urgent.model_copy(update={"urgency": Urgency.EMERGENCY})
    forged = replace(made, fingerprint=fingerprint(pressing))
    assert quiet([pressing], [forged])[0].override is None


async def test_what_was_not_found_or_has_no_reason_is_not_overridden(takes: Takes) -> None:
    nothing = finding().model_copy(update={"status": Status.NOT_FOUND})
    for told, reason in ((nothing, "my doctor knows"), (finding(), ""), (finding(), "  "), (finding(), "x" * 501)):
        with pytest.raises(InvalidInput):
            await overridden(takes, told, reason)
    assert await standing(takes, ended=True) == []


async def test_again_is_the_same_and_a_new_one_ends_the_old(takes: Takes) -> None:
    first = await overridden(takes, finding())
    assert await overridden(takes, finding(), "still fine") == first
    second = await overridden(takes, finding(severity="contraindicated"))
    assert [each.id for each in await standing(takes)] == [second.id]
    assert [each.ended_at is None for each in await standing(takes, ended=True)] == [True, False]
    with pytest.raises(Conflict):
        await overridden(takes, finding(drug("a", "1"), drug("b", "2")), override_id=second.id)


async def test_ending_it_makes_it_speak(takes: Takes) -> None:
    made = await overridden(takes, finding())
    takes.now += timedelta(hours=1)
    async with takes.tx() as tx:
        ended = await end_override(tx, takes.id, made.id, actor=takes.person, now=takes.now, ids=new_id)
        assert await end_override(tx, takes.id, made.id, actor=takes.person, now=takes.now, ids=new_id) == ended
    assert ended.ended_at == takes.now and await speaks(takes, finding())
    with pytest.raises(NotFound):
        async with takes.tx() as tx:
            await end_override(tx, takes.id, new_id(), actor=takes.person, now=takes.now, ids=new_id)


async def test_a_provider_overrides_with_a_grant_to_write_and_is_named(takes: Takes) -> None:
    provider = new_principal(Role.PROVIDER)

    async def grant(*actions: Action, categories: frozenset[Category]) -> None:
        async with takes.tx() as tx:
            terms = consent.Terms(provider.account_id, categories, frozenset(actions))
            await consent.grant(tx, takes.person, terms, new_id)

    with pytest.raises((NotAllowed, DBAPIError)):
        await overridden(takes, finding(), by=provider)
    await grant(Action.READ, categories=frozenset({Category.MEDICATIONS}))
    with pytest.raises((NotAllowed, DBAPIError)):
        await overridden(takes, finding(), by=provider)
    assert await standing(takes) == []
    await grant(Action.READ, Action.WRITE, categories=frozenset({Category.MEDICATIONS}))
    made = await overridden(takes, finding(), by=provider)
    assert (made.actor_id, made.actor_role) == (provider.account_id, "provider")
    with pytest.raises(NotAllowed):
        await overridden(takes, finding(), actor=SYSTEM)


async def test_one_that_drew_on_more_is_seen_by_who_may_read_all_of_it(takes: Takes) -> None:
    await overridden(takes, potassium(5.6, categories=frozenset({Category.LABS})))
    provider = new_principal(Role.PROVIDER)
    async with takes.tx() as tx:
        terms = consent.Terms(provider.account_id, frozenset({Category.MEDICATIONS}), frozenset({Action.READ}))
        await consent.grant(tx, takes.person, terms, new_id)
    assert await standing(takes, provider) == []
    async with takes.tx() as tx:
        terms = consent.Terms(provider.account_id, frozenset({Category.LABS}), frozenset({Action.READ}))
        await consent.grant(tx, takes.person, terms, new_id)
    assert len(await standing(takes, provider)) == 1
    async with takes.database.transaction(access_of(new_principal(Role.PATIENT), takes.id)) as tx:
        assert await overrides(tx, takes.id) == []


async def test_what_changes_is_told_once(takes: Takes) -> None:
    made = await overridden(takes, finding())
    await overridden(takes, finding())
    async with takes.tx() as tx:
        for _ in range(2):
            await end_override(tx, takes.id, made.id, actor=takes.person, now=takes.now, ids=new_id)
    async with takes.database.transaction(system_access("test")) as tx:
        query = text("select payload from app.event where patient_id = :p and type = 'override.changed' order by seq")
        told = list((await tx.execute(query, {"p": takes.id})).scalars())
    assert told == [{"override_id": str(made.id), "state": state} for state in ("standing", "ended")]
