"""Tracking by conversation: comparisons, alarms, goals, symptoms, devices, and settings of monitoring."""

from vitasense.evals import scenes
from vitasense.evals.scene_judge import MEASURES, judge
from vitasense.evals.suite import Suite

SUITE = Suite(
    name="tracking",
    title="Tracking by conversation",
    about="comparisons, alarms, goals, symptoms and devices: the right tool, and nothing changed without a yes",
    cases=lambda _: scenes.cases("tracking"),
    answer=scenes.perform,
    judge=judge,
    measures=MEASURES,
    needs=frozenset({"service"}),
)
