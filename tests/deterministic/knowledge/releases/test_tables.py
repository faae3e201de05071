"""What the database itself refuses, whatever the code does."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from tests.deterministic.knowledge.making import interacts
from tests.deterministic.knowledge.releases.arriving import a_name, incoming, taken
from vitasense.deterministic.auth import system_access
from vitasense.deterministic.platform.database import Database

EDGE = (
    "insert into app.knowledge_edge (release_id, place, source, relation, target, level, severity, says, origin, ref) "
    "values (:id, 99, {source}, '{relation}', 1, 'label', {severity}, 'x', 'x', 'x')"
)
NODE = (
    "insert into app.knowledge_node (release_id, place, key, name, names, codes, known_as, words) "
    "values (:id, {place}, '{key}', 'x', '{{}}', '{{}}', '{{}}', '')"
)
RELEASE = (
    "insert into app.knowledge_release select gen_random_uuid(), kind, name, version, source, digest, nodes, edges, state, "
    "taken_at, reverted_at from app.knowledge_release where id = :id"
)


async def refused(database: Database, statement: str, release: UUID) -> None:
    with pytest.raises(IntegrityError):
        async with database.transaction(system_access("test")) as tx:
            await tx.execute(text(statement), {"id": release})


async def test_dangling_edges_double_keys_and_two_releases_in_force_are_refused(database: Database) -> None:
    found = incoming(a_name(), [interacts("ingredient:test_a", "ingredient:test_b")])
    release = (await taken(database, found)).id
    await refused(database, EDGE.format(source=7, relation="is_a", severity="null"), release)
    await refused(database, EDGE.format(source=0, relation="is_a", severity="'major'"), release)
    await refused(database, EDGE.format(source=0, relation="likes", severity="null"), release)
    await refused(database, NODE.format(place=9, key="ingredient:test_a"), release)
    await refused(database, NODE.format(place=9, key="planet:mars"), release)
    await refused(database, NODE.format(place=9, key="drug:x"), uuid4())
    await refused(database, RELEASE, release)
