"""What became of a medicine: begun, changed, paused, stopped, taken up again, and which directions held when."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.deterministic.medications.taking import Takes, directions, dispensed, ordered, stated
from vitasense.deterministic.medications.history import ChangeKind, due_between, periods, told
from vitasense.deterministic.medications.regimen import RegimenEntry
from vitasense.deterministic.tracking import NotEvaluated

UTC_ZONE = ZoneInfo("UTC")


def day(number: int, month: int = 11) -> datetime:
    return datetime(2026, month, number, tzinfo=UTC)


async def due(takes: Takes, entry: RegimenEntry, since: datetime, until: datetime) -> list[str] | str:
    async with takes.tx() as tx:
        held = periods(await told(tx, takes.id, entry, takes.now, UTC_ZONE), UTC_ZONE)
    found = due_between(held, since, until, UTC_ZONE)
    return found.reason if isinstance(found, NotEvaluated) else [each.key for each in found]


async def test_every_change_is_told_with_its_day_and_reason(takes: Takes) -> None:
    entry = await takes.begins(
        "lisinopril 10 mg", "1 tablet every morning", since="2026-11-01", reason="blood pressure"
    )
    entry = await takes.changes(entry, "2 tablets every morning", since="2026-11-10")
    entry = await takes.pauses(entry, "vomiting")
    takes.now += timedelta(days=1)
    entry = await takes.resumes(entry)
    takes.now += timedelta(days=1)
    entry = await takes.stops(entry, reason="cough")
    found = await takes.happened(entry)
    assert [(each.kind, each.at[:10], each.reason) for each in found] == [
        (ChangeKind.STOPPED, "2026-11-22", "cough"),
        (ChangeKind.RESUMED, "2026-11-21", None),
        (ChangeKind.PAUSED, "2026-11-20", "vomiting"),
        (ChangeKind.CHANGED, "2026-11-10", None),
        (ChangeKind.STARTED, "2026-11-01", "blood pressure"),
    ]
    assert [each.directions for each in found[-2:]] == ["2 tablets every morning", "1 tablet every morning"]
    assert [each.evidence.version for each in found] == ["5", "4", "3", "2", "1"]


async def test_orders_dispenses_and_words_of_others_stand_in_one_line(takes: Takes) -> None:
    await takes.has(
        ordered(),
        dispensed("d", "2026-01-12"),
        stated(status="stopped", effectivePeriod={"start": "2026-01", "end": "2026-02"}),
    )
    found = await takes.happened(await takes.only())
    assert [(each.kind, each.at[:10]) for each in found] == [
        (ChangeKind.STOPPED, "2026-02"),
        (ChangeKind.DISPENSED, "2026-01-12"),
        (ChangeKind.ORDERED, "2026-01-10"),
        (ChangeKind.STARTED, "2026-01"),
    ]


async def test_what_was_due_follows_the_directions_of_each_time(takes: Takes) -> None:
    entry = await takes.begins("lisinopril 10 mg", "1 tablet at 8 am", since="2026-11-01")
    entry = await takes.changes(entry, "1 tablet at 8 pm", since="2026-11-03")
    assert await due(takes, entry, day(1), day(5)) == [
        "2026-11-01/08:00",
        "2026-11-02/08:00",
        "2026-11-03/20:00",
        "2026-11-04/20:00",
    ]
    entry = await takes.stops(entry, "2026-11-05")
    assert await due(takes, entry, day(4), day(9)) == ["2026-11-04/20:00"]
    entry = await takes.resumes(entry, "2026-11-08")
    assert await due(takes, entry, day(5), day(10)) == ["2026-11-08/20:00", "2026-11-09/20:00"]
    assert await due(takes, entry, day(1, 10), day(20, 10)) == "it was not taken at that time"


async def test_a_course_that_is_over_was_due_while_it_lasted(takes: Takes) -> None:
    entry = await takes.begins("amoxicillin 500 mg", "1 capsule at 8 am for 3 days", since="2026-11-02")
    assert await due(takes, entry, day(1), day(20)) == ["2026-11-02/08:00", "2026-11-03/08:00", "2026-11-04/08:00"]


async def test_a_past_treatment_of_elsewhere_was_due_in_its_period(takes: Takes) -> None:
    await takes.has(
        stated(
            status="completed",
            dosage=directions("20 mg at 8 pm"),
            effectivePeriod={"start": "2026-11-02", "end": "2026-11-03"},
        )
    )
    assert await due(takes, await takes.only(), day(1), day(10)) == ["2026-11-02/20:00"]


async def test_directions_that_cannot_be_followed_make_it_not_evaluated(takes: Takes) -> None:
    entry = await takes.begins("warfarin", "as the clinic says", since="2026-11-01")
    assert await due(takes, entry, day(1), day(5)) == "the directions are words that I cannot read for sure"
    plain = await takes.begins("aspirin", since="2026-11-01")
    assert await due(takes, plain, day(1), day(5)) == "it is not said how it is taken"
