"""Tools that say what to keep away from the medicines in the record: foods and drinks, and other medicines."""

import re
from collections.abc import Sequence

from vitasense.deterministic import knowledge, medications
from vitasense.deterministic.intake import TAKEN, Reading
from vitasense.deterministic.medications import Medicine, Person
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.findings import Finding, Status, not_evaluated
from vitasense.tools import whom
from vitasense.tools.context import Call
from vitasense.tools.medicine_asking import CHECKED, asks_foods
from vitasense.tools.tool import Nothing, ReadTool

KIND = "drug_interaction"
_AVOIDS = re.compile(
    r"\b(?:medicines?|medications?|meds|drugs?|pills?|tablets?|remed(?:y|ies)|supplements?|herbs?)\b.*"
    r"\b(?:avoid|(?:not|never) (?:take|use|have)|(?:stay|keep) away|leave out|shouldn't (?:take|use|have))\b",
    re.IGNORECASE,
)
_OF_FOOD = frozenset({medications.Kind.FOOD, medications.Kind.ALCOHOL})
_TAKEN = frozenset({Category.MEDICATIONS})
_NONE = "The record lists no medicine taken now, so nothing is listed that would get in its way."
_NO_DIETS = "Whether an illness asks for a diet, I did not look at: ask whoever treats it."
_NO_ILLNESSES = "What illnesses forbid I can only look at for a medicine that is named: say which you think of."


def asks_what_to_avoid(reading: Reading) -> bool:
    """Whether the words ask which medicines go badly with those that are taken, and name none."""
    return bool(_AVOIDS.search(reading.text)) and not reading.of_type(*TAKEN)


def _foods_asked(reading: Reading) -> Sequence[Nothing]:
    return [Nothing()] if asks_foods(reading) and whom.about_own(reading) else []


def _medicines_asked(reading: Reading) -> Sequence[Nothing]:
    return [Nothing()] if asks_what_to_avoid(reading) and whom.about_own(reading) else []


async def _foods(call: Call, _: Nothing) -> Sequence[Finding]:
    """By the medicines and the allergies; that illnesses were not looked at is said, since a diet may come from them."""
    current, person = await whom.taken(call), await whom.own(call)
    found = medications.check(current, person=person, library=call.run.library) if current else []
    told = medications.brief([each for each in found if each.kind in _OF_FOOD])
    return _answer(person, current, told, not_evaluated(medications.Kind.CONDITION, _NO_DIETS, "no rules of diets"))


async def _medicines(call: Call, _: Nothing) -> Sequence[Finding]:
    """By what the lists name with each medicine, and the allergies; illnesses are held against a named medicine alone."""
    current, person = await whom.taken(call), await whom.own(call)
    told = {
        found.text: _of(each, found) for each in current for found in knowledge.partners(each.name, call.run.library)
    }
    unseen = not_evaluated(medications.Kind.CONDITION, _NO_ILLNESSES, "no medicine was named")
    return _answer(person, current, list(told.values()), unseen)


def _answer(person: Person, current: Sequence[Medicine], told: Sequence[Finding], unseen: Finding) -> list[Finding]:
    return [*_allergies(person), *(told or [_nothing(current)]), unseen]


def _of(medicine: Medicine, found: Finding) -> Finding:
    """What the lists say of a medicine because the record has it: it tells of the record, and rests on it."""
    evidence = (*found.evidence, medicine.evidence) if medicine.evidence else found.evidence
    return found.model_copy(update={"evidence": evidence, "categories": _TAKEN})


def _nothing(current: Sequence[Medicine]) -> Finding:
    listed = ", ".join(each.name for each in current)
    text = f"My lists name nothing to keep away from {listed}. That does not rule out a problem." if listed else _NONE
    return Finding(kind=KIND, text=text, status=Status.NOT_FOUND, reason="nothing listed", categories=_TAKEN)


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


FOODS_TO_AVOID = ReadTool(
    name="foods_to_avoid",
    description="Foods and drinks that the medicines in the record go badly with, and the allergies that are recorded.",
    arguments=Nothing,
    intents=CHECKED,
    plan=_foods_asked,
    reads=medications.USED,
    needs=_TAKEN,
    run=_foods,
)
MEDICINES_TO_AVOID = ReadTool(
    name="medicines_to_avoid",
    description="Medicines that the lists name as going badly with those in the record, and the allergies that are recorded.",
    arguments=Nothing,
    intents=CHECKED,
    plan=_medicines_asked,
    reads=medications.USED,
    needs=_TAKEN,
    run=_medicines,
)
