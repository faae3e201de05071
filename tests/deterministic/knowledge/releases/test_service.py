"""Releases are taken whole or not at all, compared with the one before, and taken back."""

from dataclasses import replace
from datetime import date, timedelta
from typing import cast
from uuid import uuid4

import pytest
from sqlalchemy import text

from tests.deterministic.knowledge.making import edge, interacts, is_a, node
from tests.deterministic.knowledge.releases.arriving import NOW, a_name, incoming, reverted, taken
from vitasense.deterministic.auth import SYSTEM, system_access
from vitasense.deterministic.knowledge import Severity
from vitasense.deterministic.knowledge.facts import Level, Relation
from vitasense.deterministic.knowledge.library.volume import edge_facts, node_fact
from vitasense.deterministic.knowledge.releases import State, check, in_force, plan, releases, repository, take
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.problems import Conflict, InvalidInput, NotFound

A, B, C = "ingredient:test_a", "ingredient:test_b", "ingredient:test_c"


async def states(database: Database, name: str) -> list[tuple[str, str]]:
    async with database.transaction(system_access("test")) as tx:
        return [(each.version, each.state.value) for each in await releases(tx) if each.name == name]


async def told(database: Database) -> list[dict[str, object]]:
    async with database.transaction(system_access("test")) as tx:
        rows = await tx.execute(text("select payload from app.event where type = 'knowledge.changed' order by seq"))
        return list(rows.scalars())


async def test_what_was_taken_is_read_back_as_it_was(database: Database) -> None:
    edges = [
        interacts(A, B, Severity.MINOR, advice="Ask.", sentence="A and B meet.", level=Level.REVIEWED),
        edge(A, Relation.INHIBITS, "enzyme:e", strength="strong", since=date(2020, 2, 3), until=date(2030, 1, 1)),
        edge(A, Relation.IS_A, "class:test"),
    ]
    nodes = [node(A, "a", "alpha", "Älpha", rxnorm="1", atc="A01"), node(B), node("enzyme:e"), node("class:test")]
    release = await taken(database, incoming(a_name(), edges, nodes))
    async with database.transaction(system_access("test")) as tx:
        volume = await repository.volume(tx, release)
    assert list(edge_facts(volume)) == edges
    assert [node_fact(each) for each in volume.nodes] == nodes
    assert volume.nodes[0].known_as == ("a", "alpha")
    assert volume.book.version == "1"


async def test_a_newer_release_supersedes_and_reverting_brings_the_one_before_back(database: Database) -> None:
    name = a_name()
    first = await taken(database, incoming(name, [interacts(A, B)], version="1"))
    second = await taken(database, incoming(name, [interacts(A, C)], version="2"), NOW + timedelta(days=1))
    assert await states(database, name) == [("1", "superseded"), ("2", "active")]
    back = await reverted(database, second)
    assert back is not None
    assert (back.id, back.state) == (first.id, State.ACTIVE)
    assert await states(database, name) == [("1", "active"), ("2", "reverted")]
    with pytest.raises(Conflict):
        await reverted(database, second)
    assert await reverted(database, first) is None
    assert await states(database, name) == [("1", "reverted"), ("2", "reverted")]


async def test_a_release_that_was_superseded_cannot_be_reverted_and_one_that_is_not_there_neither(
    database: Database,
) -> None:
    name = a_name()
    first = await taken(database, incoming(name, [interacts(A, B)]))
    second = await taken(database, incoming(name, [interacts(A, C)]))
    with pytest.raises(Conflict):
        await reverted(database, first)
    await reverted(database, second)
    async with database.transaction(system_access("test")) as tx:
        assert first.id in [each.id for each in await in_force(tx)]
    with pytest.raises(NotFound):
        await reverted(database, replace(first, id=uuid4()))


async def test_the_difference_names_what_is_new_gone_other_and_rated_otherwise(database: Database) -> None:
    name = a_name()
    before = [interacts(A, B, Severity.MINOR), interacts(A, C), is_a(A, "class:test"), is_a(B, "class:test")]
    after = [
        interacts(B, A, Severity.MAJOR),
        is_a(A, "class:test"),
        is_a(C, "class:test"),
        edge(B, Relation.IS_A, "class:test", ref="moved"),
    ]
    await taken(database, incoming(name, before))
    async with database.transaction(system_access("test")) as tx:
        found = await plan(tx, incoming(name, after))
    assert found.difference.edges.added == ["test b interacts test a", "test c is_a test"]
    assert found.difference.edges.removed == ["test a interacts test b", "test a interacts test c"]
    assert not found.difference.edges.changed
    assert not found.difference.nodes
    [rerated] = found.difference.rerated
    assert (rerated.pair, rerated.before, rerated.after) == ("test a and test b", Severity.MINOR, Severity.MAJOR)


