"""SQL of what has no vector in a space yet, and of spaces that nobody uses. For the service's own context only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.memory.schemas import Vector
from vitasense.memory.stores.repository import as_text

_PERSONAL = text("select patient_id as place, id, text from app.memory_without_vector(cast(:space as smallint), :most)")
_ADD_PERSONAL = text(
    "select app.memory_add_vectors(cast(:space as smallint), cast(:places as uuid[]), cast(:ids as uuid[]), "
    "cast(:hashes as bytea[]), cast(:vectors as text[]))"
)
_SHARED = text(
    "select p.collection as place, p.id, p.text from app.passage_waiting w "
    "join app.passage p on (p.collection, p.id) = (w.collection, w.passage_id) "
    "where w.space = :space order by p.collection, p.id limit :most"
)
_ADD_SHARED = text(
    "with added as (insert into app.passage_vector (collection, passage_id, space, embedding) "
    "select p.collection, p.id, :space, cast(g.vector as public.halfvec) "
    "from unnest(cast(:places as text[]), cast(:ids as uuid[]), cast(:hashes as bytea[]), cast(:vectors as text[])) "
    "as g (place, id, hash, vector) join app.passage p on p.collection = g.place and p.id = g.id "
    "and sha256(convert_to(p.text, 'utf8')) = g.hash order by p.id "
    "on conflict (collection, passage_id, space) do nothing returning 1) select count(*) from added"
)
_UNUSED = text("select id from app.vector_space where id <> :space and used_at < now() - :age order by id")


@dataclass(frozen=True, slots=True)
class Missing:
    """A text without a vector: `place` is its patient, or the name of its shared collection."""

    place: UUID | str
    id: UUID
    text: str

    @property
    def hash(self) -> bytes:
        """Of the text that is embedded: a vector is kept only while the text is still that."""
        return sha256(self.text.encode()).digest()


async def personal(tx: AsyncSession, space: int, most: int) -> list[Missing]:
    """Memories of any patient without a vector in the space; the patients' logs tell that they were read."""
    return await _found(tx, _PERSONAL, space, most)


async def shared(tx: AsyncSession, space: int, most: int) -> list[Missing]:
    """Passages of any collection without a vector in the space."""
    return await _found(tx, _SHARED, space, most)


async def add_personal(tx: AsyncSession, space: int, embedded: Sequence[tuple[Missing, Vector]]) -> int:
    """Add vectors to memories whose text is still the same; how many."""
    return await _add(tx, _ADD_PERSONAL, space, embedded)


async def add_shared(tx: AsyncSession, space: int, embedded: Sequence[tuple[Missing, Vector]]) -> int:
    """Add vectors to passages whose text is still the same; how many."""
    return await _add(tx, _ADD_SHARED, space, embedded)


async def unused_spaces(tx: AsyncSession, space: int, age: timedelta) -> list[int]:
    """The other spaces in which no process has said for this long that it embeds."""
    return list(await tx.scalars(_UNUSED, {"space": space, "age": age}))


async def _found(tx: AsyncSession, query: TextClause, space: int, most: int) -> list[Missing]:
    rows = await tx.execute(query, {"space": space, "most": most})
    return [Missing(row.place, row.id, row.text) for row in rows]


async def _add(tx: AsyncSession, query: TextClause, space: int, embedded: Sequence[tuple[Missing, Vector]]) -> int:
    values = {
        "space": space,
        "places": [each.place for each, _ in embedded],
        "ids": [each.id for each, _ in embedded],
        "hashes": [each.hash for each, _ in embedded],
        "vectors": [as_text(vector) for _, vector in embedded],
    }
    return int((await tx.execute(query, values)).scalar_one())
