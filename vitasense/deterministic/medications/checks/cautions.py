"""Rules about one medicine in one state of a person (pregnancy, an age): which of them bear on what is taken."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar, get_args

from pydantic import BeforeValidator

from vitasense.deterministic.knowledge import Severity
from vitasense.deterministic.medications.checks import answers
from vitasense.deterministic.medications.checks.aspirin import ANY_DOSE, AspirinDose, in_dose
from vitasense.deterministic.medications.checks.sites import BODY, Site, reaches
from vitasense.deterministic.medications.checks.subject import Taken
from vitasense.deterministic.medications.rulebook import Members, Rule, Rules
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.findings import Finding, Status, Value

SEVEREST = list(Severity)


def _anywhere(said: object) -> object:
    return get_args(Site) if said == "anywhere" else said


Sites = Annotated[frozenset[Site], BeforeValidator(_anywhere)]
"""Where a medicine must act for a rule to hold: a list of sites, or the word `anywhere`."""


class Caution(Rule):
    """Medicines with one severity in one state. `what` is a clause, `advice` one or two sentences.

    It holds where the medicine acts at one of the `sites` and, for aspirin, in one of the `doses`.
    """

    members: Members = frozenset()
    severity: Severity
    what: str
    advice: str
    sites: Sites = BODY
    doses: frozenset[AspirinDose] = ANY_DOSE


C = TypeVar("C", bound=Caution)


@dataclass(frozen=True, slots=True)
class Hit(Generic[C]):
    """A rule that bears on one of the medicines."""

    rule: C
    taken: Taken


def by_drug(rules: Rules[C]) -> Mapping[str, tuple[C, ...]]:
    """The rules of each drug key, the severest first; within one severity in file order."""
    found: dict[str, list[C]] = {}
    for rule in sorted(rules, key=lambda rule: SEVEREST.index(rule.severity)):
        for key in rule.members:
            found.setdefault(key, []).append(rule)
    return {key: tuple(each) for key, each in found.items()}


def bearing(
    index: Mapping[str, tuple[C, ...]], taken: Iterable[Taken], holds: Callable[[C], bool] = lambda _: True
) -> list[Hit[C]]:
    """The severest rule for each ingredient, once for each of them."""
    hits: dict[tuple[str, str], Hit[C]] = {}
    for each in taken:
        rules = index.get(each.drug.key, ())
        rule = next((r for r in rules if reaches(each, r.sites) and in_dose(each, r.doses) and holds(r)), None)
        if rule:
            hits.setdefault((rule.key, each.drug.key), Hit(rule, each))
    return list(hits.values())


def told(
    kind: str,
    rules: Rules[C],
    hit: Hit[C],
    lead: str,
    *looked_at: Category,
    values: Sequence[Value] = (),
) -> Finding:
    """The finding of one hit: "Warfarin `lead`: what. advice"."""
    rule, taken = hit.rule, hit.taken
    text = f"{answers.capital(taken.drug.name)} {lead}: {rule.what}. {rule.advice}"
    return Finding(
        kind=kind,
        text=text,
        status=Status.FOUND,
        urgency=answers.URGENCY[rule.severity],
        values=(answers.drug_value(taken.drug), *values, *answers.rated(rule.severity)),
        evidence=answers.evidence_of(rules.evidence(rule, f"{taken.drug.name} {lead}"), taken.medicine.evidence),
        categories=answers.categories([taken.medicine.evidence], *looked_at),
    )


def quiet(kind: str, taken: Sequence[Taken], text: str, reason: str, *looked_at: Category) -> Finding:
    """That the medicines were held against the rules and nothing was found."""
    return Finding(
        kind=kind,
        text=text,
        status=Status.NOT_FOUND,
        reason=reason,
        values=tuple(map(answers.drug_value, answers.distinct(taken))),
        categories=answers.categories([each.medicine.evidence for each in taken], *looked_at),
    )


def unasked(kind: str, hits: Sequence[Hit[C]], missing: str, concerns: str, reason: str) -> list[Finding]:
    """One answer for rules that could not be held against the person; none when no rule bears on the medicines.

    `missing` says what is not known; `concerns` completes "I could not check `names`".
    """
    names = [drug.name for drug in answers.distinct(hit.taken for hit in hits)]
    if not names:
        return []
    text = f"{missing}, so I could not check {answers.shortened(names)} {concerns}."
    found_in = answers.categories([hit.taken.medicine.evidence for hit in hits])
    return [answers.skipped(kind, text, reason, names, found_in)]
