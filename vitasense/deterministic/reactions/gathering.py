"""Everything that a decision about a new reading is made from, read in the transaction that decides."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic import records, tracking
from vitasense.deterministic.insights import amount
from vitasense.deterministic.platform.findings import Evidence, Status, Urgency, Value
from vitasense.deterministic.reactions.limits import counted, is_in, is_out
from vitasense.deterministic.reactions.schemas import Course, Reading, Situation, Usual
from vitasense.deterministic.reactions.watchlist import Watched, watched_by_metric
from vitasense.deterministic.tracking import Assessment, Baseline, Measured, PersonalRange, RangeVerdict, Sample

FRESH = timedelta(hours=48)  # a reading older than this is history: it changes the record and raises nothing
CLOCK_SLACK = timedelta(minutes=10)
USUAL_WINDOW = timedelta(days=105)  # the baseline's 90 days and the 14 that stay out of it, with a day to spare
USUAL_POINTS = 2600  # hours of that window: what is usual goes by the hour of the day
COURSE_WINDOW = timedelta(days=30)
LASTED = 0.9  # of the minutes that a stream must last: its values do not come by the second
CONTEXT = timedelta(minutes=30)  # before a new reading, in which whatever is asked about a stream lies
ENOUGH = 240  # values of a stream that are read at once: four hours of minutes
DENSE = timedelta(minutes=20)  # a stream has another value at least so often; what comes more seldom was taken by hand
STEPS = "55423-8"
DAYS_OF_WEEK = 7
SATURDAY = 5  # of datetime.weekday
STEPS_KNOWN = timedelta(minutes=60)


@dataclass(frozen=True, slots=True)
class Person:
    """What limits need to know of the person, None where the record does not say, and the ranges of their own."""

    age: float | None
    sex: str | None
    zone: ZoneInfo
    ranges: Sequence[PersonalRange] = ()


async def person(tx: AsyncSession, patient_id: UUID, now: datetime, default_zone: str) -> Person:
    """Age, sex, time zone and the ranges that hold."""
    profile = await records.profile(tx, patient_id)
    settings = await tracking.person_settings(tx, patient_id, default_zone)
    zone = ZoneInfo(settings.timezone)
    own = await tracking.ranges(tx, patient_id)
    return Person(profile.age_years(now) if profile else None, profile.sex if profile else None, zone, own)


async def readings(
    tx: AsyncSession, patient_id: UUID, watched: Watched, now: datetime, *, since: datetime | None = None
) -> list[Reading]:
    """The fresh readings of a kind, by time: parts of one source and one moment are one reading.

    With `since`, when the first of the new ones was taken, a dense stream is read from a while before it only: ENOUGH
    values, and no fewer than CONTEXT holds.
    """
    begins = now - FRESH
    series = {metric: await _series(tx, patient_id, metric, begins, now, since) for metric in watched.metrics}
    shown = max((samples[0].at for samples in series.values() if len(samples) >= ENOUGH and since), default=begins)
    taken: dict[tuple[UUID, datetime], dict[str, Sample]] = {}
    for metric, samples in series.items():
        for sample in samples:
            if sample.at >= shown:  # before that a part may be missing
                taken.setdefault((sample.record_id, sample.at), {})[metric] = sample
    return sorted((Reading(watched, parts) for parts in taken.values()), key=lambda one: one.at)


async def _series(
    tx: AsyncSession, patient_id: UUID, metric: str, begins: datetime, now: datetime, since: datetime | None
) -> list[Sample]:
    ends = now + CLOCK_SLACK
    if since is None:
        return await tracking.series(tx, patient_id, metric, begins, ends)
    newest = await tracking.series(tx, patient_id, metric, begins, ends, most=ENOUGH)
    context = max(begins, since - CONTEXT)
    if len(newest) < ENOUGH or newest[0].at <= context:
        return newest
    return await tracking.series(tx, patient_id, metric, context, ends)


def assessed(reading: Reading, who: Person) -> Assessment | None:
    """What the thresholds say about a reading."""
    values = {code: Measured(sample.value, sample.unit) for code, sample in reading.parts.items()}
    return tracking.assess(values, age_years=who.age, sex=who.sex, origin=reading.watched.origin)


def touched(metrics: Iterable[str]) -> list[Watched]:
    """The kinds of readings that these metrics are parts of, each once."""
    found = watched_by_metric()
    return list({found[code].key: found[code] for code in metrics if code in found}.values())


def worst(new: Sequence[Reading], who: Person) -> tuple[Reading, Assessment | None] | None:
    """The new reading to decide about: the most urgent, of equally urgent ones the newest."""
    judged = [(reading, assessed(reading, who)) for reading in new if reading.quality > 0]
    return max(judged, key=lambda each: (_rank(counted(*each, who.ranges)), each[0].at), default=None)


def written(at: datetime) -> str:
    """A time as events carry it: UTC in ISO 8601 to the microsecond, which sorts as text."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _rank(verdict: RangeVerdict) -> int:
    return verdict.urgency.rank if verdict.status is not Status.NOT_FOUND else 0


