"""The one statement of a hybrid search, for a batch of questions to the same place.

Vectors and words each give an order of what fits; reciprocal ranks fuse them. `recalled` compares everything that a
person has, in a function that verifies the signed context once; `among` compares what another engine found; `indexed`
lets the HNSW index of the space and the index of words find the candidates. What a plan depends on is written into the
statement as a number: with a parameter there PostgreSQL would plan each search anew.
"""

# ruff: noqa: S608 - names and whole numbers of this package alone; every value is bound
from dataclasses import dataclass
from functools import lru_cache

from vitasense.memory.schemas import Where
from vitasense.memory.stores.fusion import K

# For this transaction: HNSW looks on until the filter is satisfied (pgvector 0.8), in exact order. It stands in the
# part that gives the question's vector, which the index scan waits for: so it costs no statement of its own.
TUNE = (
    "set_config('hnsw.ef_search', '120', true) is not null "
    "and set_config('hnsw.iterative_scan', 'strict_order', true) is not null"
)


_READ = {"source": "cast(m.source as text) as source"}


@dataclass(frozen=True, slots=True)
class Shelf:
    """A table of entries and the table of their vectors; `place` is whose they are, `entry` the vectors' reference."""

    entries: str
    vectors: str
    place: str
    entry: str
    columns: tuple[str, ...]

    @property
    def selected(self) -> str:
        """The columns of an entry, in the order in which they are read; the source as JSON text."""
        return ", ".join(_READ.get(name, f"m.{name}") for name in self.columns)


_COLUMNS = (
    *("id", "kind", "text", "key", "source", "confidence"),
    *("occurred_at", "recorded_at", "ended_at", "superseded_by"),
)
PERSONAL_SHELF = Shelf("phi.memory", "phi.memory_vector", "patient_id", "memory_id", (*_COLUMNS, "category"))
SHARED_SHELF = Shelf("app.passage", "app.passage_vector", "collection", "passage_id", _COLUMNS)


@dataclass(frozen=True, slots=True)
class Top:
    """How many hits, how many candidates of each order are fused for them, and whether one question is `alone`."""

    limit: int
    candidates: int
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """The vectors compared: the number of their space and their length."""

    space: int
    dimensions: int


def condition(where: Where) -> tuple[str, dict[str, object]]:
    """What `where` asks of an entry `m`, as SQL and its values."""
    parts = ["m.{place} = :place"]
    values: dict[str, object] = {"place": where.owner or where.collection}
    if where.kinds:
        parts.append("m.kind = any(cast(:kinds as text[]))")
        values["kinds"] = sorted(where.kinds)
    if where.categories and where.owner is None:
        parts.append("false")  # shared knowledge is of no category
    elif where.categories:
        parts.append("m.category = any(cast(:categories as text[]))")
        values["categories"] = sorted(where.categories)
    for name, compared in (("key", "m.key ="), ("since", "m.occurred_at >="), ("until", "m.occurred_at <")):
        if (value := getattr(where, name)) is not None:
            parts.append(f"{compared} :{name}")
            values[name] = value
    if not where.history:
        parts.append("m.ended_at is null and m.superseded_by is null")
    return " and ".join(parts), values


def recalled(where: Where, seen: Seen | None, top: Top) -> tuple[str, dict[str, object]]:
    """The statement that compares everything that a person has, by a function that verifies the context once."""
    values: dict[str, object] = {"place": where.owner}
    given: dict[str, object] = {"only_key": where.key, "since": where.since, "until": where.until}
    given |= {"kinds": sorted(where.kinds) or None, "categories": sorted(where.categories) or None}
    values |= {name: value for name, value in given.items() if value is not None}
    return _recalled(frozenset(values), where.history, seen.space if seen else None, top), values


@lru_cache(maxsize=256)
def _recalled(given: frozenset[str], history: bool, space: int | None, top: Top) -> str:
    narrowed = [f"{name} => cast(:{name} as {kind})" for name, kind in _NARROWED.items() if name in given]
    numbers = [f"history => {history}", f"space => cast({'null' if space is None else space} as smallint)"]
    texts, vectors = ("array[cast(:texts as text)]", "array[cast(:vectors as text)]") if top.alone else _ARRAYS
    asked = [f"texts => {texts}", f"vectors => {vectors}", "threshold => :threshold"]
    most = [f"candidates => {top.candidates}", f"most => {top.limit}"]
    return (
        f"select n, waiting, size, score, similarity, {', '.join(PERSONAL_SHELF.columns)} "
        f"from app.search_memories({', '.join([*narrowed, *numbers, *asked, *most])})"
    )


_NARROWED = {
    "place": "uuid",
    "kinds": "text[]",
    "categories": "text[]",
    "only_key": "text",
    "since": "timestamptz",
    "until": "timestamptz",
}


