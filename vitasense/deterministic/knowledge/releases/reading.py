"""Reads the file of a release: its facts cleaned and put together, its digest, and what was left out."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from vitasense.deterministic.knowledge.facts import EdgeFact, Fact, NodeFact
from vitasense.deterministic.knowledge.formats.readers import reader
from vitasense.deterministic.knowledge.releases.schemas import Incoming
from vitasense.deterministic.platform.problems import InvalidInput, NotFound, TooLarge
from vitasense.deterministic.platform.untrusted import visible

MOST_BYTES = 16 << 30  # of a file or folder: the largest of the public releases, all labels of openFDA, are below
MOST_FACTS = 1_000_000
LONGEST_NAME = 400
LONGEST_TEXT = 8000
_CHUNK = 1 << 20
_SHORTENED = "…"


def read_release(
    kind: str,
    path: Path,
    *,
    name: str | None = None,
    version: str | None = None,
    most_bytes: int = MOST_BYTES,
    most_facts: int = MOST_FACTS,
) -> Incoming:
    """What the file holds. `name` is the kind's unless another is given, `version` the name of the file.

    Raises NotFound, TooLarge, and InvalidInput for an unknown kind, an empty file and one that is not of that kind.
    """
    read = reader(kind)
    kind = kind.strip().lower()
    digest = _digest(path, most_bytes)
    facts = read(path)
    nodes, edges = gathered(facts, most_facts)
    return Incoming(
        kind=kind,
        name=_label(name or kind),
        version=_label(version or path.stem or path.name),
        source=_source(kind, edges),
        digest=digest,
        nodes=nodes,
        edges=edges,
        flaws=tuple(facts.flaws),
        flaw_count=facts.flaws.total,
    )


def _digest(path: Path, most: int) -> bytes:
    """The SHA-256 of a file; of a folder that of the names and digests of its files."""
    if not path.exists():
        raise NotFound(f"There is no file or folder {path}.")
    files = [path] if path.is_file() else sorted(each for each in path.iterdir() if each.is_file())
    size = sum(each.stat().st_size for each in files)
    if not size:
        raise InvalidInput(f"{path.name} is empty.")
    if size > most:
        raise TooLarge(f"{path.name} has {size:,} bytes; at most {most:,} are read.")
    parts = [(each.name, _file_digest(each)) for each in files]
    if path.is_file():
        return parts[0][1]
    return hashlib.sha256(b"".join(name.encode() + b"\0" + found for name, found in parts)).digest()


def _file_digest(file: Path) -> bytes:
    found = hashlib.sha256()
    with file.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            found.update(chunk)
    return found.digest()


def gathered(facts: Iterable[Fact], most: int) -> tuple[list[NodeFact], list[EdgeFact]]:
    """Each node once, with all names and codes that the file has for it; each edge once, in order."""
    nodes: dict[str, NodeFact] = {}
    edges: dict[EdgeFact, None] = {}
    for count, fact in enumerate(facts):
        if count >= most:
            raise TooLarge(f"The file holds more than {most:,} facts, which is more than is kept in memory.")
        if isinstance(fact, EdgeFact):
            edges[_clean_edge(fact)] = None
            continue
        node = _clean_node(fact)
        held = nodes.get(node.key)
        nodes[node.key] = _merged(held, node) if held else node
    return list(nodes.values()), list(edges)


def _merged(one: NodeFact, two: NodeFact) -> NodeFact:
    if one == two:
        return one
    names = dict.fromkeys(name for name in (*one.names, two.name, *two.names) if name != one.name)
    systems = dict.fromkeys((*one.codes, *two.codes))
    codes = {each: tuple(dict.fromkeys((*one.codes.get(each, ()), *two.codes.get(each, ())))) for each in systems}
    return NodeFact(one.key, one.name, tuple(names), codes)


def _clean_node(node: NodeFact) -> NodeFact:
    codes = {system: tuple(_line(code, LONGEST_NAME) for code in found) for system, found in node.codes.items()}
    names = tuple(_line(name, LONGEST_NAME) for name in node.names)
    return NodeFact(_line(node.key, LONGEST_NAME), _line(node.name, LONGEST_NAME), names, codes)


def _clean_edge(edge: EdgeFact) -> EdgeFact:
    texts = {name: _line(text, LONGEST_TEXT) for name, text in _texts(edge) if text}
    return replace(
        edge,
        source=_line(edge.source, LONGEST_NAME),
        target=_line(edge.target, LONGEST_NAME),
        origin=_line(edge.origin, LONGEST_NAME),
        ref=_line(edge.ref, LONGEST_NAME),
        **texts,
    )


def _texts(edge: EdgeFact) -> Iterator[tuple[str, str | None]]:
    return ((name, getattr(edge, name)) for name in ("says", "what", "advice", "sentence", "strength"))


def _line(text: str, most: int) -> str:
    """One line without what nobody sees, cut where it is longer than is kept."""
    line = text if text.isascii() and text.isprintable() else " ".join(visible(text).split())
    return line if len(line) <= most else f"{line[: most - 1]}{_SHORTENED}"


def _label(text: str) -> str:
    label = _line(text.strip(), 120)
    if not label:
        raise InvalidInput("A name or version must not be empty.")
    return label


def _source(kind: str, edges: Iterable[EdgeFact]) -> str:
    """The publication that most edges name; the kind where there is none."""
    named = Counter(edge.origin for edge in edges).most_common(1)
    return named[0][0] if named else kind
