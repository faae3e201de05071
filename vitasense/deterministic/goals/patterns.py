"""Goals that a person's own days suggest, by published rules, for adults only. Pure."""

import math
from collections.abc import Iterable, Sequence
from datetime import date
from statistics import median

from vitasense.deterministic.goals.limits import book, kind_of
from vitasense.deterministic.goals.progress import by_day, recent
from vitasense.deterministic.goals.schemas import DayValue, Goal, GoalState, Pattern, Progress, Suggestion
from vitasense.deterministic.platform.findings import Evidence, Status

_PERCENT = 100


def suggestion_from(day_values: Iterable[DayValue], metric: str, age: int | None, today: date) -> Pattern:
    """What the complete days before `today` suggest as a daily goal for steps or sleep (LOINC).

    Steps: the 60th percentile of the last nine days with data (Adams 2013), when that lies below where the risk of death
    levels off (Paluch 2022). Sleep: seven hours, when the middle one of those nights was shorter (AASM and SRS 2015). Not
    evaluated for children, an unknown age, another metric, or fewer than nine days with data in two weeks.
    """
    rule = book().suggestions
    if metric not in (rule.steps.metric, rule.sleep.metric):
        return _silent("Goals are suggested for steps and for sleep only.")
    if age is None:
        return _silent("Goals are suggested for adults only, and your age is not known.")
    if age < rule.adult_from:
        return _silent("Goals are suggested for adults only.")
    values = recent(by_day(day_values), today)
    if len(values) < rule.days:
        return _silent(f"It takes {rule.days} days with data in the last {rule.within}; there are {len(values)}.")
    return _steps(values, age) if metric == rule.steps.metric else _sleep(values)


def adapted(goal: Goal, progress: Progress) -> Suggestion | None:
    """The daily step goal that fits the last nine days better, up or down (Adams 2013).

    None for any other goal, one that is not active, fewer than nine days with data, and a change of less than 250 steps.
    """
    rule = book().suggestions
    about = (goal.metric, goal.direction, goal.per, goal.state)
    if about != (rule.steps.metric, "at_least", "day", GoalState.ACTIVE) or len(progress.recent) < rule.days:
        return None
    target = _reachable(progress.recent)
    return _walk(progress.recent, target) if abs(target - goal.target) >= rule.steps.least_change else None


def _steps(values: Sequence[float], age: int) -> Pattern:
    rule = book().suggestions.steps
    levels_off = rule.levels_off_older if age >= rule.older_from else rule.levels_off
    target = min(_reachable(values), levels_off)
    if target >= levels_off:
        return Pattern(Status.NOT_FOUND, f"You often walk {levels_off:,.0f} steps a day or more already.")
    suggestion = _walk(values, target)
    return Pattern(Status.FOUND, suggestion.reason, suggestion)


def _sleep(values: Sequence[float]) -> Pattern:
    rule = book().suggestions.sleep
    middle = median(values)
    if middle >= rule.target:
        return Pattern(Status.NOT_FOUND, f"You sleep {rule.target:g} hours or more on most nights.")
    short = sum(value < rule.target for value in values)
    reason = f"On {short} of your last {len(values)} nights you slept less than {rule.target:g} hours."
    evidence = book().evidence("sleep", "Sleep of adults", rule.source)
    return Pattern(Status.FOUND, reason, _suggestion(rule.metric, rule.target, reason, (evidence,)))


def _reachable(values: Sequence[float]) -> float:
    """The percentile by nearest rank, a number that was really walked, rounded down; within the limits of such goals."""
    rule = book().suggestions.steps
    limits = kind_of(rule.metric).at_least
    ranked = sorted(values)
    found = ranked[math.ceil(len(ranked) * rule.percentile / _PERCENT) - 1]
    rounded = math.floor(found / rule.round_to) * rule.round_to
    return min(max(rounded, limits.low), limits.high) if limits else rounded


def _walk(values: Sequence[float], target: float) -> Suggestion:
    rule = book().suggestions.steps
    reached = sum(value >= target for value in values)
    reason = f"On {reached} of your last {len(values)} days with data you walked {target:,.0f} steps or more."
    sources = (("steps", "Steps and risk", rule.source), ("steps", "Goals from one's own days", rule.method))
    return _suggestion(rule.metric, target, reason, tuple(book().evidence(*each) for each in sources))


def _suggestion(metric: str, target: float, reason: str, evidence: tuple[Evidence, ...]) -> Suggestion:
    return Suggestion(metric, "at_least", target, kind_of(metric).unit, "day", reason, evidence)


def _silent(reason: str) -> Pattern:
    return Pattern(Status.NOT_EVALUATED, reason)
