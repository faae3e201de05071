"""The health specialist's reaction to the end of a day: what the last days suggest as a goal, and goals that fit better."""

from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from vitasense.deterministic import decisions, goals, records, tracking
from vitasense.deterministic.decisions import Action, ActionKind, Decision, Details, Input
from vitasense.deterministic.goals import DayValue, Goal, GoalState, Suggestion
from vitasense.deterministic.platform.findings import Evidence, Finding, Status, Urgency, Value
from vitasense.deterministic.reactions.occasion import Occasion
from vitasense.deterministic.reactions.readings import AGENT

SUGGESTED = ("55423-8", "93832-4")  # LOINC: steps, sleep duration
LOOKED_AT = timedelta(days=30)
VERSION = "2026.11"


@dataclass(frozen=True, slots=True)
class GoalFit:
    """What stands for one metric: the active goal, if there is one, and what is suggested now."""

    metric: str
    active: Goal | None
    suggestion: Suggestion
    days: int


async def goal_states(occasion: Occasion) -> list[GoalFit]:
    """A suggestion for each metric that has one. Goals that ran out are ended on the way."""
    await goals.end_overdue(occasion.tx, occasion.patient_id, actor=occasion.actor, now=occasion.now, ids=occasion.ids)
    settings = await tracking.person_settings(occasion.tx, occasion.patient_id, occasion.default_zone)
    profile = await records.profile(occasion.tx, occasion.patient_id)
    age = profile.age_years(occasion.now) if profile else None
    found = [await _of(occasion, metric, age, settings.zone) for metric in SUGGESTED]
    return [each for each in found if each]


async def _of(occasion: Occasion, metric: str, age: int | None, zone: ZoneInfo) -> GoalFit | None:
    today = occasion.now.astimezone(zone).date()
    first = (occasion.now - LOOKED_AT).astimezone(zone).date()
    values = await tracking.day_values(
        occasion.tx, occasion.patient_id, metric, first, today, timezone=occasion.default_zone
    )
    days = [DayValue(each.day, each.value, each.least, each.most) for each in values]
    active = await goals.goals(occasion.tx, occasion.patient_id, frozenset({GoalState.ACTIVE}), metric)
    if active:
        fits = goals.adapted(active[0], goals.progress(active[0], days, occasion.now, zone))
        return GoalFit(metric, active[0], fits, len(days)) if fits else None
    pattern = goals.suggestion_from(days, metric, age, today)
    return GoalFit(metric, None, pattern.suggestion, len(days)) if pattern.suggestion else None


def adapt(state: GoalFit) -> Finding:
    """What is suggested, in words, with its ground."""
    suggestion = state.suggestion
    value = Value(name="target", number=suggestion.target, unit=suggestion.unit, code=suggestion.metric)
    return Finding(
        kind="reaction.goal",
        text=suggestion.reason,
        status=Status.FOUND,
        values=(value,),
        urgency=Urgency.SELF_CARE,
        evidence=suggestion.evidence,
    )


async def suggest(occasion: Occasion, state: GoalFit, finding: Finding) -> None:
    """Suggest the goal, unless one waits for an answer or was refused of late: then nothing is decided either."""
    if not await goals.may_suggest(occasion.tx, occasion.patient_id, state.metric, occasion.now):
        return
    category = tracking.device_metrics()[state.metric].category
    series = Evidence(kind="record", ref=f"Series/{state.metric}", version=str(state.days), label=f"{state.days} days")
    decision = Decision(
        id=occasion.ids(),
        category=category,
        event_id=occasion.event.id,
        correlation_id=occasion.correlation_id,
        agent=AGENT,
        rule=f"goals/goals#{'adapted' if state.active else 'suggested'}.{state.metric}",
        rule_version=VERSION,
        outcome="A goal is suggested",
        urgency=Urgency.SELF_CARE,
        confidence=1.0,
        decided_at=occasion.now,
        inputs=(Input(kind="context", category=category, evidence=series),),
        findings=(finding.model_copy(update={"categories": frozenset({category})}),),
    )
    if not await decisions.record(occasion.tx, occasion.patient_id, decision, actor=occasion.actor, ids=occasion.ids):
        return
    suggestion = state.suggestion
    goal = await goals.suggest_goal(
        occasion.tx,
        occasion.patient_id,
        metric=suggestion.metric,
        target=suggestion.target,
        reason=suggestion.reason,
        direction=suggestion.direction,
        per=suggestion.per,
        evidence=suggestion.evidence,
        decision_id=decision.id,
        actor=occasion.actor,
        now=occasion.now,
        ids=occasion.ids,
    )
    if goal is not None:
        action = Action(ActionKind.SUGGEST_GOAL, str(goal.id), Details(text=suggestion.reason))
        await decisions.act(occasion.tx, occasion.patient_id, decision, [action], ids=occasion.ids)
