"""A table of one's own, for what no release holds. One row is one edge.

| column | what stands in it |
|---|---|
| source, target | a name ("warfarin", "ACE inhibitors"), or a kind and a name ("condition: asthma", "enzyme: CYP3A4") |
| relation | is_a, contains, used_for, substrate, inhibits, induces, interacts, contraindicated, causes, changes, guided_by |
| says | the sentence that a person reads; needed |
| reference | where it stands: author, year, page; needed |
| severity | contraindicated, major, moderate or minor; for interactions and contraindications |
| what, advice | what happens, and what to do |
| strength | of an inhibitor, inducer or substrate: strong, moderate, weak, sensitive |
| level | guideline, label, compendium, study, reviewed (the default) or inferred |
| from, to | days between which it holds, as 2026-01-31 |

A name without a kind must be one of our own medicines or classes.
"""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from vitasense.deterministic.knowledge.facts import EdgeFact, Fact, Level, NodeFact, NodeKind, Relation
from vitasense.deterministic.knowledge.formats import keys, tables
from vitasense.deterministic.knowledge.formats.files import Bundle
from vitasense.deterministic.knowledge.formats.parsed import Facts, Flaws
from vitasense.deterministic.knowledge.schemas import DrugClass, Severity
from vitasense.deterministic.knowledge.service import find_term
from vitasense.deterministic.platform.problems import InvalidInput

KIND = "csv"
ORIGIN = "Own table"
COLUMNS = {
    "source": (),
    "relation": (),
    "target": (),
    "says": ("sentence",),
    "reference": ("ref", "citation"),
    "severity": (),
    "what": (),
    "advice": (),
    "strength": (),
    "level": ("evidence", "evidence level"),
    "from": ("valid from",),
    "to": ("valid to", "until"),
}
_NEEDED = ("source", "relation", "target", "says", "reference")
_EXPECTED = f"a table with the columns {', '.join(_NEEDED)}, and perhaps {', '.join(list(COLUMNS)[5:])}"
_STRENGTHS = ("strong", "moderate", "weak", "sensitive")
E_ = TypeVar("E_", bound=StrEnum)


def read(path: Path) -> Facts:
    """The edges in the order of the rows, each with its nodes before it. Raises InvalidInput when columns are missing."""
    flaws = Flaws()
    return Facts(_facts(Bundle(path), flaws), flaws, _EXPECTED)


def _facts(files: Bundle, flaws: Flaws) -> Iterator[Fact]:
    told = set[str]()
    for name in files.names:
        with files.open(name) as stream:
            for row in tables.rows(stream, COLUMNS, _NEEDED, flaws):
                place = f"{name} line {row.line}"
                try:
                    nodes, edge = _edge(row, place)
                except InvalidInput as problem:
                    flaws.add(place, problem.detail, row.text)
                    continue
                yield from (node for node in nodes if node.key not in told)
                told.update(node.key for node in nodes)
                yield edge


def _edge(row: tables.Row, place: str) -> tuple[tuple[NodeFact, NodeFact], EdgeFact]:
    missing = [name for name in _NEEDED if not row[name]]
    if missing:
        raise InvalidInput(f"Nothing stands in {' and '.join(missing)}.")
    source, target = _node(row["source"]), _node(row["target"])
    if source.key == target.key:
        raise InvalidInput("Source and target are the same.")
    strength = row["strength"].lower() or None
    if strength and strength not in _STRENGTHS:
        raise InvalidInput(f"“{strength}” is no strength. There are: {', '.join(_STRENGTHS)}.")
    return (source, target), EdgeFact(
        source=source.key,
        relation=_one_of(Relation, row["relation"], "relation"),
        target=target.key,
        says=row["says"],
        origin=ORIGIN,
        ref=f"{place}: {row['reference']}",
        level=_one_of(Level, row["level"], "level") if row["level"] else Level.REVIEWED,
        severity=_one_of(Severity, row["severity"], "severity") if row["severity"] else None,
        what=row["what"] or None,
        advice=row["advice"] or None,
        strength=strength,
        valid_from=_day(row["from"]),
        valid_to=_day(row["to"]),
    )


def _node(text: str) -> NodeFact:
    kind, colon, name = (part.strip() for part in text.partition(":"))
    if not colon:
        return _known(text)
    chosen = _one_of(NodeKind, kind, "kind")
    if not keys.slug(name):
        raise InvalidInput(f"There is no name behind “{kind}:”.")
    if chosen is NodeKind.INGREDIENT:
        return keys.ingredient(name, loose=False)
    return NodeFact(keys.key(chosen, name), name)


def _known(text: str) -> NodeFact:
    group = find_term(text)
    if isinstance(group, DrugClass):
        return NodeFact(f"{NodeKind.CLASS}:{group.key}", group.name)
    if keys.own(text) is None:
        raise InvalidInput(
            f"“{text}” is none of our own medicines or classes: write its kind before it, as in class: …"
        )
    return keys.ingredient(text, loose=False)


def _one_of(kind: type[E_], text: str, what: str) -> E_:
    try:
        return kind(keys.slug(text))
    except ValueError:
        raise InvalidInput(f"“{text}” is no {what}. There are: {', '.join(kind)}.") from None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InvalidInput(f"“{text}” is no day as 2026-01-31.") from None
