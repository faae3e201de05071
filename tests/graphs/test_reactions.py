"""The event graph: gather, decide, act; and the one table of who reacts to what."""

from typing import Any, cast
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.api.consumers import HANDLERS
from vitasense.deterministic.auth import monitor_access
from vitasense.deterministic.platform import events
from vitasense.deterministic.platform.clock import new_id, system_clock
from vitasense.deterministic.platform.events import Event
from vitasense.deterministic.reactions import Occasion
from vitasense.graphs.reactions import REACTIONS, Reaction, Reactions, reacting


def occasion(kind: str = "samples.received", correlation: UUID | None = None) -> Occasion:
    """An event of a patient, with no database behind it."""
    patient, now = new_id(), system_clock()
    event = Event(new_id(), kind, 1, patient, patient, now, now, correlation_id=correlation)
    actor = monitor_access("test", patient).principal
    return Occasion(cast(AsyncSession, None), event, patient, actor, now, new_id)


def noting(situations: list[Any], steps: list[Any]) -> Reaction:
    """A reaction that notes what it is asked to do."""

    async def gather(given: Occasion) -> list[Any]:
        steps.append("gather")
        return situations

    def decide(situation: Any) -> Any:
        steps.append(("decide", situation))
        return f"verdict on {situation}"

    async def act(given: Occasion, situation: Any, verdict: Any) -> None:
        steps.append(("act", situation, verdict))

    return Reaction("test", gather, decide, act)


async def test_every_situation_is_decided_before_any_is_acted_on_and_each_gets_its_verdict() -> None:
    steps: list[Any] = []
    await Reactions().react(noting(["a", "b"], steps), occasion())
    assert steps == [
        "gather",
        ("decide", "a"),
        ("decide", "b"),
        ("act", "a", "verdict on a"),
        ("act", "b", "verdict on b"),
    ]


async def test_where_nothing_is_to_be_decided_nothing_is_done() -> None:
    steps: list[Any] = []
    await Reactions().react(noting([], steps), occasion())
    assert steps == ["gather"]


async def test_a_failure_goes_to_who_runs_the_reaction_so_that_it_is_tried_again() -> None:
    async def gather(given: Occasion) -> list[Any]:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await Reactions().react(Reaction("test", gather, str, cast(Any, None)), occasion())


async def test_one_graph_serves_many_reactions_at_once_without_mixing_them() -> None:
    graph, one, other = Reactions(), list[Any](), list[Any]()
    await graph.react(noting(["a"], one), occasion())
    await graph.react(noting(["b"], other), occasion())
    assert one[-1] == ("act", "a", "verdict on a") and other[-1] == ("act", "b", "verdict on b")


def test_the_chain_begins_with_its_first_event() -> None:
    first = occasion()
    assert first.correlation_id == first.event.id
    chain = new_id()
    assert occasion(correlation=chain).correlation_id == chain


def test_who_reacts_is_in_the_table() -> None:
    assert set(reacting(occasion("samples.received").event)) >= {"health_readings", "device_states"}
    assert reacting(occasion("nothing.of_that_kind").event) == {}


def test_the_reactions_come_on_top_of_the_handlers_and_take_no_name_of_theirs() -> None:
    names = {name for consumers in REACTIONS.values() for name in consumers}
    assert not names & {name for consumers in HANDLERS.values() for name in consumers}


def test_what_is_reacted_to_is_an_event_that_somebody_tells() -> None:
    assert set(REACTIONS) <= set(events.EVENT_TYPES)


def test_agents_of_reactions_are_specialists() -> None:
    assert {reaction.agent for consumers in REACTIONS.values() for reaction in consumers.values()} <= {
        "health",
        "devices",
        "knowledge",
        "goals",
    }
