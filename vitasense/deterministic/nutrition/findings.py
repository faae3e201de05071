"""What can be said of a food, a meal and a day, in plain words."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.nutrition.schemas import (
    Food,
    FoodItem,
    Gap,
    Intake,
    ItemEstimate,
    Meal,
    MealEstimate,
    NotCounted,
    Nutrient,
    Total,
)
from vitasense.deterministic.nutrition.service import combine, meals, portion_grams
from vitasense.deterministic.nutrition.tables import find_food, foods, intake_for, intakes
from vitasense.deterministic.nutrition.wording import (
    day_words,
    facts_words,
    item_words,
    listed,
    number,
    plural,
    rounded,
    told,
    totals_words,
    weighed_words,
)
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.findings import Evidence, Finding, Status, Urgency, Value, not_evaluated

_COMPARED = (
    *(Nutrient.SODIUM, Nutrient.POTASSIUM, Nutrient.FIBRE, Nutrient.PROTEIN),
    *(Nutrient.CALCIUM, Nutrient.IRON, Nutrient.VITAMIN_C),
)
_NUTRITION = frozenset({Category.NUTRITION})


def food_facts(name: str) -> list[Finding]:
    """What 100 g of the food contains, and what its usual portion weighs; not evaluated when it is not known."""
    food = find_food(name)
    if food is None:
        return [_gap_finding([NotCounted(food=name[:80], gap=Gap.UNKNOWN_FOOD)])]
    known = [(nutrient, amount) for nutrient, amount in food.per_100g.items() if amount is not None]
    values = [Value(name="portion", number=100, unit="g"), *(_value(nutrient, amount) for nutrient, amount in known)]
    sentence, more = _usual_portion(food)
    found = _found("nutrition.food", f"{facts_words(food)}{sentence}", [*values, *more], [_food_evidence(food)])
    unknown = [
        NotCounted(food=food.label, gap=Gap.MISSING_NUTRIENT, nutrient=nutrient)
        for nutrient, amount in food.per_100g.items()
        if amount is None
    ]
    return [found, _gap_finding(unknown)] if unknown else [found]


def _usual_portion(food: Food) -> tuple[str, list[Value]]:
    one = FoodItem(name=food.names[0], quantity=1)
    grams, energy = portion_grams(food, 1, None), food.per_100g[Nutrient.ENERGY]
    if grams is None or energy is None:
        return "", []
    item = ItemEstimate(item=one, food=food, grams=grams)
    calories = energy * grams / 100
    text = f" {weighed_words(item)} has {told(Nutrient.ENERGY, calories)}."
    return text, [*_item_values(item), _value(Nutrient.ENERGY, calories, "energy of one portion")]


def meal_findings(meal: Meal) -> list[Finding]:
    """What the meal holds, with every food as evidence, and one finding for each thing that was not counted."""
    gaps = _gap_findings(meal.estimate)
    if not meal.estimate.totals:
        return gaps
    weighed = [item for item in meal.estimate.items if item.grams is not None]
    text = f"This meal: {listed(map(weighed_words, weighed))}. It has {totals_words(meal.estimate)}."
    values = [value for item in weighed for value in _item_values(item)]
    evidence = [_meal_evidence(meal), *_foods_evidence(meal.estimate)]
    return [_found("nutrition.meal", text, values + _total_values(meal.estimate), evidence), *gaps]


async def day_totals(
    tx: AsyncSession, patient_id: UUID, day: date, *, sex: str | None, age: int | None, now: datetime
) -> list[Finding]:
    """The meals of `day` (in the zone of `now`) together, compared with the reference intakes of `sex` and `age`.

    `sex` is FHIR's administrative gender and `age` whole years; other than male or female, or below 19, nothing is
    compared and that is said. A day without meals is not found, not zero. Of a day that is not over, only what is
    reached or exceeded is told: what is still missing may yet be eaten.
    """
    start = datetime.combine(day, time(), tzinfo=now.tzinfo)
    eaten = await meals(tx, patient_id, start, datetime.combine(day + timedelta(days=1), time(), tzinfo=now.tzinfo))
    if not eaten:
        return [_no_meals(day)]
    together = combine(eaten)
    today = day == now.date()
    summary = [_day_summary(day, eaten, together, today=today)] if together.totals else []
    compared = _comparisons(eaten, together, sex, age)
    told = [each for each in compared if not (today and each.kind in _falls_short(together, sex, age))]
    return [*summary, *told, *_gap_findings(together)]


def _falls_short(together: MealEstimate, sex: str | None, age: int | None) -> set[str]:
    """The kinds of those comparisons that are below what a day should bring."""
    if age is None or (sex != "male" and sex != "female"):
        return set()
    intakes = [intake for nutrient in _COMPARED if (intake := intake_for(nutrient, sex, age))]
    return {
        f"nutrition.day.{intake.nutrient.value}"
        for intake in intakes
        if intake.limit_kind != "CDRR"
        and ((total := together.totals.get(intake.nutrient)) is None or rounded(total.amount) < intake.aim)
    }


def _no_meals(day: date) -> Finding:
    return Finding(
        kind="nutrition.day",
        text=f"No meal is written down for {day_words(day)}.",
        status=Status.NOT_FOUND,
        values=(Value(name="day", text=day_words(day)),),
        urgency=Urgency.SELF_CARE,
        categories=_NUTRITION,
    )


def _day_summary(day: date, eaten: Sequence[Meal], together: MealEstimate, *, today: bool) -> Finding:
    count = "1 meal is" if len(eaten) == 1 else f"{len(eaten)} meals are"
    text = f"{count} written down for {day_words(day)}{' so far' if today else ''}: {totals_words(together)}."
    values = [
        Value(name="day", text=day_words(day)),
        Value(name="meals", number=len(eaten)),
        *_total_values(together),
    ]
    return _found("nutrition.day", text, values, [*map(_meal_evidence, eaten), *_foods_evidence(together)])


def _comparisons(eaten: Sequence[Meal], together: MealEstimate, sex: str | None, age: int | None) -> list[Finding]:
    missing = [word for word, known in (("sex", sex in ("male", "female")), ("age", age is not None)) if not known]
    if missing or age is None or (sex != "male" and sex != "female"):
        what = " and ".join(missing)
        text = f"I cannot compare this with the amounts advised for a day: the record does not say the {what}."
        return [_unable("nutrition.intakes", text, f"the {what} is not known")]
    pairs = [(nutrient, intake_for(nutrient, sex, age)) for nutrient in _COMPARED]
    compared = [_compare(eaten, together, intake) for _, intake in pairs if intake]
    if compared:
        return compared
    text = "I cannot compare this with the amounts advised for a day: the ones I know are for adults."
    return [_unable("nutrition.intakes", text, "there is no reference intake for this age")]


def _compare(eaten: Sequence[Meal], together: MealEstimate, intake: Intake) -> Finding:
    nutrient, kind = intake.nutrient, f"nutrition.day.{intake.nutrient.value}"
    total = together.totals.get(nutrient)
    if total is None:
        text = f"How much {nutrient.words} this was is not known: no food of the day has a value for it."
        return _unable(kind, text, f"no value for {nutrient.words}")
    verdict = _verdict(total, intake)
    values = [_value(nutrient, total.amount), *_intake_values(intake)]
    evidence = [*map(_meal_evidence, eaten), _intake_evidence(intake)]
    start = f"These meals have {'' if total.complete else 'at least '}{told(nutrient, total.amount)}."
    if verdict is None:
        left_out = listed(total.missing)
        text = (
            f"{start} I cannot compare it with the amount advised for a day, because {left_out} could not be counted."
        )
        return _unable(kind, text, f"not counted: {left_out}").model_copy(
            update={"values": tuple(values), "evidence": tuple(evidence)}
        )
    words, above = verdict
    found = _found(kind, f"{start} {words}", values, evidence)
    return found.model_copy(update={"urgency": Urgency.ROUTINE if above else Urgency.SELF_CARE})


def _verdict(total: Total, intake: Intake) -> tuple[str, bool] | None:
    """The sentence and whether the limit is exceeded; None when the part that was not counted could change it."""
    unit, amount = total.nutrient.unit, rounded(total.amount)
    if intake.limit is not None and amount > intake.limit:
        return f"That is more than the daily limit of {number(intake.limit)} {unit}.", True
    if intake.limit_kind == "CDRR" and intake.limit is not None:
        within = f"That is within the daily limit of {number(intake.limit)} {unit}."
        return (within, False) if total.complete else None
    if amount >= intake.aim:
        return f"That reaches the {number(intake.aim)} {unit} advised for a day.", False
    below = f"That is less than the {number(intake.aim)} {unit} advised for a day."
    return (below, False) if total.complete else None


def _intake_values(intake: Intake) -> list[Value]:
    words, unit = intake.nutrient.words, intake.nutrient.unit
    values = [Value(name=f"{words} advised for a day ({intake.aim_kind})", number=intake.aim, unit=unit)]
    if intake.limit is not None:
        values.append(Value(name=f"{words} daily limit ({intake.limit_kind})", number=intake.limit, unit=unit))
    return values


def _gap_findings(estimate: MealEstimate) -> list[Finding]:
    gaps = list(dict.fromkeys(estimate.not_evaluated))
    return [_gap_finding(list(group)) for _, group in groupby(gaps, key=lambda gap: (gap.food, gap.gap))]


def _gap_finding(gaps: Sequence[NotCounted]) -> Finding:
    food = gaps[0].food
    match gaps[0].gap:
        case Gap.UNKNOWN_FOOD:
            text = f"I do not know the food “{food}”, so I could not count it."
            return _unable("nutrition.gap", text, "the food is not in the list")
        case Gap.MISSING_PORTION:
            text = f"I could not count {food}, because I do not know how much it was. {_ask(food)}"
            return _unable("nutrition.gap", text, "the weight of the portion is not known")
        case Gap.MISSING_NUTRIENT:
            missing = listed(gap.nutrient.words for gap in gaps if gap.nutrient)
            text = f"For {food} there is no value for {missing}."
            return _unable("nutrition.gap", text, "USDA gives no value")


def _ask(name: str) -> str:
    food = find_food(name)
    units = list(dict.fromkeys(plural(portion.unit) for portion in food.portions))[:2] if food else []
    return f"Tell me in {' or '.join([*units, 'grams'])}."


def _unable(kind: str, text: str, reason: str) -> Finding:
    return not_evaluated(kind, text, reason, Category.NUTRITION)


def _found(kind: str, text: str, values: Sequence[Value], evidence: Sequence[Evidence]) -> Finding:
    return Finding(
        kind=kind,
        text=text,
        status=Status.FOUND,
        values=tuple(values),
        evidence=tuple(evidence),
        urgency=Urgency.SELF_CARE,
        categories=_NUTRITION,
    )


def _value(nutrient: Nutrient, amount: float, name: str | None = None) -> Value:
    return Value(name=name or nutrient.words, number=rounded(amount), unit=nutrient.unit)


def _total_values(estimate: MealEstimate) -> list[Value]:
    return [_value(total.nutrient, total.amount) for total in estimate.totals.values()]


def _item_values(item: ItemEstimate) -> list[Value]:
    said = Value(name=item.item.name, number=item.item.quantity, text=item.item.unit)
    return [said, Value(name=f"weight of {item.item.name}", number=rounded(item.grams or 0), unit="g")]


def _meal_evidence(meal: Meal) -> Evidence:
    return Evidence(
        kind="record",
        ref=f"Meal/{meal.id}",
        version=str(meal.version),
        label="Meal: " + listed(map(item_words, meal.items)),
        source=meal.source,
        at=meal.eaten_at,
    )


def _foods_evidence(estimate: MealEstimate) -> list[Evidence]:
    counted = {item.food.key: item.food for item in estimate.items if item.food}
    return [_food_evidence(food) for food in counted.values()]


def _food_evidence(food: Food) -> Evidence:
    return Evidence(
        kind="knowledge",
        ref=f"nutrition/foods#{food.key}",
        version=foods().version,
        label=f"Nutrients of {food.label}",
        source=food.source,
    )


def _intake_evidence(intake: Intake) -> Evidence:
    return Evidence(
        kind="knowledge",
        ref=f"nutrition/intakes#{intake.key}",
        version=intakes().version,
        label=f"Reference intake of {intake.nutrient.words}",
        source=intake.source,
    )
