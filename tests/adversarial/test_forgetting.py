"""A word that was told, remembered, recalled and forgotten is looked for in every table, in Qdrant and in this process."""

import asyncio
import gc
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import asynccontextmanager
from types import FrameType
from typing import Any
from uuid import UUID

import pytest
from qdrant_client import AsyncQdrantClient
from sqlalchemy import create_engine, text

from tests.graphs.conftest import Talk
from tests.people import access_of
from vitasense.deterministic import threads
from vitasense.deterministic.auth import system_access
from vitasense.deterministic.intake import read
from vitasense.deterministic.platform.access import Principal
from vitasense.deterministic.platform.clock import new_id, system_clock
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.findings import Status
from vitasense.graphs.opening import open_memories
from vitasense.graphs.turn import Done
from vitasense.memory import Told, Where, about, statements
from vitasense.memory.embeddings import LexicalEmbedder
from vitasense.memory.stores.qdrant import QdrantStore
from vitasense.memory.stores.spaces import use_space

Talking = Callable[..., Talk]
Scan = Callable[[], dict[str, int]]
# In two parts, so that no text of this file is the word; its stem is what a text search keeps of it.
STEM = "".join(("quok", "kabe"))
WORD = f"{STEM}an"
# psycopg sets a timer of 0.1 s for every wait, and the loop keeps the context of a cancelled one, the turn, until it is due.
TIMERS_SECONDS = 0.3
OF_A_CONVERSATION = {"phi.thread", "phi.message", "phi.memory"}
_TABLES = text(
    "select format('%I.%I', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace "
    "where c.relkind in ('r', 'm') and n.nspname not in ('pg_catalog', 'information_schema') "
    "and n.nspname not like 'pg_toast%'"
)


@pytest.fixture(autouse=True, scope="module")
async def space(database: Database) -> None:
    """The space of the default embedder, as the worker makes it when it starts."""
    async with database.transaction(system_access("test")) as tx:
        await use_space(tx, LexicalEmbedder().space)


@pytest.fixture
def scan(admin_url: str) -> Scan:
    """How many rows of each table hold the word, plain or as bytes, past row-level security; tables without are left out."""

    def look() -> dict[str, int]:
        engine = create_engine(admin_url)
        patterns = {"plain": f"%{STEM}%", "bytes": f"%{STEM.encode().hex()}%"}
        with engine.begin() as connection:
            tables = list(connection.execute(_TABLES).scalars())
            held = {
                name: connection.execute(
                    text(f"select count(*) from {name} t where t::text ilike :plain or t::text like :bytes"), patterns
                ).scalar_one()
                for name in tables
            }
        engine.dispose()
        assert {"phi.memory", "phi.memory_vector", "phi.checkpoints", "audit.entry"} <= set(tables)
        return {name: count for name, count in held.items() if count}

    return look


async def confirmed(talk: Talk, words: str) -> Done:
    asked = await talk.say(words)
    assert asked.confirmation is not None, asked.reply.text
    return await talk.answer(asked, approved=True)


async def delete(database: Database, person: Principal, *thread_ids: UUID) -> None:
    async with database.transaction(access_of(person)) as tx:
        for each in thread_ids:
            await threads.remove(tx, person.account_id, each)


async def vectors(database: Database, person: Principal) -> int:
    async with database.transaction(access_of(person)) as tx:
        return (await tx.execute(text("select count(*) from phi.memory_vector"))).scalar_one()


async def test_what_is_forgotten_is_nowhere_but_where_the_answer_says_and_then_nowhere(
    database: Database, talk: Talking, patient: Principal, scan: Scan
) -> None:
    conversation = talk(patient)
    told = await confirmed(conversation, f"Remember that I keep a {WORD} diary")
    assert await vectors(database, patient) == 1
    recalled = await conversation.say(f"What did I tell you about my {WORD} diary?")
    assert WORD in recalled.reply.text
    forgotten = await confirmed(conversation, f"Forget that I keep a {WORD} diary")
    assert "forgotten" in forgotten.reply.text

    [finding] = forgotten.reply.findings
    assert "conversations" in finding.text
    named = {told.thread.id, recalled.thread.id, forgotten.thread.id}
    assert await vectors(database, patient) == 0
    assert set(scan()) <= OF_A_CONVERSATION
    async with database.transaction(access_of(patient)) as tx:
        kept = (await tx.execute(text("select kind, thread_id from phi.memory"))).all()
        assert {kind for kind, _ in kept} <= {"episode"}
        assert {thread_id for _, thread_id in kept} <= named
        exported = await conversation_memories(tx, patient)
    assert not any(WORD in each for each in exported)

    after = await conversation.say("What do you remember about me?")
    assert WORD not in after.reply.text
    assert [each.status for each in after.reply.findings] == [Status.NOT_FOUND]
    await delete(database, patient, *named, after.thread.id)
    assert scan() == {}


