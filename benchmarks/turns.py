# pyright: reportUnknownMemberType=false
# langgraph leaves type parameters open
"""A conversation turn with everything kept, beside LangGraph taking as many steps that do nothing."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from time import perf_counter
from typing import TypedDict
from uuid import uuid4

from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver
from langgraph.graph import END, START, StateGraph
from psycopg import AsyncConnection
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool

from benchmarks.figures import Figure, percentile
from benchmarks.place import Place, with_demo_record
from vitasense.deterministic.platform.access import Principal, Purpose
from vitasense.evals.place import MOST_CONNECTIONS
from vitasense.graphs.turn import Ask

# screen, read, route, specialist, compose; and inside the specialist: plan, tools, nothing left to plan
STEPS = 8
CROWDS = (1, 4, 16)
QUESTIONS = (
    "What was my last blood pressure and is it all right?",
    "Show my cholesterol over the last two years",
    "What am I allergic to?",
    "Which medicines do I take and since when?",
    "What does my DNA say about clopidogrel?",
    "What is eGFR?",
)
ENGINE = f"LangGraph, {STEPS} no-op steps, plain Postgres saver"

Talk = Callable[[int], Awaitable[object]]


class _State(TypedDict):
    said: str
    count: int


async def measure(place: Place, *, quick: bool) -> list[Figure]:
    """Latency of one person alone, and turns per second of several at once; ours and the bare engine take turns."""
    turns = 30 if quick else 300
    figures: list[Figure] = []
    async with AsyncExitStack() as stack:
        bare = await _bare_talks(stack, place)
        ours = [_talk(place, await with_demo_record(place.database)) for _ in range(max(CROWDS))]
        for talks in (ours, bare):  # connections, statements and caches of the first turns
            await _crowd(talks, 2 * len(QUESTIONS))
        for crowd in CROWDS:
            each = max(len(QUESTIONS), turns * (1 if crowd == 1 else 2) // crowd)
            mine, theirs = await _crowd(ours[:crowd], each), await _crowd(bare[:crowd], each)
            figures += _latency(mine, theirs) if crowd == 1 else []
            figures.append(_rate(crowd, mine, theirs))
    return figures


class _Taken:
    """What a crowd took: seconds of each turn, and of all of them together."""

    def __init__(self, each: Sequence[float], together: float) -> None:
        self.each = each
        self.per_second = len(each) / together


async def _crowd(talks: Sequence[Talk], turns: int) -> _Taken:
    async def one(talk: Talk) -> list[float]:
        seconds: list[float] = []
        for number in range(turns):
            began = perf_counter()
            await talk(number)
            seconds.append(perf_counter() - began)
        return seconds

    began = perf_counter()
    seconds = await asyncio.gather(*map(one, talks))
    return _Taken([each for person in seconds for each in person], perf_counter() - began)


def _talk(place: Place, person: Principal) -> Talk:
    """A person who asks the questions in order, in a new conversation each time round."""
    thread = None

    async def ask(number: int) -> None:
        nonlocal thread
        topic = number % len(QUESTIONS)
        ask = Ask(
            person,
            Purpose.SELF,
            person.account_id,
            message=QUESTIONS[topic],
            thread_id=thread if topic else None,
        )
        done = await place.assistant.reply(ask)
        assert done.reply.findings, "every question of the benchmark has an answer"
        thread = done.thread.id

    return ask


async def _bare_talks(stack: AsyncExitStack, place: Place) -> list[Talk]:
    """As many talkers with a graph that does nothing; each has a saver of its own, which locks itself."""
    options: dict[str, object] = {"autocommit": True, "prepare_threshold": 0, "row_factory": dict_row}
    pool: AsyncConnectionPool[AsyncConnection[DictRow]] = AsyncConnectionPool(
        place.dsn, min_size=MOST_CONNECTIONS, max_size=MOST_CONNECTIONS, kwargs=options, open=False
    )
    await stack.enter_async_context(pool)
    await AsyncPostgresSaver(pool).setup()
    return [_bare_talk(AsyncPostgresSaver(pool)) for _ in range(max(CROWDS))]


def _bare_talk(saver: AsyncPostgresSaver) -> Talk:
    names = [f"step{number}" for number in range(STEPS)]
    graph = StateGraph(_State)
    for name in names:
        graph.add_node(name, _nothing)
    for before, after in zip([START, *names], [*names, END], strict=True):
        graph.add_edge(before, after)
    compiled = graph.compile(checkpointer=saver)
    thread = ""

    async def ask(number: int) -> None:
        nonlocal thread
        topic = number % len(QUESTIONS)
        thread = str(uuid4()) if topic == 0 else thread
        given: _State = {"said": QUESTIONS[topic], "count": 0}
        await compiled.ainvoke(given, {"configurable": {"thread_id": thread}}, durability="exit")

    return ask


async def _nothing(state: _State) -> _State:
    return {"said": state["said"], "count": state["count"] + 1}


def _latency(mine: _Taken, theirs: _Taken) -> list[Figure]:
    def figure(name: str, share: float, budget: str) -> Figure:
        ours, bare = percentile(mine.each, share) * 1000, percentile(theirs.each, share) * 1000
        return Figure(f"turn, 1 person, {name}", ours, "ms", bare, ENGINE, budget)

    return [figure("p50", 0.50, "30 ms"), figure("p95", 0.95, "80 ms")]


def _rate(crowd: int, mine: _Taken, theirs: _Taken) -> Figure:
    who = "1 person" if crowd == 1 else f"{crowd} people at once"
    budget = "100 turns/s" if crowd == max(CROWDS) else ""
    return Figure(f"turns, {who}", mine.per_second, "turns/s", theirs.per_second, ENGINE, budget)
