"""The knowledge graph: 200,000 edges taken, loaded, held and walked, and twenty medicines against each other."""

import gc
import random
import tracemalloc
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import combinations
from time import perf_counter

import networkx as nx
import psycopg
from psycopg import sql

from benchmarks import synthetic_graph
from benchmarks.figures import Figure, percentile
from benchmarks.place import Place
from vitasense.deterministic import knowledge
from vitasense.deterministic.auth import SYSTEM, system_access
from vitasense.deterministic.knowledge import Drug, Library, Shelf, rulebook
from vitasense.deterministic.knowledge.releases import Incoming, plan, take
from vitasense.deterministic.platform.clock import new_id, system_clock

TABLES = ("knowledge_node", "knowledge_edge")
MEDICINES = 20
LONGEST = 4
LOADS = 3
ROWS = (
    b"select s.key, t.key, e.relation, e.says, e.origin, e.ref, e.level, e.severity, e.what, e.advice, e.strength "
    b"from app.knowledge_edge e join app.knowledge_node s on (s.release_id, s.place) = (e.release_id, e.source) "
    b"join app.knowledge_node t on (t.release_id, t.place) = (e.release_id, e.target)"
)
TOLD = ("relation", "says", "origin", "ref", "level", "severity", "what", "advice", "strength")
NETWORKX = "the same rows in a networkx.MultiDiGraph"


@dataclass(frozen=True, slots=True)
class Cost:
    """What it took to have a graph in the process: seconds, and megabytes afterwards and at most meanwhile."""

    seconds: float
    held: float
    peak: float


async def measure(place: Place, *, quick: bool) -> list[Figure]:
    """Taken once; loaded three times, the median; walks and pairs by their percentiles."""
    rounds = 200 if quick else 2000
    figures = [await _taking(place)]
    knowledge.library()  # what the rule files need is no part of a graph's size
    library, ours = await _loading(place)
    bare, theirs = _networkx(place.dsn)
    figures.append(Figure("graph of 200,000 edges loaded", ours.seconds, "s", theirs.seconds, NETWORKX, "2 s"))
    figures.append(Figure("graph of 200,000 edges held", ours.held, "MB", theirs.held, NETWORKX, "400 MB"))
    figures.append(
        Figure("graph of 200,000 edges while it is loaded", ours.peak, "MB", theirs.peak, NETWORKX, "400 MB")
    )
    figures += _walking(library, bare, rounds)
    numbers = range(0, synthetic_graph.INGREDIENTS, 7)
    made_up = [part.drug for n in numbers for part in knowledge.ingredients(f"ingredient {n}", library) if part.drug]
    figures += _pairing("of a made-up graph", library, made_up, rounds)
    own = [drug for drug in rulebook().drugs if drug.kind == "medicine"]
    return [*figures, *_pairing("of the rule files", knowledge.library(), own, rounds)]


async def _taking(place: Place) -> Figure:
    nodes, edges = list(synthetic_graph.nodes()), list(synthetic_graph.edges())
    found = Incoming("csv", "benchmark", "1", "made up", sha256(b"").digest(), nodes, edges)
    began = perf_counter()
    async with place.database.transaction(system_access("benchmark")) as tx:
        planned = await plan(tx, found)
        await take(tx, planned, now=system_clock(), ids=new_id, actor=SYSTEM.account_id)
    seconds = perf_counter() - began
    engine = "COPY into tables with the same columns and keys"
    name = "edges of a release compared, checked and taken"
    return Figure(name, len(edges) / seconds, "edges/s", len(edges) / _copying(place.dsn), engine)


def _copying(dsn: str) -> float:
    """Seconds that COPY takes for the same rows, ready in the engine's own format."""
    seconds = 0.0
    with psycopg.connect(dsn) as connection:
        for table in TABLES:
            kept, copied = sql.Identifier("app", table), sql.Identifier(f"copied_{table}")
            connection.execute(sql.SQL("create table {} (like {} including all)").format(copied, kept))
            with connection.cursor().copy(sql.SQL("copy {} to stdout (format binary)").format(kept)) as copy:
                rows = b"".join(map(bytes, copy))
            began = perf_counter()
            with connection.cursor().copy(sql.SQL("copy {} from stdin (format binary)").format(copied)) as copy:
                copy.write(rows)
            seconds += perf_counter() - began
        connection.rollback()
    return seconds


