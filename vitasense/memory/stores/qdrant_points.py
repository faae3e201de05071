"""How entries lie in Qdrant: one collection of entries with their words, one of vectors for each space."""

import hashlib
import re
from collections.abc import Iterable
from uuid import UUID, uuid5

from qdrant_client import models

from vitasense.memory.schemas import Entry, Space, Where
from vitasense.memory.stores.checking import place_of
from vitasense.memory.stores.words import lexemes, number_of

WORDS = "words"  # the sparse vector
_POINTS = UUID("6f1c35a0-3d0f-5f6a-9a5e-6d656d6f7279")
PAYLOAD_INDEXES: dict[str, models.PayloadSchemaType | models.KeywordIndexParams] = {
    "place": models.KeywordIndexParams(type=models.KeywordIndexType.KEYWORD, is_tenant=True),
    "kind": models.PayloadSchemaType.KEYWORD,
    "category": models.PayloadSchemaType.KEYWORD,
    "key": models.PayloadSchemaType.KEYWORD,
    "at": models.PayloadSchemaType.FLOAT,
    "current": models.PayloadSchemaType.BOOL,
    "spaces": models.PayloadSchemaType.KEYWORD,
}


def point_of(place: str, entry_id: UUID) -> str:
    """The id of an entry's point: that of its place too, so that the same id of two owners is two points."""
    return str(uuid5(_POINTS, f"{place}\0{entry_id}"))


def place_in(where: Where) -> str:
    """The place as it stands in a payload."""
    return str(where.owner) if where.owner else where.collection


def slug(space: Space) -> str:
    """The space as a name of a collection: readable, and of its own for each space."""
    whole = f"{space.model}\0{space.version}\0{space.dimensions}"
    readable = re.sub(r"[^a-z0-9]+", "-", f"{space.model} {space.version}".lower()).strip("-")[:40]
    return f"{readable}-{space.dimensions}-{hashlib.sha256(whole.encode()).hexdigest()[:10]}"


def text_hash(entry: Entry) -> str:
    """What tells whether a vector is that of the entry's text."""
    return hashlib.sha256(entry.text.encode()).hexdigest()


def payload_of(entry: Entry) -> dict[str, object]:
    """What a point can be filtered by; the same for the entry and for its vectors."""
    return {
        "place": place_of(entry),
        "entry_id": str(entry.id),
        "kind": entry.kind.value,
        "category": entry.category.value if entry.category else None,
        "key": entry.key,
        "at": entry.occurred_at.timestamp(),
        "current": entry.ended_at is None and entry.superseded_by is None,
        "hash": text_hash(entry),
    }


def entry_point(entry: Entry, spaces: Iterable[str]) -> models.PointStruct:
    """The entry with its words, and the names of the spaces in which it has a vector."""
    payload = payload_of(entry) | {"entry": entry.model_dump_json(), "spaces": sorted(spaces)}
    return models.PointStruct(
        id=point_of(place_of(entry), entry.id), vector={WORDS: sparse(entry.text)}, payload=payload
    )


def sparse(text: str) -> models.SparseVector:
    """The words that matter with how often each stands there; two words of one number count together."""
    counts: dict[int, float] = {}
    for lexeme, count in lexemes(text).items():
        counts[number_of(lexeme)] = counts.get(number_of(lexeme), 0.0) + count
    return models.SparseVector(indices=list(counts), values=list(counts.values()))


def narrowed(where: Where, *, without: str | None = None) -> models.Filter:
    """The filter for `where`; `without` leaves out what has a vector in that space."""
    must: list[models.Condition] = [_is("place", place_in(where))]
    for name, wanted in (("kind", where.kinds), ("category", where.categories)):
        if wanted:
            must.append(models.FieldCondition(key=name, match=models.MatchAny(any=sorted(wanted))))
    if where.key is not None:
        must.append(_is("key", where.key))
    if where.since or where.until:
        start, end = (each.timestamp() if each else None for each in (where.since, where.until))
        must.append(models.FieldCondition(key="at", range=models.Range(gte=start, lt=end)))
    if not where.history:
        must.append(_is("current", True))
    return models.Filter(must=must, must_not=[_is("spaces", without)] if without else None)


def _is(name: str, value: str | bool) -> models.FieldCondition:
    return models.FieldCondition(key=name, match=models.MatchValue(value=value))
