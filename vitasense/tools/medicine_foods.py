"""Tools for food beside medicines: what a food does to those that are taken, and which foods they say to leave out."""

from collections.abc import Sequence

from pydantic import Field

from vitasense.deterministic import medications
from vitasense.deterministic.intake import EntityType, IntentName, Reading
from vitasense.deterministic.medications import Medicine, Person
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.findings import Finding, Status, not_evaluated
from vitasense.tools import names, whom
from vitasense.tools.context import Call
from vitasense.tools.medicine_asking import CHECKED, asks_foods
from vitasense.tools.tool import Arguments, Nothing, ReadTool

_OF_FOOD = frozenset({medications.Kind.FOOD, medications.Kind.ALCOHOL})
_NO_MEDICINE = "The record lists no medicine taken now, so no food is listed that would get in its way."
_NO_DIETS = "Whether an illness asks for a diet, I did not look at: ask whoever treats it."


class Foods(Arguments):
    """Foods and drinks by their everyday names."""

    foods: tuple[str, ...] = Field(min_length=1, max_length=20)


def _asked(reading: Reading) -> Sequence[Foods]:
    foods = tuple(dict.fromkeys(entity.name for entity in reading.of_type(EntityType.FOOD)))
    checked = any(intent.name is IntentName.KNOWLEDGE_INTERACTION for intent in reading.intents)
    return [Foods(foods=foods)] if foods and not checked and whom.about_own(reading) else []


def _which(reading: Reading) -> Sequence[Nothing]:
    return [Nothing()] if asks_foods(reading) and whom.about_own(reading) else []


async def _beside(call: Call, asked: Foods) -> Sequence[Finding]:
    """Only what is found: what is in the food was asked for, and nobody is told of every medicine that it leaves alone."""
    if not whom.asks_for_own(call):
        return []
    current = await whom.taken(call)
    foods = [Medicine(name, origin="food", evidence=whom.statement(call)) for name in asked.foods]
    found = medications.check([*foods, *current], person=await whom.own(call), library=call.run.library)
    return medications.brief(
        [each for each in found if each.status is Status.FOUND and each.kind != medications.Kind.NAME]
    )


async def _avoid(call: Call, _: Nothing) -> Sequence[Finding]:
    """By the medicines and the allergies; that illnesses were not looked at is said, since a diet may come from them."""
    current, person = await whom.taken(call), await whom.own(call)
    found = medications.check(current, person=person, library=call.run.library) if current else []
    told = medications.brief([each for each in found if each.kind in _OF_FOOD])
    listed = ", ".join(each.name for each in current)
    text = f"No food or drink is listed that {listed} needs kept away." if current else _NO_MEDICINE
    nothing = Finding(kind=medications.Kind.FOOD, text=text, status=Status.NOT_FOUND, reason="no listed food")
    unseen = not_evaluated(medications.Kind.CONDITION, _NO_DIETS, "no rules of diets")
    return [*_allergies(person), *(told or [nothing]), unseen]


def _allergies(person: Person) -> list[Finding]:
    if person.allergies is None:
        return [not_evaluated(medications.Kind.ALLERGY, "I could not look at allergies.", "no permission")]
    if not person.allergies:
        return []
    text = f"The allergies and intolerances that are recorded: {', '.join(each.name for each in person.allergies)}."
    evidence = tuple(each.evidence for each in person.allergies if each.evidence)
    recorded = frozenset({Category.ALLERGIES})
    kind = medications.Kind.ALLERGY
    return [Finding(kind=kind, text=text, status=Status.FOUND, evidence=evidence, categories=recorded)]


FOOD_WITH_MEDICINES = ReadTool(
    name="food_with_medicines",
    description="What a food does to the medicines that the person takes.",
    arguments=Foods,
    intents=frozenset({IntentName.NUTRITION_FOOD}),
    plan=_asked,
    admits=lambda asked, reading: all(names.food(each, reading) for each in asked.foods),
    reads=medications.USED,
    needs=frozenset({Category.MEDICATIONS}),
    run=_beside,
)
FOODS_TO_AVOID = ReadTool(
    name="foods_to_avoid",
    description="Foods and drinks that the medicines in the record go badly with, and the allergies that are recorded.",
    arguments=Nothing,
    intents=CHECKED,
    plan=_which,
    reads=medications.USED,
    needs=frozenset({Category.MEDICATIONS}),
    run=_avoid,
)
