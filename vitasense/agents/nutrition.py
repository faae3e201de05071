"""The nutrition specialist."""

from vitasense.agents.spec import AgentSpec, prompt
from vitasense.tools.nutrition import TOOLS

NUTRITION = AgentSpec(
    name="nutrition",
    title="Nutrition",
    description="writes down what you eat, adds up a day, and tells what is in a food",
    tools=TOOLS,
    prompt=prompt("nutrition"),
)
