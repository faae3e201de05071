"""What other specialists take from what a person told: allergies, and how and what they eat."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.platform.access import Category
from vitasense.memory.schemas import Entry, Kind, Where
from vitasense.memory.statements.changes import denies
from vitasense.memory.statements.reading import ALLERGY, slug
from vitasense.memory.store import everything
from vitasense.memory.stores.postgres import PostgresStore

_ABOUT = frozenset({Kind.FACT, Kind.PREFERENCE})


async def told_allergies(tx: AsyncSession, patient_id: UUID) -> list[tuple[str, Entry]]:
    """What the person said to be allergic to, by name; one that was denied too is still one, a denial alone is none."""
    found = await _entries(tx, patient_id, frozenset({Category.ALLERGIES}))
    own = [each for each in found if each.key and each.key.startswith(ALLERGY)]
    return [((each.key or "").removeprefix(ALLERGY).replace("-", " "), each) for each in own if not denies(each)]


async def told_about_food(
    tx: AsyncSession, patient_id: UUID, foods: Sequence[str], categories: frozenset[Category]
) -> list[Entry]:
    """How the person eats, and what they said of these foods, of the categories that may be read."""
    wanted = {"diet/pattern", *(f"{stem}{slug(food)}" for food in foods for stem in ("food/", ALLERGY))}
    found = await _entries(tx, patient_id, categories)
    return [each for each in found if each.key and (each.key in wanted or each.key.startswith("diet/rule/"))]


async def _entries(tx: AsyncSession, patient_id: UUID, categories: frozenset[Category]) -> list[Entry]:
    where = Where(owner=patient_id, kinds=_ABOUT, categories=categories)
    return await everything(PostgresStore(tx), where) if categories else []
