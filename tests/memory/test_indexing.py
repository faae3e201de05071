"""What has no vector gets one: after a crash, a new model, a changed text or a server that was down; nothing is mixed."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from pydantic import SecretStr
from sqlalchemy import create_engine, text
from starlette.responses import Response

from tests.memory.factories import entry, mine
from tests.people import access_of
from vitasense.api.worker import Post, Worker
from vitasense.deterministic.auth import open_auth, system_access
from vitasense.deterministic.notices import FolderCourier
from vitasense.deterministic.platform.access import Principal
from vitasense.deterministic.platform.clock import new_id, system_clock
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.problems import Unavailable
from vitasense.deterministic.platform.settings import Settings
from vitasense.deterministic.platform.telemetry import Metrics
from vitasense.evals.scripted_model import Asked, ScriptedModel, embeds, fails, serving
from vitasense.memory.embeddings import Embedder, LexicalEmbedder, RemoteEmbedder, Server
from vitasense.memory.indexing import Indexer
from vitasense.memory.schemas import Embedded, Entry, Query, Results, Space, Vector, Where
from vitasense.memory.stores.postgres import PostgresStore
from vitasense.memory.stores.spaces import known_spaces, use_space

TEXTS = ("takes lisinopril for hypertension", "allergic to penicillin", "jogs on Sundays", "mother had a stroke")
Before = Callable[[Sequence[str]], Awaitable[None]]


class Versioned:
    """The lexical embedder in a space of its own, with something that happens before it answers."""

    local = True

    def __init__(self, version: str, before: Before | None = None) -> None:
        self._before = before
        self.space = Space("tests of indexing", version, LexicalEmbedder().space.dimensions)

    async def embed(self, texts: Sequence[str], *, query: bool = False) -> list[Vector]:
        if self._before:
            await self._before(texts)
        return await LexicalEmbedder().embed(texts, query=query)


class Bench:
    """One patient with memories, looked at by the patient and by an administrator who sees every row."""

    def __init__(self, database: Database, admin_url: str, patient: Principal) -> None:
        self.database, self.patient, self._admin = database, patient, create_engine(admin_url)
        self.version = new_id().hex
        self.collection = f"collection {self.version}"

    def embedder(self, before: Before | None = None, *, suffix: str = "") -> Versioned:
        return Versioned(self.version + suffix, before)

    def indexer(self, embedder: Embedder, **options: Any) -> Indexer:
        return Indexer(self.database, system_access, embedder, **options)

    async def remember(self, *texts: str) -> list[Entry]:
        entries = [entry(self.patient.account_id, each) for each in texts]
        async with self.database.transaction(access_of(self.patient)) as tx:
            await PostgresStore(tx).put([Embedded(each) for each in entries])
        return entries

    async def publish(self, *texts: str) -> None:
        entries = [entry(None, each, collection=self.collection) for each in texts]
        async with self.database.transaction(system_access("test")) as tx:
            await PostgresStore(tx).put([Embedded(each) for each in entries])

    async def search(self, words: str, space: Space, where: Where | None = None) -> Results:
        (vector,) = await LexicalEmbedder().embed([words])
        where = where or mine(self.patient.account_id)
        async with self.database.transaction(access_of(self.patient)) as tx:
            query = Query(text=words, where=where, space=space, vector=vector, threshold=0.2)
            return (await PostgresStore(tx).search([query]))[0]

    def vectors(self, version: str) -> set[UUID]:
        """The patient's memories with a vector in the space of this version."""
        return set(
            self.sql(
                "select v.memory_id from phi.memory_vector v join app.vector_space s on s.id = v.space "
                "where v.patient_id = :patient and s.version = :version",
                patient=self.patient.account_id,
                version=version,
            )
        )

    def sql(self, statement: str, **values: object) -> list[Any]:
        with self._admin.begin() as admin:
            found = admin.execute(text(statement), values)
            return list(found.scalars()) if found.returns_rows else []


@pytest.fixture
async def bench(database: Database, admin_url: str, patient: Principal) -> AsyncIterator[Bench]:
    bench = Bench(database, admin_url, patient)
    yield bench
    ours = "select id from app.vector_space where version like :version or model like :version"
    bench.sql("delete from phi.memory where patient_id = :patient", patient=patient.account_id)
    bench.sql("delete from app.collection where name = :name", name=bench.collection)
    async with database.transaction(system_access("test")) as tx:
        for number in bench.sql(ours, version=f"%{bench.version}%"):
            await tx.execute(text("select app.drop_space(cast(:id as smallint))"), {"id": number})


