# langgraph leaves type parameters open:
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
"""A specialist at work: LangChain's agent loop over its own tools, driven by a model or by the embedded planner."""

from dataclasses import replace
from typing import Any

from langchain.agents import create_agent
from langchain_core.messages import HumanMessage, ToolMessage
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime

from vitasense.agents.spec import AgentSpec
from vitasense.deterministic.platform.findings import Finding
from vitasense.deterministic.platform.telemetry import span
from vitasense.graphs.conductor import Conductor
from vitasense.graphs.model import LanguageModel
from vitasense.graphs.planner import Planner
from vitasense.graphs.state import TurnState
from vitasense.tools.binding import bind
from vitasense.tools.context import RunContext
from vitasense.tools.registry import Registry

STEP_LIMIT = 24  # supersteps of one specialist in one turn


class Specialist:
    """One node of the conversation graph."""

    def __init__(self, spec: AgentSpec, registry: Registry, model: LanguageModel | None) -> None:
        self.spec = spec
        self._graph: CompiledStateGraph[Any, RunContext, Any, Any] = create_agent(
            model=Planner(),
            tools=bind(registry, spec.tools, spec.name),
            system_prompt=spec.prompt,
            middleware=[Conductor(spec, model)],
            context_schema=RunContext,
            name=spec.name,
        )

    async def answer(self, state: TurnState, runtime: Runtime[RunContext]) -> TurnState:
        """What the specialist found; a confirmation it needs interrupts the turn from here."""
        reading = state.get("reading")
        said = state.get("said")
        assert reading is not None and said is not None, "the route sends only messages that were read"
        run = replace(runtime.context, reading=reading, said_at=said.at, agent=self.spec.name)
        runtime.stream_writer({"step": self.spec.name, "text": f"Asking {self.spec.title}"})
        with span("specialist", agent=self.spec.name):
            result = await self._graph.ainvoke(
                {"messages": [HumanMessage(said.text)]}, {"recursion_limit": STEP_LIMIT}, context=run
            )
        return {"findings": _findings(result["messages"])}


def _findings(messages: list[Any]) -> list[Finding]:
    return [
        Finding.model_validate(finding)
        for message in messages
        if isinstance(message, ToolMessage) and message.artifact
        for finding in message.artifact
    ]
