"""Medicines by conversation: what goes with what and with whom, why, and what is taken, doses and supplies."""

from vitasense.evals import scenes
from vitasense.evals.scene_judge import MEASURES, judge
from vitasense.evals.suite import Suite

SUITE = Suite(
    name="medicines",
    title="Medicines by conversation",
    about="medicines checked against each other and the person, why, and what is taken: nothing written without a yes",
    cases=lambda _: scenes.cases("medicines"),
    answer=scenes.perform,
    judge=judge,
    measures=MEASURES,
    needs=frozenset({"service"}),
)
