"""The most of a medicine that adults take in a day, told to who asks for it."""

from collections.abc import Iterator, Sequence

from vitasense.deterministic import knowledge
from vitasense.deterministic.knowledge import Drug, Library
from vitasense.deterministic.medications.checks import answers
from vitasense.deterministic.medications.checks.maximum import ADULT_YEARS, Limit, MaximumRule, maximum_rules, rules_of
from vitasense.deterministic.medications.checks.measuring import amount
from vitasense.deterministic.medications.schemas import Kind, Person
from vitasense.deterministic.platform.findings import Finding, Status, Value

_NO_CHILD = "This is for adults alone, never for a child: ask a pharmacist or doctor about a child. "
_LESS = "With ill kidneys or liver, or a low weight, it can be less: a doctor or pharmacist says how much."


def limits(names: Sequence[str], *, person: Person | None = None, library: Library | None = None) -> list[Finding]:
    """The limits of each ingredient of these medicines for adults, each with its label; what has none is not_evaluated.

    found: values give the ingredient and each limit with its UCUM unit a day or a week. For somebody younger than 18
    years nothing is told: the limits are not theirs. Of another whose age is not known it is said that they are for adults.
    """
    library = library or knowledge.library()
    parts = [(name, knowledge.ingredients(name, library)) for name in dict.fromkeys(names)]
    drugs = answers.distinct_drugs(part.drug for _, found in parts for part in found if part.drug)
    unknown = [name for name, found in parts if not any(part.drug for part in found)]
    listed = [drug for drug in drugs if rules_of(drug)]
    if person and person.age_years is not None and person.age_years < ADULT_YEARS and listed:
        return [_child(listed, person), *_silent(unknown, [drug for drug in drugs if drug not in listed])]
    adult = person is None or person.own or person.age_years is not None
    told = [_told(drug, rule, adult=adult) for drug in listed for rule in rules_of(drug)]
    return [*told, *_silent(unknown, [drug for drug in drugs if drug not in listed])]


def _told(drug: Drug, rule: MaximumRule, *, adult: bool) -> Finding:
    """How often it may be taken stands first, then what holds without a prescription; of whom no age is known it is for adults."""
    often = f"{answers.capital(drug.name)} {rule.takings.what}. " if rule.takings else ""
    return Finding(
        kind=Kind.MAXIMUM,
        text=f"{'' if adult else _NO_CHILD}{often}{_most(drug, rule)} {_LESS}",
        status=Status.FOUND,
        values=(answers.drug_value(drug), *_values(rule)),
        evidence=answers.evidence_of(maximum_rules().evidence(rule, f"The most of {drug.name} a {rule.every}")),
    )


def _most(drug: Drug, rule: MaximumRule) -> str:
    first, *more = rule.limits
    by = "" if "oral" in rule.routes else f" ({answers.listed(sorted(rule.routes))})"
    of = f"of {drug.name}{by} a {rule.every}, over everything that contains it"
    alone = next((limit for limit in more if limit.self_treated), None)
    told = f"Adults take at most {_amount(first, rule)} {of}: it {first.what}."
    if alone:
        prescribed = f"What a doctor prescribes goes up to {_amount(first, rule)}: it {first.what}."
        told = f"Without a prescription adults take at most {_amount(alone, rule)} {of}. {prescribed}"
    return " ".join([told, *(_further(limit, rule) for limit in more if limit is not alone)])


def _further(limit: Limit, rule: MaximumRule) -> str:
    most = _amount(limit, rule)
    if limit.from_age is not None:
        return f"From {limit.from_age:g} years it is {most}."
    if limit.release:
        return f"In a form that acts {'long' if limit.release == 'extended' else 'at once'} it is {most}."
    return f"More than {most} {limit.what}."


def _amount(limit: Limit, rule: MaximumRule) -> str:
    return amount(limit.most, rule.unit)


def _values(rule: MaximumRule) -> Iterator[Value]:
    for limit in rule.limits:
        yield Value(name=f"limit a {rule.every}", number=limit.most, unit=rule.unit)


def _child(drugs: Sequence[Drug], person: Person) -> Finding:
    names = [drug.name for drug in drugs]
    text = (
        f"My limits for {answers.listed(names)} are for adults, and {answers.does(person, 'are', 'is')} younger than "
        f"{ADULT_YEARS} years. Ask a pharmacist or doctor."
    )
    return answers.skipped(Kind.MAXIMUM, text, "the limits are for adults", names)


def _silent(unknown: Sequence[str], unlisted: Sequence[Drug]) -> Iterator[Finding]:
    if unknown:
        names = answers.listed(f"“{name}”" for name in unknown)
        text = f"I do not know a medicine called {names}, so I have no limit for it. The pack or a pharmacist says it."
        yield answers.skipped(Kind.MAXIMUM, text, "unknown name", unknown)
    if unlisted:
        names = [drug.name for drug in unlisted]
        text = (
            f"I have no limit for {answers.listed(names)}. The leaflet, the prescription or a pharmacist says how much."
        )
        yield answers.skipped(Kind.MAXIMUM, text, "no listed limit", names)