@lru_cache(maxsize=256)
def among(fits: str, seen: Seen | None, top: Top) -> str:
    """The statement that compares everything among the given ids, and what changed since another engine followed."""
    shelf = SHARED_SHELF
    joined = f"left join {shelf.vectors} v on {_of(shelf)} and v.space = {seen.space}" if seen else ""
    embedding = "v.embedding" if seen else "cast(null as public.halfvec)"
    held = (
        f"held as materialized (select m.id, m.words, {embedding} as embedding "
        f"from {shelf.entries} m {joined} where {fits} and m.id in ({_AMONG}))"
    )
    near = (
        "select m.id, 1 - (m.embedding operator(public.<=>) a.vector) as similarity from held m "
        f"where m.embedding is not null order by similarity desc limit {top.candidates}"
    )
    worded = (
        "select m.id, case when m.words @@ a.first then 1 + ts_rank_cd(m.words, a.words) else 0.1 end as rank "
        f"from held m where m.words @@ a.words order by rank desc, m.id limit {top.candidates}"
    )
    source = f"{shelf.entries} m on m.{shelf.place} = :place and m.id = h.id"
    return _statement(shelf, [held], _waiting_shared(fits, seen), near if seen else None, worded, source, "true", top)


@lru_cache(maxsize=256)
def indexed(shelf: Shelf, fits: str, seen: Seen | None, top: Top) -> str:
    """The statement that asks the indexes."""
    near = None
    if seen:
        number = f"cast(v.embedding as public.halfvec({seen.dimensions})) operator(public.<=>) a.vector"
        near = (
            f"select m.id, 1 - ({number}) as similarity from {shelf.vectors} v join {shelf.entries} m on {_of(shelf)} "
            f"where v.{shelf.place} = :place and v.space = {seen.space} and {fits} order by {number} limit {top.candidates}"
        )
    if shelf is SHARED_SHELF:
        census, worded = _waiting_shared(fits, seen), f"{_WORDED_SHARED} {top.candidates}) g"
    else:
        census = _waiting_personal(shelf, fits, seen)
        worded = (
            f"select m.id, ts_rank_cd(m.words, a.words) as rank from {shelf.entries} m "
            f"where m.words @@ a.words and {fits} order by rank desc, m.id limit {top.candidates}"
        )
    source = f"{shelf.entries} m on m.{shelf.place} = :place and m.id = h.id"
    return _statement(shelf, [], census, near, worded, source, TUNE, top)


_WORDED_SHARED = (
    "select g.id, g.rank from app.worded_passages(:place, a.asked, :only_key, :only_since, :only_until, :history,"
)
# PostgreSQL expects ten rows of a parameter that it does not know, and would plan a single question anew each time.
_ALONE = "(select 1 as n, cast(:texts as text) as asked, cast(:vectors as text) as vector) q"
_ARRAYS = ("cast(:texts as text[])", "cast(:vectors as text[])")
_EACH = f"unnest({', '.join(_ARRAYS)}) with ordinality as q (asked, vector, n)"
_NOTHING_WAITS = "select 0 as waiting, 0 as size"
_AMONG = (
    "select unnest(cast(:among as uuid[])) union all select passage_id from app.passage_change "
    "where collection = :place and (xid, passage_id) > (cast(:synced_xid as xid8), cast(:synced_id as uuid))"
)


def _of(shelf: Shelf) -> str:
    return f"v.{shelf.place} = m.{shelf.place} and v.{shelf.entry} = m.id"


def _waiting_shared(fits: str, seen: Seen | None) -> str:
    if not seen:
        return _NOTHING_WAITS
    return (
        "select count(*) as waiting, 0 as size from app.passage_waiting w join app.passage m "
        f"on m.collection = w.collection and m.id = w.passage_id where w.space = {seen.space} and {fits}"
    )


def _waiting_personal(shelf: Shelf, fits: str, seen: Seen | None) -> str:
    if not seen:
        return _NOTHING_WAITS
    joined = f"left join {shelf.vectors} v on {_of(shelf)} and v.space = {seen.space}"
    return f"select count(*) - count(v.space) as waiting, count(*) as size from {shelf.entries} m {joined} where {fits}"


def _statement(
    shelf: Shelf, held: list[str], census: str, near: str | None, worded: str, source: str, first: str, top: Top
) -> str:
    questions = _ALONE if top.alone else _EACH
    words = ", app.any_word(q.asked) as words" if "a.words" in worded else ""
    words += ", app.first_words(q.asked) as first" if "a.first" in worded else ""
    asked = (
        f"asked as materialized (select q.n, cast(q.vector as public.halfvec) as vector, q.asked{words} "
        f"from {questions} where {first})"
    )
    orders = [f"select w.id, null, row_number() over (order by w.rank desc, w.id) from ({worded}) w"]
    if near:
        orders.insert(
            0,
            "select s.id, s.similarity, row_number() over (order by s.similarity desc, s.id) as place "
            f"from ({near}) s where s.similarity >= :threshold",
        )
    best = (
        f"select f.id, sum(cast(1 as float8) / ({K} + f.place)) as score, max(f.similarity) as similarity "
        f"from ({' union all '.join(orders)}) f (id, similarity, place) "
        f"group by f.id order by score desc, similarity desc nulls last, f.id limit {top.limit}"
    )
    ctes = ", ".join([asked, *held, f"census as materialized ({census})"])
    return (
        f"with {ctes} select a.n, c.waiting, c.size, h.score, h.similarity, {shelf.selected} "
        f"from asked a cross join census c left join lateral ({best}) h on true left join {source} "
        "order by a.n"
    ).replace("{place}", shelf.place)
