"""LangGraph's store over one person's memories: graphs reach it as `runtime.store`, under the person's own access.

A namespace sorts what a graph keeps and never says whose it is: that is fixed when the store is made. `("memories",)`
is a view of what is remembered; it is written by what the person states and confirms, not by graphs.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID, uuid5

from langgraph.store.base import (
    BaseStore,
    GetOp,
    Item,
    ListNamespacesOp,
    Op,
    PutOp,
    Result,
    SearchItem,
    SearchOp,
    get_text_at_path,
    tokenize_path,
)
from langgraph.store.base import validate_op_namespace as check_namespace

from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.clock import Clock
from vitasense.deterministic.platform.findings import Evidence
from vitasense.deterministic.platform.problems import InvalidInput, NotAllowed, Unavailable
from vitasense.memory.embeddings.contract import Embedder
from vitasense.memory.schemas import Embedded, Entry, Hit, Kind, Query, Where
from vitasense.memory.store import Store
from vitasense.memory.stores.namespaces import matches, passes

MEMORIES = ("memories",)
MOST_FOUND = 1000
_KEPT = "store/"  # begins the key of an entry that a graph keeps; the namespace follows, its labels joined by dots
_IDS = UUID("d3c1f0aa-7d55-5f0e-8d1c-6d656d6f7279")
_PAGE = 200


class GraphStore(BaseStore):
    """A BaseStore of one person. It works asynchronously only; what a graph keeps is a note of the record."""

    def __init__(self, store: Store, owner: UUID, embedder: Embedder | None, clock: Clock, threshold: float) -> None:
        self._store = store
        self._owner = owner
        self._embedder = embedder
        self._clock = clock
        self._threshold = threshold

    def batch(self, ops: Iterable[Op]) -> list[Result]:
        """Not to be had: the database is asked asynchronously."""
        raise NotImplementedError("use the asynchronous methods: aget, asearch, aput, adelete, alist_namespaces")

    async def abatch(self, ops: Iterable[Op]) -> list[Result]:
        """Each operation's result in order; all reads see what was there before, of puts to one key the last counts."""
        asked = list(ops)
        for op in asked:
            check_namespace(op)
        results = [None if isinstance(op, PutOp) else await self._read(op) for op in asked]
        await self._write({(op.namespace, op.key): op for op in asked if isinstance(op, PutOp)}.values())
        return results

    async def _read(self, op: Op) -> Result:
        match op:
            case GetOp():
                return await self._get(op)
            case SearchOp():
                return await self._search(op)
            case ListNamespacesOp():
                return await self._namespaces(op)
            case _:
                raise ValueError(f"there is no operation {type(op).__name__}")

    async def _get(self, op: GetOp) -> Item | None:
        if op.namespace == MEMORIES:
            ids = [entry_id] if (entry_id := _uuid(op.key)) else []
        else:
            ids = [_id_of(op.namespace, op.key)]
        found = await self._store.get(Where(owner=self._owner), ids)
        return next((_item(entry) for entry in found if _is_kept(entry) == (op.namespace != MEMORIES)), None)

    async def _search(self, op: SearchOp) -> list[SearchItem]:
        if op.query:
            hits = await self._found(op)
        else:
            hits = [Hit(entry, 0.0) for entry in await self._all(history=False)]
            hits.sort(key=lambda hit: hit.entry.recorded_at, reverse=True)
        items = [
            SearchItem(item.namespace, item.key, item.value, item.created_at, item.updated_at, hit.score or None)
            for hit in hits
            if (item := _item(hit.entry)).namespace[: len(op.namespace_prefix)] == op.namespace_prefix
            and passes(item.value, op.filter)
        ]
        return items[op.offset : op.offset + op.limit]

    async def _found(self, op: SearchOp) -> list[Hit]:
        space, vector = None, None
        try:
            if self._embedder and op.query:
                space, vector = self._embedder.space, (await self._embedder.embed([op.query], query=True))[0]
        except Unavailable:
            space = None  # words must do
        query = Query(
            text=op.query or "",
            where=Where(owner=self._owner),
            space=space,
            vector=vector,
            limit=MOST_FOUND,
            threshold=self._threshold,
        )
        return list((await self._store.search([query]))[0].hits)

    async def _namespaces(self, op: ListNamespacesOp) -> list[tuple[str, ...]]:
        known = {_item(entry).namespace for entry in await self._all(history=False)}
        chosen = {each for each in known if all(matches(each, one) for one in op.match_conditions or ())}
        cut = sorted({each[: op.max_depth] if op.max_depth is not None else each for each in chosen})
        return cut[op.offset : op.offset + op.limit]

    async def _all(self, *, history: bool) -> list[Entry]:
        entries: list[Entry] = []
        after: UUID | None = None
        while page := await self._store.entries(Where(owner=self._owner, history=history), after=after, limit=_PAGE):
            entries += page
            after = page[-1].id
        return entries

    async def _write(self, puts: Iterable[PutOp]) -> None:
        """All that is kept in one call of the store, then all that is removed."""
        kept = [op for op in puts if op.value is not None]
        gone = [_id_of(op.namespace, op.key) for op in puts if op.value is None]
        if any(op.namespace[:1] == MEMORIES for op in puts):
            raise NotAllowed("memories are written by what the person says and confirms")
        before = {
            entry.id: entry
            for entry in await self._store.get(Where(owner=self._owner), [_id_of(op.namespace, op.key) for op in kept])
        }
        entries = [self._entry(op, before) for op in kept]
        if entries:
            await self._store.put(await self._embedded(kept, entries))
        if gone:
            await self._store.remove(Where(owner=self._owner), gone)

    def _entry(self, op: PutOp, before: dict[UUID, Entry]) -> Entry:
        now = self._clock()
        entry_id = _id_of(op.namespace, op.key)
        known = before.get(entry_id)
        text = json.dumps(op.value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        if len(text) > 8000:
            raise InvalidInput("what a graph keeps in one item has at most 8000 characters as JSON")
        return Entry(
            id=entry_id,
            owner=self._owner,
            kind=Kind.FACT,
            category=Category.NOTES,
            text=text,
            key=f"{_KEPT}{'.'.join(op.namespace)}",
            source=Evidence(kind="record", ref=op.key, version="1", label="kept by the assistant"),
            occurred_at=known.occurred_at if known else now,
            recorded_at=now,
        )

    async def _embedded(self, puts: Sequence[PutOp], entries: Sequence[Entry]) -> list[Embedded]:
        """With the vectors of the fields to be searched; without, when there is no model or it does not answer."""
        texts = [_searched(op) for op in puts]
        wanted = [text for text in texts if text]
        try:
            if self._embedder is None or not wanted:
                return [Embedded(entry) for entry in entries]
            vectors = iter(await self._embedder.embed(wanted))
        except Unavailable:
            return [Embedded(entry) for entry in entries]
        space = self._embedder.space
        return [
            Embedded(entry, space, next(vectors)) if text else Embedded(entry)
            for entry, text in zip(entries, texts, strict=True)
        ]


def _searched(op: PutOp) -> str:
    """The text by whose meaning the item is found."""
    if op.index is False or op.value is None:
        return ""
    fields = op.index or ["$"]
    return "\n".join(text for field in fields for text in get_text_at_path(op.value, tokenize_path(field)))


def _item(entry: Entry) -> Item:
    if _is_kept(entry):
        namespace = tuple((entry.key or "").removeprefix(_KEPT).split("."))
        return Item(
            value=json.loads(entry.text),
            key=entry.source.ref,
            namespace=namespace,
            created_at=entry.occurred_at,
            updated_at=entry.recorded_at,
        )
    return Item(
        value=_view(entry),
        key=str(entry.id),
        namespace=MEMORIES,
        created_at=entry.occurred_at,
        updated_at=entry.recorded_at,
    )


def _view(entry: Entry) -> dict[str, Any]:
    return entry.model_dump(mode="json", include={"text", "kind", "category", "key", "confidence", "source"})


def _is_kept(entry: Entry) -> bool:
    return (entry.key or "").startswith(_KEPT)


def _id_of(namespace: tuple[str, ...], key: str) -> UUID:
    return uuid5(_IDS, json.dumps([*namespace, key]))


def _uuid(key: str) -> UUID | None:
    try:
        return UUID(key)
    except ValueError:
        return None
