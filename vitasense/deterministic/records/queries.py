"""All SQL that reads resources; row-level security adds who may see which."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Text, and_, cast, func, literal, or_, select, tuple_
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, JSONPATH
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.functions import coalesce

from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.records.cursors import Cursor
from vitasense.deterministic.records.models import ResourceRow
from vitasense.deterministic.records.repository import FRESH
from vitasense.deterministic.records.schemas import ENTERED_IN_ERROR

Row = ResourceRow
# Resources without a time come last; the newest first.
_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)
_TIME = coalesce(Row.occurred_at, literal(_LONG_AGO))


@dataclass(frozen=True, slots=True)
class Filter:
    """Which resources. Empty members do not restrict; `since` is inclusive, `until` exclusive.

    `codes` are `code`, `system|code` or `|code`; with `components` they are looked for in components too.
    `tagged` are codes of the resource's own `category` element, `category` is the one that it is shared as.
    """

    types: Sequence[str] = ()
    without_types: Sequence[str] = ()
    category: Category | None = None
    ids: Sequence[UUID] | None = None
    codes: Sequence[str] = ()
    components: bool = False
    tagged: Sequence[str] = ()
    since: datetime | None = None
    until: datetime | None = None
    dated: bool = False
    in_error: bool = True


async def find(tx: AsyncSession, patient_id: UUID, wanted: Filter) -> Sequence[ResourceRow]:
    """Every such resource, newest first."""
    query = _ordered(select(Row).where(*_conditions(patient_id, wanted)))
    return (await tx.scalars(query, execution_options=FRESH)).all()


async def versions_of(tx: AsyncSession, patient_id: UUID, wanted: Filter) -> list[tuple[str, UUID, int, Category]]:
    """Type, id, current version and category of every such resource, without its content."""
    query = select(Row.type, Row.id, Row.version, Row.category).where(*_conditions(patient_id, wanted))
    found = await tx.execute(query)
    return [(own_type, own_id, version, Category(name)) for own_type, own_id, version, name in found]


async def page(
    tx: AsyncSession, patient_id: UUID, wanted: Filter, limit: int, after: Cursor | None
) -> Sequence[ResourceRow]:
    """At most `limit` of them, after the cursor."""
    query = select(Row).where(*_conditions(patient_id, wanted))
    if after:
        query = query.where(_after(after))
    return (await tx.scalars(_ordered(query).limit(limit), execution_options=FRESH)).all()


async def count(tx: AsyncSession, patient_id: UUID, wanted: Filter) -> int:
    """How many there are."""
    query = select(func.count()).select_from(Row).where(*_conditions(patient_id, wanted))
    return (await tx.execute(query)).scalar_one()


async def counts(tx: AsyncSession, patient_id: UUID, wanted: Filter) -> dict[Category, int]:
    """How many there are of each category that may be seen."""
    query = select(Row.category, func.count()).where(*_conditions(patient_id, wanted)).group_by(Row.category)
    return {Category(name): number for name, number in await tx.execute(query)}


def _ordered(query: Select[ResourceRow]) -> Select[ResourceRow]:
    return query.order_by(_TIME.desc(), Row.type, Row.id)


def _after(cursor: Cursor) -> ColumnElement[bool]:
    at = literal(cursor.at or _LONG_AGO)
    return or_(
        at > _TIME, and_(at == _TIME, tuple_(Row.type, Row.id) > tuple_(literal(cursor.type), literal(cursor.id)))
    )


def _conditions(patient_id: UUID, wanted: Filter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [Row.patient_id == patient_id]
    if wanted.types:
        found.append(Row.type.in_(wanted.types))
    if wanted.without_types:
        found.append(Row.type.not_in(wanted.without_types))
    if wanted.category:
        found.append(Row.category == wanted.category.value)
    if wanted.ids is not None:
        found.append(Row.id.in_(wanted.ids))
    if not wanted.in_error:
        found.append(Row.status.is_distinct_from(ENTERED_IN_ERROR))
    return found + _coded(wanted) + _timed(wanted)


def _coded(wanted: Filter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.codes:
        own = Row.codes.overlap(list(wanted.codes))
        parts = _path("$.component[*].code.coding[*].code", wanted.codes) if wanted.components else None
        found.append(own if parts is None else or_(own, parts))
    if wanted.tagged:
        found.append(_path("$.category[*].coding[*].code", wanted.tagged))
    return found


def _path(path: str, codes: Sequence[str]) -> ColumnElement[bool]:
    found = func.jsonb_path_query_array(Row.content, literal(path, JSONPATH), type_=JSONB)
    return found.has_any(cast(list(codes), ARRAY(Text)))


def _timed(wanted: Filter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.dated or wanted.since or wanted.until:
        found.append(Row.occurred_at.is_not(None))
    if wanted.since:
        found.append(Row.occurred_at >= wanted.since)
    if wanted.until:
        found.append(Row.occurred_at < wanted.until)
    return found
