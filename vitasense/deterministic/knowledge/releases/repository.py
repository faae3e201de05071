"""All SQL of releases. Facts go in by COPY and come out as columns: one value for all rows of a release."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, LiteralString, cast
from uuid import UUID

from psycopg import AsyncConnection
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.knowledge.facts import EdgeFact, NodeFact
from vitasense.deterministic.knowledge.library import Volume
from vitasense.deterministic.knowledge.library.volume import TEXTS, Node, node_of
from vitasense.deterministic.knowledge.releases.columns import READ_EDGES, READ_NODES, edges_of, nodes_of
from vitasense.deterministic.knowledge.releases.schemas import Named, Release, State, book_of

_COLUMNS = "id, kind, name, version, source, digest, nodes, edges, state, taken_at, reverted_at"
_ALL = text(f"select {_COLUMNS} from app.knowledge_release order by taken_at, id")  # noqa: S608 - constants alone
_ADD = text(
    f"insert into app.knowledge_release ({_COLUMNS}) values (:id, :kind, :name, :version, :source, :digest, :nodes, "  # noqa: S608
    ":edges, :state, :taken_at, :reverted_at)"
)
_SET = text("update app.knowledge_release set state = :state, reverted_at = :reverted_at where id = :id")
_LOCK = text("select pg_advisory_xact_lock(hashtextextended('knowledge releases', 0))")
_NAMED = text(
    "select n.key, n.name, n.names, r.kind, r.name, r.version, r.source from app.knowledge_named(:words, :most) n "
    "join app.knowledge_release r on r.id = n.release_id"
)

_NODES = "place, key, name, names, codes, known_as"
_EDGES = "place, source, relation, target, level, severity, valid_from, valid_to, " + ", ".join(TEXTS)
_MAKE_NODES = text(
    "create temp table incoming_node (place int, key text, name text, names text[], codes text[], known_as text[]) "
    "on commit drop"
)
_MAKE_EDGES = text(
    "create temp table incoming_edge (place int, source int, relation text, target int, level text, severity text, "
    f"valid_from date, valid_to date, {', '.join(f'{name} text' for name in TEXTS)}) on commit drop"
)
_TAKE_NODES = text(
    f"insert into app.knowledge_node (release_id, {_NODES}, words) select :id, {_NODES}, "  # noqa: S608 - constants alone
    "to_tsvector('pg_catalog.simple'::regconfig, array_to_string(known_as, ' ')) from incoming_node"
)
_TAKE_EDGES = text(
    f"insert into app.knowledge_edge (release_id, {_EDGES}) select :id, {_EDGES} from incoming_edge"  # noqa: S608
)
_DROP = text("drop table incoming_node, incoming_edge")


async def lock(tx: AsyncSession) -> None:
    """Until the end of the transaction nobody else takes or reverts a release."""
    await tx.execute(_LOCK)


async def releases(tx: AsyncSession) -> list[Release]:
    """Every release that was ever taken, the oldest first."""
    return [_release(row) for row in await tx.execute(_ALL)]


async def add(tx: AsyncSession, release: Release, nodes: Sequence[NodeFact], edges: Sequence[EdgeFact]) -> None:
    """Write a release with its facts; every end of an edge must be among the nodes."""
    values = {name: getattr(release, name) for name in _COLUMNS.split(", ")}
    await tx.execute(_ADD, values)
    await tx.execute(_MAKE_NODES)
    await tx.execute(_MAKE_EDGES)
    kept = [node_of(each) for each in nodes]
    places = {node.key: place for place, node in enumerate(kept)}
    await _copy(tx, f"copy incoming_node ({_NODES}) from stdin", _node_rows(kept))
    await _copy(tx, f"copy incoming_edge ({_EDGES}) from stdin", _edge_rows(edges, places))
    await tx.execute(_TAKE_NODES, {"id": release.id})
    await tx.execute(_TAKE_EDGES, {"id": release.id})
    await tx.execute(_DROP)


async def set_state(tx: AsyncSession, release: UUID, state: State, reverted_at: datetime | None = None) -> None:
    """Say what a release is now."""
    await tx.execute(_SET, {"id": release, "state": state.value, "reverted_at": reverted_at})


async def volume(tx: AsyncSession, release: Release) -> Volume:
    """The facts of a release."""
    connection = await _raw(tx)
    nodes = await (await connection.execute(READ_NODES, (release.id,), binary=True)).fetchone()
    edges = await (await connection.execute(READ_EDGES, (release.id,), binary=True)).fetchone()
    return Volume(release.book, nodes_of(nodes or ()), edges_of(edges or ()))


async def named(tx: AsyncSession, words: str, most: int) -> list[Named]:
    """Nodes in force whose names hold all the words, the shortest name first."""
    rows = await tx.execute(_NAMED, {"words": words, "most": most})
    return [Named(key, name, tuple(names), book_of(*release)) for key, name, names, *release in rows]


def _node_rows(nodes: Sequence[Node]) -> Iterable[tuple[object, ...]]:
    for place, node in enumerate(nodes):
        yield place, node.key, node.name, list(node.others), list(node.codes), list(node.known_as)


def _edge_rows(edges: Sequence[EdgeFact], places: dict[str, int]) -> Iterable[tuple[object, ...]]:
    for place, edge in enumerate(edges):
        ends = places[edge.source], edge.relation.value, places[edge.target]
        rated = edge.level.value, edge.severity.value if edge.severity else None
        yield place, *ends, *rated, edge.valid_from, edge.valid_to, *(getattr(edge, name) for name in TEXTS)


async def _copy(tx: AsyncSession, statement: str, rows: Iterable[tuple[object, ...]]) -> None:
    connection = await _raw(tx)
    async with connection.cursor() as cursor, cursor.copy(cast("LiteralString", statement)) as copy:
        for row in rows:
            await copy.write_row(row)


async def _raw(tx: AsyncSession) -> AsyncConnection[Any]:
    """The transaction's own connection, for COPY and for large values as they come."""
    return cast("AsyncConnection[Any]", (await (await tx.connection()).get_raw_connection()).driver_connection)


def _release(row: Row[Any]) -> Release:
    values: dict[str, Any] = dict(zip(_COLUMNS.split(", "), row, strict=True))
    values |= {"digest": bytes(values["digest"]), "state": State(values["state"])}
    return Release(**values)
