"""What the embedded planner does with a Reading: which tools of a specialist, with which arguments."""

from dataclasses import dataclass
from typing import Any

from vitasense.agents.spec import AgentSpec
from vitasense.deterministic.intake import Reading

SURE = 0.5  # intents below this confidence are not acted on without asking; see intake's Intent for the scale


@dataclass(frozen=True, slots=True)
class PlannedCall:
    """One tool call that the message asks for."""

    tool: str
    arguments: dict[str, Any]


def plan(spec: AgentSpec, reading: Reading) -> tuple[PlannedCall, ...]:
    """The calls of `spec` that answer the reading's sure intents, each once, in the order of confidence."""
    calls: list[PlannedCall] = []
    for intent in reading.intents:
        if intent.confidence < SURE:
            continue
        for tool in spec.tools:
            if intent.name in tool.intents:
                planned = (PlannedCall(tool.name, args.model_dump(mode="json")) for args in tool.plan(reading))
                calls.extend(call for call in planned if call not in calls)
    return tuple(calls)
