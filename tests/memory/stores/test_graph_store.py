# langgraph leaves type parameters open:
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
"""LangGraph's store semantics over a person's memories, in PostgreSQL; and a graph that uses it natively."""

from typing import TypedDict

import pytest
from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime
from langgraph.store.base import GetOp, ListNamespacesOp, MatchCondition, PutOp, SearchOp
from langgraph.store.memory import InMemoryStore as LangGraphStore

from tests.memory.factories import entry, mine, placed
from tests.people import access_of, new_principal
from vitasense.deterministic.auth import system_access
from vitasense.deterministic.platform.access import Principal, Role
from vitasense.deterministic.platform.clock import new_id, system_clock
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.problems import InvalidInput, NotAllowed
from vitasense.memory.embeddings import LexicalEmbedder
from vitasense.memory.stores.graph_store import MEMORIES, GraphStore
from vitasense.memory.stores.personal import PersonalStore
from vitasense.memory.stores.spaces import use_space

PUTS = [
    PutOp(("docs", "a", "deep"), "one", {"title": "morning walk", "n": 1, "tags": ["x", "y"], "in": {"k": 1}}),
    PutOp(("docs", "b"), "two", {"title": "evening run", "n": 2}),
    PutOp(("docs", "b"), "three", {"title": "strong tea", "n": 3}),
    PutOp(("other",), "one", {"title": "nothing", "n": 1}),
]
READS = [
    GetOp(("docs", "b"), "two"),
    GetOp(("docs", "b"), "one"),
    SearchOp(("docs",)),
    SearchOp(("docs", "b"), filter={"n": {"$gt": 2}}),
    SearchOp(("docs",), filter={"n": {"$ne": 2}, "title": "morning walk"}),
    SearchOp(("docs",), filter={"in": {"k": 1}, "tags": ["x", "y"]}),
    SearchOp(("nowhere",)),
    ListNamespacesOp(),
    ListNamespacesOp(match_conditions=(MatchCondition("prefix", ("docs",)),)),
    ListNamespacesOp(match_conditions=(MatchCondition("suffix", ("*", "deep")),)),
    ListNamespacesOp(max_depth=1),
    ListNamespacesOp(limit=1, offset=1),
]


def store_of(database: Database, person: Principal) -> GraphStore:
    personal = PersonalStore(database, access_of(person))
    return GraphStore(personal, person.account_id, LexicalEmbedder(), system_clock, threshold=0.3)


@pytest.fixture
async def store(database: Database, patient: Principal) -> GraphStore:
    """The patient's, with the space of the embedder that needs nothing."""
    async with database.transaction(system_access("test")) as tx:
        await use_space(tx, LexicalEmbedder().space)
    return store_of(database, patient)


def bare(result: object) -> object:
    """Without times, and in no order where there is none."""
    if isinstance(result, list):
        return sorted(map(bare, result), key=str)  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    if hasattr(result, "value"):
        return (result.namespace, result.key, result.value)  # pyright: ignore
    return result


async def test_it_answers_as_langgraphs_own_store_does(store: GraphStore) -> None:
    theirs = LangGraphStore()
    for each in (store, theirs):
        assert await each.abatch(PUTS) == [None] * len(PUTS)
        await each.aput(("docs", "b"), "two", {"title": "evening run", "n": 2, "again": True})
        await each.adelete(("other",), "one")
        await each.adelete(("other",), "never there")
    ours, own = await store.abatch(READS), await theirs.abatch(READS)
    for op, mine_, theirs_ in zip(READS, ours, own, strict=True):
        there = theirs_
        if isinstance(theirs_, list):  # theirs remembers namespaces that are empty now
            there = [each for each in theirs_ if each != ("other",)]
        assert op == READS[-1] or bare(mine_) == bare(there), op
    assert ours[-1] == [("docs", "b")]


async def test_reads_in_a_batch_see_what_was_before_and_the_last_put_counts(store: GraphStore) -> None:
    put, again = PutOp(("a",), "k", {"n": 1}), PutOp(("a",), "k", {"n": 2})
    assert await store.abatch([put, GetOp(("a",), "k"), again]) == [None, None, None]
    item = await store.aget(("a",), "k")
    assert item is not None
    assert item.value == {"n": 2}
    await store.aput(("a",), "k", {"n": 3})
    later = await store.aget(("a",), "k")
    assert later is not None
    assert (later.created_at, later.updated_at > item.updated_at) == (item.created_at, True)


