"""What no store keeps or looks for, refused before anything is written; and which entries a place names."""

import re
from collections.abc import Sequence

import numpy as np

from vitasense.deterministic.platform.problems import InvalidInput, TooLarge
from vitasense.memory.schemas import PERSONAL, Embedded, Entry, Query, Space, Vector, Where

_NOT_KEPT = re.compile("[\0\ud800-\udfff]")
LONGEST_TEXT = 8000
LONGEST_KEY = 200
LONGEST_QUESTION = 8000
MOST_HITS = 1000


def check_entries(embedded: Sequence[Embedded]) -> list[Embedded]:
    """What can be kept: of the same entry given twice, the last. Raises InvalidInput or TooLarge, naming no text."""
    for each in embedded:
        _check_entry(each.entry)
        _check_vector(each.space, each.vector)
    return list({(place_of(each.entry), each.entry.id): each for each in embedded}.values())


def check_query(query: Query) -> Query:
    """The question, when it can be asked. Raises InvalidInput or TooLarge."""
    check_where(query.where)
    _check_text(query.text, LONGEST_QUESTION)
    if query.vector is not None:
        _check_vector(query.space, query.vector)
    if not 1 <= query.limit <= MOST_HITS:
        raise InvalidInput(f"a search gives 1 to {MOST_HITS} hits")
    return query


def check_where(where: Where) -> Where:
    """The place, when it is one: an owner's memories or a shared collection. Raises InvalidInput."""
    if (where.owner is None) == (where.collection == PERSONAL):
        raise InvalidInput("say whose memories, or which shared collection")
    _check_text(where.collection, LONGEST_KEY)
    _check_text(where.key or "", LONGEST_KEY)
    return where


def place_of(entry: Entry) -> str:
    """Where the entry belongs: its owner, or its collection."""
    return str(entry.owner) if entry.owner else entry.collection


def fits(entry: Entry, where: Where) -> bool:
    """Whether the entry is one of those that `where` names, its place aside."""
    return (
        (not where.kinds or entry.kind in where.kinds)
        and (not where.categories or entry.category in where.categories)
        and (where.key is None or entry.key == where.key)
        and (where.since is None or entry.occurred_at >= where.since)
        and (where.until is None or entry.occurred_at < where.until)
        and (where.history or (entry.ended_at is None and entry.superseded_by is None))
    )


def _check_entry(entry: Entry) -> None:
    _check_text(entry.text, LONGEST_TEXT)
    _check_text(entry.key or "", LONGEST_KEY)
    _check_text(entry.collection, LONGEST_KEY)
    _check_text(entry.source.model_dump_json(), LONGEST_TEXT)
    if "\\u0000" in entry.source.model_dump_json():
        raise InvalidInput("the source holds a character that cannot be kept")


def _check_text(text: str, most: int) -> None:
    if _NOT_KEPT.search(text):
        raise InvalidInput("the text holds a character that cannot be kept")
    if len(text) > most:
        raise TooLarge(f"the text has {len(text)} characters; the most is {most}")


def _check_vector(space: Space | None, vector: Vector | None) -> None:
    if (space is None) != (vector is None):
        raise InvalidInput("a vector comes with its space")
    if space is None or vector is None:
        return
    if vector.shape != (space.dimensions,):
        raise InvalidInput(f"a vector of this space has {space.dimensions} numbers")
    if not 0 < vector @ vector < np.inf and not (np.isfinite(vector).all() and np.any(vector)):
        raise InvalidInput("a vector has finite numbers, not all of them zero")
