"""The devices specialist."""

from vitasense.agents.spec import AgentSpec, prompt
from vitasense.tools.devices import TOOLS

DEVICES = AgentSpec(
    name="devices",
    title="Devices",
    description="tells which devices you have, when they last sent something, whether they work, how good their data "
    "is, and which one counts",
    tools=TOOLS,
    prompt=prompt("devices"),
    reacts_to=("samples.received", "device.reported", "day.ended"),
)
