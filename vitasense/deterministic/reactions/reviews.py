"""The health specialist's look at longer stretches: weight that moves too fast, and levels that changed and stayed so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import cast

from vitasense.deterministic import alarms, decisions, goals, records, tracking
from vitasense.deterministic.decisions import Action, ActionKind, Decision, Details, Input
from vitasense.deterministic.goals import GoalState
from vitasense.deterministic.insights import amount, day
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.findings import Evidence, Finding, Status, Urgency, Value
from vitasense.deterministic.reactions.occasion import Occasion
from vitasense.deterministic.reactions.readings import AGENT
from vitasense.deterministic.tracking import Change, Weighed, WeightChange

WEIGHT = "29463-7"
# LOINC codes whose level is looked at each day: resting heart rate, heart rate variability, sleep. Our own choice.
LEVELS = ("40443-4", "80404-7", "93832-4")
LOOKED_AT = timedelta(days=180)
WEIGHTS_LOOKED_AT = timedelta(days=400)  # the longest of the weight rules, a year, with room for its medians
NEW = timedelta(days=21)  # a change is told while it is so new: it takes a week of days to be seen at all
VERSION = "2026.11"


@dataclass(frozen=True, slots=True)
class Noticed:
    """Something that a longer stretch shows: `key` names it, so that it is told once."""

    key: str
    rule: str
    title: str
    advice: str
    finding: Finding
    metric: str
    since: datetime


async def reviews(occasion: Occasion) -> list[Noticed]:
    """What is new in the stretches that the event touches."""
    found = await _weights(occasion) if _touches_weight(occasion) else []
    if occasion.event.type == "day.ended":
        found += [each for metric in LEVELS for each in await _levels(occasion, metric)]
    if not found:
        return []
    told = await alarms.alarms(occasion.tx, occasion.patient_id, limit=500)
    last = {each.key: max(each.raised_at, each.last_seen_at) for each in reversed(told)}
    return [each for each in found if each.key not in last or last[each.key] < each.since]


def _touches_weight(occasion: Occasion) -> bool:
    payload = occasion.event.payload
    streams = cast("Sequence[Mapping[str, str]]", payload.get("streams", ()))
    return occasion.event.type != "samples.received" or any(stream["metric"] == WEIGHT for stream in streams)


async def _weights(occasion: Occasion) -> list[Noticed]:
    since = occasion.now - WEIGHTS_LOOKED_AT
    series = await tracking.merged_series(occasion.tx, occasion.patient_id, WEIGHT, since, occasion.now)
    if len(series) < 2:
        return []
    weights = [Weighed(each.at, each.value, each.unit) for each in series]
    conditions = [each.name for each in await records.conditions(occasion.tx, occasion.patient_id) if each.active]
    profile = await records.profile(occasion.tx, occasion.patient_id)
    wanted = await goals.goals(occasion.tx, occasion.patient_id, frozenset({GoalState.ACTIVE}), WEIGHT)
    answers = (
        tracking.fluid_gain(weights, now=occasion.now, conditions=conditions),
        tracking.unintended_loss(
            weights,
            now=occasion.now,
            age_years=profile.age_years(occasion.now) if profile else None,
            intended=True if any(goal.direction == "at_most" for goal in wanted) else None,
        ),
    )
    last = tracking.sample_ref(series[-1]) if series[-1].by_device else f"Observation/{series[-1].record_id}"
    evidence = Evidence(
        kind="record", ref=last, version="1", label=f"Body weight, {day(series[-1].at)}", at=series[-1].at
    )
    return [_noticed_weight(each, evidence) for each in answers if each.status is Status.FOUND]


def _noticed_weight(change: WeightChange, evidence: Evidence) -> Noticed:
    assert change.change_kg is not None and change.since is not None, "what was found has its numbers"
    text = (
        f"Your weight changed by {amount(round(change.change_kg, 1), 'kg')} since {day(change.since)}: {change.label}."
    )
    pressing = change.urgency in (Urgency.URGENT, Urgency.EMERGENCY)
    advice = "Talk to your doctor today." if pressing else "If you did not want this, tell your doctor."
    finding = Finding(
        kind="reaction.weight",
        text=text,
        status=Status.FOUND,
        values=(Value(name="change", number=round(change.change_kg, 2), unit="kg", code=WEIGHT),),
        urgency=change.urgency,
        evidence=(evidence, change.evidence),
        categories=frozenset({Category.VITALS}),
    )
    rule = f"tracking/weight#{change.key}"
    return Noticed(f"weight.{change.key}", rule, f"Weight: {change.name}", advice, finding, WEIGHT, change.since)


async def _levels(occasion: Occasion, metric: str) -> list[Noticed]:
    first, last = (occasion.now - LOOKED_AT).date(), occasion.now.date()
    days = await tracking.day_values(
        occasion.tx, occasion.patient_id, metric, first, last, timezone=occasion.default_zone
    )
    complete = [each for each in days if each.day < last]
    times = [datetime(each.day.year, each.day.month, each.day.day, 12, tzinfo=UTC) for each in complete]
    found = tracking.changes(times, [each.value for each in complete]) if complete else ()
    newest = found[-1] if isinstance(found, tuple) and found else None
    if newest is None or occasion.now - newest.at > NEW:
        return []
    return [_noticed_level(metric, newest, len(complete))]


def _noticed_level(metric: str, change: Change, days: int) -> Noticed:
    known = tracking.device_metrics()[metric]
    before, after = (_rounded(each) for each in (change.level_before, change.level_after))
    way = "higher" if after > before else "lower"
    series = Evidence(kind="record", ref=f"Series/{metric}", version=str(days), label=f"{known.name}, {days} days")
    text = (
        f"Your {known.name} has been {way} since {day(change.at)}: {amount(after, known.unit)} in the middle, "
        f"{amount(before, known.unit)} before."
    )
    values = tuple(
        Value(name=name, number=number, unit=known.unit, code=metric)
        for name, number in (("before", before), ("after", after))
    )
    finding = Finding(
        kind="reaction.change",
        text=text,
        status=Status.FOUND,
        values=values,
        urgency=Urgency.SELF_CARE,
        evidence=(series,),
        categories=frozenset({known.category}),
    )
    advice = "This says that it changed, not why. If you feel unwell, tell your doctor."
    title = f"Your {known.name} changed"
    return Noticed(f"change.{metric}", "tracking/statistics#changes", title, advice, finding, metric, change.at)


def _rounded(value: float) -> float:
    return round(value) if abs(value) >= 20 else round(value, 1)


def weigh(noticed: Noticed) -> Finding:
    """What is said about it."""
    return noticed.finding


async def tell_of_it(occasion: Occasion, noticed: Noticed, finding: Finding) -> None:
    """Keep the decision and raise its alarm."""
    category = next(iter(finding.categories))
    decision = Decision(
        id=occasion.ids(),
        category=category,
        event_id=occasion.event.id,
        correlation_id=occasion.correlation_id,
        agent=AGENT,
        rule=noticed.rule if noticed.metric == WEIGHT else f"{noticed.rule}.{noticed.metric}",
        rule_version=VERSION,
        outcome=noticed.title,
        urgency=finding.urgency,
        confidence=1.0,
        decided_at=occasion.now,
        inputs=tuple(Input(kind="context", category=category, evidence=each) for each in finding.evidence),
        findings=(finding,),
    )
    if not await decisions.record(occasion.tx, occasion.patient_id, decision, actor=occasion.actor, ids=occasion.ids):
        return
    raised = await alarms.raise_alarm(
        occasion.tx,
        occasion.patient_id,
        key=noticed.key,
        title=noticed.title,
        text=f"{finding.text} {noticed.advice}",
        urgency=finding.urgency,
        category=category,
        decision_id=decision.id,
        evidence=finding.evidence,
        actor=occasion.actor,
        now=occasion.now,
        ids=occasion.ids,
    )
    actions = [
        Action(ActionKind.ALERT, str(raised.alarm.id), Details(text=noticed.title)),
        Action(ActionKind.RECOMMEND, None, Details(text=noticed.advice, evidence=finding.evidence)),
    ]
    await decisions.act(occasion.tx, occasion.patient_id, decision, actions, ids=occasion.ids)
