"""The health specialist."""

from vitasense.agents.spec import AgentSpec, prompt
from vitasense.tools.health import TOOLS

HEALTH = AgentSpec(
    name="health",
    title="Health",
    description="shows your measurements, lab results, medicines, allergies, conditions and vaccinations, "
    "and writes down a measurement you took",
    tools=TOOLS,
    prompt=prompt("health"),
)
