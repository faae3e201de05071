"""Medicines that need a second look from 65 years."""

from collections.abc import Mapping, Sequence
from functools import cache

from vitasense.deterministic.knowledge import Severity
from vitasense.deterministic.medications.checks import answers
from vitasense.deterministic.medications.checks.cautions import Caution, Hit, bearing, by_drug, quiet, told, unasked
from vitasense.deterministic.medications.checks.naming import condition_names, conditions_of
from vitasense.deterministic.medications.checks.subject import Subject, Taken
from vitasense.deterministic.medications.rulebook import Rules, read_rules
from vitasense.deterministic.medications.schemas import Kind, Person
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.findings import Finding

OLDER = 65.0  # years; AGS Beers Criteria 2023
_LEAD = {
    Severity.CONTRAINDICATED: "should not be taken at this age",
    Severity.MAJOR: "can do harm at this age",
    Severity.MODERATE: "needs a second look at this age",
    Severity.MINOR: "at this age",
}


class OlderRule(Caution):
    """A caution from `from_years` on; it does not hold with one of the conditions of `unless`."""

    from_years: float = OLDER
    unless: tuple[str, ...] = ()

    def holds(self, age: float, conditions: frozenset[str]) -> bool:
        """Whether it holds at this age in years with these conditions (keys of condition_names.yaml)."""
        return age >= self.from_years and conditions.isdisjoint(self.unless)


def older(subject: Subject) -> list[Finding]:
    """What the criteria for older people say of the medicines, from 65 years.

    What holds only with an illness or with weak kidneys is told by the checks of illnesses and laboratory values.
    not_evaluated: the age is not known and a rule (more than minor) bears on a medicine.
    """
    taken, person = answers.concerned(subject), subject.person
    if person is None or person.age_years is None:
        return _not_known(taken, person)
    age = person.age_years
    if age < OLDER or not taken:
        return []
    conditions = frozenset(key for each in person.conditions or () for key in conditions_of(each))
    hits = bearing(_by_drug(), taken, lambda rule: rule.holds(age, conditions))
    found = [told(Kind.OLDER, older_rules(), hit, _LEAD[hit.rule.severity], *_seen(hit)) for hit in hits]
    return found or [_nothing(taken)]


@cache
def older_rules() -> Rules[OlderRule]:
    """The rules of `rules/older.yaml`. Raises ValueError for a condition that has no name."""
    rules = read_rules("older", OlderRule)
    missing = {key for rule in rules for key in rule.unless if key not in condition_names().entries}
    if missing:
        raise ValueError(f"conditions without a name: {sorted(missing)}")
    return rules


@cache
def _by_drug() -> Mapping[str, tuple[OlderRule, ...]]:
    return by_drug(older_rules())


def _seen(hit: Hit[OlderRule]) -> tuple[Category, ...]:
    return (Category.PROFILE, Category.CONDITIONS) if hit.rule.unless else (Category.PROFILE,)


def _not_known(taken: Sequence[Taken], person: Person | None) -> list[Finding]:
    hits = bearing(_by_drug(), taken, lambda rule: rule.severity is not Severity.MINOR)
    missing = f"I do not know {answers.whose(person)} age"
    return unasked(Kind.OLDER, hits, missing, "for people of 65 years and more", "the age is not known")


def _nothing(taken: Sequence[Taken]) -> Finding:
    names = answers.shortened([drug.name for drug in answers.distinct(taken)])
    text = f"No criterion for older people speaks of {names}. That does not rule out a problem."
    return quiet(Kind.OLDER, taken, text, "no criterion for older people speaks of it", Category.PROFILE)