async def _loading(place: Place) -> tuple[Library, Cost]:
    seconds = list[float]()
    for _ in range(LOADS):
        began = perf_counter()
        await Shelf(place.database, system_access).refresh()
        seconds.append(perf_counter() - began)
    shelf = Shelf(place.database, system_access)
    tracemalloc.start()
    await shelf.refresh()
    return shelf.current, Cost(percentile(seconds, 0.5), *_traced())


def _networkx(dsn: str) -> tuple["nx.MultiDiGraph[str]", Cost]:
    began = perf_counter()
    _built(dsn)
    seconds = perf_counter() - began
    tracemalloc.start()
    built = _built(dsn)
    return built, Cost(seconds, *_traced())


def _built(dsn: str) -> "nx.MultiDiGraph[str]":
    built: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    with psycopg.connect(dsn) as connection:
        for source, target, *told in connection.execute(ROWS):
            built.add_edge(source, target, **dict(zip(TOLD, told, strict=True)))
    return built


def _traced() -> tuple[float, float]:
    """Megabytes that are held since tracing began, and the most that were; tracing ends."""
    gc.collect()
    held, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return held / 1e6, peak / 1e6


def _walking(library: Library, bare: "nx.MultiDiGraph[str]", rounds: int) -> list[Figure]:
    """From one node to another by chance, found or not; both sides walk along everything but interactions."""
    walk: nx.Graph[str] = nx.Graph(
        (one, two) for one, two, told in bare.edges(data=True) if told["relation"] != "interacts"
    )
    walk.add_nodes_from(bare)
    keys, chance = sorted(walk), random.Random(synthetic_graph.SEED)
    ours, theirs = list[float](), list[float]()
    for _ in range(rounds):
        one, two = chance.choice(keys), chance.choice(keys)
        here, there = library.place(one), library.place(two)
        assert here is not None and there is not None
        began = perf_counter()
        library.path(here, there, LONGEST)
        ours.append(perf_counter() - began)
        began = perf_counter()
        nx.has_path(walk, one, two)  # pyright: ignore[reportUnknownMemberType]
        theirs.append(perf_counter() - began)
    return _percentiles("shortest path in 200,000 edges", ours, theirs, "networkx, the same walk", "5 ms")


def _pairing(which: str, library: Library, drugs: Sequence[Drug], rounds: int) -> list[Figure]:
    """Twenty medicines by chance, other ones each time: every pair looked up, worked out and put into words."""
    chance = random.Random(synthetic_graph.SEED)
    ours, theirs, found = list[float](), list[float](), 0
    for _ in range(rounds):
        chosen = list(combinations(chance.sample(list(drugs), MEDICINES), 2))
        began = perf_counter()
        told = [finding for one, two in chosen if (finding := knowledge.pair(one, two, library))]
        ours.append(perf_counter() - began)
        found += len(told)
        known = {frozenset((one.key, two.key)): knowledge.pair(one, two, library) for one, two in chosen}
        began = perf_counter()
        ready = [finding for one, two in chosen if (finding := known[frozenset((one.key, two.key))])]
        theirs.append(perf_counter() - began)
        assert len(ready) == len(told)
    name = f"190 pairs {which}, {found / rounds:.0f} of them found"
    return _percentiles(name, ours, theirs, "a dict that has every answer ready", "3 ms")


def _percentiles(name: str, ours: Sequence[float], theirs: Sequence[float], engine: str, budget: str) -> list[Figure]:
    return [
        Figure(f"{name}, {label}", percentile(ours, share) * 1000, "ms", percentile(theirs, share) * 1000, engine, told)
        for label, share, told in (("p50", 0.5, budget), ("p95", 0.95, ""))
    ]
