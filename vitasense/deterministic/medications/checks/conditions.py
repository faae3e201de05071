"""Medicines and the illnesses of the person who takes them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product

from pydantic import Field

from vitasense.deterministic.knowledge import Drug, Severity, normalise
from vitasense.deterministic.medications.checks import answers
from vitasense.deterministic.medications.checks.naming import condition_names, conditions_of
from vitasense.deterministic.medications.checks.sites import BODY, Site, reaches
from vitasense.deterministic.medications.checks.subject import Subject, Taken
from vitasense.deterministic.medications.rulebook import Members, Rule, Rules, read_rules
from vitasense.deterministic.medications.schemas import Kind, Person, Stated
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.findings import Finding, Status, Value

_SEVEREST = list(Severity)
LEAD = {
    Severity.CONTRAINDICATED: "should not be taken with",
    Severity.MAJOR: "can do harm with",
    Severity.MODERATE: "needs care with",
    Severity.MINOR: "can matter a little with",
}


class ConditionRule(Rule):
    """Medicines that speak against one of the `conditions`. `what` completes "it …", `advice` is a sentence of its own.

    It does not hold when one of `unless` (conditions) is stated for the same illness, when one of `unless_taken` is taken
    too, below `from_age` years, or where the medicine acts at none of the `sites`.
    """

    conditions: tuple[str, ...] = Field(min_length=1)
    drugs: Members = Field(min_length=1)
    severity: Severity
    what: str
    advice: str = ""
    unless: tuple[str, ...] = ()
    unless_taken: Members = frozenset()
    from_age: float | None = None
    sites: frozenset[Site] = BODY


@dataclass(frozen=True, slots=True)
class _Hit:
    rule: ConditionRule
    taken: Taken
    stated: Stated
    condition: str


def conditions(subject: Subject) -> list[Finding]:
    """One finding for each medicine and illness that a rule joins, and what was and was not held against the rules.

    found: values name the medicine, the condition (`code` is our key), severity and basis. not_found: names what was
    compared. not_evaluated: no illness is known to us, or one of them is not in the list of conditions.
    """
    taken, person = answers.concerned(subject), subject.person
    if not taken:
        return []
    if person is None or person.conditions is None:
        return _not_known(taken, subject)
    hits = [hit for each in person.conditions for hit in _hits(each, taken, subject)]
    known = [each for each in person.conditions if conditions_of(each)]
    unknown = [each for each in person.conditions if not conditions_of(each)]
    return [
        *(_finding(group, person) for group in _joined(hits)),
        *_unknown(unknown, taken),
        *_nothing(known, unknown, taken, hits, person),
    ]


@cache
def condition_rules() -> Rules[ConditionRule]:
    """The rules of `rules/conditions`. Raises ValueError for a condition that has no name."""
    rules, names = read_rules("conditions", ConditionRule), condition_names()
    missing = {key for rule in rules for key in (*rule.conditions, *rule.unless) if key not in names.entries}
    if missing:
        raise ValueError(f"conditions without a name: {sorted(missing)}")
    return rules


@cache
def _by_drug() -> Mapping[str, Mapping[str, tuple[ConditionRule, ...]]]:
    """The rules of each medicine by condition."""
    found: dict[str, dict[str, tuple[ConditionRule, ...]]] = {}
    for rule in condition_rules():
        for drug, condition in product(rule.drugs, rule.conditions):
            by_condition = found.setdefault(drug, {})
            by_condition[condition] = (*by_condition.get(condition, ()), rule)
    return found


def _hits(stated: Stated, taken: Sequence[Taken], subject: Subject) -> Iterator[_Hit]:
    """The severest rule for each medicine with this illness."""
    keys = conditions_of(stated)
    for each in taken:
        rules = _by_drug().get(each.drug.key, {})
        found = [
            (_SEVEREST.index(rule.severity), condition, rule)
            for condition in sorted(keys.intersection(rules))
            for rule in rules[condition]
            if reaches(each, rule.sites) and _holds(rule, keys, subject)
        ]
        if found:
            _, condition, rule = min(found, key=_rank)
            yield _Hit(rule, each, stated, condition)


def _rank(found: tuple[int, str, ConditionRule]) -> int:
    return found[0]


def _holds(rule: ConditionRule, keys: frozenset[str], subject: Subject) -> bool:
    if keys.intersection(rule.unless) or any(each.drug.key in rule.unless_taken for each in subject.taken):
        return False
    age = subject.person.age_years if subject.person else None
    return rule.from_age is None or age is None or age >= rule.from_age


def _joined(hits: Sequence[_Hit]) -> list[list[_Hit]]:
    """The hits of one medicine by one rule belong together."""
    groups: dict[tuple[str, str], list[_Hit]] = {}
    for hit in hits:
        groups.setdefault((hit.taken.drug.key, hit.rule.key), []).append(hit)
    return list(groups.values())


def _finding(hits: Sequence[_Hit], person: Person) -> Finding:
    first, rule = hits[0], hits[0].rule
    drug, medicine = first.taken.drug, first.taken.medicine
    label = f"{drug.name} with {condition_names()[first.condition].name}"
    stated = dict.fromkeys(hit.stated.name for hit in hits)
    return Finding(
        kind=Kind.CONDITION,
        text=" ".join(filter(None, [_says(first), rule.advice, answers.what_to_do(rule.severity, medicine, person)])),
        status=Status.FOUND,
        urgency=answers.URGENCY[rule.severity],
        values=(
            answers.drug_value(drug),
            *(Value(name="condition", text=name, code=first.condition) for name in stated),
            *answers.rated(rule.severity),
        ),
        evidence=answers.evidence_of(
            condition_rules().evidence(rule, label), *(hit.stated.evidence for hit in hits), medicine.evidence
        ),
        categories=answers.categories([medicine.evidence], Category.CONDITIONS),
    )


def _says(hit: _Hit) -> str:
    name = condition_names()[hit.condition].name
    written = "" if normalise(hit.stated.name) == normalise(name) else f" (“{hit.stated.name}”)"
    return f"{answers.capital(hit.taken.drug.name)} {LEAD[hit.rule.severity]} {name}{written}: it {hit.rule.what}."


def _not_known(taken: Sequence[Taken], subject: Subject) -> list[Finding]:
    drugs = answers.distinct(each for each in taken if _concerned(each))
    if not drugs:
        return []
    person = subject.person
    missing = (
        f"{answers.capital(answers.whose(person))} illnesses are not in the record or not shared"
        if person
        else "I do not know the illnesses of the person who takes it"
    )
    names = answers.listed(drug.name for drug in drugs)
    text = f"Some illnesses speak against {names}. {missing}, so I could not check that."
    found_in = answers.categories([each.medicine.evidence for each in taken])
    reason = f"{answers.whose(person) if person else 'the'} illnesses are not known"
    return [answers.skipped(Kind.CONDITION, text, reason, [drug.name for drug in drugs], found_in)]


def _concerned(taken: Taken) -> bool:
    rules = _by_drug().get(taken.drug.key, {}).values()
    return any(reaches(taken, rule.sites) for found in rules for rule in found)


def _unknown(unknown: Sequence[Stated], taken: Sequence[Taken]) -> list[Finding]:
    if not unknown:
        return []
    quoted = answers.listed((f"“{each.name}”" for each in unknown), "and")
    names = answers.listed(drug.name for drug in answers.distinct(taken))
    text = (
        f"I could not hold {names} against {quoted}: my rules know no illness of this name. "
        f"Ask a pharmacist, and name {'it' if len(unknown) == 1 else 'them'}."
    )
    finding = answers.skipped(Kind.CONDITION, text, f"I have no rules for {quoted}", [], _looked_at(taken))
    return [finding.model_copy(update={"values": tuple(Value(name="condition", text=each.name) for each in unknown)})]


def _nothing(
    known: Sequence[Stated], unknown: Sequence[Stated], taken: Sequence[Taken], hits: Sequence[_Hit], person: Person
) -> list[Finding]:
    """That the rest was compared; nothing when there is no rest."""
    warned = {(hit.taken.drug.key, hit.stated.name) for hit in hits}
    drugs = answers.distinct(taken)
    rest = any((drug.key, each.name) not in warned for drug in drugs for each in known)
    if not rest and (known or unknown):
        return []
    return [
        Finding(
            kind=Kind.CONDITION,
            text=_nothing_text(drugs, known, bool(warned), person),
            status=Status.NOT_FOUND,
            reason="no rule joins these medicines and illnesses" if known else "no illness is recorded",
            values=(
                *(answers.drug_value(drug) for drug in drugs),
                *(Value(name="condition", text=each.name) for each in known),
            ),
            evidence=answers.evidence_of(*(each.evidence for each in known)),
            categories=_looked_at(taken),
        )
    ]


def _nothing_text(drugs: Sequence[Drug], known: Sequence[Stated], warned: bool, person: Person) -> str:
    names, whose = answers.listed(drug.name for drug in drugs), answers.whose(person)
    if not known:
        return f"No illness is recorded that {names} could be held against. That may only mean that none was entered."
    against = answers.shortened([each.name for each in known])
    if warned:
        return (
            f"Apart from that, I found nothing in my rules when I held {names} against {whose} illnesses ({against})."
        )
    return (
        f"I held {names} against {whose} illnesses ({against}) and found nothing in my rules. "
        "That does not rule out a problem."
    )


def _looked_at(taken: Sequence[Taken]) -> frozenset[Category]:
    return answers.categories([each.medicine.evidence for each in taken], Category.CONDITIONS)
