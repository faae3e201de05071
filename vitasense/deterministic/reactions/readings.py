"""The health specialist's reaction to new readings: which of them to decide about, and what follows from a verdict."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from vitasense.deterministic import alarms, decisions
from vitasense.deterministic.alarms import Alarm, Raised, TaskKind
from vitasense.deterministic.decisions import Action, ActionKind, Decision, Details, Input, Risk
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.findings import Evidence, Status, Value
from vitasense.deterministic.reactions import gathering
from vitasense.deterministic.reactions.occasion import Occasion
from vitasense.deterministic.reactions.schemas import Reading, Situation, Verdict
from vitasense.deterministic.reactions.statements import name_of, rounded, values_of
from vitasense.deterministic.reactions.watchlist import Watched, watchlist

AGENT = "health"
NOT_BEFORE = timedelta(minutes=1)
ANSWER_WITHIN = timedelta(days=1)  # our own choice


async def new_readings(occasion: Occasion) -> list[Situation]:
    """What has to be decided about: of each kind of reading that is new, the most urgent one of the last 48 hours."""
    kinds = _kinds(occasion)
    if not kinds:
        return []
    who = await gathering.person(occasion.tx, occasion.patient_id, occasion.now, occasion.default_zone)
    standing = {each.key for each in await alarms.alarms(occasion.tx, occasion.patient_id, only_open=True)}
    found = [await _situation(occasion, watched, who, standing) for watched in kinds]
    return [each for each in found if each]


async def _situation(
    occasion: Occasion, watched: Watched, who: gathering.Person, standing: set[str]
) -> Situation | None:
    since = _since(occasion, watched)
    fresh = await gathering.readings(occasion.tx, occasion.patient_id, watched, occasion.now, since=since)
    new = [reading for reading in fresh if _is_new(occasion, reading)]
    for metric in watched.metrics if new else ():
        await alarms.settle_by_reading(
            occasion.tx,
            occasion.patient_id,
            metric,
            max(reading.at for reading in new),
            actor=occasion.actor,
            now=occasion.now,
            ids=occasion.ids,
        )
    chosen = gathering.worst(new, who)
    if chosen is None:
        return None
    reading, assessment = chosen
    return await gathering.situation(
        occasion.tx,
        occasion.patient_id,
        reading,
        assessment,
        fresh,
        who,
        alarm_open=watched.key in standing,
        now=occasion.now,
    )


def _kinds(occasion: Occasion) -> list[Watched]:
    """Of a delivery the kinds that its metrics are parts of; of an import any that its observations may hold."""
    payload = occasion.event.payload
    if "streams" in payload:
        streams = cast("Sequence[Mapping[str, str]]", payload["streams"])
        return gathering.touched(stream["metric"] for stream in streams)
    return list(watchlist()) if _observations(occasion) else []


def _observations(occasion: Occasion) -> frozenset[UUID]:
    records = cast("Mapping[str, Sequence[str]]", occasion.event.payload.get("records", {}))
    return frozenset(map(UUID, records.get("Observation", ())))


def _is_new(occasion: Occasion, reading: Reading) -> bool:
    sources = {sample.record_id for sample in reading.parts.values()}
    if "streams" not in occasion.event.payload:
        return bool(sources & _observations(occasion))
    streams = cast("Sequence[Mapping[str, str]]", occasion.event.payload["streams"])
    return any(
        UUID(stream["device_id"]) in sources
        and stream["metric"] in reading.parts
        and stream["since"] <= _sortable(reading, stream["metric"]) <= stream["until"]
        for stream in streams
    )


def _since(occasion: Occasion, watched: Watched) -> datetime | None:
    """When the first new reading of the kind was taken, as far as the event says."""
    streams = cast("Sequence[Mapping[str, str]]", occasion.event.payload.get("streams", ()))
    new = [stream["since"] for stream in streams if stream["metric"] in watched.metrics]
    return datetime.fromisoformat(min(new)) if new else None


def _sortable(reading: Reading, metric: str) -> str:
    """The time as the event writes it: UTC in ISO 8601, which sorts as text."""
    return gathering.written(reading.parts[metric].at)


async def conclude(occasion: Occasion, situation: Situation, verdict: Verdict) -> None:
    """Keep the decision and do what follows: an alarm, advice, a follow-up check, the person's standing."""
    clears = verdict.outcome == "calm" and situation.alarm_open
    clears = clears and situation.calm_in_a_row >= situation.reading.watched.calm_after
    if situation.stream and verdict.outcome in ("quiet", "usual", "calm") and not clears:
        return  # nothing to say, and a stream says it every minute
    decision = _decision(occasion, situation, verdict)
    if not await decisions.record(occasion.tx, occasion.patient_id, decision, actor=occasion.actor, ids=occasion.ids):
        return
    actions: list[Action] = []
    raised = await _alert(occasion, situation, verdict, decision) if verdict.outcome == "raise" else None
    if raised:
        actions.append(Action(ActionKind.ALERT, str(raised.alarm.id), Details(text=verdict.title)))
    if clears:
        actions += await _clear(occasion, situation)
    if verdict.advice:
        evidence = (situation.reading.watched.evidence,)
        actions.append(Action(ActionKind.RECOMMEND, None, Details(text=verdict.advice, evidence=evidence)))
    if verdict.check_minutes:
        actions.append(await _check(occasion, situation, verdict, decision, raised.alarm if raised else None))
    actions += await _question(occasion, situation, decision, raised)
    actions += await _standing(occasion, situation, verdict, decision, cleared=clears)
    await decisions.act(occasion.tx, occasion.patient_id, decision, actions, ids=occasion.ids)


