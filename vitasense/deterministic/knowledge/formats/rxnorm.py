"""RxNorm in Rich Release Format: ingredients, salts, brand names and products, and what contains what.

Read are RXNCONSO.RRF, RXNREL.RRF and, where it is there, RXNSAT.RRF (UNII codes), from a folder or a zip. Columns and
relations are those of the RxNorm Technical Documentation (National Library of Medicine): a row of RXNREL says that
RXCUI2 has the relation RELA to RXCUI1. Terms that RxNorm suppresses are out; packs and dose forms are not read.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from vitasense.deterministic.knowledge.facts import EdgeFact, Fact, Level, NodeFact, NodeKind, Relation
from vitasense.deterministic.knowledge.formats import keys
from vitasense.deterministic.knowledge.formats.files import Bundle, lines
from vitasense.deterministic.knowledge.formats.parsed import Facts, Flaws
from vitasense.deterministic.platform.problems import InvalidInput

KIND = "rxnorm"
ORIGIN = "RxNorm, National Library of Medicine"
CONCEPTS, RELATIONS, ATTRIBUTES = "RXNCONSO.RRF", "RXNREL.RRF", "RXNSAT.RRF"
_EXPECTED = f"a folder or zip with {CONCEPTS} and {RELATIONS} of an RxNorm release"
_COLUMNS = {CONCEPTS: 18, RELATIONS: 16, ATTRIBUTES: 13}
_NODES = ("IN", "PIN", "BN", "SCD", "SBD")
_PRODUCTS = ("SCD", "SBD")
_COMPONENT = "SCDC"
_OTHER_NAMES = ("SY", "PSN", "TMSY")
_READ = frozenset({"tradename_of", "form_of", "has_ingredient", "consists_of"})


@dataclass(slots=True)
class _Concept:
    type: str
    name: str
    names: list[str] = field(default_factory=list[str])
    key: str = ""


@dataclass(slots=True)
class _Release:
    concepts: dict[str, _Concept]
    names: dict[str, list[str]]
    atc: dict[str, list[str]]
    unii: dict[str, list[str]]

    def type(self, number: str) -> str:
        concept = self.concepts.get(number)
        return concept.type if concept else ""


def read(path: Path) -> Facts:
    """Nodes first, then edges. Raises InvalidInput when a file of the release is missing."""
    flaws = Flaws()
    return Facts(_facts(Bundle(path), flaws), flaws, _EXPECTED)


def _facts(files: Bundle, flaws: Flaws) -> Iterator[Fact]:
    missing = [name for name in (CONCEPTS, RELATIONS) if files.named(name) is None]
    if missing:
        raise InvalidInput(f"{' and '.join(missing)} is missing. Expected was {_EXPECTED}.")
    release = _concepts(files, flaws)
    _attributes(files, release, flaws)
    yield from _nodes(release, flaws).values()
    yield from _edges(files, release, flaws)


def _concepts(files: Bundle, flaws: Flaws) -> _Release:
    release = _Release({}, defaultdict(list), defaultdict(list), defaultdict(list))
    for place, cells in _rows(files, CONCEPTS, flaws):
        number, source, kind, code, name, suppressed = cells[0], cells[11], cells[12], cells[13], cells[14], cells[16]
        if suppressed != "N":
            continue
        if source == "ATC" and len(code) == 7 and code not in release.atc[number]:
            release.atc[number].append(code)
        if source != "RXNORM":
            continue
        if not number.isdigit() or not name.strip():
            flaws.add(place, "The row has no RXCUI or no name.", "|".join(cells))
        elif kind in _NODES or kind == _COMPONENT:
            release.concepts.setdefault(number, _Concept(kind, name.strip()))
        elif kind in _OTHER_NAMES:
            release.names[number].append(name.strip())
    return release


def _attributes(files: Bundle, release: _Release, flaws: Flaws) -> None:
    if files.named(ATTRIBUTES) is None:
        return
    for _, cells in _rows(files, ATTRIBUTES, flaws):
        if cells[8] == "UNII_CODE" and cells[11] == "N" and release.type(cells[0]) in ("IN", "PIN"):
            release.unii[cells[0]].append(cells[10])


def _nodes(release: _Release, flaws: Flaws) -> keys.Nodes:
    nodes = keys.Nodes()
    for number, concept in release.concepts.items():
        if concept.type == _COMPONENT:
            continue
        if not keys.slug(concept.name):
            flaws.add(f"RXCUI {number}", "The name has no letters that could be its key.", concept.name)
            continue
        node = nodes.add(_node(number, concept, release))
        concept.key = node.key
    return nodes


def _node(number: str, concept: _Concept, release: _Release) -> NodeFact:
    others = tuple(dict.fromkeys(each for each in release.names.get(number, ()) if each != concept.name))
    if concept.type in ("IN", "PIN"):
        found = keys.ingredient(concept.name, rxnorm=number, atc=release.atc.get(number, ()), loose=False)
        codes = {**found.codes, **_coded("unii", release.unii.get(number, ()))}
        return NodeFact(found.key, found.name, (*found.names, *others), codes)
    codes = {"rxnorm": (number,)}
    if concept.type == "BN":
        return NodeFact(keys.key(NodeKind.DRUG, concept.name), concept.name, others, codes)
    return NodeFact(f"{NodeKind.DRUG}:rxnorm_{number}", concept.name, others, codes)


def _coded(system: str, found: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    codes = tuple(dict.fromkeys(found))
    return {system: codes} if codes else {}


def _edges(files: Bundle, release: _Release, flaws: Flaws) -> Iterator[EdgeFact]:
    inside, parts, generic = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list), dict[str, str]()
    told = set[tuple[str, str]]()
    for place, cells in _rows(files, RELATIONS, flaws):
        if cells[10] != "RXNORM" or cells[7] not in _READ or cells[14] not in ("N", ""):
            continue
        one, relation, other = cells[4], cells[7], cells[0]
        steps = (release.type(one), relation, release.type(other))
        if steps == (_COMPONENT, "has_ingredient", "IN"):
            inside[one].append(other)
        elif steps in (("SCD", "consists_of", _COMPONENT), ("SBD", "consists_of", _COMPONENT)):
            parts[one].append(other)
        elif steps == ("SBD", "tradename_of", "SCD"):
            generic[one] = other
        yield from _edge(release, steps, (one, other), place, told)
    for product in (
        number for number, concept in release.concepts.items() if concept.type in _PRODUCTS and concept.key
    ):
        components = parts.get(product) or parts.get(generic.get(product, ""), ())
        numbers = dict.fromkeys(
            each for component in components for each in inside.get(component, ()) if release.concepts[each].key
        )
        if not numbers:
            flaws.add(f"RXCUI {product}", "No ingredient of this product is named.", release.concepts[product].name)
        for number in numbers:
            yield _contains(release, product, number, f"{RELATIONS} RXCUI {product}")


def _edge(
    release: _Release, steps: tuple[str, str, str], pair: tuple[str, str], place: str, told: set[tuple[str, str]]
) -> Iterator[EdgeFact]:
    if pair in told:
        return
    one, other = (release.concepts.get(number) for number in pair)
    if one is None or other is None or not one.key or not other.key:
        return
    if steps == ("BN", "tradename_of", "IN"):
        yield _contains(release, *pair, place)
    elif steps == ("PIN", "form_of", "IN") and one.key != other.key:
        yield _fact(one, Relation.IS_A, other, f"{one.name} is a form of {other.name}", place)
    elif steps == ("SBD", "tradename_of", "SCD"):
        yield _fact(one, Relation.IS_A, other, f"{one.name} is a brand of {other.name}", place)
    elif steps == ("SBD", "has_ingredient", "BN"):
        yield _fact(one, Relation.IS_A, other, f"{one.name} is sold as {other.name}", place)
    else:
        return
    told.add(pair)


def _contains(release: _Release, product: str, number: str, place: str) -> EdgeFact:
    one, other = release.concepts[product], release.concepts[number]
    return _fact(one, Relation.CONTAINS, other, f"{one.name} contains {other.name}", place)


def _fact(one: _Concept, relation: Relation, other: _Concept, says: str, place: str) -> EdgeFact:
    return EdgeFact(one.key, relation, other.key, says, ORIGIN, place, Level.COMPENDIUM)


def _rows(files: Bundle, name: str, flaws: Flaws) -> Iterator[tuple[str, list[str]]]:
    with files.open(files.named(name) or name) as stream:
        for line in lines(stream):
            place, cells = f"{name} line {line.number}", line.text.split("|")
            if line.fault:
                flaws.add(place, line.fault, line.text)
            elif len(cells) - 1 != _COLUMNS[name]:
                wanted = _COLUMNS[name]
                flaws.add(place, f"The row has {len(cells) - 1} fields, and {wanted} were expected.", line.text)
            else:
                yield place, cells
