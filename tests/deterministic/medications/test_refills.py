"""How long a medicine lasts: a range, from what there is and how it is taken, or the reason why nobody can tell."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.deterministic.medications.taking import NOW, Takes, directions, dispensed, ordered
from vitasense.deterministic.medications.log import DoseStatus
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.findings import Status
from vitasense.deterministic.platform.problems import Conflict, InvalidInput


def on(day: int, hour: int = 8, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


async def test_a_count_lasts_as_many_days_as_it_holds(takes: Takes) -> None:
    entry = await takes.begins("metformin 500 mg", "1 tablet twice a day", since="2026-11-01")
    count = await takes.counts(entry, 30)
    assert count.unit == "{tbl}"
    found = await takes.lasts(entry)
    assert (found.status, found.basis, found.least, found.most) == (Status.FOUND, "counted", 30, 30)
    assert (found.earliest, found.latest) == (date(2026, 12, 5), date(2026, 12, 6))
    takes.now += timedelta(days=5)
    later = await takes.lasts(entry)
    assert (later.least, later.earliest, later.latest) == (20, date(2026, 12, 6), date(2026, 12, 6))


async def test_doses_that_were_left_out_last_longer(takes: Takes) -> None:
    entry = await takes.begins("metformin 500 mg", "1 tablet at 8 am", since="2026-11-01")
    await takes.counts(entry, 10, at=on(10, 12))
    for day in (12, 13):
        await takes.logs(entry, on(day), DoseStatus.MISSED)
    found = await takes.lasts(entry)
    assert (found.least, found.most) == (0, 2)
    assert (found.earliest, found.latest) == (date(2026, 11, 21), date(2026, 11, 23))


async def test_an_open_interval_gives_a_range(takes: Takes) -> None:
    entry = await takes.begins("ibuprofen 200 mg", "1-2 tablets every 8 hours", since="2026-11-01")
    await takes.counts(entry, 60, "tablets")
    found = await takes.lasts(entry)
    assert (found.earliest, found.latest) == (date(2026, 11, 30), date(2026, 12, 11))


async def test_what_is_taken_when_needed_lasts_at_least_until(takes: Takes) -> None:
    entry = await takes.begins("paracetamol 500 mg", "1 tablet as needed, up to 4 times a day", since="2026-11-01")
    await takes.counts(entry, 40)
    found = await takes.lasts(entry)
    assert (found.earliest, found.latest) == (date(2026, 11, 30), None)
    endless = await takes.begins("codeine 15 mg", "1 tablet as needed", since="2026-11-01")
    await takes.counts(endless, 40)
    unknown = await takes.lasts(endless)
    assert unknown.status is Status.NOT_EVALUATED and unknown.reason == "it is not said how often it is taken"


async def test_tablets_and_milligrams_meet_by_the_strength(takes: Takes) -> None:
    entry = await takes.begins("simvastatin 20 mg", "40 mg at 8 pm", since="2026-11-01")
    await takes.counts(entry, 20, "tablets")
    assert (await takes.lasts(entry)).earliest == date(2026, 11, 30)
    drops = await takes.begins("amoxicillin 250 mg/5 mL", "500 mg at 8 am", since="2026-11-01")
    await takes.counts(drops, 100, "mL")
    assert (await takes.lasts(drops)).earliest == date(2026, 12, 1)
    vague = await takes.begins("atorvastatin", "40 mg at 8 pm", since="2026-11-01")
    await takes.counts(vague, 20, "tablets")
    assert (await takes.lasts(vague)).status is Status.NOT_EVALUATED


async def test_every_other_day_without_a_first_day_goes_by_the_mean(takes: Takes) -> None:
    entry = await takes.begins("prednisone 5 mg", "1 tablet every other day")
    await takes.counts(entry, 10)
    assert (await takes.lasts(entry)).earliest == date(2026, 12, 10)


async def test_a_tapered_course_ends_with_enough_or_runs_out_within(takes: Takes) -> None:
    words = "4 tablets once a day for 5 days, then 2 tablets for 5 days"
    entry = await takes.begins("prednisone 10 mg", words, since="2026-11-20")
    await takes.counts(entry, 30)
    found = await takes.lasts(entry)
    assert (found.enough, found.earliest) == (True, None)
    await takes.counts(entry, 22)
    assert (await takes.lasts(entry)).earliest == date(2026, 11, 26)


async def test_the_last_dispense_counts_with_what_was_left_of_others_at_most(takes: Takes) -> None:
    thirty: dict[str, Any] = {"quantity": {"value": 30, "unit": "tablet"}}
    await takes.has(
        ordered(dosageInstruction=directions("1 tablet at 8 am")),
        dispensed("a", "2026-10-15", **thirty),
        dispensed("b", "2026-11-04", **thirty),
    )
    found = await takes.lasts(await takes.only())
    assert (found.basis, found.least, found.most) == ("dispensed", 13, 23)
    assert (found.earliest, found.latest) == (date(2026, 12, 4), date(2026, 12, 14))


async def test_what_was_handed_over_after_a_count_is_added(takes: Takes) -> None:
    await takes.has(ordered(dosageInstruction=directions("1 tablet at 8 am")))
    entry = await takes.only()
    await takes.counts(entry, 5, at=on(10, 12))
    await takes.has(dispensed("b", "2026-11-15", quantity={"value": 30, "unit": "tablet"}))
    found = await takes.lasts(await takes.only())
    assert (found.basis, found.least) == ("counted", 25)
    await takes.has(dispensed("c", "2026-11-16"))
    unknown = await takes.lasts(await takes.only())
    assert unknown.status is Status.NOT_EVALUATED and unknown.reason and "handed over" in unknown.reason


async def test_an_order_alone_lasts_at_least_from_its_day(takes: Takes) -> None:
    ask = {"quantity": {"value": 30, "unit": "tablet"}, "numberOfRepeatsAllowed": 2}
    await takes.has(
        ordered(authoredOn="2026-11-10", dispenseRequest=ask, dosageInstruction=directions("1 tablet at 8 am"))
    )
    found = await takes.lasts(await takes.only())
    assert (found.basis, found.earliest, found.latest, found.refills_left) == (
        "ordered",
        date(2026, 12, 10),
        None,
        None,
    )


@pytest.mark.parametrize(
    ("words", "counted", "reason"),
    [
        ("1 tablet twice a day", None, "how much there is"),
        ("as the clinic says", (10, "tablets"), "words"),
        (None, (10, "tablets"), "how it is taken"),
        ("once a day", (10, "tablets"), "how much is taken at a time"),
        ("5 ml once a day", (10, "tablets"), "cannot be counted"),
    ],
)
async def test_without_quantity_or_directions_nothing_is_told(
    takes: Takes, words: str | None, counted: tuple[float, str] | None, reason: str
) -> None:
    entry = await takes.begins("metformin", words, since="2026-11-01")
    if counted:
        await takes.counts(entry, *counted)
    found = await takes.lasts(entry)
    assert found.status is Status.NOT_EVALUATED and found.reason and reason in found.reason
    assert (found.earliest, found.latest, found.least) == (None, None, None)


async def test_what_is_not_taken_does_not_run_out(takes: Takes) -> None:
    entry = await takes.begins("metformin 500 mg", "1 tablet twice a day")
    await takes.counts(entry, 3)
    found = await takes.lasts(await takes.stops(entry))
    assert found.reason == "it is not taken now"


async def test_a_count_that_cannot_be_is_refused(takes: Takes) -> None:
    entry = await takes.begins("metformin 500 mg", "1 tablet twice a day")
    refused: list[dict[str, Any]] = [
        {"quantity": -1},
        {"quantity": float("nan")},
        {"quantity": 1e9},
        {"quantity": 10, "unit": "no such unit"},
        {"quantity": 10, "at": NOW + timedelta(hours=1)},
    ]
    for bad in refused:
        with pytest.raises(InvalidInput):
            await takes.counts(entry, **bad)
    plain = await takes.begins("aspirin", "once a day")
    with pytest.raises(InvalidInput, match="Say of what"):
        await takes.counts(plain, 10)
    own = new_id()
    first = await takes.counts(entry, 10, count_id=own)
    assert await takes.counts(entry, 10, count_id=own) == first
    with pytest.raises(Conflict):
        await takes.counts(entry, 11, count_id=own)


async def test_a_later_count_takes_the_place_of_an_earlier_one(takes: Takes) -> None:
    entry = await takes.begins("metformin 500 mg", "1 tablet at 8 am", since="2026-11-01")
    await takes.counts(entry, 90, at=on(10, 12))
    await takes.counts(entry, 5)
    assert (await takes.lasts(entry)).least == 5