def _decision(occasion: Occasion, situation: Situation, verdict: Verdict) -> Decision:
    rule, watched = verdict.rule, situation.reading.watched
    return Decision(
        id=occasion.ids(),
        category=_category(situation),
        event_id=occasion.event.id,
        correlation_id=occasion.correlation_id,
        agent=AGENT,
        rule=rule,
        rule_version=watched.version,
        outcome=verdict.title,
        urgency=verdict.urgency,
        confidence=verdict.confidence,
        decided_at=occasion.now,
        inputs=tuple(_inputs(situation)),
        findings=verdict.findings,
    )


def _inputs(situation: Situation) -> list[Input]:
    """The reading, by its first part (each finding has the evidence of all), and what it was compared with."""
    category, values = _category(situation), values_of(situation.reading)
    found = [Input(kind="reading", category=category, evidence=situation.evidence[0], values=values)]
    if situation.assessment is not None:
        found.append(Input(kind="context", category=category, evidence=situation.assessment.evidence))
    for code, usual in situation.usual.items():
        sample = situation.reading.parts[code]
        if limits := rounded(usual, sample.value, sample.unit):
            named = zip(("usual from", "usual to"), limits, strict=True)
            values = tuple(Value(name=name, number=limit, unit=sample.unit, code=code) for name, limit in named)
            found.append(Input(kind="context", category=category, evidence=_series(code, usual.days), values=values))
    return found


def _series(code: str, days: int) -> Evidence:
    return Evidence(kind="record", ref=f"Series/{code}", version=str(days), label=f"{name_of(code)}, {days} days")


async def _alert(occasion: Occasion, situation: Situation, verdict: Verdict, decision: Decision) -> Raised:
    return await alarms.raise_alarm(
        occasion.tx,
        occasion.patient_id,
        key=situation.reading.watched.key,
        title=verdict.title,
        text=f"{verdict.text} {verdict.advice or ''}".strip(),
        urgency=verdict.urgency,
        category=_category(situation),
        decision_id=decision.id,
        evidence=situation.evidence,
        actor=occasion.actor,
        now=occasion.now,
        ids=occasion.ids,
    )


