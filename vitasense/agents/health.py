"""The health specialist."""

from vitasense.agents.spec import AgentSpec, prompt
from vitasense.tools import (
    alarms,
    dose_log,
    goals,
    health,
    medications,
    medicine_log,
    symptoms,
    tasks,
    tracking,
    watching,
)

HEALTH = AgentSpec(
    name="health",
    title="Health",
    description="shows your measurements, lab results, medicines, allergies, conditions and vaccinations, writes down a "
    "measurement you took, a symptom you have or a medicine you take, says how long medicines last and how regularly "
    "they are taken, compares times, explains alerts, and keeps your goals",
    tools=(
        *health.TOOLS,
        *tracking.TOOLS,
        *watching.TOOLS,
        *alarms.TOOLS,
        *tasks.TOOLS,
        *goals.TOOLS,
        *symptoms.TOOLS,
        *medications.TOOLS,
        *medicine_log.TOOLS,
        *dose_log.TOOLS,
    ),
    prompt=prompt("health"),
    reacts_to=("samples.received", "records.imported", "task.due", "day.ended"),
)
