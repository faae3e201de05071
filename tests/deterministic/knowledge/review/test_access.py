"""Only administrators and the service review, each in their own name; two of them at once lose nothing."""

import asyncio
from collections.abc import Awaitable

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from tests.deterministic.knowledge.review.reviewing import (
    LACTULOSE,
    LATANOPROST,
    a_review,
    label,
    read,
    released,
    reverted,
    reviewer,
)
from vitasense.deterministic.auth import system_access
from vitasense.deterministic.knowledge import Severity, library
from vitasense.deterministic.knowledge.review import Changes, State
from vitasense.deterministic.platform.access import Role
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.problems import Conflict, NotAllowed, NotFound


@pytest.mark.parametrize("role", [Role.PATIENT, Role.PROVIDER, Role.STREAM, Role.MONITOR])
async def test_nobody_else_reads_sees_or_decides(database: Database, role: Role) -> None:
    material, proposals = await read(database, reviewer())
    other, review, one = reviewer(role), a_review(database), proposals[LACTULOSE].id
    attempts: tuple[Awaitable[object], ...] = (
        review.read(other, label(), library()),
        review.materials(other),
        review.proposals(other),
        review.proposal(other, one),
        review.accept(other, [one]),
        review.edit(other, one, Changes(severity=Severity.MAJOR), library()),
        review.refuse(other, [one], "x"),
    )
    for attempt in attempts:
        with pytest.raises(NotAllowed):
            await attempt
    assert await released(database, material) == []
    found, history = await review.proposal(reviewer(), one)
    assert (found.state, history) == (State.PROPOSED, [])


async def test_the_operator_reads_and_decides_as_the_service(database: Database) -> None:
    operator = system_access("vitasense knowledge read")
    material, proposals = await read(database, operator)
    [found] = await a_review(database).accept(operator, [proposals[LACTULOSE].id])
    assert (found.is_in_force, found.decided_by) == (True, operator.principal.account_id)
    await reverted(database, material)


async def test_nobody_decides_in_the_name_of_another(database: Database) -> None:
    _, proposals = await read(database, reviewer())
    statement = (
        "update app.knowledge_candidate set state = 'accepted', decisions = 1, decided_at = now(), decided_by = :by "
        "where id = :id"
    )
    values = {"by": new_id(), "id": proposals[LACTULOSE].id}
    with pytest.raises(ProgrammingError, match="row-level security"):
        async with database.transaction(reviewer()) as tx:
            await tx.execute(text(statement), values)


async def test_what_is_not_there_is_not_found(database: Database) -> None:
    with pytest.raises(NotFound):
        await a_review(database).proposal(reviewer(), new_id())
    with pytest.raises(NotFound):
        await a_review(database).refuse(reviewer(), [new_id()], "x")


async def test_of_two_reviewers_at_once_on_one_sentence_one_decides_and_the_other_is_told(database: Database) -> None:
    material, proposals = await read(database, reviewer())
    one, review = proposals[LACTULOSE].id, a_review(database)
    outcomes = await asyncio.gather(
        review.accept(reviewer(), [one]), review.refuse(reviewer(), [one], "Not so."), return_exceptions=True
    )
    assert sum(isinstance(each, Conflict) for each in outcomes) == 1
    _, history = await review.proposal(reviewer(), one)
    assert len(history) == 1
    await reverted(database, material)


async def test_the_same_decision_of_two_at_once_is_one_decision(database: Database) -> None:
    material, proposals = await read(database, reviewer())
    one, review = proposals[LACTULOSE].id, a_review(database)
    first, second = await asyncio.gather(*(review.accept(reviewer(), [one]) for _ in range(2)))
    assert first == second
    assert len(await released(database, material)) == 1
    await reverted(database, material)


async def test_two_reviewers_at_once_on_two_sentences_keep_both_edges(database: Database) -> None:
    material, proposals = await read(database, reviewer())
    review = a_review(database)
    chosen = [proposals[place].id for place in (LATANOPROST, LACTULOSE)]
    await asyncio.gather(*(review.accept(reviewer(), [one]) for one in chosen))
    first, second = await released(database, material)
    assert (first.edges, second.edges) == (1, 2)
    found = await review.proposals(reviewer(), material=material.id, state=State.ACCEPTED)
    assert all(each.is_in_force for each in found)
    await reverted(database, material)


async def test_the_same_document_read_by_two_at_once_is_read_once(database: Database) -> None:
    document, review = label(), a_review(database)
    outcomes = await asyncio.gather(
        *(review.read(reviewer(), document, library()) for _ in range(2)), return_exceptions=True
    )
    assert sum(isinstance(each, Conflict) for each in outcomes) == 1
    titles = [each.title for each, _ in await review.materials(reviewer())]
    assert titles.count(document.title) == 1
