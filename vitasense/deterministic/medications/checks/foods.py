"""Medicines with foods and drinks: those named, those of the food log, and how a medicine stands to meals."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from pydantic import Field

from vitasense.deterministic import knowledge
from vitasense.deterministic.knowledge import Drug, Severity
from vitasense.deterministic.medications.checks import answers
from vitasense.deterministic.medications.checks.cautions import Caution, Hit, by_drug, quiet
from vitasense.deterministic.medications.checks.eating import Eating, eating, food_names, foods_called
from vitasense.deterministic.medications.checks.meals import meals
from vitasense.deterministic.medications.checks.sites import reaches
from vitasense.deterministic.medications.checks.subject import Subject, Taken
from vitasense.deterministic.medications.rulebook import Rules, read_rules
from vitasense.deterministic.medications.schemas import Kind, Person
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.findings import Finding, Status, Urgency, Value

_ALCOHOL = "alcohol"


@dataclass(frozen=True, slots=True)
class _Meeting:
    """A food, and a medicine that it changes by a rule."""

    rule: "FoodRule"
    taken: Taken
    eating: Eating


class FoodRule(Caution):
    """Medicines that one of the `foods` (food_names.yaml) changes; with `hint` it is told though nobody eats it."""

    foods: tuple[str, ...] = Field(min_length=1)
    hint: bool = False

    @property
    def kind(self) -> str:
        """Alcohol has a kind of its own."""
        return Kind.ALCOHOL if _ALCOHOL in self.foods else Kind.FOOD


def foods(subject: Subject) -> list[Finding]:
    """What foods and drinks do to the medicines: named or eaten ones first, then hints and meals, told quietly.

    found: values name the medicine, the food, severity and basis; of the food log also on how many days it was eaten.
    A pair that the interaction lists have is told by the check of pairs. not_evaluated: the food log is not known and
    a rule that interrupts bears on a medicine. not_found: foods were held against the rules and none matters.
    """
    eaten, concerned = eating(subject), answers.concerned(subject)
    met = list(_meetings(subject, eaten))
    found = [_finding(each) for each in met if not _told_as_pair(each)]
    others = _others(concerned, met)
    return [
        *_distinct(found),
        *_not_named(subject),
        *_not_known(others, subject.person),
        *_nothing(subject, eaten, met, _but_foods(concerned) or _but_foods(subject.taken)),
        *_hints(others),
        *meals(concerned),
    ]


@cache
def food_rules() -> Rules[FoodRule]:
    """The rules of `rules/foods.yaml`. Raises ValueError for a food that has no name."""
    rules = read_rules("foods", FoodRule)
    missing = {key for rule in rules for key in rule.foods if key not in food_names().entries}
    if missing:
        raise ValueError(f"foods without a name: {sorted(missing)}")
    return rules


@cache
def _by_drug() -> Mapping[str, tuple[FoodRule, ...]]:
    return by_drug(food_rules())


def _rules_for(taken: Taken) -> Iterator[FoodRule]:
    return (rule for rule in _by_drug().get(taken.drug.key, ()) if reaches(taken, rule.sites))


def _meetings(subject: Subject, eaten: Sequence[Eating]) -> Iterator[_Meeting]:
    """Each medicine with each food that a rule joins; with something asked about, only what it has a part in."""
    asks = any(medicine.is_asked for medicine in subject.medicines)
    for each in eaten:
        for taken in subject.taken:
            if taken is each.taken or (asks and not each.asked and not taken.medicine.is_asked):
                continue
            rule = next((rule for rule in _rules_for(taken) if each.food.key in rule.foods), None)
            if rule:
                yield _Meeting(rule, taken, each)


def _told_as_pair(met: _Meeting) -> bool:
    """Whether the interaction lists have the pair and rate it as highly."""
    food, urgency = met.eating.taken, answers.URGENCY[met.rule.severity]
    return food is not None and _listed(met.taken.drug, food.drug, urgency)


def _listed(drug: Drug, food: Drug, urgency: Urgency) -> bool:
    pair = knowledge.pair(drug, food)
    return pair is not None and pair.urgency.rank >= urgency.rank and pair.confidence == 1


def _finding(met: _Meeting) -> Finding:
    rule, taken, each = met.rule, met.taken, met.eating
    food, logged = answers.capital(each.name), each.logged
    seen = f" (in the food log on {logged.days_taken} of the last {logged.days} days)" if logged else ""
    days = [Value(name="days eaten", number=logged.days_taken, unit="d")] if logged else []
    label = f"{each.name} with {taken.drug.name}"
    return Finding(
        kind=rule.kind,
        text=f"{food}{seen} with {taken.drug.name}: {rule.what}. {rule.advice}",
        status=Status.FOUND,
        urgency=answers.URGENCY[rule.severity],
        values=(
            answers.drug_value(taken.drug),
            Value(name="food", text=each.name, code=each.food.key),
            *days,
            *answers.rated(rule.severity),
        ),
        evidence=answers.evidence_of(food_rules().evidence(rule, label), each.evidence, taken.medicine.evidence),
        categories=answers.categories([taken.medicine.evidence], *([Category.NUTRITION] if logged else [])),
    )


def _distinct(found: Iterable[Finding]) -> list[Finding]:
    return list({finding.text: finding for finding in found}.values())


def _others(taken: Sequence[Taken], met: Sequence[_Meeting]) -> list[Hit[FoodRule]]:
    """The rules on foods that nobody named or ate, once for each ingredient."""
    told = {(each.rule.key, each.taken.drug.key) for each in met}
    hits = {(rule.key, each.drug.key): Hit(rule, each) for each in taken for rule in _rules_for(each)}
    return [hit for key, hit in hits.items() if key not in told]


def _hints(others: Sequence[Hit[FoodRule]]) -> list[Finding]:
    """What to know of a medicine though nobody said that the food is eaten: told quietly."""
    return [_hint(hit) for hit in others if hit.rule.hint or hit.rule.severity.interrupts]


def _hint(hit: Hit[FoodRule]) -> Finding:
    rule, drug = hit.rule, hit.taken.drug
    food = _named(rule.foods)
    return Finding(
        kind=rule.kind,
        text=f"{answers.capital(food)} with {drug.name}: {rule.what}. {rule.advice}",
        status=Status.FOUND,
        urgency=Urgency.SELF_CARE,
        values=(answers.drug_value(drug), Value(name="food", text=food), *answers.rated(Severity.MINOR)),
        evidence=answers.evidence_of(
            food_rules().evidence(rule, f"{food} with {drug.name}"), hit.taken.medicine.evidence
        ),
        categories=answers.categories([hit.taken.medicine.evidence]),
    )


def _named(keys: Iterable[str]) -> str:
    return answers.listed((food_names()[key].names[0] for key in keys), "or")


def _not_named(subject: Subject) -> list[Finding]:
    """The foods asked about that no rule names."""
    foods = [each.name.strip() for each in subject.medicines if each.origin == "food"]
    names = [name for name in foods if name in subject.unknown and not foods_called(name)]
    if not names:
        return []
    text = f"My rules of food and medicines do not name {answers.listed(names)}, so I could not check it. The leaflet of the medicine may."
    return [answers.skipped(Kind.FOOD, text, f"no rule of food names {answers.listed(names)}", names)]


def _not_known(others: Sequence[Hit[FoodRule]], person: Person | None) -> list[Finding]:
    hits = [hit for hit in others if hit.rule.severity.interrupts]
    if not hits or (person is not None and person.eaten is not None):
        return []
    names = [drug.name for drug in answers.distinct(hit.taken for hit in hits)]
    who = answers.does(person, "eat and drink", "eats and drinks")
    matters = _named(key for hit in hits for key in hit.rule.foods)
    text = f"I do not know what {who}. With {answers.shortened(names)} it matters whether there is {matters}."
    found_in = answers.categories([hit.taken.medicine.evidence for hit in hits])
    return [answers.skipped(Kind.FOOD, text, "the food log is not known", names, found_in)]


def _but_foods(taken: Sequence[Taken]) -> list[Taken]:
    return [each for each in taken if each.medicine.origin != "food"]


def _nothing(
    subject: Subject, eaten: Sequence[Eating], met: Sequence[_Meeting], taken: Sequence[Taken]
) -> list[Finding]:
    """That what is eaten was held against the rules; nothing when there was nothing to hold."""
    known = subject.person is not None and subject.person.eaten is not None
    named = [each.name for each in eaten if each.taken is None and each.logged is None]
    if met or not taken or not (known or named):
        return []
    names = answers.shortened([drug.name for drug in answers.distinct(taken)])
    source = f"in {answers.listed(named)}" if named else "in the food log"
    text = f"I found nothing {source} that my rules hold against {names}. That does not rule out a problem."
    looked_at = [Category.NUTRITION] if known else []
    return [quiet(Kind.FOOD, taken, text, "no rule joins these medicines and foods", *looked_at)]
