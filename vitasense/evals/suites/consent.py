"""Consent: what a provider sees, and nobody else, under each grant and after its end."""

from vitasense.evals import scenes
from vitasense.evals.scene_judge import MEASURES, judge
from vitasense.evals.suite import Suite

SUITE = Suite(
    name="consent",
    title="Consent",
    about="what a provider sees, and nobody else, under each grant and after its end",
    cases=lambda _: scenes.cases("consent"),
    answer=scenes.perform,
    judge=judge,
    measures=MEASURES,
    needs=frozenset({"service"}),
)
