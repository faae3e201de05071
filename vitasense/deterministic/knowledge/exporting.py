"""The graph as a file that other programs read: GraphML, JSON-LD, CSV. Written line by line, whole or not at all."""

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from vitasense.deterministic.knowledge.facts import EdgeFact, NodeFact, NodeKind
from vitasense.deterministic.knowledge.library import Library
from vitasense.deterministic.knowledge.rulebook import rulebook
from vitasense.deterministic.platform.problems import InvalidInput

_SYSTEMS = {
    "rxnorm": "http://www.nlm.nih.gov/research/umls/rxnorm",
    "atc": "http://www.whocc.no/atc",
    "loinc": "http://loinc.org",
    "hgnc": "http://www.genenames.org",
}
_EDGE = ("relation", "says", "origin", "ref", "level", "severity", "what", "advice", "strength", "sentence")
_PERIOD = {"valid_from": "from", "valid_to": "to"}
_CONTEXT = {
    "@vocab": "urn:vitasense:knowledge#",
    "name": "http://schema.org/name",
    "names": "http://schema.org/alternateName",
    "codes": "http://schema.org/code",
    "system": "http://schema.org/codingSystem",
    "value": "http://schema.org/codeValue",
    "origin": "http://schema.org/citation",
    "version": "http://schema.org/version",
    "valid_from": "http://schema.org/validFrom",
    "valid_to": "http://schema.org/validThrough",
    "source": {"@type": "@id"},
    "target": {"@type": "@id"},
}
_CSV = (
    *("source", "relation", "target", "says", "reference", "severity", "what", "advice", "strength", "level"),
    *("from", "to", "origin", "book", "version"),
)
_NEXT = ",\n"
_ACTS_IN_SHEETS = ("=", "+", "-", "@", "\t", "\r")  # OWASP, CSV Injection


def export(library: Library, form: str, path: Path) -> None:
    """Write everything that the library holds. Raises InvalidInput for a form that is not one of FORMS."""
    lines = FORMS.get(form.strip().lower())
    if lines is None:
        raise InvalidInput(f"“{form}” is no form that is written. There are: {', '.join(FORMS)}.")
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("w", encoding="utf-8", newline="") as file:
            file.writelines(lines(library))
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def graphml(library: Library) -> Iterator[str]:
    """GraphML 1.0 (http://graphml.graphdrawing.org): a directed graph; what is not known is left out."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
    for name in ("kind", "name", "names", "codes"):
        yield f'<key id="n_{name}" for="node" attr.name="{name}" attr.type="string"/>\n'
    for name in (*_EDGE, *_PERIOD, "book", "version"):
        yield f'<key id="e_{name}" for="edge" attr.name="{name}" attr.type="string"/>\n'
    yield '<graph id="knowledge" edgedefault="directed">\n'
    for node in library.nodes():
        codes = " ".join(f"{system}|{code}" for system, found in node.codes.items() for code in found)
        told = {"kind": node.kind, "name": node.name, "names": "; ".join(node.names), "codes": codes}
        yield f"<node id={quoteattr(node.key)}>{_data('n', told)}</node>\n"
    for place, edge in enumerate(library.edges()):
        ends = f"source={quoteattr(edge.source)} target={quoteattr(edge.target)}"
        yield f'<edge id="{place}" {ends}>{_data("e", _told(library, place, edge))}</edge>\n'
    yield "</graph>\n</graphml>\n"


def jsonld(library: Library) -> Iterator[str]:
    """JSON-LD 1.1: nodes with their codes, and each edge as a thing of its own that points to both ends."""
    yield f'{{"@context": {json.dumps(_CONTEXT)},\n"@graph": [\n'
    edges = (_edge(library, place) for place in range(library.edge_count))
    for at, thing in enumerate(chain(map(_node, library.nodes()), edges)):
        yield f"{_NEXT if at else ''}{json.dumps(thing, ensure_ascii=False)}"
    yield "\n]}\n"


def table(library: Library) -> Iterator[str]:
    """One row for each edge, in the columns of `vitasense knowledge import csv`, with its origin, book and version."""
    yield _row(_CSV)
    for place, edge in enumerate(library.edges()):
        book = library.book(place)
        ends = [_cell_of(library, key) for key in (edge.source, edge.target)]
        told = (edge.says, edge.ref, edge.severity, edge.what, edge.advice, edge.strength, edge.level)
        days = (edge.valid_from, edge.valid_to, edge.origin, book.name, book.version)
        yield _row((ends[0], edge.relation, ends[1], *told, *days))


FORMS: Mapping[str, Callable[[Library], Iterator[str]]] = MappingProxyType(
    {"graphml": graphml, "jsonld": jsonld, "csv": table}
)
"""The forms that are written, each as pieces of text."""


def _told(library: Library, place: int, edge: EdgeFact) -> dict[str, str]:
    book = library.book(place)
    values = {name: getattr(edge, name) for name in (*_EDGE, *_PERIOD)} | {"book": book.name, "version": book.version}
    return {name: str(value) for name, value in values.items() if value is not None}


def _data(kind: str, values: Mapping[str, str]) -> str:
    return "".join(f'<data key="{kind}_{name}">{escape(value)}</data>' for name, value in values.items() if value)


def _node(node: NodeFact) -> dict[str, object]:
    codes = [
        {"system": _SYSTEMS.get(system, system), "value": code}
        for system, found in node.codes.items()
        for code in found
    ]
    told = {"@id": _id(node.key), "@type": node.kind, "name": node.name, "names": list(node.names), "codes": codes}
    return {name: value for name, value in told.items() if value}


def _edge(library: Library, place: int) -> dict[str, object]:
    edge = library.edge(place)
    ends = {"source": _id(edge.source), "target": _id(edge.target)}
    return {"@id": _id(f"edge:{place}"), "@type": "edge", **ends, **_told(library, place, edge)}


def _id(key: str) -> str:
    return f"urn:vitasense:knowledge:{quote(key, safe=':')}"


def _cell_of(library: Library, key: str) -> str:
    """The name as the table has it: with its kind, unless it is one of our own classes."""
    place = library.place(key)
    kind, _, own = key.partition(":")
    name = library.name(place) if place is not None else own
    return name if kind == NodeKind.CLASS and own in rulebook().classes.entries else f"{kind}: {name}"


def _row(cells: tuple[object, ...]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow([_cell(cell) for cell in cells])
    return line.getvalue()


def _cell(value: object) -> str:
    """The value as a cell that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_ACTS_IN_SHEETS) else text
