"""What a document says is kept with it, and is read by others only while something that was accepted of it counts."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from tests.deterministic.knowledge.review.reviewing import (
    LACTULOSE,
    a_review,
    label,
    read,
    reverted,
    reviewer,
    without_text,
)
from tests.people import access_of
from vitasense.deterministic.auth import system_access
from vitasense.deterministic.knowledge import library
from vitasense.deterministic.knowledge.review import Material, MaterialKind, Proposal, Work, body, works
from vitasense.deterministic.platform.access import Access, Principal
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.problems import InvalidInput

Read = tuple[Material, list[Proposal]]


@pytest.fixture
async def kept(database: Database) -> AsyncIterator[Read]:
    """A label that was read, and of which nothing was accepted."""
    material, proposals = await read(database, reviewer())
    yield material, proposals
    await reverted(database, material)


async def seen(database: Database, access: Access, material: Material) -> tuple[Work | None, str | None]:
    """What somebody sees of a document: that it counts, and what it says."""
    async with database.transaction(access) as tx:
        found = next((each for each in await works(tx) if each.id == material.id), None)
        return found, await body(tx, material.id)


async def test_the_text_is_kept_with_the_document_as_it_was_read(database: Database) -> None:
    document = label()
    material, _ = await read(database, reviewer(), document)
    work, text = await seen(database, reviewer(), material)
    assert (work, text) == (None, document.text)


async def test_others_read_it_after_something_was_accepted_and_no_more_when_that_was_taken_back(
    database: Database, patient: Principal, kept: Read
) -> None:
    material, proposals = kept
    person = access_of(patient)
    assert await seen(database, person, material) == (None, None)
    await a_review(database).accept(reviewer(), [proposals[LACTULOSE].id])
    work, said = await seen(database, person, material)
    assert work is not None
    assert (work.title, work.kind, work.about, work.has_text) == (
        material.title,
        MaterialKind.LABEL,
        ("finasteride",),
        True,
    )
    assert (work.evidence.label, work.evidence.source, work.evidence.at) == (
        material.title,
        material.source,
        material.added_at,
    )
    assert said is not None
    assert "Lactulose should be used" in said
    await reverted(database, material)
    assert await seen(database, person, material) == (None, None)


async def test_it_counts_no_more_when_all_that_was_accepted_of_it_was_refused(
    database: Database, patient: Principal, kept: Read
) -> None:
    material, proposals = kept
    review, one = a_review(database), proposals[LACTULOSE].id
    await review.accept(reviewer(), [one])
    await review.refuse(reviewer(), [one], "Not so.", seen=None)
    assert await seen(database, access_of(patient), material) == (None, None)


async def test_a_document_that_was_read_before_texts_were_kept_says_that_it_has_none(
    database: Database, patient: Principal, kept: Read, admin_url: str
) -> None:
    material, proposals = kept
    await a_review(database).accept(reviewer(), [proposals[LACTULOSE].id])
    without_text(admin_url, material)
    work, said = await seen(database, access_of(patient), material)
    assert work is not None
    assert (work.has_text, said) == (False, None)


async def test_a_text_is_never_changed_and_nobody_adds_one_in_the_name_of_another(
    database: Database, kept: Read
) -> None:
    material, _ = kept
    for statement in (
        "update app.knowledge_text set body = 'x' where material_id = :id",
        "delete from app.knowledge_text where material_id = :id",
        "insert into app.knowledge_text (material_id, body, added_by) values (:id, 'x', gen_random_uuid())",
    ):
        with pytest.raises(ProgrammingError, match=r"permission denied|row-level security"):
            async with database.transaction(reviewer()) as tx:
                await tx.execute(text(statement), {"id": material.id})


async def test_what_was_refused_is_not_kept_and_neither_is_a_text_whose_document_is_there(database: Database) -> None:
    before = await count(database)
    with pytest.raises(InvalidInput, match="record"):
        await a_review(database).read(reviewer(), label("Patient name: Maria Alvarez\n"), library())
    assert await count(database) == before


async def count(database: Database) -> int:
    async with database.transaction(system_access("test")) as tx:
        return (await tx.execute(text("select count(*) from app.knowledge_text"))).scalar_one()
