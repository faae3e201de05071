"""The ATC index of the WHO Collaborating Centre: classes of levels 1 to 4, substances of level 5.

People have it as a table ("ATC code", "ATC level name", "DDD" …) or as XML with ATCCode and Name in each row. A substance
stands there once for each route and daily dose; it is read once. Daily doses for statistics (DDD) are not kept: they
are no doses to take. A name of level 5 that stands for several substances is a product, whose parts are known only
where each is one of our own medicines.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from vitasense.deterministic.knowledge.facts import EdgeFact, Fact, Level, NodeFact, NodeKind, Relation
from vitasense.deterministic.knowledge.formats import keys, tables, xml_rows
from vitasense.deterministic.knowledge.formats.files import Bundle
from vitasense.deterministic.knowledge.formats.parsed import Facts, Flaws
from vitasense.deterministic.knowledge.schemas import ATC_CODE

KIND = "atc"
ORIGIN = "ATC index, WHO Collaborating Centre for Drug Statistics Methodology"
COLUMNS = {
    "code": ("atc code", "atc_code", "atccode", "atc"),
    "name": ("atc level name", "atc name", "atc_name", "level name", "preferred label", "description", "text"),
}
_EXPECTED = "the ATC index as a table with the columns ATC code and ATC level name, or as XML with ATCCode and Name"
_CODE = re.compile(ATC_CODE + r"|^[A-Z]$")
_LEVELS = {1: 0, 3: 1, 4: 3, 5: 4, 7: 5}  # the length of a code, and that of the level above it
_SEVERAL = re.compile(r"\b(?:and|combinations?|comb|with|excl|incl)\b|,|/", re.IGNORECASE)
_PARTS = re.compile(r",|/|\band\b|\bwith\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Entry:
    code: str
    name: str
    place: str


def read(path: Path) -> Facts:
    """Nodes of the whole index first, then its is_a edges. Raises InvalidInput for another kind of file."""
    flaws = Flaws()
    return Facts(_facts(Bundle(path), flaws), flaws, _EXPECTED)


def _facts(files: Bundle, flaws: Flaws) -> Iterator[Fact]:
    found = dict[str, _Entry]()
    for name in files.names:
        with files.open(name) as stream:
            for entry in _entries(stream, name, flaws):
                _take(entry, found, flaws)
    nodes = keys.Nodes()
    for code, entry in found.items():
        nodes.add(_node(code, entry.name))
    yield from nodes.values()
    for code, entry in found.items():
        yield from _edges(code, entry, found, flaws)


def _entries(stream: BinaryIO, name: str, flaws: Flaws) -> Iterator[_Entry]:
    if name.lower().endswith(".xml"):
        for number, said in enumerate(xml_rows.elements(stream), 1):
            code, called = _said(said.keys(), "code"), _said(said.keys(), "name")
            if code and called:
                yield _Entry(said[code], said[called], f"{name} element {number}")
        return
    for row in tables.rows(stream, COLUMNS, tuple(COLUMNS), flaws):
        yield _Entry(row["code"], row["name"], f"{name} line {row.line}")


def _said(names: Iterable[str], column: str) -> str | None:
    wanted = {column, *(other.replace(" ", "") for other in COLUMNS[column])}
    return next((name for name in names if name in wanted), None)


def _take(entry: _Entry, found: dict[str, _Entry], flaws: Flaws) -> None:
    code = entry.code.rpartition("/")[2].upper()
    if not _CODE.match(code):
        flaws.add(entry.place, "This is no ATC code.", f"{entry.code} {entry.name}")
    elif not keys.slug(entry.name):
        flaws.add(entry.place, "The code has no name.", entry.code)
    elif code not in found:
        found[code] = entry
    elif keys.slug(found[code].name) != keys.slug(entry.name):
        flaws.add(entry.place, f"{code} already has the name “{found[code].name}”.", entry.name)


def _node(code: str, name: str) -> NodeFact:
    if len(code) < 7:
        return NodeFact(_key(code, name), keys.quiet(name), codes={"atc": (code,)})
    if _SEVERAL.search(name):
        return NodeFact(_key(code, name), name, codes={"atc": (code,)})
    return keys.ingredient(name, atc=(code,), loose=False)


def _key(code: str, name: str) -> str:
    if len(code) < 7:
        return f"{NodeKind.CLASS}:atc_{code.lower()}"
    if _SEVERAL.search(name):
        return f"{NodeKind.DRUG}:atc_{code.lower()}"
    return keys.ingredient(name, loose=False).key


def _edges(code: str, entry: _Entry, found: dict[str, _Entry], flaws: Flaws) -> Iterator[EdgeFact]:
    above = code[: _LEVELS[len(code)]]
    key = _key(code, entry.name)
    if above and above not in found:
        flaws.add(entry.place, f"The class {above} above it is not in the file.", f"{code} {entry.name}")
    elif above:
        group = keys.quiet(found[above].name)
        says = f"{keys.quiet(entry.name)} belongs to {group} ({above})"
        yield EdgeFact(key, Relation.IS_A, _key(above, group), says, ORIGIN, f"{entry.place} {code}", Level.COMPENDIUM)
    if key.startswith(f"{NodeKind.DRUG}:"):
        for part in _known_parts(entry.name):
            says = f"{entry.name} contains {part.name}"
            yield EdgeFact(key, Relation.CONTAINS, part.key, says, ORIGIN, f"{entry.place} {code}", Level.COMPENDIUM)


def _known_parts(name: str) -> list[NodeFact]:
    """The parts of a product when each of them is one of our own medicines; otherwise none."""
    parts = [part.strip() for part in _PARTS.split(name) if part.strip()]
    known = [keys.own(part) for part in parts]
    return [keys.ingredient(part) for part in parts] if len(parts) > 1 and all(known) else []
