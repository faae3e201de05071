"""Medicines and the allergies of the person, with what is known of reactions across kinds."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from vitasense.deterministic.knowledge import Drug, Severity, normalise, rulebook
from vitasense.deterministic.medications.checks import answers
from vitasense.deterministic.medications.checks.allergens import Meaning, allergens, meaning
from vitasense.deterministic.medications.checks.sites import Site, reaches
from vitasense.deterministic.medications.checks.subject import Subject, Taken
from vitasense.deterministic.medications.rulebook import Members, Rule, Rules, read_rules
from vitasense.deterministic.medications.schemas import Kind, Person, Stated
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.findings import Evidence, Finding, Status, Value

_SEVEREST = list(Severity)


class AllergyRule(Rule):
    """Which allergy concerns which medicines: to one of `allergens`, or to another member of `among`.

    `what` completes the name of the medicine. `relation`: same (the substance or its other form), kind, cross (reactions
    are possible), unlikely. `words_only`: where the allergy names the kind and not a medicine of it. `kinds` are those of
    the knowledge room that are held together by how they are built.
    """

    relation: Literal["same", "kind", "cross", "unlikely"]
    allergens: tuple[str, ...] = ()
    among: Members = frozenset()
    drugs: Members = frozenset()
    severity: Severity
    what: str
    advice: str = ""
    words_only: bool = False
    kinds: frozenset[str] = frozenset()
    sites: frozenset[Site] = frozenset()


@dataclass(frozen=True, slots=True)
class _Hit:
    rule: AllergyRule
    taken: Taken
    stated: Stated
    severity: Severity
    kind: str | None = None


def allergies(subject: Subject) -> list[Finding]:
    """One finding for each medicine that an allergy concerns, and what was and was not compared.

    found: values name the medicine, the allergy, severity and basis; reactions that are feared without ground are minor.
    not_found: names what was compared. not_evaluated: no allergy is known to us, nobody knows its name, or it is to
    something that products contain beside their active ingredients.
    """
    taken, person = answers.concerned(subject), subject.person
    if not subject.medicines:
        return []
    if person is None or person.allergies is None:
        return _not_known(taken, person)
    meanings = [(each, meaning(each)) for each in person.allergies]
    real = [(each, meant) for each, meant in meanings if meant.statement is None]
    if not real and any(meant.statement == "unknown" for _, meant in meanings):
        return [_nobody_knows(taken, person)]
    hits = [hit for each, meant in real for hit in _hits(each, meant, taken)]
    return [
        *(_finding(hit, person) for hit in hits),
        *_same_name(subject, real, person),
        *_not_compared(real, hits, taken),
        *_nothing(real, hits, taken, person),
    ]


@cache
def allergy_rules() -> Rules[AllergyRule]:
    """The rules of `rules/allergies.yaml`. Raises ValueError for an allergen that is not in `rules/allergens.yaml`."""
    rules = read_rules("allergies", AllergyRule)
    missing = {key for rule in rules for key in rule.allergens if key not in allergens().entries}
    if missing:
        raise ValueError(f"allergens without an entry: {sorted(missing)}")
    return rules


@cache
def _by_drug() -> Mapping[str, tuple[AllergyRule, ...]]:
    found: dict[str, list[AllergyRule]] = {}
    for rule in allergy_rules():
        for key in rule.drugs | rule.among:
            found.setdefault(key, []).append(rule)
    return {key: tuple(rules) for key, rules in found.items()}


def _hits(stated: Stated, meant: Meaning, taken: Sequence[Taken]) -> Iterator[_Hit]:
    """The severest rule for each medicine, each ingredient once."""
    for each in {one.drug.key: one for one in taken}.values():
        found = [rule for rule in _by_drug().get(each.drug.key, ()) if _concerns(rule, meant, each)]
        if each.drug.key in meant.drugs:
            yield _hit(allergy_rules()["same_ingredient"], each, stated)
        elif found:
            yield _hit(min(found, key=_rank), each, stated)
        elif kind := _shared_kind(each.drug, meant):
            yield _hit(allergy_rules()["same_kind"], each, stated, kind)


def _concerns(rule: AllergyRule, meant: Meaning, taken: Taken) -> bool:
    if rule.sites and not reaches(taken, rule.sites):
        return False
    groups = meant.named if rule.words_only else meant.groups
    return bool(rule.among & meant.drugs) or not groups.isdisjoint(rule.allergens)


def _rank(rule: AllergyRule) -> int:
    return _SEVEREST.index(rule.severity)


def _hit(rule: AllergyRule, taken: Taken, stated: Stated, kind: str | None = None) -> _Hit:
    """What may cross over counts more where the reaction was marked as a high risk."""
    raised = stated.high_risk and rule.relation == "cross" and rule.severity is Severity.MODERATE
    return _Hit(rule, taken, stated, Severity.MAJOR if raised else rule.severity, kind)


def _shared_kind(drug: Drug, meant: Meaning) -> str | None:
    kinds = {kind for key in meant.drugs for kind in rulebook().drugs[key].classes}
    return next((kind for kind in drug.classes if kind in kinds & allergy_rules()["same_kind"].kinds), None)


def _finding(hit: _Hit, person: Person) -> Finding:
    drug, rule, medicine = hit.taken.drug, hit.rule, hit.taken.medicine
    says = f"{answers.capital(drug.name)} {rule.what}."
    todo = answers.what_to_do(hit.severity, medicine, person)
    label = f"{drug.name} with an allergy to {hit.stated.name}"
    return Finding(
        kind=Kind.ALLERGY,
        text=" ".join(filter(None, [_recorded(hit.stated, person), says, rule.advice, todo])),
        status=Status.FOUND,
        urgency=answers.URGENCY[hit.severity],
        values=(
            answers.drug_value(drug),
            Value(name="allergy", text=hit.stated.name),
            *answers.rated(hit.severity, "inferred" if hit.kind else "documented"),
        ),
        evidence=answers.evidence_of(
            hit.stated.evidence, allergy_rules().evidence(rule, label), *_kind_evidence(hit.kind), medicine.evidence
        ),
        categories=answers.categories([medicine.evidence], Category.ALLERGIES),
    )


def _recorded(stated: Stated, person: Person) -> str:
    risk = ", marked as high risk" if stated.high_risk else ""
    if stated.evidence and stated.evidence.kind == "record":
        return f"{answers.capital(answers.whose(person))} record lists an allergy or intolerance: {stated.name}{risk}."
    who = "you told of" if answers.own(person) else answers.does(person, "have", "has")
    return f"{answers.capital(who)} an allergy or intolerance: {stated.name}{risk}."


def _kind_evidence(kind: str | None) -> list[Evidence]:
    if kind is None:
        return []
    group = rulebook().classes[kind]
    return [rulebook().classes.evidence(group, f"The {group.plural}")]


def _same_name(subject: Subject, real: Sequence[tuple[Stated, Meaning]], person: Person) -> Iterator[Finding]:
    """A medicine that nobody knows, by the very name of the allergy."""
    rule = allergy_rules()["same_ingredient"]
    for name in subject.unknown:
        for stated in (each for each, _ in real if f" {normalise(name)} " in f" {normalise(each.name)} "):
            text = (
                f"{_recorded(stated, person)} “{name}” is named like it. Do not take it before a pharmacist has looked."
            )
            yield Finding(
                kind=Kind.ALLERGY,
                text=text,
                status=Status.FOUND,
                urgency=answers.URGENCY[rule.severity],
                values=(
                    Value(name="drug", text=name),
                    Value(name="allergy", text=stated.name),
                    *answers.rated(rule.severity, "inferred"),
                ),
                evidence=answers.evidence_of(stated.evidence, allergy_rules().evidence(rule, name)),
                categories=frozenset({Category.ALLERGIES}),
            )


def _not_known(taken: Sequence[Taken], person: Person | None) -> list[Finding]:
    drugs = [each for each in answers.distinct(taken) if person or each.key in _by_drug()]
    if not drugs:
        return []
    missing = (
        f"{answers.capital(answers.whose(person))} allergies are not in the record or not shared"
        if person
        else "I do not know the allergies of the person who takes it"
    )
    text = f"{missing}, so I could not compare {answers.listed(drug.name for drug in drugs)} with them."
    reason = f"{answers.whose(person) if person else 'the'} allergies are not known"
    return [answers.skipped(Kind.ALLERGY, text, reason, [drug.name for drug in drugs])]


def _nobody_knows(taken: Sequence[Taken], person: Person) -> Finding:
    names = [drug.name for drug in answers.distinct(taken)]
    record = f"{answers.capital(answers.whose(person))} record"
    text = f"{record} says that allergies are not known, so I could not compare {answers.listed(names)} with them."
    return answers.skipped(Kind.ALLERGY, text, "the record says that allergies are not known", names, _looked_at(taken))


def _not_compared(
    real: Sequence[tuple[Stated, Meaning]], hits: Sequence[_Hit], taken: Sequence[Taken]
) -> Iterator[Finding]:
    drugs = answers.listed(drug.name for drug in answers.distinct(taken))
    unknown = [each.name for each, meant in real if not meant.known]
    if unknown and taken:
        quoted = answers.listed(f"“{name}”" for name in unknown)
        text = (
            f"I could not compare {drugs} with an allergy to {quoted}: it does not say enough to me. Ask a pharmacist."
        )
        yield _skipped(text, f"an allergy to {quoted} does not say enough to me", unknown, taken)
    warned = {hit.stated.name for hit in hits}
    hidden = [each.name for each, meant in real if meant.excipient and each.name not in warned]
    if hidden and taken:
        quoted = answers.listed(f"“{name}”" for name in hidden)
        text = (
            f"Whether {drugs} contains something of {quoted} depends on the maker: I know the active ingredients only. "
            "A pharmacist can look up what else is in it."
        )
        yield _skipped(text, f"whether a product contains {quoted} is not known to me", hidden, taken)


def _skipped(text: str, reason: str, names: Sequence[str], taken: Sequence[Taken]) -> Finding:
    values = tuple(Value(name="allergy", text=name) for name in names)
    return answers.skipped(Kind.ALLERGY, text, reason, [], _looked_at(taken)).model_copy(update={"values": values})


def _nothing(
    real: Sequence[tuple[Stated, Meaning]], hits: Sequence[_Hit], taken: Sequence[Taken], person: Person
) -> Iterator[Finding]:
    compared = [each for each, meant in real if meant.known and not meant.excipient]
    warned = {(hit.taken.drug.key, hit.stated.name) for hit in hits}
    drugs = answers.distinct(taken)
    rest = any((drug.key, each.name) not in warned for drug in drugs for each in compared)
    if drugs and (rest or not real):
        yield Finding(
            kind=Kind.ALLERGY,
            text=_nothing_text(drugs, compared, bool(warned), person),
            status=Status.NOT_FOUND,
            reason="no rule joins these medicines and allergies" if compared else "no allergy is recorded",
            values=(
                *(answers.drug_value(drug) for drug in drugs),
                *(Value(name="allergy", text=each.name) for each in compared),
            ),
            evidence=answers.evidence_of(*(each.evidence for each in compared)),
            categories=_looked_at(taken),
        )


def _nothing_text(drugs: Sequence[Drug], compared: Sequence[Stated], warned: bool, person: Person) -> str:
    names, whose = answers.listed(drug.name for drug in drugs), answers.whose(person)
    if not compared:
        return f"No allergy is recorded that {names} could be held against. That may only mean that none was entered."
    against = answers.shortened([each.name for each in compared])
    opening = "Apart from that, I" if warned else "I"
    return (
        f"{opening} compared {names} with {whose} allergies ({against}) and found no match. "
        "There may still be a reaction, so name these allergies before taking something new."
    )


def _looked_at(taken: Sequence[Taken]) -> frozenset[Category]:
    return answers.categories([each.medicine.evidence for each in taken], Category.ALLERGIES)
