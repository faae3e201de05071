"""Documents that count, their passages loaded, and nothing of them left behind."""

from collections.abc import AsyncIterator

import pytest

from tests.deterministic.knowledge.review.reviewing import reverted
from tests.memory.literature.shelved import accepted, guideline, load, remove_all
from vitasense.deterministic.knowledge.review import Material
from vitasense.deterministic.platform.database import Database


@pytest.fixture
async def leaflet(database: Database) -> AsyncIterator[Material]:
    """A label of finasteride that counts; its passages are not loaded yet."""
    material, _ = await accepted(database)
    yield material
    await reverted(database, material)
    await remove_all(database)


@pytest.fixture
async def shelf(database: Database, leaflet: Material) -> AsyncIterator[tuple[Material, Material]]:
    """The label and a guideline, with their passages."""
    other, _ = await accepted(database, guideline())
    await load(database)
    yield leaflet, other
    await reverted(database, other)
