"""Tool trajectories: one wish: the right tools with the arguments that were said, no write beyond it, and the read-back."""

from vitasense.evals import scenes
from vitasense.evals.scene_judge import MEASURES, judge
from vitasense.evals.suite import Suite

SUITE = Suite(
    name="trajectories",
    title="Tool trajectories",
    about="one wish: the right tools with the arguments that were said, no write beyond it, and the read-back",
    cases=lambda _: scenes.cases("trajectories"),
    answer=scenes.perform,
    judge=judge,
    measures=MEASURES,
    needs=frozenset({"service"}),
)
