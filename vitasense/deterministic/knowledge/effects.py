"""What medicines can cause and what they change in the blood, as the lists name it. No list is whole."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from vitasense.deterministic.knowledge.clearances import INFERRED_CONFIDENCE
from vitasense.deterministic.knowledge.facts import EdgeFact, NodeKind, Relation
from vitasense.deterministic.knowledge.graph import contents, node
from vitasense.deterministic.knowledge.library import Library
from vitasense.deterministic.knowledge.library import library as rules_alone
from vitasense.deterministic.knowledge.names import normalise
from vitasense.deterministic.knowledge.pairs import capital
from vitasense.deterministic.knowledge.rulebook import rulebook
from vitasense.deterministic.platform.findings import Finding, Status, Value, not_evaluated

KIND = "effect"
_EFFECTS = (Relation.CAUSES, Relation.CHANGES)
_HOW_OFTEN = ("common", "uncommon", "rare", "very rare", "")  # the words of CIOMS; the last: no list says how often
_INFERRED = "Its source only worked this out; nobody has seen it."
_NOT_WHOLE = "Not everybody gets them, and this is not the whole list: the leaflet has more."


@dataclass(frozen=True, slots=True)
class _Listed:
    """A medicine, or an ingredient of it, and the best entry for each thing that it causes or changes."""

    place: int
    name: str
    entries: dict[int, int]


def effects(names: Sequence[str], about: Sequence[str] = (), library: Library | None = None) -> list[Finding]:
    """What medicines can cause, or what the lists say of them and each thing asked about (a symptom, value or nutrient).

    found: what needs help is told by itself with what to do, the rest of a medicine together, the most common first.
    not_found: the lists of these medicines do not name the thing. not_evaluated: medicines that nobody knows, or of which
    no list says what they cause. The silent ones are told together, each by name.
    """
    library = library or rules_alone()
    known = {name: _parts(library, name) for name in dict.fromkeys(names)}
    listed = [part for parts in known.values() for part in parts if part.entries]
    if about:
        told = [finding for thing in about for finding in _of_thing(library, listed, thing)]
    else:
        told = [finding for part in listed for finding in _all(library, part)]
    return [*told, *_silent(known)]


@cache
def effect_names() -> frozenset[str]:
    """Every name of a symptom, illness or nutrient that the rule files list as an effect, as names are compared."""
    rules = rulebook()
    return frozenset(
        normalise(name) for each in (*rules.symptoms, *rules.nutrients) for name in (each.name, *each.names)
    )


def _parts(library: Library, name: str) -> list[_Listed]:
    place = node(name, library)
    parts = contents(library, name, place) if place is not None else []
    return [_Listed(part, library.name(part), _entries(library, part)) for part in parts]


def _entries(library: Library, part: int) -> dict[int, int]:
    """What a source only worked out counts where nothing else is known."""
    best: dict[int, int] = {}
    for edge in sorted(library.stated_by(part), key=library.is_inferred):
        if library.relation(edge) in _EFFECTS:
            best.setdefault(library.ends(edge)[1], edge)
    return best


def _of_thing(library: Library, listed: Sequence[_Listed], thing: str) -> Iterator[Finding]:
    asked = library.called(thing)
    words = f" {normalise(thing)} "
    hits = {
        part.name: [edge for at, edge in part.entries.items() if _is(library, at, asked) or _names(library, at, words)]
        for part in listed
    }
    told = {edge: part for part in reversed(listed) for edge in _each_once(library, hits[part.name])}
    yield from (_one(library, part, edge) for edge, part in told.items())
    without = [name for name, edges in hits.items() if not edges]
    if without:
        yield _not_named(thing, without)


def _is(library: Library, listed: int, asked: Iterable[int]) -> bool:
    """Whether the listed thing is what was asked about, a kind of it, or what it is a kind of."""
    return any(listed in library.lineage(place) or place in library.lineage(listed) for place in asked)


def _names(library: Library, listed: int, words: str) -> bool:
    """Whether a name of the listed thing has the words in it: high blood pressure is what raises blood pressure."""
    node = library.node(listed)
    return any(words in f" {normalise(name)} " for name in (node.name, *node.names))


def _all(library: Library, part: _Listed) -> Iterator[Finding]:
    """What needs help or was only worked out first, then the other effects together, then what changes in the blood."""
    causes = [edge for edge in part.entries.values() if library.relation(edge) is Relation.CAUSES]
    by_itself = [edge for edge in causes if library.edge(edge).advice or library.is_inferred(edge)]
    together = [edge for edge in causes if edge not in by_itself]
    yield from (_one(library, part, edge, reasons=False) for edge in by_itself)
    if together:
        yield _together(library, part, together)
    changes = _each_once(library, [edge for edge in part.entries.values() if edge not in causes])
    yield from (_one(library, part, edge, reasons=False) for edge in changes)


def _each_once(library: Library, edges: Sequence[int]) -> list[int]:
    """An entry that names a nutrient and the test of it is told of the nutrient alone."""
    nutrients = [edge for edge in edges if library.kind(library.ends(edge)[1]) is NodeKind.NUTRIENT]
    told = {library.edge(edge).ref for edge in nutrients}
    return [*nutrients, *(edge for edge in edges if edge not in nutrients and library.edge(edge).ref not in told)]


def _one(library: Library, part: _Listed, edge: int, *, reasons: bool = True) -> Finding:
    """The entry in the name of the medicine; with `reasons` the kind of which it is known, which is evidence in any case."""
    fact, (source, _) = library.edge(edge), library.ends(edge)
    kind, belongs = library.name(source), library.belongs(part.place, source)
    own = f"{part.name}{fact.says.removeprefix(kind)}" if fact.says.startswith(kind) else fact.says
    often = f"; this is {_often(fact)}" if _often(fact) else ""
    known_of = f" This is known of the {kind}." if belongs and reasons and own != fact.says else ""
    inferred = f" {_INFERRED}" if library.is_inferred(edge) else ""
    advice = f" {fact.advice}" if fact.advice else ""
    return _found(library, part, f"{capital(own)}{often}.{known_of}{inferred}{advice}", [edge], belongs)


def _together(library: Library, part: _Listed, edges: Sequence[int]) -> Finding:
    groups = [(often, [edge for edge in edges if _often(library.edge(edge)) == often]) for often in _HOW_OFTEN]
    told = "; ".join(_group(library, often, found) for often, found in groups if found)
    return _found(library, part, f"What {part.name} can cause: {told}. {_NOT_WHOLE}", edges)


def _group(library: Library, often: str, edges: Sequence[int]) -> str:
    things = ", ".join(library.name(library.ends(edge)[1]) for edge in edges)
    return f"{often or 'of unknown frequency'} {'is' if len(edges) == 1 else 'are'} {things}"


def _often(fact: EdgeFact) -> str:
    return fact.strength if fact.strength in _HOW_OFTEN and fact.relation is Relation.CAUSES else ""


def _found(library: Library, part: _Listed, text: str, edges: Sequence[int], belongs: Sequence[int] = ()) -> Finding:
    things = [Value(name="effect", text=library.name(library.ends(edge)[1])) for edge in edges]
    evidence = tuple(library.evidence(edge) for edge in (*edges, *belongs))
    values = (Value(name="drug", text=part.name), *things)
    sure = INFERRED_CONFIDENCE if any(map(library.is_inferred, edges)) else 1.0
    return Finding(kind=KIND, text=text, status=Status.FOUND, values=values, evidence=evidence, confidence=sure)


def _not_named(thing: str, names: Sequence[str]) -> Finding:
    return Finding(
        kind=KIND,
        text=f"My lists do not name {thing} as an effect of {_joined(names)}. They are not whole, so that rules nothing "
        "out; the leaflet has more.",
        status=Status.NOT_FOUND,
        values=(*_values(names), Value(name="effect", text=thing)),
        reason="not among the listed effects",
    )


def _silent(known: dict[str, list[_Listed]]) -> Iterator[Finding]:
    unknown = [name for name, parts in known.items() if not parts]
    unlisted = [part.name for parts in known.values() for part in parts if not part.entries]
    if unknown:
        text = f"I could not look up what {_joined(unknown)} can cause, because I do not know a medicine of that name."
        yield not_evaluated(KIND, text, "unknown name").model_copy(update={"values": _values(unknown)})
    if unlisted:
        text = f"I could not look up what {_joined(unlisted)} can cause: none of my lists says it. The leaflet does."
        yield not_evaluated(KIND, text, "no list of effects").model_copy(update={"values": _values(unlisted)})


def _values(names: Sequence[str]) -> tuple[Value, ...]:
    return tuple(Value(name="drug", text=name) for name in names)


def _joined(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
