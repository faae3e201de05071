"""All SQL of the record. A write is one statement for many resources: the audit log then holds one entry for it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.records.models import ResourceRow, VersionRow

CHUNK = 1000
FRESH = {"populate_existing": True}  # writes go past the session: what it remembers may be old
UNRESOLVED = "unresolved:"


@dataclass(frozen=True, slots=True)
class Rights:
    """What this transaction may read and write, and who acts."""

    readable: frozenset[Category]
    writable: frozenset[Category]
    actor_id: UUID | None


@dataclass(frozen=True, slots=True)
class StoredVersion:
    """What is needed of a stored resource to decide whether another version of it is new."""

    type: str
    id: UUID
    version: int
    source_id: str
    content_hash: bytes
    last_updated: str | None


@dataclass(frozen=True, slots=True)
class NewVersion:
    """One row to write."""

    type: str
    id: UUID
    version: int
    category: Category
    source_id: str
    code_system: str | None
    code: str | None
    codes: tuple[str, ...]
    label: str
    status: str | None
    occurred_at: datetime | None
    content_hash: bytes
    content: Mapping[str, object]

    def as_json(self) -> dict[str, object]:
        """The row as JSON for jsonb_to_recordset."""
        return {
            "type": self.type,
            "id": str(self.id),
            "version": self.version,
            "category": self.category.value,
            "source_id": self.source_id,
            "code_system": self.code_system,
            "code": self.code,
            "codes": self.codes,
            "label": self.label,
            "status": self.status,
            "content": self.content,
            "occurred_at": self.occurred_at.isoformat() if self.occurred_at else None,
            "content_hash": self.content_hash.hex(),
        }


_ROW = (
    "type text, id uuid, version int, category text, source_id text, code_system text, code text, codes text[], "
    "label text, status text, occurred_at timestamptz, content_hash text, content jsonb"
)
_CHANGED = "version category source_id code_system code codes label status occurred_at recorded_at content_hash content"
_SET = ", ".join(f"{name} = excluded.{name}" for name in _CHANGED.split())
_WRITE = text(f"""
insert into phi.resource (patient_id, type, id, version, category, source_id, code_system, code, codes, label, status,
                          occurred_at, recorded_at, content_hash, content)
select :patient_id, type, id, version, category, source_id, code_system, code, codes, label, status,
       occurred_at, :now, decode(content_hash, 'hex'), content
from jsonb_to_recordset(cast(:rows as jsonb)) as given ({_ROW})
on conflict (patient_id, type, id) do update set {_SET}
""")  # noqa: S608 - constants
_WRITE_VERSIONS = text(f"""
insert into phi.resource_version (patient_id, type, id, version, category, recorded_at, content)
select :patient_id, type, id, version, category, :now, content
from jsonb_to_recordset(cast(:rows as jsonb)) as given ({_ROW})
""")  # noqa: S608 - constants
_RELINK = text("""
update phi.resource r set content = given.content, codes = given.codes
from jsonb_to_recordset(cast(:rows as jsonb)) as given (type text, id uuid, codes text[], content jsonb)
where r.patient_id = :patient_id and r.type = given.type and r.id = given.id
""")
_RIGHTS = text("select sec.readable(), sec.writable(), sec.subject()")
_LOCK = text("select pg_advisory_xact_lock(hashtextextended('records/' || cast(:patient_id as text), 0))")
_NAMED = text(
    "select distinct named from phi.resource, unnest(codes) as named "
    "where patient_id = :patient_id and named like 'unresolved:Patient/%'"
)


async def rights(tx: AsyncSession) -> Rights:
    """What the database lets this transaction do, at this moment."""
    readable, writable, actor = (await tx.execute(_RIGHTS)).one()
    return Rights(_categories(readable), _categories(writable), actor)


def _categories(names: Iterable[str] | None) -> frozenset[Category]:
    return frozenset(map(Category, names or ()))


async def lock(tx: AsyncSession, patient_id: UUID) -> None:
    """One import of a record at a time, until the transaction ends."""
    await tx.execute(_LOCK, {"patient_id": patient_id})


async def patients(tx: AsyncSession, patient_id: UUID) -> Sequence[ResourceRow]:
    """The stored Patient resources."""
    query = select(ResourceRow).where(ResourceRow.patient_id == patient_id, ResourceRow.type == "Patient")
    return (await tx.scalars(query.order_by(ResourceRow.recorded_at, ResourceRow.id), execution_options=FRESH)).all()


async def named_patients(tx: AsyncSession, patient_id: UUID) -> list[str]:
    """`Patient/id` of patients that entries name and that no stored Patient answers to."""
    found = await tx.scalars(_NAMED, {"patient_id": patient_id})
    return [cast("str", name).removeprefix(UNRESOLVED) for name in found]


async def stored(tx: AsyncSession, patient_id: UUID, ids: Iterable[UUID]) -> list[StoredVersion]:
    """What is stored under these ids, of whatever type."""
    row = ResourceRow
    updated = row.content["meta"]["lastUpdated"].astext
    query = select(row.type, row.id, row.version, row.source_id, row.content_hash, updated)
    found = await tx.execute(query.where(row.patient_id == patient_id, row.id == func.any(list(ids))))
    return [StoredVersion(*each) for each in found]


async def contents(
    tx: AsyncSession, patient_id: UUID, ids: Iterable[UUID]
) -> dict[tuple[str, UUID], dict[str, object]]:
    """The stored content under these ids."""
    row = ResourceRow
    query = select(row.type, row.id, row.content).where(row.patient_id == patient_id, row.id == func.any(list(ids)))
    return {(own_type, own_id): content for own_type, own_id, content in await tx.execute(query)}


async def write(tx: AsyncSession, patient_id: UUID, versions: Sequence[NewVersion], now: datetime) -> None:
    """Make these the current versions, and keep each."""
    for start in range(0, len(versions), CHUNK):
        rows = json.dumps([each.as_json() for each in versions[start : start + CHUNK]], ensure_ascii=False)
        parameters = {"patient_id": patient_id, "now": now, "rows": rows}
        await tx.execute(_WRITE, parameters)
        await tx.execute(_WRITE_VERSIONS, parameters)


async def waiting_for(tx: AsyncSession, patient_id: UUID, names: Sequence[str]) -> Sequence[ResourceRow]:
    """The resources that refer to one of these `Type/id` without having found it."""
    tokens = [UNRESOLVED + name for name in names]
    query = select(ResourceRow).where(ResourceRow.patient_id == patient_id, ResourceRow.codes.overlap(tokens))
    return (await tx.scalars(query, execution_options=FRESH)).all()


async def relink(tx: AsyncSession, patient_id: UUID, rows: Sequence[Mapping[str, object]]) -> None:
    """Replace content and codes of resources whose references have found their target; no new version."""
    await tx.execute(_RELINK, {"patient_id": patient_id, "rows": json.dumps(rows, ensure_ascii=False)})


async def versions(tx: AsyncSession, patient_id: UUID, own_type: str, own_id: UUID) -> Sequence[VersionRow]:
    """Every version of a resource, newest first."""
    row = VersionRow
    query = select(row).where(row.patient_id == patient_id, row.type == own_type, row.id == own_id)
    return (await tx.scalars(query.order_by(row.version.desc()), execution_options=FRESH)).all()
