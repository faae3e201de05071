"""Pairs of medicines: what the lists say, what follows from enzymes, and what could not be checked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations, product

from vitasense.deterministic.knowledge.names import Ingredient, ingredients, normalise
from vitasense.deterministic.knowledge.rulebook import Rulebook, rulebook
from vitasense.deterministic.knowledge.schemas import Drug, Interaction, ProteinRole, Role, Severity
from vitasense.deterministic.platform.findings import Evidence, Finding, Status, Urgency, Value

KIND = "drug_interaction"
INFERRED_CONFIDENCE = 0.6
CHECKED = (
    "the ONC high-priority list (Phansalkar 2012), a selection from the ANSM thesaurus (2016) and FDA labels, "
    "and FDA's table of enzymes (2023)"
)
_URGENCY = {
    Severity.CONTRAINDICATED: Urgency.URGENT,
    Severity.MAJOR: Urgency.URGENT,
    Severity.MODERATE: Urgency.ROUTINE,
    Severity.MINOR: Urgency.SELF_CARE,
}
_LEAD = {
    Severity.CONTRAINDICATED: "should not be taken together",
    Severity.MAJOR: "can harm you when they are taken together",
    Severity.MODERATE: "can affect each other",
    Severity.MINOR: "can affect each other a little",
}
_STATUS_ORDER = (Status.FOUND, Status.NOT_EVALUATED, Status.NOT_FOUND)


@dataclass(frozen=True)
class Clearance:
    """What follows from one enzyme or transporter: `victim` is cleared by it, `other` holds it back or speeds it up."""

    victim: Drug
    other: Drug
    cleared: ProteinRole
    change: ProteinRole


def interactions(names: Sequence[str]) -> list[Finding]:
    """One finding for every pair of the named medicines, the most urgent first.

    found: values name both medicines, `severity` and `basis` (documented or inferred); evidence is the list entry.
    not_found: the pair is in none of the lists, which the text names. not_evaluated: a name is not known.
    """
    products = [parts for parts in map(ingredients, _distinct(names)) if parts]
    if len(products) < 2:
        return [_too_few(names)]
    findings = [pair_finding(a, b) for one, two in combinations(products, 2) for a, b in product(one, two)]
    return sorted(_without_repeats(findings), key=lambda f: (-f.urgency.rank, _STATUS_ORDER.index(f.status)))


def pair_finding(one: Ingredient, two: Ingredient) -> Finding:
    """What is known of one pair."""
    if one.drug is None or two.drug is None:
        return _unknown(one, two)
    if one.drug == two.drug:
        return _same(one, two, one.drug)
    return documented(one.drug, two.drug) or inferred(one.drug, two.drug) or _not_found(one.drug, two.drug)


def documented(one: Drug, two: Drug) -> Finding | None:
    """The pair as a list has it: the most severe entry speaks, every entry is evidence."""
    entries = documented_pairs().get(frozenset((one.key, two.key)))
    if not entries:
        return None
    book, top = rulebook(), entries[0]
    victim, other = (one, two) if one.key in book.members(top.left) else (two, one)
    label = f"{victim.name} with {other.name}"
    return Finding(
        kind=KIND,
        text=f"{_capital(victim.name)} and {other.name} {_LEAD[top.severity]}: {top.what}. {top.advice}",
        status=Status.FOUND,
        values=(*_named(victim, other), *_texts(severity=top.severity.value, basis="documented")),
        urgency=_URGENCY[top.severity],
        evidence=tuple(book.interactions.evidence(entry, label) for entry in entries),
    )


def inferred(one: Drug, two: Drug) -> Finding | None:
    """What follows from FDA's table of enzymes when no list has the pair; marked as worked out."""
    found = clearances(one, two)
    if not found:
        return None
    first = found[0]
    text = (
        f"I did not find this pair in a list, but it can be worked out: {explain_clearance(first)} "
        f"So the level of {first.victim.name} may {_direction(first)}. "
        "Ask your doctor or pharmacist whether that matters for you."
    )
    return Finding(
        kind=KIND,
        text=text,
        status=Status.FOUND,
        values=(
            *_named(first.victim, first.other),
            *_texts(protein=first.cleared.protein, severity="not rated", basis="inferred"),
        ),
        confidence=INFERRED_CONFIDENCE,
        evidence=clearance_evidence(found),
    )


def clearances(one: Drug, two: Drug) -> list[Clearance]:
    """Every enzyme or transporter through which one of the two may change the level of the other."""
    return [
        Clearance(victim, other, cleared, change)
        for victim, other in ((one, two), (two, one))
        for cleared in _roles(victim)
        for change in _roles(other)
        if cleared.role is Role.SUBSTRATE and change.role is not Role.SUBSTRATE
        if cleared.protein == change.protein and _matters(cleared, change)
    ]


