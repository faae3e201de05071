# langgraph leaves type parameters open:
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
"""The event graph: an event is looked at, decided about and acted upon, in one transaction with the note that it was.

`gather → decide → act`. Rules decide; every decision and action is stored and tells an event of its own, so that what
followed from what can be read in order. REACTIONS is the one table of who reacts to what.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict

from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime

from vitasense.deterministic import reactions
from vitasense.deterministic.platform.events import Event
from vitasense.deterministic.platform.telemetry import span
from vitasense.deterministic.reactions import Occasion


@dataclass(frozen=True, slots=True)
class Reaction:
    """What one specialist does about one event: `gather` reads, `decide` is pure, `act` writes."""

    agent: str
    gather: Callable[[Occasion], Awaitable[Sequence[Any]]]
    decide: Callable[[Any], Any]
    act: Callable[[Occasion, Any, Any], Awaitable[None]]


class ReactionState(TypedDict, total=False):
    """What goes from step to step."""

    situations: Sequence[Any]
    verdicts: Sequence[Any]


@dataclass(frozen=True, slots=True)
class ReactionContext:
    """The reaction that runs, and the event with the transaction that it runs in."""

    reaction: Reaction
    occasion: Occasion


READINGS = Reaction("health", reactions.new_readings, reactions.judge, reactions.conclude)
DEVICES = Reaction("devices", reactions.device_states, reactions.advise, reactions.see_to)
FOLLOW_UPS = Reaction("health", reactions.due_tasks, reactions.follow_up, reactions.conclude_task)
GOALS = Reaction("health", reactions.goal_states, reactions.adapt, reactions.suggest)
MEDICINES = Reaction("knowledge", reactions.medicine_matters, reactions.judge_matter, reactions.conclude_matter)
REVIEWS = Reaction("health", reactions.reviews, reactions.weigh, reactions.tell_of_it)

# Event type → consumer → reaction. A consumer's name is kept in the database.
REACTIONS: Mapping[str, Mapping[str, Reaction]] = {
    "samples.received": {"health_readings": READINGS, "device_states": DEVICES, "reviews": REVIEWS},
    "records.imported": {"health_readings": READINGS, "reviews": REVIEWS, "medicines": MEDICINES},
    "food.logged": {"medicines": MEDICINES},
    "recheck.due": {"medicines": MEDICINES},
    "override.changed": {"medicines": MEDICINES},
    "device.reported": {"device_states": DEVICES},
    "task.due": {"follow_ups": FOLLOW_UPS},
    "day.ended": {"goal_states": GOALS, "reviews": REVIEWS, "device_states": DEVICES},
}


async def _gather(state: ReactionState, runtime: Runtime[ReactionContext]) -> ReactionState:
    del state  # it begins with nothing
    context = runtime.context
    return {"situations": await context.reaction.gather(context.occasion)}


async def _decide(state: ReactionState, runtime: Runtime[ReactionContext]) -> ReactionState:
    decide = runtime.context.reaction.decide
    return {"verdicts": [decide(situation) for situation in state.get("situations", ())]}


async def _act(state: ReactionState, runtime: Runtime[ReactionContext]) -> ReactionState:
    context = runtime.context
    for situation, verdict in zip(state.get("situations", ()), state.get("verdicts", ()), strict=True):
        await context.reaction.act(context.occasion, situation, verdict)
    return {}


def _anything(state: ReactionState) -> str:
    return "decide" if state.get("situations") else END


def build() -> CompiledStateGraph[ReactionState, ReactionContext, ReactionState, ReactionState]:
    """The graph that every reaction runs through."""
    graph = StateGraph(ReactionState, context_schema=ReactionContext)
    graph.add_node("gather", _gather)
    graph.add_node("decide", _decide)
    graph.add_node("act", _act)
    graph.add_edge(START, "gather")
    graph.add_conditional_edges("gather", _anything, ["decide", END])
    graph.add_edge("decide", "act")
    graph.add_edge("act", END)
    return graph.compile()


class Reactions:
    """Runs reactions; one is made by the composition root."""

    def __init__(self) -> None:
        self._graph = build()

    async def react(self, reaction: Reaction, occasion: Occasion) -> None:
        """Everything that follows from the event, in the transaction of the occasion."""
        with span("reaction", agent=reaction.agent, event_type=occasion.event.type):
            await self._graph.ainvoke({}, context=ReactionContext(reaction, occasion))


def reacting(event: Event) -> Mapping[str, Reaction]:
    """Who reacts to an event."""
    return REACTIONS.get(event.type, {})
