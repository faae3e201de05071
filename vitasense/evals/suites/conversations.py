"""Conversations: several turns with a person who corrects, refuses, changes their mind and comes back."""

from vitasense.evals import scenes
from vitasense.evals.scene_judge import MEASURES, judge
from vitasense.evals.suite import Suite

SUITE = Suite(
    name="conversations",
    title="Conversations",
    about="several turns with a person who corrects, refuses, changes their mind and comes back",
    cases=lambda _: scenes.cases("conversations"),
    answer=scenes.perform,
    judge=judge,
    measures=MEASURES,
    needs=frozenset({"service"}),
)