def explain_clearance(found: Clearance) -> str:
    """The reason in words: "simvastatin is cleared by CYP3A4; clarithromycin strongly inhibits CYP3A4."""
    return f"{role_text(found.victim, found.cleared)}; {role_text(found.other, found.change)}."


def role_text(drug: Drug, role: ProteinRole) -> str:
    """One role in words, as a clause."""
    if role.role is Role.SUBSTRATE:
        return f"{drug.name} is {'carried' if role.strength is None else 'cleared'} by {role.protein}"
    degree = {"strong": "strongly ", "moderate": "moderately ", "weak": "weakly "}.get(role.strength or "", "")
    return f"{drug.name} {degree}{role.role.value} {role.protein}"


def clearance_evidence(found: Sequence[Clearance]) -> tuple[Evidence, ...]:
    """The table entries behind the clearances, each once."""
    book = rulebook().enzymes
    pairs = [(role, drug) for c in found for role, drug in ((c.cleared, c.victim), (c.change, c.other))]
    return tuple(dict.fromkeys(book.evidence(role, role_text(drug, role)) for role, drug in pairs))


@cache
def documented_pairs() -> dict[frozenset[str], tuple[Interaction, ...]]:
    """Every pair of the interaction lists, its entries the most severe first."""
    book = rulebook()
    pairs: dict[frozenset[str], list[Interaction]] = {}
    for entry in book.interactions:
        for pair in dict.fromkeys(_pairs_of(book, entry)):
            pairs.setdefault(pair, []).append(entry)
    order = list(Severity)
    return {pair: tuple(sorted(found, key=lambda e: order.index(e.severity))) for pair, found in pairs.items()}


@cache
def _roles_by_drug() -> dict[str, tuple[ProteinRole, ...]]:
    roles: dict[str, tuple[ProteinRole, ...]] = {}
    for role in rulebook().enzymes:
        for key in role.members:
            roles[key] = (*roles.get(key, ()), role)
    return roles


def _roles(drug: Drug) -> tuple[ProteinRole, ...]:
    return _roles_by_drug().get(drug.key, ())


def _pairs_of(book: Rulebook, entry: Interaction) -> Iterator[frozenset[str]]:
    for a, b in product(book.members(entry.left), book.members(entry.right)):
        if a != b:
            yield frozenset((a, b))


def _matters(cleared: ProteinRole, change: ProteinRole) -> bool:
    if cleared.strength == "sensitive":
        return change.strength in ("strong", "moderate")
    if cleared.strength == "moderate":
        return change.strength == "strong"
    return change.strength is None


def _direction(found: Clearance) -> str:
    return "rise" if found.change.role is Role.INHIBITS else "fall"


def _distinct(names: Sequence[str]) -> list[str]:
    return list({normalise(name): name for name in names}.values())


def _without_repeats(findings: list[Finding]) -> list[Finding]:
    return list({finding.text: finding for finding in findings}.values())


def _named(*drugs: Drug) -> tuple[Value, ...]:
    return tuple(Value(name="drug", text=drug.name, code=drug.rxcui) for drug in drugs)


def _texts(**texts: str) -> tuple[Value, ...]:
    return tuple(Value(name=name, text=text) for name, text in texts.items())


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _unknown(one: Ingredient, two: Ingredient) -> Finding:
    missing = " and ".join(f"“{part.written}”" for part in (one, two) if part.drug is None)
    labels = [part.drug.name if part.drug else part.written for part in (one, two)]
    return Finding(
        kind=KIND,
        text=f"I could not check {labels[0]} with {labels[1]}, because I do not know {missing}. "
        "Please give the name on the pack, or ask your pharmacist.",
        status=Status.NOT_EVALUATED,
        values=tuple(Value(name="drug", text=label) for label in labels),
        reason=f"unknown medicine: {missing}",
    )


def _same(one: Ingredient, two: Ingredient, drug: Drug) -> Finding:
    return Finding(
        kind="same_ingredient",
        text=f"“{one.written}” and “{two.written}” both contain {drug.name}. Taking both may be a double dose. "
        "Ask your doctor or pharmacist whether you need both.",
        status=Status.FOUND,
        values=_named(drug),
        evidence=(rulebook().drugs.evidence(drug, drug.name),),
    )


def _not_found(one: Drug, two: Drug) -> Finding:
    return Finding(
        kind=KIND,
        text=f"{_capital(one.name)} with {two.name} is not in the lists I can check. I looked in {CHECKED}. "
        "That does not rule out a problem, so ask your pharmacist if you are unsure.",
        status=Status.NOT_FOUND,
        values=_named(one, two),
        reason="the pair is in none of the lists checked",
    )


def _too_few(names: Sequence[str]) -> Finding:
    return Finding(
        kind=KIND,
        text="I need at least two medicines to check whether they affect each other.",
        status=Status.NOT_EVALUATED,
        values=tuple(Value(name="drug", text=name) for name in names),
        reason="fewer than two medicines were named",
    )
