"""Consent: what a provider sees, and nobody else, under each grant and after its end."""

from vitasense.evals import scenes
from vitasense.evals.scene_judge import ARGUMENTS, ASKED, MEASURES, judge
from vitasense.evals.suite import Suite

SUITE = Suite(
    name="consent",
    title="Consent",
    about="what a provider sees, and nobody else, under each grant and after its end",
    cases=lambda _: scenes.cases("consent"),
    answer=scenes.perform,
    judge=judge,
    measures=tuple(measure for measure in MEASURES if measure.name not in (ARGUMENTS, ASKED)),
    needs=frozenset({"service"}),
)