async def _question(
    occasion: Occasion, situation: Situation, decision: Decision, raised: Raised | None
) -> list[Action]:
    """Ask once, when the alarm is new, what the number alone does not say."""
    watched = situation.reading.watched
    if watched.question is None or raised is None or not raised.is_new:
        return []
    asked = await alarms.ask(
        occasion.tx,
        occasion.patient_id,
        kind=TaskKind.QUESTION,
        key=f"question.{watched.key}",
        text=watched.question,
        due_at=occasion.now + ANSWER_WITHIN,
        category=_category(situation),
        decision_id=decision.id,
        actor=occasion.actor,
        now=occasion.now,
        ids=occasion.ids,
        alarm_id=raised.alarm.id,
    )
    return [Action(ActionKind.ASK, str(asked.task.id), Details(text=watched.question))]


async def _clear(occasion: Occasion, situation: Situation) -> list[Action]:
    key = situation.reading.watched.key
    standing = await alarms.alarms(occasion.tx, occasion.patient_id, only_open=True)
    cleared = [each for each in standing if each.key == key]
    for each in cleared:
        await alarms.clear(
            occasion.tx,
            occasion.patient_id,
            each.id,
            actor=occasion.actor,
            now=occasion.now,
            ids=occasion.ids,
            note=f"{situation.calm_in_a_row} readings in range, one after another",
        )
    return [Action(ActionKind.CLEAR_ALERT, str(each.id), Details(text=each.title)) for each in cleared]


async def _check(
    occasion: Occasion, situation: Situation, verdict: Verdict, decision: Decision, alarm: Alarm | None
) -> Action:
    watched = situation.reading.watched
    asked = await alarms.ask(
        occasion.tx,
        occasion.patient_id,
        kind=TaskKind.MEASURE_AGAIN,
        key=f"measure_again.{watched.key}",
        text=f"Measure your {watched.name} again.",
        due_at=occasion.now + max(timedelta(minutes=verdict.check_minutes or 0), NOT_BEFORE),
        category=_category(situation),
        decision_id=decision.id,
        actor=occasion.actor,
        now=occasion.now,
        ids=occasion.ids,
        metric=watched.metrics[0],
        alarm_id=alarm.id if alarm else None,
    )
    return Action(ActionKind.SCHEDULE_CHECK, str(asked.task.id), Details(text=asked.task.text))


async def _standing(
    occasion: Occasion, situation: Situation, verdict: Verdict, decision: Decision, *, cleared: bool
) -> list[Action]:
    watched, assessment = situation.reading.watched, situation.assessment
    label = verdict.risk_label
    if cleared and watched.risk and assessment is not None and assessment.status is Status.FOUND:
        label = (assessment.label or "").capitalize()
    if not label:
        return []
    if await _newer_stands(occasion, situation):
        return []
    evidence = (*situation.evidence, *((assessment.evidence,) if assessment else ()))
    risk = Risk(
        key=watched.key,
        label=label,
        text=verdict.text,
        evidence=evidence,
        at=occasion.now,
        category=_category(situation),
    )
    written = await decisions.update_risk(
        occasion.tx, occasion.patient_id, risk, decision.id, actor=occasion.actor, ids=occasion.ids
    )
    return [Action(ActionKind.UPDATE_RISK, watched.key, Details(text=f"{watched.name}: {label}"))] if written else []


async def _newer_stands(occasion: Occasion, situation: Situation) -> bool:
    """Whether where the person stands rests on a later reading: one that comes late does not turn it back."""
    standing = await decisions.risks(occasion.tx, occasion.patient_id)
    known = next((each for each in standing if each.key == situation.reading.watched.key), None)
    return known is not None and any(each.at and each.at > situation.reading.at for each in known.evidence)


def _category(situation: Situation) -> Category:
    return next(iter(situation.reading.parts.values())).category
