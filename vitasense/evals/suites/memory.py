"""Memory: recall, update, abstention and forgetting."""

from vitasense.evals import scenes
from vitasense.evals.scene_judge import MEASURES, judge
from vitasense.evals.suite import Suite

SUITE = Suite(
    name="memory",
    title="Memory",
    about="recall, update, abstention and forgetting",
    cases=lambda _: scenes.cases("memory"),
    answer=scenes.perform,
    judge=judge,
    measures=MEASURES,
    needs=frozenset({"service"}),
)
