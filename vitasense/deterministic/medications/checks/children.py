"""Medicines and foods by the age of a child or young person."""

from collections.abc import Mapping, Sequence
from functools import cache

from vitasense.deterministic.knowledge import Severity
from vitasense.deterministic.medications.checks import answers
from vitasense.deterministic.medications.checks.cautions import (
    Caution,
    Hit,
    bearing,
    by_drug,
    quiet,
    told,
    unasked,
)
from vitasense.deterministic.medications.checks.eating import Eating, eating
from vitasense.deterministic.medications.checks.subject import Subject, Taken
from vitasense.deterministic.medications.rulebook import Rules, read_rules
from vitasense.deterministic.medications.schemas import Kind, Person
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.findings import Finding, Status, Value

GROWN_UP = 18.0  # years
BY_WEIGHT_UNDER = 12.0  # years; 21 CFR 201.57 (children are 2 to under 12 years, adolescents 12 to under 17)
_LEAD = {
    Severity.CONTRAINDICATED: "should not be given at this age",
    Severity.MAJOR: "can do harm at this age",
    Severity.MODERATE: "needs a second look at this age",
    Severity.MINOR: "at this age",
}


class ChildRule(Caution):
    """A caution from `from_years` on and below `under_years`, about medicines or the `foods` of food_names.yaml."""

    from_years: float = 0
    under_years: float
    foods: tuple[str, ...] = ()

    def holds(self, age: float) -> bool:
        """Whether it holds at this age in years."""
        return self.from_years <= age < self.under_years


def children(subject: Subject) -> list[Finding]:
    """What speaks against the medicines and foods at the age of the person, up to the 25th birthday.

    not_evaluated: the age is not known and a rule that interrupts bears on a medicine; and under 12 years the dose of
    every medicine, because it goes by weight. not_found: a child whose medicines no rule speaks of.
    """
    taken, person = answers.concerned(subject), subject.person
    if person is None or person.age_years is None:
        return _not_known(taken, person)
    age = person.age_years
    hits = bearing(_by_drug(), taken, lambda rule: rule.holds(age))
    found = [told(Kind.CHILD, child_rules(), hit, _lead(hit.rule), Category.PROFILE) for hit in hits]
    foods = [_food(rule, each) for each in eating(subject) for rule in _food_rules() if _fits(rule, each, age)]
    return [*found, *foods, *(_rest(taken, bool(found or foods), age) if age < GROWN_UP and taken else [])]


@cache
def child_rules() -> Rules[ChildRule]:
    return read_rules("children", ChildRule)


@cache
def _by_drug() -> Mapping[str, tuple[ChildRule, ...]]:
    return by_drug(child_rules())


@cache
def _food_rules() -> tuple[ChildRule, ...]:
    return tuple(rule for rule in child_rules() if rule.foods)


def _lead(rule: ChildRule) -> str:
    return _LEAD[rule.severity].replace("given", "taken") if rule.under_years > GROWN_UP else _LEAD[rule.severity]


def _fits(rule: ChildRule, each: Eating, age: float) -> bool:
    known = each.taken is not None and each.taken.drug.key in rule.members
    return each.food.key in rule.foods and rule.holds(age) and not known


def _food(rule: ChildRule, each: Eating) -> Finding:
    text = f"{answers.capital(each.name)} {_LEAD[rule.severity]}: {rule.what}. {rule.advice}"
    return Finding(
        kind=Kind.CHILD,
        text=text,
        status=Status.FOUND,
        urgency=answers.URGENCY[rule.severity],
        values=(Value(name="food", text=each.name, code=each.food.key), *answers.rated(rule.severity)),
        evidence=answers.evidence_of(child_rules().evidence(rule, f"{each.name} by age"), each.evidence),
        categories=frozenset({Category.PROFILE, *([Category.NUTRITION] if each.logged else [])}),
    )


def _not_known(taken: Sequence[Taken], person: Person | None) -> list[Finding]:
    hits: list[Hit[ChildRule]] = bearing(_by_drug(), taken, lambda rule: rule.severity.interrupts)
    missing = f"I do not know {answers.whose(person)} age"
    return unasked(Kind.CHILD, hits, missing, "for children and young people", "the age is not known")


def _rest(taken: Sequence[Taken], warned: bool, age: float) -> list[Finding]:
    names = answers.shortened([drug.name for drug in answers.distinct(taken)])
    nothing = f"No rule of mine speaks against {names} at this age. That does not rule out a problem."
    silent = [] if warned else [quiet(Kind.CHILD, taken, nothing, "no rule of age speaks of it", Category.PROFILE)]
    return [*silent, *([_by_weight(taken, names)] if age < BY_WEIGHT_UNDER else [])]


def _by_weight(taken: Sequence[Taken], names: str) -> Finding:
    text = (
        f"A child's dose goes by weight, so I could not check how much of {names} is right. "
        "Please keep to the dose that the doctor, the pharmacist or the pack names for this weight."
    )
    found_in = answers.categories([each.medicine.evidence for each in taken], Category.PROFILE)
    drugs = [drug.name for drug in answers.distinct(taken)]
    return answers.skipped(Kind.CHILD, text, "doses by weight are not among the rules", drugs, found_in)
