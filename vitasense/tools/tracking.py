"""Tools about the course of things: two times compared, tiredness, the timeline, and the scores."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from vitasense.deterministic import decisions, insights, tracking
from vitasense.deterministic.intake import Compared, EntityType, IntentName, Reading, compared, metric
from vitasense.deterministic.platform.access import ALL_CATEGORIES, Category
from vitasense.deterministic.platform.findings import Evidence, Finding, not_evaluated
from vitasense.deterministic.tracking import GlucoseReading, Sample, VitalSign
from vitasense.tools.context import Call
from vitasense.tools.health import subject
from vitasense.tools.tool import Arguments, Nothing, ReadTool, once

VITALS = frozenset({Category.VITALS})
LABS = frozenset({Category.LABS})
STREAMED = VITALS | LABS
WATCHED = ALL_CATEGORIES - {Category.PROFILE}
WEEK = timedelta(days=7)
CGM_DAYS = 14  # what targets are made for: Battelino T et al., Diabetes Care 2019;42:1593-1603
MOST_READINGS = 50_000  # a value a minute for that time
SENSOR = "99504-3"
NEWS_WINDOW = timedelta(hours=1)
NEWS_CODES = ("9279-1", "59408-5", "2708-6", "8480-6", "8867-4", "8310-5")  # the measured parameters of NEWS2
TIRED = frozenset({"fatigue", "sleepiness", "weakness"})  # names of intake's lexicon
_COMPARABLE = frozenset({EntityType.VITAL})


class Comparing(Arguments):
    """A measurement (LOINC code) and the two times."""

    code: str
    times: Compared


class Time(Arguments):
    """A time; open where not said."""

    since: datetime | None = None
    until: datetime | None = None


def timezone(call: Call) -> str:
    """The zone that the turn runs in: the person's own, or the service's."""
    return str(getattr(call.now.tzinfo, "key", "UTC"))


def codes_of(reading: Reading, *types: EntityType) -> list[str]:
    """The primary LOINC code of each measurement that was named, panels as panels."""
    named = [code for entity in reading.of_type(*types) for code in (entity.code, *entity.codes)[:1] if code]
    primary = [found.code if (found := metric(code)) else code for code in named]
    parts = {member for code in primary if (found := metric(code)) for member in found.members}
    return [code for code in dict.fromkeys(primary) if code not in parts]


def period_of(reading: Reading) -> Time:
    """The time that the message is about."""
    period = reading.period
    return Time(since=period.start, until=period.end) if period else Time()


def not_shared(call: Call, kind: str) -> list[Finding]:
    """That a provider sees none of the parts; empty when something may be seen."""
    if call.readable:
        return []
    return [not_evaluated(kind, "I cannot look at this: the patient has not shared it with you.", "no permission")]


def _comparing(reading: Reading) -> Sequence[Comparing]:
    times = compared(reading)
    return [Comparing(code=code, times=times) for code in codes_of(reading, *_COMPARABLE)] if times else []


async def _compare(call: Call, asked: Comparing) -> Sequence[Finding]:
    return await insights.compared_measurement(
        call.tx, call.patient_id, asked.code, asked.times, subject(call), timezone(call)
    )


def _tired(reading: Reading) -> Sequence[Time]:
    named = {entity.name for entity in reading.of_type(EntityType.SYMPTOM)}
    return [period_of(reading)] if named & TIRED else []


async def _tiredness(call: Call, asked: Time) -> Sequence[Finding]:
    times = Compared(since=asked.since, until=asked.until, usual=True) if asked.since else None
    shared = Category.NOTES in call.readable
    return await insights.tiredness(
        call.tx, call.patient_id, times, subject(call), timezone(call), symptoms_readable=shared
    )


def _timed(reading: Reading) -> Sequence[Time]:
    return [period_of(reading)]


async def _timeline(call: Call, asked: Time) -> Sequence[Finding]:
    if silent := not_shared(call, "tracking.timeline"):
        return silent
    since, until = asked.since or (asked.until or call.now) - WEEK, asked.until or call.now
    if until <= since:
        until = call.now
    found = await decisions.timeline(call.tx, call.patient_id, since, until, newest_first=False)
    return insights.timeline_findings(found, subject(call), since, until)


async def _glucose(call: Call, _: Nothing) -> Sequence[Finding]:
    since = call.now - timedelta(days=CGM_DAYS)
    found = await tracking.merged_series(
        call.tx, call.patient_id, SENSOR, since, call.now, of_devices=True, most=MOST_READINGS
    )
    readings = [GlucoseReading(each.at, each.value, each.unit) for each in found]
    report = tracking.cgm_report(readings, people=None, since=since, until=call.now)
    return insights.glucose_findings(report, CGM_DAYS, subject(call))


async def _score(call: Call, _: Nothing) -> Sequence[Finding]:
    given = await insights.health_inputs(call.tx, call.patient_id, call.now, timezone(call))
    return insights.score_findings(tracking.health_score(given, age_years=call.run.person.age), subject(call))


async def _early_warning(call: Call, _: Nothing) -> Sequence[Finding]:
    since, until = call.now - NEWS_WINDOW, call.now
    found = [
        sample for code in NEWS_CODES for sample in await tracking.series(call.tx, call.patient_id, code, since, until)
    ]
    signs = [VitalSign(each.metric, each.at, each.value, each.unit) for each in found]
    score = tracking.news2(signs, at=call.now, age_years=call.run.person.age)
    return insights.early_warning_findings(score, await _news_evidence(call, found), subject(call))


async def _news_evidence(call: Call, samples: Sequence[Sample]) -> tuple[Evidence, ...]:
    newest = {each.metric: each for each in sorted(samples, key=lambda each: each.at)}
    return await insights.evidence_of(call.tx, call.patient_id, "vital sign", list(newest.values()))


COMPARE = ReadTool(
    name="compare_periods",
    description="How a vital sign, by LOINC code, was in one time compared with another or with what is usual.",
    arguments=Comparing,
    intents=frozenset({IntentName.TRACKING_COMPARE}),
    plan=_comparing,
    reads=VITALS,
    needs=VITALS,
    run=_compare,
)
TIREDNESS = ReadTool(
    name="tiredness",
    description="What in the data speaks for unusual tiredness in a time: sleep, pulse, variability, steps, symptoms.",
    arguments=Time,
    intents=frozenset({IntentName.TRACKING_TIREDNESS}),
    plan=_tired,
    reads=VITALS | {Category.NOTES},
    needs=VITALS,
    run=_tiredness,
)
TIMELINE = ReadTool(
    name="timeline",
    description="What happened in a time: readings, decisions, alerts, tasks and goals in order.",
    arguments=Time,
    intents=frozenset({IntentName.TRACKING_TIMELINE}),
    plan=_timed,
    reads=WATCHED,
    run=_timeline,
)
GLUCOSE = ReadTool(
    name="glucose_report",
    description="Time in range, GMI and the other metrics of a glucose sensor over the last 14 days.",
    arguments=Nothing,
    intents=frozenset({IntentName.TRACKING_GLUCOSE}),
    plan=once,
    reads=STREAMED,
    needs=LABS,
    run=_glucose,
)
SCORE = ReadTool(
    name="health_score",
    description="Life's Essential 8 with its parts, as far as they are known.",
    arguments=Nothing,
    intents=frozenset({IntentName.TRACKING_SCORE}),
    plan=once,
    reads=VITALS | LABS | {Category.CONDITIONS},
    needs=VITALS,
    run=_score,
)
EARLY_WARNING = ReadTool(
    name="early_warning_score",
    description="The early warning score NEWS2 of the vital signs of the last hour.",
    arguments=Nothing,
    intents=frozenset({IntentName.TRACKING_EARLY_WARNING}),
    plan=once,
    reads=VITALS,
    needs=VITALS,
    run=_early_warning,
)

TOOLS = (COMPARE, TIREDNESS, TIMELINE, GLUCOSE, SCORE, EARLY_WARNING)