async def fill(indexer: Indexer) -> None:
    while await indexer.step():
        pass


async def test_memories_and_passages_get_their_vectors_and_are_found_by_meaning(bench: Bench) -> None:
    kept = await bench.remember(*TEXTS)
    await bench.publish("metformin lowers glucose", "statins lower cholesterol")
    embedder = bench.embedder()
    await fill(bench.indexer(embedder, batch=3))
    assert bench.vectors(bench.version) == {each.id for each in kept}
    found = await bench.search("high blood pressure", embedder.space)
    assert (found.hits[0].entry.text, found.waiting) == (TEXTS[0], 0)
    shared = await bench.search("blood sugar", embedder.space, Where(collection=bench.collection))
    assert (shared.hits[0].entry.text, shared.waiting) == ("metformin lowers glucose", 0)


async def test_each_patients_log_tells_that_the_service_read_and_embedded(bench: Bench) -> None:
    await bench.remember(*TEXTS)
    await fill(bench.indexer(bench.embedder()))
    query = "select body->>'verb' from audit.entry where subject_id = :patient and body->>'role' = 'system'"
    assert "read" in bench.sql(query, patient=bench.patient.account_id)


async def test_a_crash_in_the_middle_loses_nothing_and_repeats_nothing(bench: Bench) -> None:
    kept = await bench.remember(*TEXTS)

    async def crash(texts: Sequence[str]) -> None:
        if bench.vectors(bench.version):  # what others left in the same database may come first
            raise RuntimeError("killed")

    with pytest.raises(RuntimeError):
        await fill(bench.indexer(bench.embedder(crash), batch=2))
    half = bench.vectors(bench.version)
    assert 0 < len(half) < len(kept)
    again: list[str] = []

    async def note(texts: Sequence[str]) -> None:
        again.extend(texts)

    await fill(bench.indexer(bench.embedder(note), batch=2))
    assert bench.vectors(bench.version) == {each.id for each in kept}
    assert not {each.text for each in kept if each.id in half} & set(again)


async def test_a_search_while_half_is_done_says_how_many_wait_and_finds_them_by_words(bench: Bench) -> None:
    await bench.remember(*TEXTS)
    embedder = bench.embedder()
    await fill(bench.indexer(embedder))
    await bench.remember("swims with a pacemaker")
    found = await bench.search("pacemaker", embedder.space)
    assert ([each.text for each in found.entries], found.waiting) == (["swims with a pacemaker"], 1)
    assert found.hits[0].similarity is None


async def test_a_new_model_fills_a_space_of_its_own_and_the_old_one_goes_when_it_is_complete(bench: Bench) -> None:
    kept = await bench.remember(*TEXTS)
    old, new = bench.embedder(suffix="-old"), bench.embedder(suffix="-new")
    await fill(bench.indexer(old))
    age = "update app.vector_space set used_at = now() - interval '2 hours' where version = :version"
    bench.sql(age, version=f"{bench.version}-old")
    await bench.indexer(new, batch=1).step()
    assert bench.vectors(f"{bench.version}-old") == {each.id for each in kept}
    await fill(bench.indexer(new, batch=50))
    await bench.indexer(new).step()
    assert bench.vectors(f"{bench.version}-new") == {each.id for each in kept}
    assert bench.vectors(f"{bench.version}-old") == set()
    async with bench.database.transaction(system_access("test")) as tx:
        assert old.space not in (await known_spaces(tx)).values()
    found = await bench.search("hypertension", new.space)
    assert (found.hits[0].entry.text, found.waiting) == (TEXTS[0], 0)


async def test_until_the_new_space_is_complete_old_vectors_are_not_compared_with_it(bench: Bench) -> None:
    await bench.remember(*TEXTS)
    await fill(bench.indexer(bench.embedder(suffix="-old")))
    new = bench.embedder(suffix="-new")
    async with bench.database.transaction(system_access("test")) as tx:
        await use_space(tx, new.space)
    found = await bench.search("blood thinner hypertension", new.space)
    assert found.waiting == len(TEXTS)
    assert [hit.similarity for hit in found.hits] == [None]


async def test_a_space_in_which_another_process_embeds_is_kept(bench: Bench) -> None:
    kept = await bench.remember(*TEXTS)
    await fill(bench.indexer(bench.embedder(suffix="-theirs")))
    await fill(bench.indexer(bench.embedder(suffix="-ours"), unused_for=timedelta(hours=1)))
    await bench.indexer(bench.embedder(suffix="-ours")).step()
    assert bench.vectors(f"{bench.version}-theirs") == {each.id for each in kept}


