"""The ingredients of a name when releases are known too: what the rule files do not name may be in one of them."""

from vitasense.deterministic.knowledge import names
from vitasense.deterministic.knowledge.facts import NodeKind, Relation, key_of
from vitasense.deterministic.knowledge.library import Library
from vitasense.deterministic.knowledge.library.rules import UNGROUPED
from vitasense.deterministic.knowledge.names import Ingredient
from vitasense.deterministic.knowledge.rulebook import rulebook
from vitasense.deterministic.knowledge.schemas import Drug

_TAKEN = (NodeKind.INGREDIENT, NodeKind.FOOD)


def ingredients(name: str, library: Library | None = None) -> tuple[Ingredient, ...]:
    """The ingredients of a product name, as `names.ingredients`, with those that only a release of `library` has.

    A part that is not known comes back with `drug=None`; an empty name gives an empty tuple.
    """
    found = names.ingredients(name)
    if library is None or not library.releases:
        return found
    return tuple(each for part in found for each in _released(library, part))


def place_of(library: Library, drug: Drug) -> int | None:
    """The node of a medicine; None when the library does not have it."""
    return library.place(key_of(drug))


def _released(library: Library, part: Ingredient) -> tuple[Ingredient, ...]:
    """What the releases know of a part; a name of several parts is read by its parts when one of them is known."""
    if part.drug:
        return (part,)
    pieces = names.parts(names.without_brackets(part.written))
    whole = [part.written, *(" ".join(names.words_of(piece)) for piece in pieces if len(pieces) == 1)]
    found = next((places for name in whole if (places := _contents(library, library.find(name)))), ())
    if found or len(pieces) < 2:
        return tuple(Ingredient(part.written, _drug(library, place)) for place in found) or (part,)
    read = [each for piece in pieces for each in _released(library, Ingredient(piece, names.drug(piece)))]
    return tuple(read) if any(each.drug for each in read) else (part,)


def _contents(library: Library, place: int | None) -> tuple[int, ...]:
    """The node itself when it is an ingredient, what is in it when it is a product."""
    if place is None:
        return ()
    kind = library.kind(place)
    if kind in _TAKEN:
        return (place,)
    if kind is not NodeKind.DRUG:
        return ()
    edges = [edge for edge in library.edges_of(place) if library.relation(edge) is Relation.CONTAINS]
    return tuple(library.ends(edge)[1] for edge in edges if library.ends(edge)[0] == place)


def _drug(library: Library, place: int) -> Drug:
    node = library.node(place)
    kind, _, key = node.key.partition(":")
    known = rulebook().drugs.entries.get(key)
    if known:
        return known
    numbers = [code for code in node.codes.get("rxnorm", ()) if code.isdigit()]
    return Drug(
        key=key,
        label=node.name,
        names=tuple(node.names),
        rxcui=numbers[0] if numbers else None,
        atc=tuple(node.codes.get("atc", ())),
        classes=(UNGROUPED,),
        kind="food" if kind == NodeKind.FOOD else "medicine",
    )
