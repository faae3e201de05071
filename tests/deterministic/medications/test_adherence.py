"""How much was taken: days covered by the definition of the PQA, or the due doses of the log with their interval."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.deterministic.medications.taking import NOW, SIMVASTATIN, Takes, directions, dispensed, ordered
from tests.deterministic.records.resources import about
from vitasense.deterministic.medications.adherence import days_covered, wilson
from vitasense.deterministic.medications.log import DoseStatus
from vitasense.deterministic.platform.findings import Status
from vitasense.deterministic.platform.problems import InvalidInput

DAY = timedelta(days=1)


def on(day: int, hour: int = 8) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    ("supplies", "covered"),
    [
        ([(date(2026, 1, 1), 30)], 30),
        ([(date(2026, 1, 1), 30), (date(2026, 1, 31), 30)], 60),
        ([(date(2026, 1, 1), 30), (date(2026, 1, 21), 30)], 60),  # early: begins when the first is used up
        ([(date(2026, 1, 1), 30), (date(2026, 2, 10), 30)], 60),  # a gap is not covered
        ([(date(2026, 1, 1), 90), (date(2026, 1, 2), 90)], 100),  # only days of the period count
        ([(date(2026, 3, 20), 30)], 22),
        ([(date(2026, 4, 11), 30)], 0),
    ],
)
def test_days_with_supply_are_counted_once(supplies: list[tuple[date, float]], covered: int) -> None:
    assert days_covered(supplies, date(2026, 4, 11)) == covered


@settings(deadline=None)
@given(st.lists(st.tuples(st.dates(date(2026, 1, 1), date(2026, 6, 1)), st.integers(0, 90)), min_size=1, max_size=12))
def test_no_more_days_are_covered_than_there_are_or_were_supplied(supplies: list[tuple[date, float]]) -> None:
    until = date(2026, 7, 1)
    covered = days_covered(supplies, until)
    assert 0 <= covered <= min(sum(int(days) for _, days in supplies), (until - min(day for day, _ in supplies)).days)


async def test_dispenses_give_the_proportion_of_days_covered(takes: Takes) -> None:
    fills = [dispensed(f"d{n}", day) for n, day in enumerate(("2026-06-01", "2026-07-01", "2026-08-10", "2026-09-09"))]
    await takes.has(ordered(), *fills)
    found = await takes.adheres(await takes.only())
    days = (date(2026, 11, 20) - date(2026, 6, 1)).days
    assert (found.status, found.method, found.days_covered, found.days) == (Status.FOUND, "dispensed", 120, days)
    assert found.share == pytest.approx(120 / days) and found.since == date(2026, 6, 1)
    assert found.source and "Pharmacy Quality Alliance" in found.source and len(found.evidence) == 4


async def test_a_quantity_with_directions_says_for_how_many_days_it_is(takes: Takes) -> None:
    sixty = {"quantity": {"value": 60, "unit": "tablets"}}
    await takes.has(
        ordered(dosageInstruction=directions("1 tablet twice a day")),
        dispensed("a", "2026-07-01", None, **sixty),
        dispensed("b", "2026-08-01", None, **sixty),
    )
    assert (await takes.adheres(await takes.only())).days_covered == 60


async def test_one_fill_a_short_time_or_an_unknown_supply_gives_no_proportion(takes: Takes) -> None:
    await takes.has(ordered(), dispensed("a", "2026-06-01"))
    found = await takes.adheres(await takes.only())
    assert found.status is Status.NOT_EVALUATED and found.reason and "fewer than 2 dispenses" in found.reason
    await takes.has(dispensed("b", "2026-06-20"))
    short = await takes.adheres(await takes.only(), until=datetime(2026, 8, 1, tzinfo=UTC))
    assert short.reason and "91 days" in short.reason
    await takes.has(dispensed("c", "2026-07-20", None))
    unknown = await takes.adheres(await takes.only())
    assert unknown.reason and "for how many days" in unknown.reason


async def test_the_log_gives_a_share_from_its_first_day_with_what_was_not_told_in_the_interval(takes: Takes) -> None:
    entry = await takes.begins("metformin 500 mg", "1 tablet at 8 am and 8 pm", since="2026-11-01")
    nothing = await takes.adheres(entry)
    assert nothing.status is Status.NOT_EVALUATED
    assert nothing.reason == "no dose was told of since 2026-05-24"
    for day in range(10, 18):
        await takes.logs(entry, on(day))
    await takes.logs(entry, on(10, 20), DoseStatus.MISSED)
    await takes.logs(entry, on(11, 20), DoseStatus.SKIPPED, reason="sick")
    found = await takes.adheres(entry)
    assert (found.method, found.since, found.until) == ("log", date(2026, 11, 10), date(2026, 11, 20))
    assert (found.due, found.taken, found.missed, found.skipped, found.untold) == (20, 8, 1, 1, 10)
    assert found.share == pytest.approx(0.8)
    assert found.low == pytest.approx(wilson(8, 20)[0]) and found.high == pytest.approx(wilson(18, 20)[1])


async def test_a_dose_that_was_first_missed_and_then_taken_was_taken(takes: Takes) -> None:
    entry = await takes.begins("aspirin", "1 tablet at 8 am", since="2026-11-18")
    await takes.logs(entry, on(18), DoseStatus.MISSED)
    await takes.logs(entry, on(18, 11))
    await takes.logs(entry, on(19), DoseStatus.MISSED)
    found = await takes.adheres(entry)
    assert (found.due, found.taken, found.missed) == (2, 1, 1)


async def test_a_dose_that_was_given_elsewhere_counts_as_taken(takes: Takes) -> None:
    await takes.has(
        ordered(dosageInstruction=directions("1 tablet at 8 pm")),
        about(
            "MedicationAdministration",
            "a1",
            status="completed",
            medicationCodeableConcept={"text": SIMVASTATIN},
            effectiveDateTime="2026-11-18T20:05:00Z",
            request={"reference": "MedicationRequest/r1"},
        ),
    )
    entry = await takes.only()
    assert len(entry.administrations) == 1
    found = await takes.adheres(entry)
    assert (found.taken, found.untold) == (1, 1)


async def test_what_is_taken_when_needed_is_not_counted(takes: Takes) -> None:
    entry = await takes.begins("paracetamol", "500 mg as needed, up to 4 times a day", since="2026-11-01")
    await takes.logs(entry, on(18))
    found = await takes.adheres(entry)
    assert (found.status, found.reason) == (Status.NOT_EVALUATED, "it is taken when needed")


async def test_directions_that_cannot_be_followed_give_no_share(takes: Takes) -> None:
    entry = await takes.begins("warfarin", "as the clinic says", since="2026-11-01")
    await takes.logs(entry, on(18))
    found = await takes.adheres(entry)
    assert found.status is Status.NOT_EVALUATED and found.reason and "words" in found.reason


async def test_today_is_not_over_and_not_counted(takes: Takes) -> None:
    entry = await takes.begins("aspirin", "1 tablet at 8 am", since="2026-11-20")
    await takes.logs(entry, on(20))
    assert (await takes.adheres(entry)).reason == "doses are told of since today only"


async def test_a_time_that_is_no_time_is_refused(takes: Takes) -> None:
    entry = await takes.begins("aspirin", "once a day")
    with pytest.raises(InvalidInput):
        await takes.adheres(entry, since=on(19), until=on(18))
    with pytest.raises(InvalidInput):
        await takes.adheres(entry, since=NOW - 500 * DAY)


def test_the_interval_is_wilsons() -> None:
    assert wilson(8, 10) == pytest.approx((0.4902, 0.9433), abs=1e-3)
    assert wilson(0, 5)[0] == 0 and wilson(5, 5)[1] == 1
