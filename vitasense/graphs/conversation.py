# langgraph leaves type parameters open:
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
"""The conversation graph: screen → read → route → specialists in parallel → compose → verify → reply."""

from collections.abc import Sequence
from functools import partial
from importlib.resources import files
from typing import Any

from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime
from langgraph.types import Command, Send

from vitasense.agents.spec import AgentSpec
from vitasense.deterministic.intake import read
from vitasense.graphs import compose, front_desk, route, safety
from vitasense.graphs.model import LanguageModel
from vitasense.graphs.specialist import Specialist
from vitasense.graphs.state import Reply, Said, TurnState
from vitasense.guardrails import deference, screen
from vitasense.tools.context import RunContext
from vitasense.tools.registry import Registry

Conversation = CompiledStateGraph[TurnState, RunContext, TurnState, TurnState]


def build(specs: Sequence[AgentSpec], registry: Registry, model: LanguageModel | None) -> Conversation:
    """The compiled graph, without a checkpointer: each turn brings its own, bound to the person."""
    nodes = _Nodes(tuple(specs), model)
    graph = StateGraph(TurnState, context_schema=RunContext)
    graph.add_node("screen", nodes.screen, destinations=("read", END))
    graph.add_node("read", nodes.read)
    graph.add_node("route", nodes.route, destinations=(*(spec.name for spec in specs), END))
    graph.add_node("compose", nodes.compose)
    graph.add_edge(START, "screen")
    graph.add_edge("read", "route")
    for spec in specs:
        graph.add_node(spec.name, Specialist(spec, registry, model).answer)
        graph.add_edge(spec.name, "compose")
    graph.add_edge("compose", END)
    return graph.compile(name="conversation")


def _prompt(name: str) -> str:
    return (files("vitasense.graphs") / "prompts" / f"{name}.md").read_text()


class _Nodes:
    def __init__(self, specs: tuple[AgentSpec, ...], model: LanguageModel | None) -> None:
        self._specs = specs
        self._model = model
        self._write = partial(compose.write, prompt=_prompt("compose"))
        self._choose = partial(route.by_model, prompt=_prompt("route"))

    def screen(self, state: TurnState, runtime: Runtime[RunContext]) -> Command[Any]:
        """The safety gate: an emergency, a crisis or a harmful wish is answered here and goes no further."""
        screening = screen(_said(state).text, person=runtime.context.person)
        if screening.decision == "pass":
            return Command(goto="read", update={"findings": safety.advice(screening)})
        return Command(goto=END, update={"reply": safety.final(screening)})

    def read(self, state: TurnState, runtime: Runtime[RunContext]) -> TurnState:
        """What the words mean, by rules, whether or not a model is configured; and who decides what they ask for."""
        said = _said(state)
        reading = read(said.text, now=said.at, previous=runtime.context.previous)
        found = deference(reading)
        if found is None:
            return {"reading": reading}
        return {"reading": safety.with_record(reading, found), "findings": [safety.deferred(found)]}

    async def route(self, state: TurnState, runtime: Runtime[RunContext]) -> Command[Any]:
        """To the specialists that can answer, to all of them at once; else the supervisor answers or asks."""
        reading = state.get("reading")
        assert reading is not None, "read comes before route"
        own = front_desk.answer(reading, self._specs, own_record=runtime.context.own_record)
        if own is not None:
            return Command(goto=END, update={"reply": _with_advice(own, state)})
        names = route.by_intent(self._specs, reading)
        if not names and self._model is not None:
            runtime.stream_writer({"step": "route", "text": "Finding out who can answer"})
            names = await self._choose(self._specs, _said(state), runtime.context, self._model)
        if not names:
            names, checked = route.by_medicine(self._specs, reading)
            if names:
                told: TurnState = {"reading": checked, "findings": [front_desk.UNSURE]}
                return Command(goto=[Send(name, {**state, **told}) for name in names], update=told)
            return Command(goto=END, update={"reply": _with_advice(Reply(text=front_desk.QUESTION), state)})
        return Command(goto=[Send(name, state) for name in names])

    async def compose(self, state: TurnState, runtime: Runtime[RunContext]) -> TurnState:
        """The reply from the findings alone; a model's words are verified against them before they count."""
        findings = list(state.get("findings") or [])
        if all(finding.agent == safety.AGENT for finding in findings):
            findings.append(front_desk.NOTHING_FITTED)
        if self._model is None:
            return {"reply": compose.reply_of(findings)}
        runtime.stream_writer({"step": "compose", "text": "Writing the answer and checking every statement"})
        return {"reply": await self._write(findings, _said(state), runtime.context, self._model)}


def _with_advice(reply: Reply, state: TurnState) -> Reply:
    """The supervisor's own reply after what the safety gate advised."""
    advised = state.get("findings") or []
    if not advised:
        return reply
    before = compose.reply_of(advised)
    return before.model_copy(
        update={"text": f"{before.text}\n\n{reply.text}", "findings": (*before.findings, *reply.findings)}
    )


def _said(state: TurnState) -> Said:
    said = state.get("said")
    assert said is not None, "a turn begins with what was said"
    return said
