"""Goals: set, suggested, accepted or refused, tracked, and fitted to how it goes."""

from vitasense.deterministic.goals.patterns import adapted, suggestion_from
from vitasense.deterministic.goals.progress import progress
from vitasense.deterministic.goals.schemas import (
    DayValue,
    Direction,
    Goal,
    GoalSet,
    GoalState,
    Pattern,
    Per,
    Person,
    Progress,
    Suggestion,
)
from vitasense.deterministic.goals.service import (
    accept,
    end,
    end_overdue,
    goal,
    goals,
    may_suggest,
    refuse,
    set_goal,
    suggest_goal,
)

__all__ = [
    "DayValue",
    "Direction",
    "Goal",
    "GoalSet",
    "GoalState",
    "Pattern",
    "Per",
    "Person",
    "Progress",
    "Suggestion",
    "accept",
    "adapted",
    "end",
    "end_overdue",
    "goal",
    "goals",
    "may_suggest",
    "progress",
    "refuse",
    "set_goal",
    "suggest_goal",
    "suggestion_from",
]
