"""The genomics specialist."""

from vitasense.agents.spec import AgentSpec, prompt
from vitasense.tools.genomics import TOOLS

GENOMICS = AgentSpec(
    name="genomics",
    title="Genomics",
    description="tells what your gene results, when there are any, mean for a medicine",
    tools=TOOLS,
    prompt=prompt("genomics"),
)
