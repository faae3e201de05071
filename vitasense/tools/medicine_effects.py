"""The tool that says what a medicine can cause, as the lists have it."""

from collections.abc import Sequence

from pydantic import Field

from vitasense.deterministic import knowledge, medications
from vitasense.deterministic.intake import EntityType, IntentName, Reading
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.findings import Finding, Status, not_evaluated
from vitasense.tools import names
from vitasense.tools.context import Call
from vitasense.tools.tool import Arguments, ReadTool
from vitasense.tools.whom import BREASTFEEDING, PREGNANCY

KIND = "effect"
NONE_TAKEN = "I could not look this up: no medicine was named, and I see none in the record that is taken now."
UNSEEN = "I could not look this up: the medicines in the record are not shared with you."
FELT = (EntityType.SYMPTOM, EntityType.LAB, EntityType.VITAL, EntityType.CONDITION)


class Effects(Arguments):
    """Medicines or kinds of medicine, those that are taken when none is named, and what they may cause or change (`about`).

    Without that it is all that is listed.
    """

    drugs: tuple[str, ...] = Field(default=(), max_length=10)
    about: tuple[str, ...] = Field(default=(), max_length=10)


def _asked(reading: Reading) -> Sequence[Effects]:
    felt = (entity.name for entity in reading.of_type(*FELT) if entity.name not in (PREGNANCY, BREASTFEEDING))
    about = tuple(dict.fromkeys(felt)) or _named(reading)
    drugs = tuple(dict.fromkeys(entity.name for entity in reading.of_type(EntityType.DRUG)))
    return [Effects(drugs=drugs, about=about)]


def _named(reading: Reading) -> tuple[str, ...]:
    """What the lists of effects call so, where the words that people use are not among those that are read."""
    text = f" {knowledge.normalise(reading.text)} "
    named = [name for name in knowledge.effect_names() if f" {name} " in text]
    return tuple(name for name in named if not any(name != other and name in other for other in named))


async def _effects(call: Call, asked: Effects) -> Sequence[Finding]:
    """What they are as well, where the lists do not name what was asked about: it may be what they are taken for."""
    if not asked.drugs and Category.MEDICATIONS not in call.readable:
        return [not_evaluated(KIND, UNSEEN, "no permission")]
    drugs = asked.drugs or await _taken(call)
    if not drugs:
        return [not_evaluated(KIND, NONE_TAKEN, "no medicines to look up")]
    found = knowledge.effects(drugs, asked.about, call.run.library)
    if any(each.status is Status.FOUND for each in found):
        return found
    return [*found, *(fact for name in drugs for fact in knowledge.explain(name, call.run.library))]


async def _taken(call: Call) -> list[str]:
    """The ingredients of what is taken now, each once; a name that says none stays as it is."""
    taken = [each.name for each in await medications.taken_now(call.tx, call.patient_id, call.now)]
    parts = [[part.written for part in knowledge.ingredients(name)] or [name] for name in taken]
    return list(dict.fromkeys(name for names in parts for name in names))


MEDICINE_EFFECTS = ReadTool(
    name="medicine_effects",
    description="What a medicine can cause (side effects) and change in the blood, each with its source.",
    arguments=Effects,
    intents=frozenset({IntentName.KNOWLEDGE_EFFECTS}),
    plan=_asked,
    admits=lambda asked, reading: all(names.node(each, reading) for each in (*asked.drugs, *asked.about)),
    reads=frozenset({Category.MEDICATIONS}),
    run=_effects,
)
