"""A symptom put down to a medicine: when it began and ended beside the medicine, and nothing about causes."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from tests.deterministic.medications.taking import NOW, Takes
from tests.people import new_principal
from vitasense.deterministic import consent, records
from vitasense.deterministic.medications.regimen import RegimenEntry
from vitasense.deterministic.medications.side_effects import (
    SideEffect,
    SymptomSaid,
    report_side_effect,
    side_effects,
    take_back,
)
from vitasense.deterministic.platform.access import Action, Category, Principal, Role
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.problems import Conflict, InvalidInput, NotAllowed, NotFound


def day(number: int) -> datetime:
    return datetime(2026, 11, number, 9, tzinfo=UTC)


async def reported(
    takes: Takes, entry: RegimenEntry, symptom: UUID | SymptomSaid, by: Principal | None = None, **more: Any
) -> SideEffect:
    usual: dict[str, Any] = {"link_id": new_id(), "note": None, "actor": by or takes.person, "now": takes.now}
    async with takes.tx(by) as tx:
        return await report_side_effect(tx, takes.id, entry.id, symptom, **{**usual, **more})


async def listed(takes: Takes, entry: RegimenEntry, by: Principal | None = None) -> list[SideEffect]:
    async with takes.tx(by) as tx:
        return await side_effects(tx, takes.id, entry, takes.now, ZoneInfo("UTC"))


async def test_a_new_symptom_is_an_observation_and_a_link(takes: Takes) -> None:
    entry = await takes.begins("lisinopril 10 mg", "1 tablet every morning", since="2026-11-01")
    made = await reported(takes, entry, SymptomSaid("dry cough", day(13), score=4), note="worse at night")
    assert made.symptom and (made.symptom.name, made.symptom.score) == ("dry cough", 4)
    assert made.link.note == "worse at night"
    assert made.relation and (made.relation.onset, made.relation.days) == ("after_start", 12)
    assert made.relation.text == (
        "It began 12 days after the medicine was begun. This does not show that the medicine caused it."
    )
    async with takes.tx() as tx:
        (symptom,) = await records.symptoms(tx, takes.id)
    assert symptom.evidence.ref.endswith(str(made.link.symptom_id))
    assert await listed(takes, entry) == [made]


async def test_a_symptom_that_was_told_before_is_linked(takes: Takes) -> None:
    entry = await takes.begins("lisinopril 10 mg", "1 tablet every morning", since="2026-11-10")
    async with takes.tx() as tx:
        told = await records.write_symptom(
            tx, takes.id, observation_id=new_id(), name="headache", since=day(8), told_at=NOW
        )
    made = await reported(takes, entry, told)
    assert made.relation and made.relation.text.startswith("It began 2 days before the medicine.")
    assert made.relation.onset == "before"
    with pytest.raises(NotFound):
        await reported(takes, entry, new_id())


async def test_the_last_change_of_dose_counts(takes: Takes) -> None:
    entry = await takes.begins("lisinopril 10 mg", "1 tablet every morning", since="2026-11-01")
    entry = await takes.changes(entry, "2 tablets every morning", since="2026-11-10")
    made = await reported(takes, entry, SymptomSaid("dizziness", day(10)))
    assert made.relation and (made.relation.onset, made.relation.days) == ("after_change", 0)
    assert made.relation.text.startswith("It began on the day on which the dose was changed.")


@pytest.mark.parametrize(
    ("until", "course", "after"),
    [(day(19), "went_after_stop", 2), (day(15), "ended_before_stop", None), (None, "no_end_told", None)],
)
async def test_what_became_of_it_after_the_stop(
    takes: Takes, until: datetime | None, course: str, after: int | None
) -> None:
    entry = await takes.begins("lisinopril 10 mg", "1 tablet every morning", since="2026-11-01")
    entry = await takes.stops(entry, "2026-11-17")
    made = await reported(takes, entry, SymptomSaid("dry cough", day(13), until))
    assert made.relation and (made.relation.course, made.relation.days_after_stop) == (course, after)


async def test_without_a_day_nothing_is_counted(takes: Takes) -> None:
    entry = await takes.begins("lisinopril 10 mg", "1 tablet every morning", since="2026-10")
    made = await reported(takes, entry, SymptomSaid("dry cough", day(13)))
    assert made.relation and (made.relation.onset, made.relation.days) == ("unknown", None)


async def test_the_same_id_twice_is_one_and_another_is_refused(takes: Takes) -> None:
    entry, own = await takes.begins("lisinopril 10 mg", since="2026-11-01"), new_id()
    first = await reported(takes, entry, SymptomSaid("dry cough", day(13)), link_id=own)
    takes.now += timedelta(minutes=1)
    assert (await reported(takes, entry, SymptomSaid("dry cough", day(13)), link_id=own)).link == first.link
    with pytest.raises(Conflict):
        await reported(takes, entry, SymptomSaid("rash", day(13)), link_id=own)
    with pytest.raises(InvalidInput):
        await reported(takes, entry, SymptomSaid("rash", takes.now + timedelta(days=1)))
    assert len(await listed(takes, entry)) == 1


async def test_taking_it_back_leaves_the_symptom(takes: Takes) -> None:
    entry = await takes.begins("lisinopril 10 mg", since="2026-11-01")
    made = await reported(takes, entry, SymptomSaid("dry cough", day(13)))
    async with takes.tx() as tx:
        await take_back(tx, takes.id, made.link.id, now=takes.now)
        await take_back(tx, takes.id, made.link.id, now=takes.now)
        assert len(await records.symptoms(tx, takes.id)) == 1
        with pytest.raises(NotFound):
            await take_back(tx, takes.id, new_id(), now=takes.now)
    assert await listed(takes, entry) == []


async def test_who_may_read_medicines_alone_does_not_see_the_symptom(takes: Takes) -> None:
    entry = await takes.begins("lisinopril 10 mg", since="2026-11-01")
    await reported(takes, entry, SymptomSaid("dry cough", day(13)))
    provider = new_principal(Role.PROVIDER)
    assert await listed(takes, entry, provider) == []
    async with takes.tx() as tx:
        both = frozenset({Action.READ, Action.WRITE})
        await consent.grant(
            tx, takes.person, consent.Terms(provider.account_id, frozenset({Category.MEDICATIONS}), both), new_id
        )
    (seen,) = await listed(takes, entry, provider)
    assert (seen.symptom, seen.relation) == (None, None)
    with pytest.raises(NotAllowed):
        await reported(takes, entry, SymptomSaid("rash", day(13)), by=provider)
    assert len(await listed(takes, entry)) == 1
