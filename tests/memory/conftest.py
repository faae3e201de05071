"""Vector spaces that the service has set up."""

import pytest

from tests.memory.factories import OTHER_SPACE, SPACE
from vitasense.deterministic.auth import system_access
from vitasense.deterministic.platform.database import Database
from vitasense.memory.stores.spaces import use_space


@pytest.fixture(scope="session")
async def spaces_set_up(database: Database) -> None:
    """The two spaces of the tests."""
    async with database.transaction(system_access("test")) as tx:
        for space in (SPACE, OTHER_SPACE):
            await use_space(tx, space)