async def situation(
    tx: AsyncSession,
    patient_id: UUID,
    reading: Reading,
    assessment: Assessment | None,
    fresh: Sequence[Reading],
    who: Person,
    *,
    alarm_open: bool,
    now: datetime,
) -> Situation:
    """All that is known around the reading; what is usual is left out where nothing will be said."""
    stream = _is_stream(reading, fresh)
    silent = stream and not alarm_open and _says_nothing(_counted(reading, who), assessment)
    usual: dict[str, Usual] = {}
    course: dict[str, Course] = {}
    for code, sample in () if silent else reading.parts.items():
        usual[code], course[code] = await _history(tx, patient_id, code, sample, who, now)
    return Situation(
        reading=reading,
        assessment=assessment,
        usual=usual,
        course=course,
        ranges=[each for each in who.ranges if each.metric in reading.parts],
        calm_in_a_row=_calm(fresh, who),
        confirmed=_confirmed(reading, fresh, who),
        at_rest=None if silent else await _at_rest(tx, patient_id, reading, fresh),
        stream=stream,
        alarm_open=alarm_open,
        evidence=await _evidence(tx, patient_id, reading),
        local_at=reading.at.astimezone(who.zone),
    )


def _says_nothing(verdict: RangeVerdict, assessment: Assessment | None) -> bool:
    """Whether a value of a stream needs no word: it is in range, or nobody can say and it cannot be pressing."""
    pressing = assessment is not None and assessment.urgency.rank >= Urgency.URGENT.rank
    return is_in(verdict) or not (is_out(verdict) or pressing)


async def _history(
    tx: AsyncSession, patient_id: UUID, code: str, sample: Sample, who: Person, now: datetime
) -> tuple[Usual, Course]:
    chart = await tracking.chart(tx, patient_id, code, now - USUAL_WINDOW, sample.at, most=USUAL_POINTS)
    times = [point.at for point in chart.points]
    values = [point.value for point in chart.points]
    found = tracking.baseline(times, values, zone=who.zone, now=now) if times else None
    return usual_of(found, sample.at), course_of(times, values, who.zone, now, code)


def usual_of(found: Baseline | tracking.NotEvaluated | None, at: datetime) -> Usual:
    """What the baseline says of that moment, and of which times it is made."""
    if found is None:
        return Usual(reason="there is no earlier value")
    if isinstance(found, tracking.NotEvaluated):
        return Usual(reason=found.reason)
    expected = found.expected(at)
    days = "at weekends" if at.astimezone(found.zone).weekday() >= SATURDAY else "on weekdays"
    basis = {"hour and weekend": f"at this time {days}", "hour": "at this time of day", "all": "at any time of day"}
    return Usual(expected.low, expected.high, found.every.days, basis[expected.basis])


