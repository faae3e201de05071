"""The tool that says what a medicine can cause, as the lists have it."""

from collections.abc import Sequence

from pydantic import Field

from vitasense.deterministic import knowledge
from vitasense.deterministic.intake import EntityType, IntentName, Reading
from vitasense.deterministic.platform.findings import Finding, Status
from vitasense.tools import names
from vitasense.tools.context import Call
from vitasense.tools.tool import Arguments, ReadTool

FELT = (EntityType.SYMPTOM, EntityType.LAB, EntityType.VITAL, EntityType.CONDITION)


class Effects(Arguments):
    """Medicines or kinds of medicine, and what they may cause or change (`about`); without that all that is listed."""

    drugs: tuple[str, ...] = Field(min_length=1, max_length=10)
    about: tuple[str, ...] = Field(default=(), max_length=10)


def _asked(reading: Reading) -> Sequence[Effects]:
    about = tuple(dict.fromkeys(entity.name for entity in reading.of_type(*FELT)))
    drugs = tuple(dict.fromkeys(entity.name for entity in reading.of_type(EntityType.DRUG)))
    return [Effects(drugs=drugs, about=about)] if drugs else []


async def _effects(call: Call, asked: Effects) -> Sequence[Finding]:
    """What they are as well, where the lists do not name what was asked about: it may be what they are taken for."""
    found = knowledge.effects(asked.drugs, asked.about, call.run.library)
    if any(each.status is Status.FOUND for each in found):
        return found
    return [*found, *(fact for name in asked.drugs for fact in knowledge.explain(name, call.run.library))]


MEDICINE_EFFECTS = ReadTool(
    name="medicine_effects",
    description="What a medicine can cause (side effects) and change in the blood, each with its source.",
    arguments=Effects,
    intents=frozenset({IntentName.KNOWLEDGE_EFFECTS}),
    plan=_asked,
    admits=lambda asked, reading: all(names.node(each, reading) for each in (*asked.drugs, *asked.about)),
    run=_effects,
)
