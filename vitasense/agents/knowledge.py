"""The knowledge specialist."""

from vitasense.agents.spec import AgentSpec, prompt
from vitasense.tools.knowledge import TOOLS

KNOWLEDGE = AgentSpec(
    name="knowledge",
    title="Knowledge",
    description="explains medical words and medicines, checks medicines against each other, and quotes labels and guidelines",
    tools=TOOLS,
    prompt=prompt("knowledge"),
    reacts_to=("records.imported", "food.logged", "recheck.due", "override.changed"),
)
