"""Whom a question about medicines concerns: the person of the record with what the message says of them, or another."""

import re
from collections.abc import Sequence
from dataclasses import replace

from vitasense.deterministic import medications
from vitasense.deterministic.intake import Entity, EntityType, Reading, asked_about, of_the_writer, taker
from vitasense.deterministic.medications import Measured, Medicine, Person, Stated
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.findings import Evidence
from vitasense.guardrails import age_said
from vitasense.memory import told_allergies
from vitasense.tools.context import Call

PREGNANCY, BREASTFEEDING = "pregnancy", "breastfeeding"  # conditions of the lexicon
_OF_A_CHILD = re.compile(
    r"\bmy \S+(?:[- ](?:and a half))?[- ](?:years?|months?|weeks?|days?)[- ]olds?\b", re.IGNORECASE
)


def about_own(reading: Reading, *, own_record: bool = False) -> bool:
    """Whether the words are about the person of the record: "can my mother take …" is not, whatever a model asks.

    `own_record`: the person speaks of their own record, so that "she" is another; whoever treats them may mean them by it.
    """
    if _OF_A_CHILD.search(reading.text):
        return False
    for_whom = taker(reading, own_record=own_record)
    named = asked_about(reading)
    return for_whom == "self" or (for_whom is None and all(each.experiencer == "patient" for each in named))


def asks_for_own(call: Call) -> bool:
    """Whether the message is about the person of the record, by whom it is from."""
    return about_own(call.reading, own_record=call.run.own_record)


async def taken(call: Call) -> list[Medicine]:
    """What the person of the record takes now; nothing where that may not be seen."""
    if Category.MEDICATIONS not in call.readable:
        return []
    return await medications.taken_now(call.tx, call.patient_id, call.now)


async def recorded(call: Call) -> Person:
    """The person as the record has them, with the allergies that they told of."""
    person = await medications.person_of(
        call.tx, call.patient_id, now=call.now, readable=call.readable, own=call.run.own_record
    )
    if Category.ALLERGIES not in call.readable:
        return person
    said = await told_allergies(call.tx, call.patient_id)
    told = tuple(Stated(name, evidence=entry.source) for name, entry in said)
    return replace(person, allergies=(*(person.allergies or ()), *told))


def another(call: Call) -> Person:
    """Somebody who is not the person of the record: only what was said of them is known, and nothing of who writes."""
    said = [each for each in call.reading.entities if _holds(each) and not of_the_writer(call.reading, each)]
    return _with(Person(now=call.now, age_years=age_said(call.reading.text), who="they"), said, call)


async def own(call: Call) -> Person:
    """The person of the record, with what the message says of them."""
    return _with(await recorded(call), of_themselves(call.reading), call)


def of_themselves(reading: Reading) -> list[Entity]:
    """What the message says that the person of the record has: illnesses, allergies and values of the laboratory."""
    stated = [
        *reading.of_type(EntityType.CONDITION, EntityType.ALLERGEN),
        *(each for each in reading.of_type(EntityType.LAB) if each.value is not None),
    ]
    return [each for each in stated if _holds(each) and each.experiencer == "patient"]


def _with(person: Person, said: Sequence[Entity], call: Call) -> Person:
    evidence, named = statement(call), {each.name for each in said if each.type is EntityType.CONDITION}
    illnesses = tuple(Stated(name, evidence=evidence) for name in sorted(named - {PREGNANCY, BREASTFEEDING}))
    recorded = {each.name.casefold() for each in person.allergies or ()}
    allergens = [
        each.name for each in said if each.type is EntityType.ALLERGEN and each.name.casefold() not in recorded
    ]
    allergies = tuple(Stated(name, evidence=evidence) for name in allergens)
    values = _values(said, call)
    return replace(
        person,
        pregnant=True if PREGNANCY in named else person.pregnant,
        breastfeeding=True if BREASTFEEDING in named else person.breastfeeding,
        conditions=(*(person.conditions or ()), *illnesses) if illnesses else person.conditions,
        allergies=(*(person.allergies or ()), *allergies) if allergies else person.allergies,
        measured={**(person.measured or {}), **values} if values else person.measured,
    )


def _values(said: Sequence[Entity], call: Call) -> dict[str, Measured]:
    """The values that were said, by LOINC code; not those that are doubtful or of a time that is not known."""
    found: dict[str, Measured] = {}
    for each in said:
        at = each.when.start if each.when else call.said_at
        if each.type is EntityType.LAB and each.code and each.value is not None and each.unit and at and not each.doubt:
            found[each.code] = Measured(each.value, each.unit, at, statement(call))
    return found


def _holds(entity: Entity) -> bool:
    return not entity.negated and entity.temporality != "historical"


def statement(call: Call) -> Evidence:
    """The message as the evidence of what it says."""
    return Evidence(
        kind="statement",
        ref=str(call.run.thread_id),
        version="1",
        label="What you wrote",
        at=call.said_at,
    )