async def test_a_text_that_changed_while_it_was_embedded_gets_the_vector_of_the_new_text(bench: Bench) -> None:
    (first,) = await bench.remember("allergic to penicillin")
    changed = first.model_copy(update={"text": "plays the violin"})

    async def change(texts: Sequence[str]) -> None:
        if first.text in texts:
            async with bench.database.transaction(access_of(bench.patient)) as tx:
                await PostgresStore(tx).put([Embedded(changed)])

    embedder = bench.embedder(change)
    await bench.indexer(embedder, batch=1000).step()
    assert bench.vectors(bench.version) == set()
    await fill(bench.indexer(embedder))
    found = await bench.search("violin", embedder.space)
    assert found.hits[0].similarity is not None
    assert not (await bench.search("penicillin", embedder.space)).hits


async def test_two_indexers_at_once_add_each_vector_once(bench: Bench) -> None:
    kept = await bench.remember(*TEXTS)
    await asyncio.gather(*(fill(bench.indexer(bench.embedder(), batch=2)) for _ in range(2)))
    assert bench.vectors(bench.version) == {each.id for each in kept}


@pytest.fixture
def model_server() -> Iterator[ScriptedModel]:
    with serving() as model_server:
        yield model_server


def remote(server: ScriptedModel, bench: Bench) -> RemoteEmbedder:
    named = Server(model=f"openai/{bench.version}", base_url=server.url, api_key=SecretStr("k"), dimensions=2)
    return RemoteEmbedder(named, None)


def remote_vectors(bench: Bench, embedder: RemoteEmbedder) -> set[UUID]:
    return bench.vectors(embedder.space.version)


async def test_a_server_that_is_down_loses_nothing_and_is_asked_again_later(
    bench: Bench, model_server: ScriptedModel
) -> None:
    kept = await bench.remember(*TEXTS)
    embedder = remote(model_server, bench)
    model_server.embed = lambda _: fails(401)
    with pytest.raises(Unavailable):
        await fill(bench.indexer(embedder))
    assert remote_vectors(bench, embedder) == set()
    model_server.embed = lambda asked: embeds([[1.0, 0.0]] * len(asked["input"]))
    await fill(bench.indexer(embedder))
    assert remote_vectors(bench, embedder) == {each.id for each in kept}


async def test_a_text_that_the_server_refuses_keeps_no_other_from_its_vector(
    bench: Bench, model_server: ScriptedModel
) -> None:
    bad, *good = await bench.remember("far too long", *TEXTS)
    embedder = remote(model_server, bench)

    def refuse(asked: Asked) -> Response:
        return fails(400) if bad.text in asked["input"] else embeds([[1.0, 0.0]] * len(asked["input"]))

    model_server.embed = refuse
    indexer = bench.indexer(embedder, batch=2)
    await fill(indexer)
    assert remote_vectors(bench, embedder) == {each.id for each in good}
    asked_before = len(model_server.embedded)
    assert await indexer.step() is False
    assert len(model_server.embedded) == asked_before


async def test_a_server_that_refuses_everything_is_to_blame_and_no_text(
    bench: Bench, model_server: ScriptedModel
) -> None:
    kept = await bench.remember(*TEXTS)
    embedder = remote(model_server, bench)
    indexer = bench.indexer(embedder)
    model_server.embed = lambda _: fails(400)
    with pytest.raises(Unavailable, match="every text"):
        await indexer.step()
    assert len(model_server.embedded) == 2
    model_server.embed = lambda asked: embeds([[1.0, 0.0]] * len(asked["input"]))
    await fill(indexer)
    assert remote_vectors(bench, embedder) == {each.id for each in kept}


async def test_the_worker_indexes_and_goes_on_at_once_while_there_is_more(bench: Bench, tmp_path: Path) -> None:
    await bench.remember(*TEXTS)
    stop = asyncio.Event()
    seen: set[str] = set()

    async def note(texts: Sequence[str]) -> None:
        seen.update(texts)
        if set(TEXTS) <= seen:
            stop.set()

    auth, _ = open_auth(bench.database, Settings(home=tmp_path), system_clock, new_id)
    post = Post(FolderCourier(tmp_path / "mail"), "VitaSense <no-reply@localhost>")
    indexer = bench.indexer(bench.embedder(note), batch=1)
    await Worker(bench.database, auth, Metrics(), system_clock, post, indexer=indexer).run(stop)
    assert len(bench.vectors(bench.version)) == len(TEXTS)
