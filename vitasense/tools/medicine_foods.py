"""The tool that says what a food that somebody asks about does to the medicines that they take."""

from collections.abc import Sequence

from pydantic import Field

from vitasense.deterministic import medications
from vitasense.deterministic.intake import EntityType, IntentName, Reading
from vitasense.deterministic.medications import Medicine
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.findings import Finding, Status
from vitasense.tools import names, whom
from vitasense.tools.context import Call
from vitasense.tools.tool import Arguments, ReadTool


class Foods(Arguments):
    """Foods and drinks by their everyday names."""

    foods: tuple[str, ...] = Field(min_length=1, max_length=20)


def _asked(reading: Reading) -> Sequence[Foods]:
    foods = tuple(dict.fromkeys(entity.name for entity in reading.of_type(EntityType.FOOD)))
    checked = any(intent.name is IntentName.KNOWLEDGE_INTERACTION for intent in reading.intents)
    return [Foods(foods=foods)] if foods and not checked and whom.about_own(reading) else []


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
