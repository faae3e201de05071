"""Reactions: what is decided about an event, by rules alone, and what is done about it."""

from vitasense.deterministic.reactions.devices import advise, device_states, see_to
from vitasense.deterministic.reactions.follow_ups import DueTask, conclude_task, due_tasks, follow_up
from vitasense.deterministic.reactions.goals import adapt, goal_states, suggest
from vitasense.deterministic.reactions.judging import judge
from vitasense.deterministic.reactions.medicines import Matter, conclude_matter, judge_matter, medicine_matters
from vitasense.deterministic.reactions.noticed import Noticed
from vitasense.deterministic.reactions.occasion import Occasion
from vitasense.deterministic.reactions.readings import conclude, new_readings
from vitasense.deterministic.reactions.reviews import reviews, tell_of_it, weigh
from vitasense.deterministic.reactions.schemas import Reading, Situation, Verdict
from vitasense.deterministic.reactions.watchlist import Watched, watchlist

__all__ = [
    "DueTask",
    "Matter",
    "Noticed",
    "Occasion",
    "Reading",
    "Situation",
    "Verdict",
    "Watched",
    "adapt",
    "advise",
    "conclude",
    "conclude_matter",
    "conclude_task",
    "device_states",
    "due_tasks",
    "follow_up",
    "goal_states",
    "judge",
    "judge_matter",
    "medicine_matters",
    "new_readings",
    "reviews",
    "see_to",
    "suggest",
    "tell_of_it",
    "watchlist",
    "weigh",
]