async def test_a_search_finds_by_meaning_and_words_the_best_first_and_honestly_nothing(store: GraphStore) -> None:
    await store.abatch(PUTS)
    await store.aput(("docs",), "hidden", {"title": "evening unindexed"}, index=False)
    found = await store.asearch(("docs",), query="strong tea")
    assert [item.key for item in found] == ["three"]
    assert found[0].score is not None
    assert await store.asearch(("docs",), query="zebra") == []
    assert [item.key for item in await store.asearch(("other",), query="strong tea")] == []


async def test_a_namespace_never_says_whose_it_is(database: Database, store: GraphStore, patient: Principal) -> None:
    await store.aput(("users", "somebody"), "k", {"secret": "tea"})
    other = store_of(database, new_principal(Role.PATIENT))
    named = ("users", str(patient.account_id))
    assert await other.aget(("users", "somebody"), "k") is None
    assert await other.asearch(("users",), query="tea") == []
    assert await other.alist_namespaces() == []
    await other.aput(named, "k", {"mine": True})
    await other.adelete(("users", "somebody"), "k")
    assert await store.alist_namespaces() == [("users", "somebody")]
    claimed = GraphStore(
        PersonalStore(database, access_of(new_principal(Role.PATIENT))), patient.account_id, None, system_clock, 0.3
    )
    assert await claimed.asearch(("users",)) == []
    with pytest.raises(NotAllowed):
        await claimed.aput(("users",), "k", {"planted": True})


async def test_what_is_remembered_is_a_view_that_graphs_do_not_write(
    database: Database, store: GraphStore, patient: Principal
) -> None:
    remembered = entry(patient.account_id, "allergic to penicillin", key="allergy/penicillin")
    await PersonalStore(database, access_of(patient)).put([placed(remembered)])
    await store.aput(("notes",), "k", {"text": "penicillin was mentioned"})
    (found,) = await store.asearch(MEMORIES, query="penicillin")
    assert (found.key, found.value["text"]) == (str(remembered.id), "allergic to penicillin")
    assert await store.aget(MEMORIES, str(remembered.id)) is not None
    assert await store.aget(MEMORIES, "no id") is None
    for value in ({"text": "never said"}, None):
        with pytest.raises(NotAllowed):
            await store.abatch([PutOp(MEMORIES, str(remembered.id), value)])
    assert (await store.alist_namespaces()) == [MEMORIES, ("notes",)]


async def test_what_cannot_be_kept_is_refused(store: GraphStore, patient: Principal, database: Database) -> None:
    for value in ({"text": "x" * 9000}, {"text": "half \ud800"}):
        with pytest.raises((InvalidInput, ValueError)):
            await store.abatch([PutOp(("a",), "good", {"n": 1}), PutOp(("a",), "bad", value)])
    with pytest.raises(ValueError, match="namespace"):
        await store.abatch([PutOp(("a.b",), "k", {"n": 1})])
    with pytest.raises(NotImplementedError):
        store.get(("a",), "k")
    assert await PersonalStore(database, access_of(patient)).count(mine(patient.account_id)) == 0


class State(TypedDict, total=False):
    found: list[str]


async def test_a_node_of_a_compiled_graph_reaches_the_store_of_the_turn(database: Database, store: GraphStore) -> None:
    async def node(state: State, runtime: Runtime[None]) -> State:
        assert runtime.store is not None
        await runtime.store.aput(("turns",), new_id().hex, {"text": "strong tea"})
        return {"found": [each.value["text"] for each in await runtime.store.asearch(("turns",), query="tea")]}

    graph = StateGraph(State).add_node("node", node).add_edge(START, "node").add_edge("node", END).compile()
    other = store_of(database, new_principal(Role.PATIENT))
    for each, count in ((store, 1), (other, 1), (store, 2)):
        result = await graph.copy({"store": each}).ainvoke({})
        assert result["found"] == ["strong tea"] * count