def course_of(times: Sequence[datetime], values: Sequence[float], zone: ZoneInfo, now: datetime, code: str) -> Course:
    """What the values of the last 30 days did, in words with their numbers."""
    recent = [(at, value) for at, value in zip(times, values, strict=True) if at >= now - COURSE_WINDOW]
    if not recent:
        return Course(None, "there is no value in the last 30 days")
    found = tracking.slope(tracking.daily([at for at, _ in recent], [value for _, value in recent], zone))
    if found.per_day is None:
        return Course(None, f"there are too few days with values: {found.n}")
    known = tracking.device_metrics()[code]
    days = (Value(name="days", number=COURSE_WINDOW.days), Value(name="days with values", number=found.n))
    began = f"Over the last {COURSE_WINDOW.days} days your {known.name}"
    if found.course == "no clear change":
        return Course(f"{began} showed no clear change ({found.n} days with values).", values=days)
    weekly = float(f"{abs(found.per_day) * DAYS_OF_WEEK:.2g}")
    change = Value(name="change in a week", number=weekly, unit=known.unit, code=code)
    return Course(f"{began} was {found.course}, by about {amount(weekly, known.unit)} a week.", values=(*days, change))


def _calm(fresh: Sequence[Reading], who: Person) -> int:
    """How many of the newest readings, one after another, are in range."""
    newest_first = (reading for reading in reversed(fresh) if reading.quality > 0)
    return len(list(takewhile(lambda one: is_in(_counted(one, who)), newest_first)))


def _confirmed(reading: Reading, fresh: Sequence[Reading], who: Person) -> bool:
    """Whether a stream says the same for as long as it must; a value that was taken by hand speaks for itself."""
    rule = reading.watched.confirm
    if rule is None or not _is_stream(reading, fresh):
        return True
    wanted, until_now = (
        timedelta(minutes=rule.minutes),
        [one for one in fresh if one.at <= reading.at and one.quality > 0],
    )
    in_time = sum(one.at > reading.at - wanted for one in until_now)
    in_a_row = until_now[-max(rule.values, in_time) :]
    lasted = reading.at - in_a_row[0].at if in_a_row else timedelta()
    agree = all(is_out(_counted(one, who)) for one in in_a_row)
    return len(in_a_row) >= rule.values and agree and lasted >= wanted * LASTED


def _counted(reading: Reading, who: Person) -> RangeVerdict:
    return counted(reading, assessed(reading, who), who.ranges)


def _is_stream(reading: Reading, fresh: Sequence[Reading]) -> bool:
    same = _sources(reading)
    return reading.by_device and any(
        one is not reading and _sources(one) & same and abs(one.at - reading.at) <= DENSE for one in fresh
    )


def _sources(reading: Reading) -> frozenset[UUID]:
    return frozenset(sample.record_id for sample in reading.parts.values())


async def _at_rest(tx: AsyncSession, patient_id: UUID, reading: Reading, fresh: Sequence[Reading]) -> bool | None:
    rule = reading.watched.rest
    if rule is None or not _is_stream(reading, fresh):
        return True
    steps = await tracking.merged_series(tx, patient_id, STEPS, reading.at - STEPS_KNOWN, reading.at + CLOCK_SLACK)
    if not steps:
        return None
    since = reading.at - timedelta(minutes=rule.minutes)
    return (
        sum(step.value for step in steps if (step.until or step.at) > since and step.at <= reading.at)
        <= rule.most_steps
    )


async def _evidence(tx: AsyncSession, patient_id: UUID, reading: Reading) -> tuple[Evidence, ...]:
    """What the reading rests on: the observation of the record, or the samples of the device."""
    samples: Mapping[str, Sample] = reading.parts
    recorded = [sample.record_id for sample in samples.values() if not sample.by_device]
    versions = await records.observation_versions(tx, patient_id, recorded) if recorded else {}
    found: dict[str, Evidence] = {}
    for sample in samples.values():
        ref = tracking.sample_ref(sample) if sample.by_device else f"Observation/{sample.record_id}"
        found[ref] = Evidence(
            kind="record",
            ref=ref,
            version=str(versions.get(sample.record_id, 1)),
            label=f"{reading.watched.name}, {sample.at:%d %B %Y}",
            at=sample.at,
        )
    return tuple(found.values())
