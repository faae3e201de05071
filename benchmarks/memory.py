"""Memory: writing and searching through row-level security, beside COPY and bare pgvector over the same rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter
from uuid import UUID

import numpy as np
import psycopg
from numpy.typing import NDArray
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from benchmarks.copying import Copying
from benchmarks.figures import Figure, percentile
from benchmarks.place import Place, own_access, somebody
from vitasense.deterministic.auth import system_access
from vitasense.deterministic.platform.access import Access, Category, Principal
from vitasense.deterministic.platform.clock import new_id, system_clock
from vitasense.deterministic.platform.findings import Evidence
from vitasense.memory.schemas import PERSONAL, Embedded, Entry, Kind, Query, Space, Where
from vitasense.memory.stores.personal import PersonalStore
from vitasense.memory.stores.postgres import PostgresStore
from vitasense.memory.stores.repository import as_direction
from vitasense.memory.stores.searching import PERSONAL_SHELF, SHARED_SHELF, TUNE
from vitasense.memory.stores.spaces import Spaces, use_space

SPACE = Space("benchmark", "1", 384)
COLLECTION = "benchmark"
EACH = 100  # memories of one person
BATCH = 500  # passages written at once
TOP = 10
TOPICS = 300
_ENDINGS = tuple(f"{a}{b}" for a in "bdfklmnrtv" for b in ("ax", "ex", "in", "om", "ul"))
WORDS = tuple(f"{a}{b}{c}" for a in "bcdfglmnprst" for b in ("arti", "ole", "ydro", "empi") for c in _ENDINGS)
SAID = Evidence(kind="statement", ref="benchmark", version="1", label="benchmark")
COPIED = "COPY of the same rows by turns, same indexes"
# What a search of ours sets for its transaction (searching.TUNE), for the whole session of the bare engine.
TUNED = {"options": "-c hnsw.ef_search=120 -c hnsw.iterative_scan=strict_order"}
PERSONAL_ENGINE = "pgvector with the same filter, no policies"
SHARED_ENGINE = "pgvector's HNSW with the same filter, no policies"

EXACT = "exact search in single precision"

Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Held:
    """One place with what lies in it: unit vectors as they were given, row by row of `ids`."""

    access: Access
    where: Where
    ids: Sequence[UUID]
    vectors: Matrix


@dataclass(frozen=True, slots=True)
class _Taken:
    """Seconds of one search, in a transaction that has begun and with its transaction."""

    inside: float
    whole: float


async def measure(place: Place, *, quick: bool) -> list[Figure]:
    """Writing, recall and the time of one search: personal memories, then one shared collection."""
    people, passages, rounds = (50, 2_000, 200) if quick else (500, 10_000, 400)
    rng = np.random.default_rng(7)
    centres = rng.standard_normal((TOPICS, SPACE.dimensions), np.float32)
    async with place.database.transaction(system_access("benchmark")) as tx:
        await use_space(tx, SPACE)
    spaces = Spaces()
    with Copying(place.dsn, PERSONAL_SHELF) as copying:
        writing, held = await _write_people(place, rng, centres, people, spaces, copying)
    with Copying(place.dsn, SHARED_SHELF) as copying_shared:
        sharing, shared = await _write_passages(place, rng, centres, passages, spaces, copying_shared)
    _analyse(place.dsn)
    numbers: list[int] = rng.integers(0, len(held), rounds).tolist()
    chosen = [held[number] for number in numbers]
    return [
        Figure(
            f"memory: writing {people * EACH:,} for {people} people",
            people * EACH / writing,
            "entries/s",
            people * EACH / copying.seconds,
            COPIED,
        ),
        Figure(
            f"memory: writing {passages:,} shared",
            passages / sharing,
            "entries/s",
            passages / copying_shared.seconds,
            COPIED,
        ),
        *await _searched("personal", place, spaces, rng, chosen, PERSONAL_ENGINE),
        *await _searched("shared", place, spaces, rng, [shared] * rounds, SHARED_ENGINE),
    ]


async def _write_people(
    place: Place, rng: np.random.Generator, centres: Matrix, people: int, spaces: Spaces, copying: Copying
) -> tuple[float, list[_Held]]:
    seconds, held = 0.0, list[_Held]()
    for _ in range(people):
        person = somebody()
        vectors = _vectors(rng, centres, EACH)
        entries = [_entry(rng, person) for _ in range(EACH)]
        store = PersonalStore(place.database, own_access(person), spaces)
        began = perf_counter()
        await store.put([Embedded(each, SPACE, vector) for each, vector in zip(entries, vectors, strict=True)])
        seconds += perf_counter() - began
        copying.take(person.account_id, [each.id for each in entries])
        held.append(_Held(own_access(person), Where(owner=person.account_id), [each.id for each in entries], vectors))
    return seconds, held


async def _write_passages(
    place: Place, rng: np.random.Generator, centres: Matrix, count: int, spaces: Spaces, copying: Copying
) -> tuple[float, _Held]:
    store = PersonalStore(place.database, system_access("benchmark"), spaces)
    vectors = _vectors(rng, centres, count)
    entries = [_entry(rng, None) for _ in range(count)]
    seconds = 0.0
    for start in range(0, count, BATCH):
        part = entries[start : start + BATCH]
        embedded = [
            Embedded(each, SPACE, vector) for each, vector in zip(part, vectors[start : start + BATCH], strict=True)
        ]
        began = perf_counter()
        await store.put(embedded)
        seconds += perf_counter() - began
        copying.take(COLLECTION, [each.id for each in part])
    reader = own_access(somebody())
    where = Where(collection=COLLECTION)
    return seconds, _Held(reader, where, [each.id for each in entries], vectors)


async def _searched(
    name: str, place: Place, spaces: Spaces, rng: np.random.Generator, chosen: Sequence[_Held], engine: str
) -> list[Figure]:
    """Ours and bare by turns: the search in a transaction that has begun, and with its transaction."""
    ours, bare = list[_Taken](), list[_Taken]()
    found = wanted = 0
    bench = create_async_engine(place.admin_url, pool_size=1, connect_args=TUNED)
    sessions = async_sessionmaker(bench)
    async with place.database.transaction(system_access("benchmark")) as tx:
        number = await spaces.number(tx, SPACE)
    assert number is not None
    for turn, held in enumerate(chosen):
        query = _query(rng, held)
        if turn % 2:
            bare.append(await _bare(sessions, query, number))
        ours.append(await _ours(place, spaces, held, query))
        if not turn % 2:
            bare.append(await _bare(sessions, query, number))
        wanted += TOP
        found += len(await _nearest(place, spaces, held, query) & _exact(held, query))
    await bench.dispose()
    recall = Figure(f"memory: {name} search, recall@{TOP}", found / wanted, "", None, EXACT, "0.98")
    return [recall, *_times(name, ours, bare, engine)]


def _times(name: str, ours: Sequence["_Taken"], bare: Sequence["_Taken"], engine: str) -> list[Figure]:
    figures: list[Figure] = []
    for label, share, whole, budget in (
        ("search, p50", 0.5, False, "1.5 x"),
        ("search, p95", 0.95, False, ""),
        ("search with its transaction, p50", 0.5, True, ""),
    ):
        measured = [
            percentile([each.whole if whole else each.inside for each in side], share) * 1000 for side in (ours, bare)
        ]
        figures.append(Figure(f"memory: {name} {label}", measured[0], "ms", measured[1], engine, budget))
    return figures


async def _ours(place: Place, spaces: Spaces, held: _Held, query: Query) -> "_Taken":
    began = perf_counter()
    async with place.database.transaction(held.access) as tx:
        inside = perf_counter()
        await PostgresStore(tx, spaces).search([query])
        seconds = perf_counter() - inside
    return _Taken(seconds, perf_counter() - began)


async def _nearest(place: Place, spaces: Spaces, held: _Held, query: Query) -> set[UUID]:
    """What the vectors alone find."""
    async with place.database.transaction(held.access) as tx:
        alone = Query(text="", where=query.where, space=SPACE, vector=query.vector, limit=TOP, threshold=-1.0)
        (found,) = await PostgresStore(tx, spaces).search([alone])
    return {entry.id for entry in found.entries}


def _exact(held: _Held, query: Query) -> set[UUID]:
    assert query.vector is not None
    best = np.argsort(-(held.vectors @ query.vector))[:TOP]
    return {held.ids[number] for number in best}


async def _bare(sessions: async_sessionmaker[AsyncSession], query: Query, number: int) -> "_Taken":
    """The same columns of the ten nearest, by one plain statement; then once more with a transaction of its own."""
    personal = query.where.owner is not None
    entries, vectors, mine, entry = (
        ("phi.memory", "phi.memory_vector", "patient_id", "memory_id")
        if personal
        else ("app.passage", "app.passage_vector", "collection", "passage_id")
    )
    near = "v.embedding" if personal else f"cast(v.embedding as public.halfvec({SPACE.dimensions}))"
    statement = text(
        "select m.id, m.kind, m.text, m.key, m.source, m.confidence, m.occurred_at, m.recorded_at, m.ended_at, "
        f"m.superseded_by, 1 - ({near} <=> cast(:vector as public.halfvec)) from {vectors} v join {entries} m "
        f"on m.{mine} = v.{mine} and m.id = v.{entry} where v.{mine} = :place and v.space = {number} "
        "and m.ended_at is null and m.superseded_by is null "
        f"order by {near} <=> cast(:vector as public.halfvec) limit {TOP}"
    )
    assert query.vector is not None
    values = {"place": query.where.owner or query.where.collection, "vector": ""}
    async with sessions.begin() as tx:
        await tx.execute(text(f"select {TUNE}"))
        inside = perf_counter()
        rows = (await tx.execute(statement, values | {"vector": as_direction(query.vector)})).all()
        seconds = perf_counter() - inside
    assert len(rows) == TOP
    began = perf_counter()
    async with sessions.begin() as tx:
        (await tx.execute(statement, values | {"vector": as_direction(query.vector)})).all()
    return _Taken(seconds, perf_counter() - began)


def _query(rng: np.random.Generator, held: _Held) -> Query:
    near = held.vectors[rng.integers(0, len(held.vectors))]
    vector = near + 0.4 * _unit(rng.standard_normal((1, SPACE.dimensions), np.float32))[0]
    words = _words(rng, 3)
    return Query(text=words, where=held.where, space=SPACE, vector=_unit(vector[None])[0], limit=TOP, threshold=0.2)


def _words(rng: np.random.Generator, count: int) -> str:
    """Words with the frequencies of a language without its stop words: the commonest in one passage of ten."""
    share = 1 / (np.arange(len(WORDS)) + 10)
    return " ".join(rng.choice(WORDS, count, p=share / share.sum()))


def _vectors(rng: np.random.Generator, centres: Matrix, count: int) -> Matrix:
    """Unit vectors around topics, as texts lie."""
    around = centres[rng.integers(0, TOPICS, count)]
    return _unit(around + rng.standard_normal((count, SPACE.dimensions), np.float32))


def _unit(vectors: Matrix) -> Matrix:
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def _entry(rng: np.random.Generator, person: Principal | None) -> Entry:
    now = system_clock()
    return Entry(
        id=new_id(),
        owner=person.account_id if person else None,
        collection=PERSONAL if person else COLLECTION,
        kind=Kind.FACT if person else Kind.KNOWLEDGE,
        category=Category.NOTES if person else None,
        text=_words(rng, 12),
        source=SAID,
        occurred_at=now,
        recorded_at=now,
    )


def _analyse(dsn: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("vacuum analyze phi.memory, phi.memory_vector, app.passage, app.passage_vector")
