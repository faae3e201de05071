"""Tools that say how the service watches: ranges of one's own, quiet hours, and whether it watches at all."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import time
from uuid import UUID

from vitasense.deterministic import insights, tracking
from vitasense.deterministic.intake import Entity, EntityType, IntentName, Reading, hours_of, metric
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.findings import Evidence, Finding, Status, Value, not_evaluated
from vitasense.tools.context import Call, Proposal
from vitasense.tools.tool import Arguments, Nothing, ReadTool, WriteTool
from vitasense.tools.tracking import STREAMED, VITALS, timezone

ONLY_THE_PERSON = "Only the person decides how the service watches for them. I changed nothing."
NO_RANGE = 'I need both ends of the range, for example: "Set my blood pressure range to 100 to 135".'
NO_HOURS = 'I need both ends of the quiet hours, for example: "Do not wake me between 10 pm and 7 am".'
_OFF = re.compile(r"\b(?:off|stop|disable|pause|end|deactivate|do ?n[o']t|do not|no more)\b", re.IGNORECASE)
_IS_IT = re.compile(r"^\W*(?:is|are)\b", re.IGNORECASE)


class OneRange(Arguments):
    """Both ends, or one, for a metric (LOINC) in a UCUM unit."""

    metric: str
    low: float | None = None
    high: float | None = None
    unit: str


class Ranges(Arguments):
    """The ranges to keep: the two parts of a blood pressure are two."""

    ranges: tuple[OneRange, ...] = ()


class Watching(Arguments):
    """Whether the service may watch."""

    allowed: bool


class Quiet(Arguments):
    """From when to when, on the clock of the person; None when it was not said."""

    start: time | None = None
    end: time | None = None


def _ranges(reading: Reading) -> Sequence[Ranges]:
    entities = reading.of_type(EntityType.VITAL, EntityType.LAB)
    found = [one for entity in entities for one in _of_range(entity)] or _of_values(entities)
    return [Ranges(ranges=tuple(found))]


def _of_range(entity: Entity) -> list[OneRange]:
    """ "100 to 135" of a blood pressure is of its upper number, "100/60 to 135/85" of both."""
    if entity.range is None or entity.unit is None or entity.code is None:
        return []
    found, said = metric(entity.code), entity.range
    members = found.members if found and found.members else (entity.code,)
    one_number = len(members) > 1 and said.second_low is None  # a doubt about a measurement, and none about a range
    if entity.doubt and not one_number:
        return []
    ends = [(said.low, said.high), (said.second_low, said.second_high)][: len(members)]
    return [
        OneRange(metric=code, low=low, high=high, unit=entity.unit)
        for code, (low, high) in zip(members, ends, strict=False)
        if low is not None or high is not None
    ]


def _of_values(entities: Sequence[Entity]) -> list[OneRange]:
    """ "55 and 110": two values of one measurement."""
    valued = [each for each in entities if each.value is not None and each.second_value is None and each.unit]
    if len(valued) != 2 or valued[0].code != valued[1].code or any(each.doubt for each in valued):
        return []
    code, unit = valued[0].code, valued[0].unit
    low, high = sorted(each.value for each in valued if each.value is not None)
    if code is None or unit is None or unit != valued[1].unit:
        return []
    members = found.members if (found := metric(code)) and found.members else (code,)
    return [OneRange(metric=members[0], low=low, high=high, unit=unit)]


async def _propose_range(call: Call, asked: Ranges) -> Proposal | Sequence[Finding]:  # noqa: ARG001 every tool is called alike
    if not asked.ranges:
        return [not_evaluated("tracking.range", NO_RANGE, "no range in the message")]
    told = [f"{insights.measures(each.metric)} {_range_words(each)}" for each in asked.ranges]
    summary = f"Shall I keep {insights.listed(told)} as the range from now on? Outside of it you are told."
    details = {insights.capital(insights.measures(each.metric)): _range_words(each) for each in asked.ranges}
    return Proposal("Keep this range?", summary, details)


def _range_words(each: OneRange) -> str:
    if each.low is None or each.high is None:
        end = each.low if each.low is not None else each.high
        return f"{'from' if each.low is not None else 'up to'} {insights.amount(end or 0, each.unit)}"
    return f"{insights.number(each.low)} to {insights.amount(each.high, each.unit)}"


async def _write_range(call: Call, asked: Ranges, key: UUID) -> str:  # noqa: ARG001 the registry writes once
    for each in asked.ranges:
        await tracking.set_range(
            call.tx,
            call.patient_id,
            each.metric,
            each.low,
            each.high,
            each.unit,
            "said in a conversation",
            age_years=call.run.person.age,
            by=call.run.principal,
            now=call.now,
            new_id=new_id,
        )
    return f"Range/{','.join(each.metric for each in asked.ranges)}"


async def _range_back(call: Call, ref: str) -> Sequence[Finding]:
    metrics = ref.partition("/")[2].split(",")
    held = [each for code in metrics for each in await tracking.ranges(call.tx, call.patient_id, code)]
    return [_held(each, own=call.run.own_record) for each in held]


def _held(each: tracking.PersonalRange, *, own: bool) -> Finding:
    one = OneRange(metric=each.metric, low=each.low, high=each.high, unit=each.unit)
    whose = "you set" if own and each.set_by_role == "patient" else f"the {each.set_by_role} set"
    ends = {"low": each.low, "high": each.high}
    values = [Value(name=name, number=end, unit=each.unit, code=each.metric) for name, end in ends.items() if end]
    version = each.since.isoformat()
    label = f"Range of {insights.measures(each.metric)}"
    return Finding(
        kind="tracking.range",
        text=f"The range that {whose} for {insights.measures(each.metric)} is {_range_words(one)}.",
        status=Status.FOUND,
        values=tuple(values),
        evidence=(Evidence(kind="record", ref=f"Range/{each.metric}", version=version, label=label, at=each.since),),
        categories=VITALS,
    )


def _watching(reading: Reading) -> Sequence[Watching]:
    return [] if _IS_IT.search(reading.text) else [Watching(allowed=not _OFF.search(reading.text))]


async def _propose_watching(call: Call, asked: Watching) -> Proposal | Sequence[Finding]:
    if not call.run.own_record:
        return [not_evaluated("tracking.monitoring", ONLY_THE_PERSON, "not the own record")]
    if asked.allowed:
        summary = "Shall I watch your readings again? You are then told when something is out of range."
        return Proposal("Turn monitoring on?", summary, {"Monitoring": "on"})
    summary = (
        "Shall I stop watching your readings? They are kept as before, but nobody decides about new ones: there are no "
        "alerts then, not even for an emergency."
    )
    return Proposal("Turn monitoring off?", summary, {"Monitoring": "off"})


async def _write_watching(call: Call, asked: Watching, key: UUID) -> str:  # noqa: ARG001 the registry writes once
    by, now = call.run.principal, call.now
    await tracking.allow_monitoring(call.tx, call.patient_id, asked.allowed, by=by, now=now, new_id=new_id)
    return f"Monitoring/{'on' if asked.allowed else 'off'}"


async def _watching_back(call: Call, ref: str) -> Sequence[Finding]:  # noqa: ARG001 what is stored is read
    return await _is_watched(call, Nothing())


async def _is_watched(call: Call, _: Nothing) -> Sequence[Finding]:
    if not call.run.own_record:
        return [not_evaluated("tracking.monitoring", "Only the person sees whether the service watches.", "not yours")]
    allowed = await tracking.monitoring_allowed(call.tx, call.patient_id)
    text = (
        "Monitoring is on: your readings are watched." if allowed else "Monitoring is off: no reading is decided about."
    )
    evidence = Evidence(
        kind="record", ref="Monitoring/self", version="on" if allowed else "off", label="Monitoring", at=call.now
    )
    return [Finding(kind="tracking.monitoring", text=text, status=Status.FOUND, evidence=(evidence,))]


def _asks_watching(reading: Reading) -> Sequence[Nothing]:
    return [Nothing()] if _IS_IT.search(reading.text) else []


def _quiet(reading: Reading) -> Sequence[Quiet]:
    found = hours_of(reading.text)
    return [Quiet(start=found.start, end=found.end) if found else Quiet()]


async def _propose_quiet(call: Call, asked: Quiet) -> Proposal | Sequence[Finding]:
    if not call.run.own_record:
        return [not_evaluated("tracking.quiet", ONLY_THE_PERSON, "not the own record")]
    if asked.start is None or asked.end is None:
        return [not_evaluated("tracking.quiet", NO_HOURS, "no hours in the message")]
    held = await tracking.person_settings(call.tx, call.patient_id, timezone(call))
    hours = f"{asked.start:%H:%M} to {asked.end:%H:%M}"
    summary = f"Shall I keep quiet from {hours} ({held.timezone})? Emergencies are told at any hour."
    return Proposal("Keep these quiet hours?", summary, {"Quiet hours": hours, "Time zone": held.timezone})


async def _write_quiet(call: Call, asked: Quiet, key: UUID) -> str:  # noqa: ARG001 the registry writes once
    held = await tracking.person_settings(call.tx, call.patient_id, timezone(call))
    wanted = replace(held, quiet_from=asked.start, quiet_until=asked.end)
    await tracking.save_settings(call.tx, call.patient_id, wanted, by=call.run.principal, now=call.now, new_id=new_id)
    return "Settings/tracking"


async def _quiet_back(call: Call, ref: str) -> Sequence[Finding]:
    held = await tracking.person_settings(call.tx, call.patient_id, timezone(call))
    if held.quiet_from is None or held.quiet_until is None:
        return [not_evaluated("tracking.quiet", "The quiet hours are not kept. Please try again.", "not stored")]
    hours = f"{held.quiet_from:%H:%M} to {held.quiet_until:%H:%M}"
    text = f"Quiet hours are from {hours} ({held.timezone}). Emergencies are told at any hour."
    evidence = Evidence(kind="record", ref=ref, version=hours, label="Quiet hours", at=call.now)
    values = (Value(name="quiet hours", text=hours),)
    return [Finding(kind="tracking.quiet", text=text, status=Status.FOUND, values=values, evidence=(evidence,))]


SET_RANGE = WriteTool(
    name="set_range",
    description="Keep a range of the person's own for a measurement, after the person confirmed it.",
    arguments=Ranges,
    intents=frozenset({IntentName.TRACKING_RANGE}),
    plan=_ranges,
    reads=STREAMED,
    writes=STREAMED,
    propose=_propose_range,
    write=_write_range,
    read_back=_range_back,
)
SET_MONITORING = WriteTool(
    name="set_monitoring",
    description="Turn the watching of readings on or off, after the person confirmed it.",
    arguments=Watching,
    intents=frozenset({IntentName.TRACKING_MONITORING}),
    plan=_watching,
    reads=VITALS,
    writes=VITALS,
    propose=_propose_watching,
    write=_write_watching,
    read_back=_watching_back,
)
MONITORING = ReadTool(
    name="monitoring",
    description="Whether the service watches the readings.",
    arguments=Nothing,
    intents=frozenset({IntentName.TRACKING_MONITORING}),
    plan=_asks_watching,
    reads=VITALS,
    run=_is_watched,
)
SET_QUIET_HOURS = WriteTool(
    name="set_quiet_hours",
    description="Keep hours in which only emergencies are told, after the person confirmed them.",
    arguments=Quiet,
    intents=frozenset({IntentName.TRACKING_QUIET}),
    plan=_quiet,
    reads=VITALS,
    writes=VITALS,
    propose=_propose_quiet,
    write=_write_quiet,
    read_back=_quiet_back,
)

TOOLS = (SET_RANGE, SET_MONITORING, MONITORING, SET_QUIET_HOURS)
