"""How a medicine stands to meals: with food, on an empty stomach, or the same way every day."""

from collections.abc import Mapping, Sequence
from functools import cache

from vitasense.deterministic.knowledge import Severity
from vitasense.deterministic.medications.checks import answers
from vitasense.deterministic.medications.checks.cautions import Sites
from vitasense.deterministic.medications.checks.sites import BODY, reaches
from vitasense.deterministic.medications.checks.subject import Taken
from vitasense.deterministic.medications.rulebook import Members, Rule, Rules, read_rules
from vitasense.deterministic.medications.schemas import Kind
from vitasense.deterministic.platform.findings import Finding, Status, Value


class MealRule(Rule):
    """When to take the `members`: `when` completes "take it", `why` is a clause."""

    members: Members
    severity: Severity
    when: str
    why: str
    sites: Sites = BODY


def meals(taken: Sequence[Taken]) -> list[Finding]:
    """One quiet finding for each ingredient that the labels tie to meals."""
    found: dict[str, Finding] = {}
    for each in taken:
        rule = next((rule for rule in _by_drug().get(each.drug.key, ()) if reaches(each, rule.sites)), None)
        if rule:
            found.setdefault(each.drug.key, _finding(rule, each))
    return list(found.values())


@cache
def meal_rules() -> Rules[MealRule]:
    return read_rules("meals", MealRule)


@cache
def _by_drug() -> Mapping[str, tuple[MealRule, ...]]:
    found: dict[str, tuple[MealRule, ...]] = {}
    for rule in meal_rules():
        for key in rule.members:
            found[key] = (*found.get(key, ()), rule)
    return found


def _finding(rule: MealRule, taken: Taken) -> Finding:
    label = f"{taken.drug.name} and meals"
    return Finding(
        kind=Kind.FOOD,
        text=f"Take {taken.drug.name} {rule.when}: {rule.why}.",
        status=Status.FOUND,
        urgency=answers.URGENCY[rule.severity],
        values=(
            answers.drug_value(taken.drug),
            Value(name="meals", text=rule.when),
            *answers.rated(rule.severity),
        ),
        evidence=answers.evidence_of(meal_rules().evidence(rule, label), taken.medicine.evidence),
        categories=answers.categories([taken.medicine.evidence]),
    )
