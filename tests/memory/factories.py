"""Small factories: entries, vectors that lie where a test wants them, and two spaces."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import numpy as np

from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.findings import Evidence
from vitasense.memory.schemas import PERSONAL, Embedded, Entry, Kind, Space, Vector, Where

SPACE = Space("test", "1", 8)
OTHER_SPACE = Space("test", "2", 8)
UNKNOWN_SPACE = Space("never set up", "1", 8)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
SAID = Evidence(kind="statement", ref="a thread", version="1", label="what you said")


def entry(
    owner: UUID | None,
    text: str,
    *,
    id: UUID | None = None,  # noqa: A002 - the entry's own word
    kind: Kind = Kind.FACT,
    category: Category = Category.NOTES,
    collection: str = PERSONAL,
    key: str | None = None,
    days: float = 0,
    ended_at: datetime | None = None,
    superseded_by: UUID | None = None,
) -> Entry:
    """An entry of a person, or of a shared collection when there is no owner."""
    at = NOON + timedelta(days=days)
    return Entry(
        id=id or new_id(),
        owner=owner,
        collection=collection,
        kind=kind if owner else Kind.KNOWLEDGE,
        category=category if owner else None,
        text=text,
        key=key,
        source=SAID,
        occurred_at=at,
        recorded_at=at,
        ended_at=ended_at,
        superseded_by=superseded_by,
    )


def at(*numbers: float) -> Vector:
    """A unit vector with these first numbers."""
    vector = np.zeros(SPACE.dimensions, np.float32)
    vector[: len(numbers)] = numbers
    return np.asarray(vector / np.linalg.norm(vector), np.float32)


def placed(each: Entry, *numbers: float, space: Space = SPACE) -> Embedded:
    """The entry with a vector there, or without one."""
    return Embedded(each, space, at(*numbers)) if numbers else Embedded(each)


def mine(owner: UUID, **narrower: object) -> Where:
    """A person's memories."""
    return Where(owner=owner, **narrower)  # pyright: ignore[reportArgumentType]
