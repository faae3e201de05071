"""Tools of the nutrition room."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from pydantic import Field

from vitasense.deterministic import nutrition
from vitasense.deterministic.intake import Entity, EntityType, IntentName, Reading
from vitasense.deterministic.nutrition import FoodItem
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.findings import Evidence, Finding, Status, not_evaluated
from vitasense.memory import told, told_about_food
from vitasense.tools import names
from vitasense.tools.context import Call, Proposal
from vitasense.tools.medicine_asking import only_asks
from vitasense.tools.medicine_foods import FOOD_WITH_MEDICINES
from vitasense.tools.tool import Arguments, ReadTool, WriteTool

NUTRITION = frozenset({Category.NUTRITION})


class Meal(Arguments):
    """What was eaten, and when; now unless a time was said."""

    items: tuple[FoodItem, ...] = Field(min_length=1)
    eaten_at: datetime | None = None


class Day(Arguments):
    """A calendar day of the person; today unless one was said."""

    day: date | None = None


class FoodName(Arguments):
    """One food by its everyday name."""

    food: str = Field(min_length=1, max_length=80)


def _eaten(reading: Reading) -> Sequence[Meal]:
    """Nothing where the question is whether it goes with a medicine: "I had wine with my tablet, is that a problem?"."""
    if only_asks(reading) and IntentName.KNOWLEDGE_INTERACTION in {intent.name for intent in reading.intents}:
        return []
    foods = [entity for entity in reading.of_type(EntityType.FOOD) if _of_the_person(entity)]
    items = tuple(FoodItem(name=food.name, quantity=food.quantity or 1, unit=food.portion) for food in foods)
    at = reading.period.start if reading.period else None
    unplaced = reading.period is not None and at is None
    return [Meal(items=items, eaten_at=at)] if items and not unplaced else []


def _of_the_person(entity: Entity) -> bool:
    return not entity.negated and entity.experiencer == "patient" and entity.temporality != "hypothetical"


def _day(reading: Reading) -> Sequence[Day]:
    return [Day(day=reading.period.start.date() if reading.period and reading.period.start else None)]


def _food(reading: Reading) -> Sequence[FoodName]:
    return [FoodName(food=entity.name) for entity in reading.of_type(EntityType.FOOD)]


async def _propose(call: Call, meal: Meal) -> Proposal | Sequence[Finding]:
    if meal.eaten_at and meal.eaten_at > call.now:
        return [not_evaluated("nutrition.meal", "That meal is in the future, so I did not write it down.", "future")]
    at = meal.eaten_at or call.said_at
    eaten = "; ".join(nutrition.item_words(item) for item in meal.items)
    counted = nutrition.estimate(meal.items)
    details = {"Eaten": eaten, "When": f"{at:%d %B %Y, %H:%M %Z}".strip()}
    details["Counted as"] = nutrition.totals_words(counted) or "nothing that I can count"
    return Proposal("Write down this meal?", f"Shall I write this down in your food diary: {eaten}?", details)


async def _write(call: Call, meal: Meal, key: UUID) -> str:
    stored = await nutrition.log_meal(
        call.tx,
        call.patient_id,
        meal_id=key,
        items=meal.items,
        eaten_at=meal.eaten_at or call.said_at,
        source="conversation",
        now=call.now,
    )
    return f"Meal/{stored.id}"


async def _read_back(call: Call, ref: str) -> Sequence[Finding]:
    stored = await nutrition.meal(call.tx, call.patient_id, UUID(ref.partition("/")[2]))
    written = Finding(
        kind="nutrition.written",
        text="It is in your food diary now.",
        status=Status.FOUND,
        evidence=(Evidence(kind="record", ref=ref, version=str(stored.version), label="Meal", at=stored.eaten_at),),
    )
    return [written, *nutrition.meal_findings(stored)]


async def _totals(call: Call, asked: Day) -> Sequence[Finding]:
    person = call.run.person
    age = None if person.age is None else int(person.age)
    day = asked.day or call.now.date()
    return await nutrition.day_totals(call.tx, call.patient_id, day, sex=person.sex, age=age, now=call.now)


async def _facts(call: Call, asked: FoodName) -> Sequence[Finding]:  # noqa: ARG001 every tool is called alike
    return nutrition.food_facts(asked.food)


async def _preferences(call: Call, asked: FoodName) -> Sequence[Finding]:
    """Nothing is concluded: what was said of eating stands beside what is in the food."""
    found = await told_about_food(call.tx, call.patient_id, [asked.food], call.readable)
    return [
        Finding(
            kind="nutrition.told",
            text=told(each, own=call.run.own_record),
            status=Status.FOUND,
            evidence=(each.source,),
            categories=frozenset({each.category} if each.category else ()),
        )
        for each in found
    ]


LOG_MEAL = WriteTool(
    name="log_meal",
    description="Write down what the person ate or drank, with amounts, after the person confirmed it.",
    arguments=Meal,
    intents=frozenset({IntentName.NUTRITION_LOG}),
    plan=_eaten,
    reads=NUTRITION,
    writes=NUTRITION,
    propose=_propose,
    write=_write,
    read_back=_read_back,
)
DAY_TOTALS = ReadTool(
    name="day_totals",
    description="What the person's meals of one day add up to, compared with the reference intakes.",
    arguments=Day,
    intents=frozenset({IntentName.NUTRITION_DAY}),
    plan=_day,
    admits=lambda asked, _: asked.day is None,
    reads=NUTRITION,
    needs=NUTRITION,
    run=_totals,
)
FOOD_FACTS = ReadTool(
    name="food_facts",
    description="What a food contains per 100 g and per usual portion.",
    arguments=FoodName,
    intents=frozenset({IntentName.NUTRITION_FOOD}),
    plan=_food,
    admits=lambda asked, reading: names.food(asked.food, reading),
    run=_facts,
)
FOOD_PREFERENCES = ReadTool(
    name="food_preferences",
    description="What the person told about how they eat, and about a food: diet, likes, dislikes, intolerances.",
    arguments=FoodName,
    intents=frozenset({IntentName.NUTRITION_FOOD}),
    plan=_food,
    admits=lambda asked, reading: names.food(asked.food, reading),
    reads=NUTRITION | {Category.ALLERGIES},
    run=_preferences,
)

TOOLS = (LOG_MEAL, DAY_TOTALS, FOOD_WITH_MEDICINES, FOOD_FACTS, FOOD_PREFERENCES)
