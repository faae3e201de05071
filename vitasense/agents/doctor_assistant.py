"""The doctor assistant."""

from vitasense.agents.spec import AgentSpec, prompt
from vitasense.tools.doctor_assistant import TOOLS

DOCTOR_ASSISTANT = AgentSpec(
    name="doctor_assistant",
    title="Doctor assistant",
    description="summarises a record for a doctor, tells what changed, lists visits and documents, "
    "and helps to prepare a visit",
    tools=TOOLS,
    prompt=prompt("doctor_assistant"),
)
