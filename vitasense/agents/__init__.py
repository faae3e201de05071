"""The specialists, in the order in which they are asked."""

from vitasense.agents.devices import DEVICES
from vitasense.agents.doctor_assistant import DOCTOR_ASSISTANT
from vitasense.agents.genomics import GENOMICS
from vitasense.agents.health import HEALTH
from vitasense.agents.knowledge import KNOWLEDGE
from vitasense.agents.memory import MEMORY
from vitasense.agents.nutrition import NUTRITION
from vitasense.agents.spec import AgentSpec

AGENTS: tuple[AgentSpec, ...] = (HEALTH, DEVICES, NUTRITION, GENOMICS, DOCTOR_ASSISTANT, KNOWLEDGE, MEMORY)

__all__ = ["AGENTS", "AgentSpec"]