async def test_planning_changes_nothing_and_the_same_file_again_is_a_conflict(database: Database) -> None:
    name = a_name()
    found = incoming(name, [interacts(A, B)])
    async with database.transaction(system_access("test")) as tx:
        assert (await plan(tx, found)).difference.edges.added == ["test a interacts test b"]
    assert await states(database, name) == []
    release = await taken(database, found)
    events = len(await told(database))
    with pytest.raises(Conflict, match="in force already"):
        await taken(database, found)
    assert await states(database, name) == [("1", "active")]
    assert len(await told(database)) == events
    await reverted(database, release)
    await taken(database, found)
    assert await states(database, name) == [("1", "reverted"), ("1", "active")]


async def test_a_release_that_contradicts_itself_is_refused_with_every_reason_and_changes_nothing(
    database: Database,
) -> None:
    name = a_name()
    await taken(database, incoming(name, [interacts(A, B)], version="1"))
    bad = incoming(name, [interacts(A, B, Severity.MINOR), interacts(B, A, Severity.MAJOR), is_a("class:x", "class:x")])
    events = len(await told(database))
    with pytest.raises(InvalidInput) as refused:
        await taken(database, bad)
    assert len(cast("list[str]", refused.value.members["reasons"])) == 2
    assert await states(database, name) == [("1", "active")]
    assert len(await told(database)) == events


async def test_a_failure_in_the_middle_leaves_nothing_behind(database: Database) -> None:
    name = a_name()
    await taken(database, incoming(name, [interacts(A, B)], version="1"))
    async with database.transaction(system_access("test")) as tx:
        rows = (await tx.execute(text("select count(*) from app.knowledge_edge"))).scalar_one()
    events = len(await told(database))
    with pytest.raises(ZeroDivisionError):
        async with database.transaction(system_access("test")) as tx:
            found = incoming(name, [interacts(A, C)], version="2")
            await take(tx, await plan(tx, found), now=NOW, ids=new_id, actor=SYSTEM.account_id)
            raise ZeroDivisionError
    assert await states(database, name) == [("1", "active")]
    async with database.transaction(system_access("test")) as tx:
        assert (await tx.execute(text("select count(*) from app.knowledge_edge"))).scalar_one() == rows
    assert len(await told(database)) == events


async def test_an_edge_may_name_what_the_rules_or_another_release_have_and_keeps_it_when_that_is_reverted(
    database: Database,
) -> None:
    other = await taken(database, incoming(a_name(), [is_a(C, "class:test_other")]))
    own = incoming(a_name(), [interacts("ingredient:warfarin", C)], nodes=[])
    release = await taken(database, own)
    await reverted(database, other)
    async with database.transaction(system_access("test")) as tx:
        volume = await repository.volume(tx, release)
        assert await check(tx) == []
    assert [each.name for each in volume.nodes] == ["warfarin", "test c"]


async def test_a_node_that_nobody_has_is_refused(database: Database) -> None:
    with pytest.raises(InvalidInput, match="ingredient:nobody"):
        await taken(database, incoming(a_name(), [interacts("ingredient:nobody", A)], nodes=[node(A)]))


async def test_a_circle_that_only_closes_with_another_release_is_refused(database: Database) -> None:
    other = await taken(database, incoming(a_name(), [is_a("class:test_low", "class:test_high")]))
    with pytest.raises(InvalidInput, match="circle"):
        await taken(database, incoming(a_name(), [is_a("class:test_high", "class:test_low")]))
    await reverted(database, other)


async def test_taking_and_reverting_are_told_with_ids_and_counts_alone(database: Database) -> None:
    release = await taken(database, incoming(a_name(), [interacts(A, B)]))
    await reverted(database, release)
    counts = {"nodes": 2, "edges": 1}
    same = {"release_id": str(release.id), "kind": "csv", **counts}
    assert (await told(database))[-2:] == [
        {**same, "added": 1, "changed": 0, "removed": 0},
        {**same, "removed": 1},
    ]


async def test_nodes_in_force_are_found_by_words_of_their_names(database: Database) -> None:
    unusual = [node("drug:test_zyzzogel", "Zyzzogel forte", "zyzzogel cream"), node("drug:test_other", "Other forte")]
    release = await taken(database, incoming(a_name(), [], unusual))
    async with database.transaction(system_access("test")) as tx:
        [found] = await repository.named(tx, "forte zyzzogel", 5)
    assert (found.key, found.name, found.names) == ("drug:test_zyzzogel", "Zyzzogel forte", ("zyzzogel cream",))
    await reverted(database, release)
    async with database.transaction(system_access("test")) as tx:
        assert await repository.named(tx, "forte zyzzogel", 5) == []
