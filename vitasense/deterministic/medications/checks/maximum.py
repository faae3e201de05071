"""The most that adults take of one ingredient in a day, over all medicines that contain it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from vitasense.deterministic.knowledge import Drug, Severity
from vitasense.deterministic.medications.checks import answers
from vitasense.deterministic.medications.checks.daily import at_a_time, daily, read, takings
from vitasense.deterministic.medications.checks.measuring import amount
from vitasense.deterministic.medications.checks.sites import reaches
from vitasense.deterministic.medications.checks.subject import Subject, Taken
from vitasense.deterministic.medications.rulebook import Members, Rule, Rules, read_rules
from vitasense.deterministic.medications.schemas import Kind, Person
from vitasense.deterministic.platform.findings import Finding, Status, Value

ADULT_YEARS = 18
_DAYS = {"day": 1, "week": 7}
_ROUNDING = 1e-9  # of sums of floats; 4 x 1000 mg is not above 4000 mg


class Limit(BaseModel):
    """An amount and what it means to take more of it; it may hold from an age, for a release, or for self-treatment."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    most: float = Field(gt=0)
    severity: Severity
    what: str
    from_age: float | None = None
    release: Literal["extended", "immediate"] | None = None
    self_treated: bool = False


class MaximumRule(Rule):
    """The limits of one ingredient by the `routes` whose amounts are added; the first that is passed speaks.

    `every` week: limits and amounts are of a week. `takings` limits how often a day it is taken. `equal`: see `daily`.
    """

    drugs: Members = Field(min_length=1)
    routes: frozenset[str] = frozenset({"oral"})
    unit: str = "mg"
    equal: Mapping[str, float] = {}
    every: Literal["day", "week"] = "day"
    limits: tuple[Limit, ...] = Field(min_length=1)
    takings: Limit | None = None


@dataclass(frozen=True, slots=True)
class _Sum:
    """What is known of one ingredient: the amount of the day or week, and the medicines whose amount is not known."""

    rule: MaximumRule
    taken: tuple[Taken, ...]
    total: float
    unknown: tuple[Taken, ...]

    @property
    def name(self) -> str:
        return self.taken[0].drug.name

    @property
    def said(self) -> str:
        return amount(self.total, self.rule.unit)


def maximum(subject: Subject) -> list[Finding]:
    """One finding for each ingredient of which more is taken than the label gives for adults.

    found: values give the ingredient, the daily (or weekly) amount and the limit with units, and the severity. Amounts
    taken as needed count in full. not_evaluated: dose, strength or how often are not known, or the person is no adult.
    """
    person = subject.person
    asked = {each.drug.key for each in answers.concerned(subject)}
    groups = [(rule, taken) for rule, taken in _groups(subject) if taken[0].drug.key in asked]
    if not groups:
        return []
    if person and person.age_years is not None and person.age_years < ADULT_YEARS:
        return [_child(groups, person)]
    sums = [_sum(rule, taken) for rule, taken in groups]
    passed = [(each, limit) for each in sums if (limit := _passed(each, person))]
    warned = {each.rule.key for each, _ in passed}
    quiet = [each for each in sums if each.rule.key not in warned]
    return [
        *(_finding(each, limit, person) for each, limit in passed),
        *_by_age([each for each in quiet if _hangs_on_age(each, person)]),
        *_unknown([each for each in quiet if each.unknown and not _hangs_on_age(each, person)]),
        *_nothing([each for each in quiet if not each.unknown and not _hangs_on_age(each, person)]),
    ]


@cache
def maximum_rules() -> Rules[MaximumRule]:
    """The rules of `rules/maximum.yaml`."""
    return read_rules("maximum", MaximumRule)


def rules_of(drug: Drug) -> tuple[MaximumRule, ...]:
    """The rules of an ingredient, each for some routes; none where no limit is listed."""
    return _by_drug().get(drug.key, ())


