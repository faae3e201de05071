"""All SQL of the meals."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select, text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from vitasense.deterministic.nutrition.models import MealRow
from vitasense.deterministic.nutrition.schemas import FoodItem


@dataclass(frozen=True, slots=True)
class StoredMeal:
    """One version of a meal as it was written."""

    id: UUID
    version: int
    eaten_at: datetime
    items: tuple[FoodItem, ...]
    source: str
    recorded_at: datetime


_ACTOR = text("select sec.subject()")
_NEWER = aliased(MealRow)
_IS_CURRENT = ~exists().where(
    _NEWER.patient_id == MealRow.patient_id, _NEWER.id == MealRow.id, _NEWER.version > MealRow.version
)


async def actor(tx: AsyncSession) -> UUID:
    """Who holds the transaction, as the database has verified it."""
    return (await tx.execute(_ACTOR)).scalar_one()


async def insert(
    tx: AsyncSession,
    patient_id: UUID,
    meal_id: UUID,
    version: int,
    items: tuple[FoodItem, ...],
    eaten_at: datetime,
    source: str,
    now: datetime,
    *,
    removed_at: datetime | None = None,
) -> bool:
    """Write one version; False when that version is already there, which is left as it is."""
    statement = (
        upsert(MealRow)
        .values(
            patient_id=patient_id,
            id=meal_id,
            version=version,
            eaten_at=eaten_at,
            source=source,
            items=[item.model_dump(mode="json") for item in items],
            recorded_at=now,
            removed_at=removed_at,
        )
        .on_conflict_do_nothing()
        .returning(MealRow.version)
    )
    return (await tx.execute(statement)).scalar_one_or_none() is not None


async def version(tx: AsyncSession, patient_id: UUID, meal_id: UUID, number: int) -> StoredMeal | None:
    """That version, whether or not it is current."""
    statement = select(MealRow).where(
        MealRow.patient_id == patient_id, MealRow.id == meal_id, MealRow.version == number
    )
    return _stored((await tx.execute(statement)).scalar_one_or_none())


async def current(tx: AsyncSession, patient_id: UUID, meal_id: UUID) -> StoredMeal | None:
    """The newest version, None when that one says it was removed."""
    statement = select(MealRow).where(
        MealRow.patient_id == patient_id, MealRow.id == meal_id, _IS_CURRENT, MealRow.removed_at.is_(None)
    )
    return _stored((await tx.execute(statement)).scalar_one_or_none())


async def between(tx: AsyncSession, patient_id: UUID, since: datetime, until: datetime) -> list[StoredMeal]:
    """The newest versions eaten from `since` to before `until`, oldest first, without the removed."""
    statement = (
        select(MealRow)
        .where(MealRow.patient_id == patient_id, MealRow.eaten_at >= since, MealRow.eaten_at < until)
        .where(_IS_CURRENT, MealRow.removed_at.is_(None))
        .order_by(MealRow.eaten_at, MealRow.id)
    )
    return [stored for row in (await tx.execute(statement)).scalars() if (stored := _stored(row))]


def _stored(row: MealRow | None) -> StoredMeal | None:
    if row is None:
        return None
    items = tuple(FoodItem.model_validate(item) for item in row.items)
    return StoredMeal(row.id, row.version, row.eaten_at, items, row.source, row.recorded_at)
