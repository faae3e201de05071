"""A release as columns: one value of the database for all rows, cut into numbers and words here."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from vitasense.deterministic.knowledge.library.rows import Ints
from vitasense.deterministic.knowledge.library.volume import (
    LEVELS,
    RELATIONS,
    SEVERITIES,
    TEXTS,
    Codes,
    Edges,
    Node,
    chosen,
)

# Between the values of a column, and inside a value that is a list: no text that was taken holds either.
_UNIT, _RECORD = "\x1f", "\x1e"
_NODE_LISTS = ("names", "codes", "known_as")
_NODES = (
    "select string_agg(key, chr(31)), string_agg(name, chr(31)), "  # noqa: S608 - constants alone
    + ", ".join(f"string_agg(array_to_string({name}, chr(30)), chr(31))" for name in _NODE_LISTS)
    + " from (select * from app.knowledge_node where release_id = %s order by place) as n"
)
_NUMBERS = (
    "place",
    "source",
    "target",
    "coalesce(valid_from - date '0001-01-01' + 1, 0)",  # the number of the day, as date.toordinal() counts
    "coalesce(valid_to - date '0001-01-01' + 1, 0)",
)
_WORDS = ("relation", "level", "severity", *TEXTS)
_EDGES = (
    "select "  # noqa: S608 - constants alone
    + ", ".join(f"string_agg(int4send({number}), '')" for number in _NUMBERS)
    + ", "
    + ", ".join(f"string_agg(coalesce({name}, ''), chr(31))" for name in _WORDS)
    + " from app.knowledge_edge where release_id = %s"
)
_RELATION = {relation.value: number for number, relation in enumerate(RELATIONS)}
_LEVEL = {level.value: number for number, level in enumerate(LEVELS)}
_SEVERITY = {severity.value if severity else "": number for number, severity in enumerate(SEVERITIES)}
READ_NODES, READ_EDGES = _NODES.encode(), _EDGES.encode()
"""Statements that read the nodes and the edges of the release with the id given."""


def nodes_of(columns: Sequence[str | None]) -> list[Node]:
    """The nodes in the row that READ_NODES gives."""
    if not columns or columns[0] is None:
        return []
    keys, names, *lists = [(column or "").split(_UNIT) for column in columns]
    others, codes, known_as = [[_list(value) for value in column] for column in lists]
    return [Node(*row, row[0].partition(":")[2]) for row in zip(keys, names, others, codes, known_as, strict=True)]


def _list(joined: str) -> tuple[str, ...]:
    return tuple(joined.split(_RECORD)) if joined else ()


def edges_of(columns: Sequence[Any]) -> Edges:
    """The edges in the row that READ_EDGES gives, in the order in which they were written.

    They mostly come so: the database sorts wide rows slowly, and is not asked to.
    """
    places, sources, targets, since, until = [_numbers(column) for column in columns[: len(_NUMBERS)]]
    relations, levels, severities, *texts = [_split(column) for column in columns[len(_NUMBERS) :]]
    edges = Edges(
        sources=sources,
        targets=targets,
        relations=_codes(relations, _RELATION),
        levels=_codes(levels, _LEVEL),
        severities=_codes(severities, _SEVERITY),
        since=since,
        until=until,
        texts=dict(zip(TEXTS, texts, strict=True)),
    )
    return edges if (np.diff(places) > 0).all() else chosen(edges, np.argsort(places))


def _numbers(column: bytes | None) -> Ints:
    return np.frombuffer(column or b"", ">i4").astype(np.int32)


def _split(column: str | None) -> list[str]:
    return [] if column is None else column.split(_UNIT)


def _codes(words: Sequence[str], numbers: dict[str, int]) -> Codes:
    return np.fromiter(map(numbers.__getitem__, words), np.uint8, len(words))
