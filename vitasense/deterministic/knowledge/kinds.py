"""Kinds of medicine by the words that people use for them ("my statin", "beta blockers"), and what is of a kind."""

from collections.abc import Sequence

from vitasense.deterministic.knowledge.facts import NodeKind
from vitasense.deterministic.knowledge.library import Library
from vitasense.deterministic.knowledge.library import library as rules_alone
from vitasense.deterministic.knowledge.substances import ingredients, place_of


def of_kind(kind: str, names: Sequence[str], library: Library | None = None) -> list[str] | None:
    """Those of the medicines `names` with an ingredient of this kind; None where `kind` is no name of a kind of medicine.

    A word that is an ingredient as well ("insulin") is read as the ingredient.
    """
    library = library or rules_alone()
    groups = {place for place in library.called(kind) if library.kind(place) is NodeKind.CLASS}
    if not groups or any(part.drug for part in ingredients(kind, library)):
        return None
    return [name for name in names if not groups.isdisjoint(_kinds(name, library))]


def _kinds(name: str, library: Library) -> frozenset[int]:
    places = (place_of(library, part.drug) for part in ingredients(name, library) if part.drug)
    return frozenset(kind for place in places if place is not None for kind in library.lineage(place))
