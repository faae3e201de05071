"""Pairs of medicines: what the lists say, what follows from enzymes, and what could not be checked."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations, product

from vitasense.deterministic.knowledge.clearances import (
    INFERRED_CONFIDENCE,
    clearance_evidence,
    clearances,
    consequence,
    explain_clearance,
)
from vitasense.deterministic.knowledge.facts import EdgeFact, NodeKind
from vitasense.deterministic.knowledge.library import Library
from vitasense.deterministic.knowledge.library import library as rules_alone
from vitasense.deterministic.knowledge.names import Ingredient, normalise
from vitasense.deterministic.knowledge.schemas import Drug, Severity
from vitasense.deterministic.knowledge.substances import ingredients, place_of
from vitasense.deterministic.platform.findings import Finding, Status, Urgency, Value

KIND = "drug_interaction"
NOT_RATED = "not rated"
_REMEMBERED = 4096  # values that are made once
_REMEMBERED_PAIRS = 50_000
CHECKED = (
    "the ONC high-priority list (Phansalkar 2012), a selection from the ANSM thesaurus (2016) and FDA labels, "
    "and FDA's table of enzymes (2023)"
)
_URGENCY = {
    Severity.CONTRAINDICATED: Urgency.URGENT,
    Severity.MAJOR: Urgency.URGENT,
    Severity.MODERATE: Urgency.ROUTINE,
    Severity.MINOR: Urgency.SELF_CARE,
    None: Urgency.ROUTINE,
}
_LEAD = {
    Severity.CONTRAINDICATED: "should not be taken together",
    Severity.MAJOR: "can harm you when they are taken together",
    Severity.MODERATE: "can affect each other",
    Severity.MINOR: "can affect each other a little",
    None: "can affect each other",
}
_VALUE = {
    NodeKind.INGREDIENT: "drug",
    NodeKind.FOOD: "drug",
    NodeKind.ENZYME: "protein",
    NodeKind.TRANSPORTER: "protein",
}
_ASK = "Ask your doctor or pharmacist whether that matters for you."
_STATUS_ORDER = (Status.FOUND, Status.NOT_EVALUATED, Status.NOT_FOUND)


def interactions(names: Sequence[str], library: Library | None = None) -> list[Finding]:
    """One finding for every pair of the named medicines, the most urgent first.

    found: values name both medicines, `severity` and `basis` (documented or inferred); evidence is the list entry.
    not_found: the pair is in none of the lists, which the text names. not_evaluated: a name is not known.
    `library` is what is known; without it the rule files alone.
    """
    library = library or rules_alone()
    products = [parts for parts in (ingredients(name, library) for name in _distinct(names)) if parts]
    if len(products) < 2:
        return [_too_few(names)]
    findings = [_pair_finding(library, a, b) for one, two in combinations(products, 2) for a, b in product(one, two)]
    return sorted(_without_repeats(findings), key=lambda f: (-f.urgency.rank, _STATUS_ORDER.index(f.status)))


def pair(one: Drug, two: Drug, library: Library | None = None) -> Finding | None:
    """What is known of two different medicines: listed, else worked out; None when neither says anything."""
    library = library or rules_alone()
    first, second = place_of(library, one), place_of(library, two)
    return None if first is None or second is None else between(library, first, second)


def between(library: Library, one: int, two: int) -> Finding | None:
    """The same of two nodes by their places."""
    pair = (one, two)
    if pair not in library.said:
        if len(library.said) >= _REMEMBERED_PAIRS:
            library.said.clear()
        library.said[pair] = documented(library, one, two) or inferred(library, one, two)
    return library.said[pair]


def is_covered(drug: Drug, library: Library | None = None) -> bool:
    """Whether any list or table says anything of the medicine; of one that is in none silence says nothing."""
    library = library or rules_alone()
    place = place_of(library, drug)
    return place is not None and bool(library.partners(place) or library.roles(place))


def documented(library: Library, one: int, two: int) -> Finding | None:
    """The pair of nodes as the lists have it: the most severe entry speaks, every entry is evidence."""
    listed = [edge for edge in library.listed(one, two) if not library.is_inferred(edge)]
    if not listed:
        return None
    top = library.edge(listed[0])
    victim, other = ordered(library, listed[0], one, two)
    label = f"{library.name(victim)} with {library.name(other)}"
    return Finding(
        kind=KIND,
        text=f"{capital(library.name(victim))} and {library.name(other)} {_LEAD[top.severity]}: {mechanism(top)}",
        status=Status.FOUND,
        values=(*named(library, victim, other), *_texts(severity=top.severity or NOT_RATED, basis="documented")),
        urgency=_URGENCY[top.severity],
        evidence=tuple(library.evidence(edge, label) for edge in listed),
    )


def inferred(library: Library, one: int, two: int) -> Finding | None:
    """What follows from enzymes, or what a source itself only worked out, when no list has the pair; marked as such."""
    found = clearances(library, one, two)
    if not found:
        return _worked_out_by_others(library, one, two)
    first = found[0]
    text = (
        f"I did not find this pair in a list, but it can be worked out: {explain_clearance(library, first)} "
        f"So {consequence(library, first)}. {_ASK}"
    )
    protein = library.name(first.cleared.protein)
    return Finding(
        kind=KIND,
        text=text,
        status=Status.FOUND,
        values=(
            *named(library, first.victim, first.other),
            *_texts(protein=protein, severity=NOT_RATED, basis="inferred"),
        ),
        confidence=INFERRED_CONFIDENCE,
        evidence=clearance_evidence(library, found),
    )


def ordered(library: Library, edge: int, one: int, two: int) -> tuple[int, int]:
    """The two nodes as an edge between them, or their kinds, names them; where it fits both ways, by name."""
    source, target = library.ends(edge)
    ways = [
        (a, b) for a, b in ((one, two), (two, one)) if source in library.lineage(a) and target in library.lineage(b)
    ]
    return min(ways, key=lambda way: library.name(way[0]))


def mechanism(edge: EdgeFact) -> str:
    """What happens, and what to do about it where the source says so."""
    what = (edge.what or edge.says).rstrip(".")
    return f"{what}. {edge.advice}" if edge.advice else f"{what}."


def capital(text: str) -> str:
    """With a capital letter in front."""
    return text[:1].upper() + text[1:]


def _pair_finding(library: Library, one: Ingredient, two: Ingredient) -> Finding:
    if one.drug is None or two.drug is None:
        return _unknown(one, two)
    first, second = place_of(library, one.drug), place_of(library, two.drug)
    assert first is not None and second is not None, "a library has every medicine that it names"
    if first == second:
        return _same(library, one, two, first)
    return documented(library, first, second) or inferred(library, first, second) or _not_found(library, first, second)


def _worked_out_by_others(library: Library, one: int, two: int) -> Finding | None:
    listed = library.listed(one, two)
    if not listed:
        return None
    victim, other = ordered(library, listed[0], one, two)
    says = mechanism(library.edge(listed[0]))
    return Finding(
        kind=KIND,
        text=f"I did not find this pair in a list, but a source has worked it out: {says} {_ASK}",
        status=Status.FOUND,
        values=(*named(library, victim, other), *_texts(severity=NOT_RATED, basis="inferred")),
        confidence=INFERRED_CONFIDENCE,
        evidence=tuple(library.evidence(edge) for edge in listed),
    )


def _distinct(names: Sequence[str]) -> list[str]:
    return list({normalise(name): name for name in names}.values())


def _without_repeats(findings: list[Finding]) -> list[Finding]:
    return list({finding.text: finding for finding in findings}.values())


def named(library: Library, *places: int) -> tuple[Value, ...]:
    """The nodes as values, each called what it is: drug (foods too), protein, class, condition …; with RxNorm numbers."""
    return tuple(
        _value(_VALUE.get(kind, kind), library.name(each), library.code(each, "rxnorm"))
        for each in places
        for kind in (library.kind(each),)
    )


def _texts(**texts: str) -> tuple[Value, ...]:
    return tuple(_value(name, str(text)) for name, text in texts.items())


@lru_cache(_REMEMBERED)
def _value(name: str, text: str, code: str | None = None) -> Value:
    return Value(name=name, text=text, code=code)


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


def _same(library: Library, one: Ingredient, two: Ingredient, place: int) -> Finding:
    return Finding(
        kind="same_ingredient",
        text=f"“{one.written}” and “{two.written}” both contain {library.name(place)}. Taking both may be a double dose. "
        "Ask your doctor or pharmacist whether you need both.",
        status=Status.FOUND,
        values=named(library, place),
        evidence=(library.node_evidence(place),),
    )


def _not_found(library: Library, one: int, two: int) -> Finding:
    return Finding(
        kind=KIND,
        text=f"{capital(library.name(one))} with {library.name(two)} is not in the lists I can check. I looked in "
        f"{checked(library)}. That does not rule out a problem, so ask your pharmacist if you are unsure.",
        status=Status.NOT_FOUND,
        values=named(library, one, two),
        reason="the pair is in none of the lists checked",
    )


def checked(library: Library) -> str:
    """The lists that were looked in: those of the rule files, and the releases that are in force."""
    added = [f"{book.source} ({book.version})" for book in library.lists]
    return ", ".join([CHECKED, *added])


def _too_few(names: Sequence[str]) -> Finding:
    return Finding(
        kind=KIND,
        text="I need at least two medicines to check whether they affect each other.",
        status=Status.NOT_EVALUATED,
        values=tuple(Value(name="drug", text=name) for name in names),
        reason="fewer than two medicines were named",
    )