@cache
def _by_drug() -> Mapping[str, tuple[MaximumRule, ...]]:
    found: dict[str, list[MaximumRule]] = {}
    for rule in maximum_rules():
        for key in rule.drugs:
            found.setdefault(key, []).append(rule)
    return {key: tuple(rules) for key, rules in found.items()}


def _groups(subject: Subject) -> list[tuple[MaximumRule, tuple[Taken, ...]]]:
    """Each rule with what it adds up."""
    found: dict[str, tuple[MaximumRule, tuple[Taken, ...]]] = {}
    for each in subject.taken:
        for rule in rules_of(each.drug):
            if _counts(rule, each):
                found[rule.key] = (rule, (*found.get(rule.key, (rule, ()))[1], each))
    return list(found.values())


def _counts(rule: MaximumRule, taken: Taken) -> bool:
    """Whether it is taken by a route of the rule; without a route it counts as swallowed."""
    route = taken.medicine.route or read(taken.medicine.name).route
    return route in rule.routes if route else "oral" in rule.routes and reaches(taken)


def _sum(rule: MaximumRule, taken: Sequence[Taken]) -> _Sum:
    known = [(each, daily(each, rule.unit, rule.equal)) for each in taken]
    total = sum(found for _, found in known if found is not None) * _DAYS[rule.every]
    lone = [at_a_time(each, rule.unit, rule.equal) or 0 for each, found in known if found is None]
    return _Sum(rule, tuple(taken), total + sum(lone), tuple(each for each, found in known if found is None))


def _passed(each: _Sum, person: Person | None) -> Limit | None:
    """The first limit that is passed; what is not known can only make it more."""
    often = sum(takings(one.medicine.dose) or 0 for one in each.taken if one.medicine.dose)
    if each.rule.takings and often > each.rule.takings.most:
        return each.rule.takings
    over = (limit for limit in each.rule.limits if each.total > limit.most * (1 + _ROUNDING))
    return next((limit for limit in over if _holds(limit, each, person)), None)


def _holds(limit: Limit, each: _Sum, person: Person | None) -> bool:
    age = person.age_years if person else None
    if limit.from_age is not None and (age is None or age < limit.from_age):
        return False
    if limit.self_treated and any(one.medicine.origin == "prescribed" for one in each.taken):
        return False
    extended = {read(one.medicine.name).release == "extended" for one in each.taken}
    return limit.release is None or extended == {limit.release == "extended"}


def _hangs_on_age(each: _Sum, person: Person | None) -> bool:
    """Whether it would be too much for an older person, and the age is not known."""
    if person and person.age_years is not None:
        return False
    return any(limit.from_age is not None and each.total > limit.most for limit in each.rule.limits)


def _finding(each: _Sum, limit: Limit, person: Person | None) -> Finding:
    rule, severity = each.rule, limit.severity
    medicine = next((one.medicine for one in each.taken if one.medicine.origin == "asked"), each.taken[0].medicine)
    return Finding(
        kind=Kind.MAXIMUM,
        text=f"{_amount_text(each, limit, person)} {answers.what_to_do(severity, medicine, person)}",
        status=Status.FOUND,
        urgency=answers.URGENCY[severity],
        values=(
            answers.drug_value(each.taken[0].drug),
            *_amounts(each, limit),
            *(Value(name="medicine", text=name) for name in dict.fromkeys(one.medicine.name for one in each.taken)),
            *answers.rated(severity),
        ),
        evidence=answers.evidence_of(
            maximum_rules().evidence(rule, f"The most of {each.name} a {rule.every}"),
            *(one.medicine.evidence for one in each.taken),
        ),
        categories=answers.categories([one.medicine.evidence for one in each.taken]),
    )


