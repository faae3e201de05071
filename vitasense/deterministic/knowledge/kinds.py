"""Kinds of medicine by the words that people use for them ("my statin", "a painkiller"), and what is of a kind."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from vitasense.deterministic.knowledge.facts import NodeKind
from vitasense.deterministic.knowledge.library import Library
from vitasense.deterministic.knowledge.library import library as rules_alone
from vitasense.deterministic.knowledge.names import normalise
from vitasense.deterministic.knowledge.rulebook import rulebook
from vitasense.deterministic.knowledge.schemas import Drug, Everyday
from vitasense.deterministic.knowledge.substances import ingredients, place_of
from vitasense.deterministic.platform.findings import Evidence


@dataclass(frozen=True, slots=True)
class Usual:
    """The names of the medicines that are usually sold for something, with what says so."""

    names: tuple[str, ...]
    evidence: Evidence


def of_kind(kind: str, names: Sequence[str], library: Library | None = None) -> list[str] | None:
    """Those of the medicines `names` with an ingredient of this kind; None where `kind` is no name of a kind of medicine.

    A kind is a class of the library, or what people call some of them together by their WHO ATC groups ("blood
    thinner", `rules/everyday.yaml`). A word that is an ingredient as well ("insulin") is read as the ingredient.
    """
    library = library or rules_alone()
    groups = {place for place in library.called(kind) if library.kind(place) is NodeKind.CLASS}
    everyday = _everyday(kind)
    if not (groups or everyday) or any(part.drug for part in ingredients(kind, library)):
        return None
    codes = everyday.atc if everyday else ()
    return [
        name
        for name in names
        if not groups.isdisjoint(_kinds(name, library)) or any(code.startswith(codes) for code in _codes(name, library))
    ]


@cache
def members(kind: str) -> tuple[Drug, ...]:
    """The medicines of the rule files that are of this kind; none where it is no name of a kind."""
    found = of_kind(kind, [drug.name for drug in rulebook().drugs])
    names = frozenset(found or ())
    return tuple(drug for drug in rulebook().drugs if drug.name in names)


def usual(kind: str) -> Usual | None:
    """What is usually sold for this kind without a prescription; None where that is not known."""
    everyday = _everyday(kind)
    if everyday is None or not everyday.usual:
        return None
    rules = rulebook()
    return Usual(tuple(rules.drugs[key].name for key in everyday.usual), rules.everyday.evidence(everyday, kind))


def _everyday(kind: str) -> Everyday | None:
    return rulebook().everyday.entries.get(normalise(kind))


def _kinds(name: str, library: Library) -> frozenset[int]:
    places = (place_of(library, part.drug) for part in ingredients(name, library) if part.drug)
    return frozenset(kind for place in places if place is not None for kind in library.lineage(place))


def _codes(name: str, library: Library) -> list[str]:
    return [code for part in ingredients(name, library) if part.drug for code in part.drug.atc]
