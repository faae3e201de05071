"""The world that the hostile tests attack."""

from collections.abc import Iterator

import pytest

from tests.conftest import APP_PASSWORD
from tests.deterministic.consent.world import SEEDS, World, build_world
from vitasense.deterministic.platform.database import EmbeddedPostgres

WATCHED = (*SEEDS, "consent.access_grant", "audit.entry", "audit.waiting", "sec.signing_key")


@pytest.fixture(scope="module")
def world(admin_url: str, server: EmbeddedPostgres) -> Iterator[World]:
    built = build_world(admin_url, server.url("vs_app", APP_PASSWORD))
    yield built
    built.superuser.close()


@pytest.fixture
def nothing_changed(world: World) -> Iterator[None]:
    """Whatever a test tried, every table of the victim is as it was."""
    before = {table: world.victims_rows(table) for table in WATCHED}
    yield
    for table, rows in before.items():
        assert world.victims_rows(table) == rows, f"{table} was changed"