def _amount_text(each: _Sum, limit: Limit, person: Person | None) -> str:
    name = answers.capital(each.name)
    if limit is each.rule.takings:
        return f"{name} {limit.what}."
    medicines = list(dict.fromkeys(one.medicine.name for one in each.taken))
    from_all = f" from {answers.listed(medicines)} together" if len(medicines) > 1 else ""
    least = "at least " if each.unknown else ""
    whose = "" if limit.from_age is None or person is None else f" from {limit.from_age:g} years"
    return (
        f"{name}{from_all} comes to {least}{each.said} a {each.rule.every}, more than the limit of "
        f"{amount(limit.most, each.rule.unit)} for adults{whose}: it {limit.what}."
    )


def _amounts(each: _Sum, limit: Limit) -> Iterator[Value]:
    if limit is each.rule.takings:
        often = sum(takings(one.medicine.dose) or 0 for one in each.taken if one.medicine.dose)
        yield Value(name="takings a day", number=often, unit="/d")
        yield Value(name="limit", number=limit.most, unit="/d")
        return
    yield Value(name=f"amount a {each.rule.every}", number=each.total, unit=each.rule.unit)
    yield Value(name="limit", number=limit.most, unit=each.rule.unit)


def _child(groups: Sequence[tuple[MaximumRule, tuple[Taken, ...]]], person: Person) -> Finding:
    names = [taken[0].drug.name for _, taken in groups]
    who = answers.does(person, "are", "is")
    text = f"My limits for {answers.listed(names)} are for adults, and {who} younger than {ADULT_YEARS} years. Ask a pharmacist."
    evidence = [one.medicine.evidence for _, taken in groups for one in taken]
    reason = f"the highest daily amounts that I know of {answers.listed(names)} are for adults"
    return answers.skipped(Kind.MAXIMUM, text, reason, names, answers.categories(evidence))


def _by_age(sums: Sequence[_Sum]) -> Iterator[Finding]:
    if not sums:
        return
    told = answers.listed(f"{each.name} ({each.said} a {each.rule.every})" for each in sums)
    text = f"The limit for {told} is lower for older people, and the age is not known, so I could not check the amount."
    evidence = [one.medicine.evidence for each in sums for one in each.taken]
    names = [each.name for each in sums]
    reason = f"the limit for {answers.listed(names)} depends on the age, which is not known"
    yield answers.skipped(Kind.MAXIMUM, text, reason, names, answers.categories(evidence))


def _unknown(sums: Sequence[_Sum]) -> Iterator[Finding]:
    if not sums:
        return
    names = answers.listed(each.name for each in sums)
    taken = [one for each in sums for one in each.unknown]
    evidence = [one.medicine.evidence for one in taken]
    unsaid = all(one.medicine.origin == "asked" and one.medicine.dose is None for one in taken)
    medicines = answers.listed(one.medicine.name for one in taken)
    text, reason = (
        (
            f"How much {names} a day it would be was not said, so I could not hold it against the most that adults take.",
            f"how much {names} a day it would be was not said",
        )
        if unsaid
        else (
            f"I could not add up how much {names} a day is taken: the strength, the dose or how often is not known for "
            f"{medicines}.",
            f"how much {names} is taken in a day is not known",
        )
    )
    yield answers.skipped(Kind.MAXIMUM, text, reason, [each.name for each in sums], answers.categories(evidence))


def _nothing(sums: Sequence[_Sum]) -> Iterator[Finding]:
    if not sums:
        return
    told = [f"{each.name} {each.said} of {amount(each.rule.limits[0].most, each.rule.unit)}" for each in sums]
    taken = [one for each in sums for one in each.taken]
    yield Finding(
        kind=Kind.MAXIMUM,
        text=f"These amounts are within the limits of the labels for adults: {answers.shortened(told)}.",
        status=Status.NOT_FOUND,
        reason="the amounts are within the limits of the labels for adults",
        values=tuple(
            value
            for each in sums
            for value in (answers.drug_value(each.taken[0].drug), *_amounts(each, each.rule.limits[0]))
        ),
        evidence=answers.evidence_of(
            *(maximum_rules().evidence(each.rule, each.name) for each in sums),
            *(one.medicine.evidence for one in taken),
        ),
        categories=answers.categories([one.medicine.evidence for one in taken]),
    )
