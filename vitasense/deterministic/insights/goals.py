"""Goals in sentences: what is aimed at, and how it goes by the days that have data."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic import goals, tracking
from vitasense.deterministic.goals import Goal, GoalState, Progress
from vitasense.deterministic.insights.subject import Subject
from vitasense.deterministic.insights.wording import amount, capital, counted, day, number
from vitasense.deterministic.platform.findings import Evidence, Finding, Status, Value, not_evaluated

WEEK = timedelta(days=7)
STATES = {
    GoalState.SUGGESTED: "suggested, it waits for an answer",
    GoalState.ACTIVE: "active",
    GoalState.REFUSED: "refused",
    GoalState.REACHED: "reached",
    GoalState.ENDED: "ended",
}


async def progress_of(tx: AsyncSession, patient_id: UUID, goal: Goal, subject: Subject, timezone: str) -> Progress:
    """How the goal goes until now."""
    zone = (await tracking.person_settings(tx, patient_id, timezone)).zone
    first, last = (at.astimezone(zone).date() for at in (goal.since - WEEK, subject.now))
    days = await tracking.day_values(tx, patient_id, goal.metric, first, last, timezone=timezone)
    values = [goals.DayValue(each.day, each.value, each.least, each.most) for each in days]
    return goals.progress(goal, values, subject.now, zone)


def goal_words(goal: Goal) -> str:
    """ "at least 8000 steps per day"."""
    bound = goal.direction.replace("_", " ")
    return f"{name_of(goal)}: {bound} {amount(goal.target, goal.unit)} per {goal.per}"


def name_of(goal: Goal) -> str:
    """The plain name of what is aimed at."""
    known = tracking.device_metrics().get(goal.metric)
    return known.name if known else goal.metric


def goal_finding(goal: Goal, subject: Subject) -> Finding:
    """One goal and its state."""
    why = f" {goal.reason}" if goal.reason and goal.state is GoalState.SUGGESTED else ""
    text = f"{capital(goal_words(goal))} ({STATES[goal.state]}, since {day(goal.since)}).{why}"
    return Finding(
        kind="goal.list",
        text=text if subject.own else f"The patient's goal – {text}",
        status=Status.FOUND,
        values=(Value(name="target", number=goal.target, unit=goal.unit, code=goal.metric), _since(goal)),
        evidence=(goal_evidence(goal), *goal.evidence),
        categories=frozenset({goal.category}),
    )


def progress_finding(goal: Goal, found: Progress, subject: Subject) -> Finding:
    """How one goal goes; days without data are told as such and never as missed."""
    evaluated = found.met + found.missed
    if not evaluated and found.current is None:
        text = f"I cannot say how it goes with {goal_words(goal)}: there are no data since {day(goal.since)}."
        silent = not_evaluated("goal.progress", text, "no data for it", goal.category)
        return silent.model_copy(update={"values": (_target(goal), _since(goal))})
    return Finding(
        kind="goal.progress",
        text=capital(f"{goal_words(goal)}. {_past(found, subject)}{_now(goal, found)}".strip()),
        status=Status.FOUND,
        values=(_target(goal), _since(goal), *_counts(goal, found)),
        evidence=(goal_evidence(goal),),
        categories=frozenset({goal.category}),
    )


def _past(found: Progress, subject: Subject) -> str:
    evaluated, noun = found.met + found.missed, found.counted_in
    missing = f" {counted(found.not_evaluated, noun)} had too little data to tell." if found.not_evaluated else ""
    if not evaluated:
        return f"No {noun} is over yet with data for it.{missing}"
    streak = f" The last {found.streak} in a row were met." if found.streak > 1 else ""
    return f"{capital(subject.who)} reached it on {found.met} of {counted(evaluated, noun)} with data.{streak}{missing}"


def _now(goal: Goal, found: Progress) -> str:
    if found.current is None or found.fraction is None:
        return ""
    when = "Today" if found.counted_in == "day" else "This week"
    part = f", that is {number(round(100 * found.fraction))}% of it" if goal.direction == "at_least" else ""
    return f" {when} so far: {amount(found.current, goal.unit)}{part}."


def _counts(goal: Goal, found: Progress) -> list[Value]:
    counts = {
        "met": found.met,
        "evaluated": found.met + found.missed,
        "not evaluated": found.not_evaluated,
        "streak": found.streak,
    }
    values = [Value(name=name, number=count) for name, count in counts.items()]
    if found.current is not None and found.fraction is not None:
        values.append(Value(name="so far", number=found.current, unit=goal.unit, code=goal.metric))
        values.append(Value(name="part of it", number=round(100 * found.fraction), unit="%"))
    return values


def _target(goal: Goal) -> Value:
    return Value(name="target", number=goal.target, unit=goal.unit, code=goal.metric)


def _since(goal: Goal) -> Value:
    return Value(name="since", at=goal.since)


def goal_evidence(goal: Goal) -> Evidence:
    """The goal as evidence."""
    label = f"Goal: {name_of(goal)}"
    return Evidence(
        kind="record", ref=f"Goal/{goal.id}", version=goal.changed_at.isoformat(), label=label, at=goal.changed_at
    )