async def conversation_memories(tx: Any, person: Principal) -> list[str]:
    """The texts of an export that are no summary of a conversation."""
    memories = open_memories(LexicalEmbedder(), new_id)
    found = await memories.everything(memories.store(tx), person.account_id)
    return [each.text for each in found if each.kind != "episode"]


async def test_the_refusal_to_forget_leaves_everything(database: Database, talk: Talking, patient: Principal) -> None:
    conversation = talk(patient)
    await confirmed(conversation, f"Remember that I keep a {WORD} diary")
    asked = await conversation.say(f"Forget that I keep a {WORD} diary")
    done = await conversation.answer(asked, approved=False)
    assert "forgotten" not in done.reply.text
    assert await vectors(database, patient) == 1
    await delete(database, patient, *await all_threads(database, patient))


async def all_threads(database: Database, person: Principal) -> list[UUID]:
    async with database.transaction(access_of(person)) as tx:
        return [each.id for each in await threads.listed(tx, person, person.account_id)]


async def test_what_was_told_after_the_wish_is_not_forgotten_with_it(
    database: Database, talk: Talking, patient: Principal
) -> None:
    """The entries that go are those that the person was shown."""
    conversation = talk(patient)
    await confirmed(conversation, "Remember that I smoke")
    asked = await conversation.say("Forget everything you know about me")
    assert asked.confirmation is not None
    await confirmed(conversation, "Remember that I am vegetarian")
    await conversation.answer(asked, approved=True)
    async with database.transaction(access_of(patient)) as tx:
        query = text("select text from phi.memory where kind <> 'episode'")
        assert (await tx.execute(query)).scalars().all() == ["I am vegetarian"]


@asynccontextmanager
async def qdrant() -> AsyncGenerator[tuple[QdrantStore, AsyncQdrantClient]]:
    client = AsyncQdrantClient(":memory:")
    yield QdrantStore(client), client
    await client.close()


async def points(client: AsyncQdrantClient) -> list[str]:
    """Everything that any collection holds, as text."""
    found: list[str] = []
    for each in (await client.get_collections()).collections:
        page, _ = await client.scroll(each.name, limit=1000, with_payload=True, with_vectors=True)
        found += [str(point) for point in page]
    return found


async def test_forgetting_reaches_a_qdrant_store_with_its_vectors() -> None:
    memories, now, owner = open_memories(LexicalEmbedder(), new_id), system_clock(), new_id()
    told = Told(owner=owner, at=now, now=now, thread_id=new_id())
    stated = statements(read(f"Remember that I keep a {WORD} diary"))
    embedded = await memories.embed([each.text for each in stated])
    async with qdrant() as (store, client):
        [kept] = await memories.keep(store, await memories.changes(store, told, stated, embedded), embedded)
        assert any(STEM in each for each in await points(client))
        question = await memories.embed([f"my {WORD} diary"], query=True)
        found = await memories.recall(store, owner, about(f"my {WORD} diary"), question)
        assert found.entries == (kept,)
        await memories.forget(store, owner, [kept.id])
        assert await store.count(Where(owner=owner, history=True)) == 0
        assert not any(STEM in each or str(kept.id) in each for each in await points(client))


def strings() -> Iterator[str]:
    """Every text that a container of this process holds; what only a running frame holds is passed over."""
    for each in gc.get_objects():
        if not isinstance(each, FrameType):
            yield from (one for one in gc.get_referents(each) if isinstance(one, str))


async def test_no_cache_of_this_process_keeps_what_was_forgotten(
    database: Database, talk: Talking, patient: Principal
) -> None:
    """Single words stay in the bounded table of stems, without whose they were; no sentence and no entry does."""
    secret = "".join(("zyg", "omorph", "ically"))  # said in this test alone, so that no other one's leavings count
    await _told_and_forgotten(database, talk, patient, secret)
    await asyncio.sleep(TIMERS_SECONDS)
    gc.collect()
    assert [each for each in strings() if secret in each and " " in each] == []


async def _told_and_forgotten(database: Database, talk: Talking, person: Principal, word: str) -> None:
    conversation = talk(person)
    await confirmed(conversation, f"Remember that I keep a {word} diary")
    await conversation.say(f"What did I tell you about my {word} diary?")
    await confirmed(conversation, f"Forget that I keep a {word} diary")
    await delete(database, person, *await all_threads(database, person))
