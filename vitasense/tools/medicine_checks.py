"""Tools that check medicines: the ones asked about, the whole list, and why two of them do not go together."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations, product

from pydantic import Field

from vitasense.deterministic import knowledge, medications
from vitasense.deterministic.intake import Entity, EntityType, IntentName, Reading
from vitasense.deterministic.medications import Medicine, Person, Stated
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.findings import Evidence, Finding, Status, Value, not_evaluated
from vitasense.guardrails import age_said
from vitasense.memory import told_allergies
from vitasense.tools import names
from vitasense.tools.context import Call
from vitasense.tools.tool import Arguments, Nothing, ReadTool

KIND = "drug_interaction"
TAKEN = (EntityType.DRUG, EntityType.FOOD)
STATES = (EntityType.CONDITION, EntityType.LAB, EntityType.VITAL, EntityType.SYMPTOM)
MEDICATIONS = frozenset({Category.MEDICATIONS})
PREGNANCY, BREASTFEEDING = "pregnancy", "breastfeeding"  # conditions of the lexicon
YEARS = 2.0  # a said age that is further from that of the account is somebody else's
_OF_A_CHILD = re.compile(
    r"\bmy \S+(?:[- ](?:and a half))?[- ](?:years?|months?|weeks?|days?)[- ]olds?\b", re.IGNORECASE
)
_CHECKED = frozenset({IntentName.KNOWLEDGE_INTERACTION})


class DrugNames(Arguments):
    """Medicines, herbs and foods asked about; `with_own` checks each also against the person's record."""

    drugs: tuple[str, ...] = Field(min_length=1, max_length=20)
    with_own: bool = True


class Things(DrugNames):
    """Medicines and foods, and the illnesses, symptoms and values (`about`) that they are asked about with."""

    about: tuple[str, ...] = Field(default=(), max_length=20)


def about_own(reading: Reading) -> bool:
    """Whether the words are about the person of the record: "can my mother take …" is not, whatever a model asks."""
    named = reading.of_type(*TAKEN)
    return all(entity.experiencer == "patient" for entity in named) and not _OF_A_CHILD.search(reading.text)


def _asked(reading: Reading) -> Sequence[DrugNames]:
    named = reading.of_type(*TAKEN)  # a food that is asked about is checked, or said not to be known
    told = tuple(dict.fromkeys(entity.text or entity.name for entity in named))
    return [DrugNames(drugs=told, with_own=about_own(reading))] if told else []


def _asked_or_beside(reading: Reading) -> Sequence[DrugNames]:
    """Also where only effects are asked for, when there is something that the medicine can be held against."""
    wished = any(intent.name in _CHECKED for intent in reading.intents)
    medicines = {entity.name for entity in reading.of_type(EntityType.DRUG)}
    beside = len(medicines) > 1 or (medicines and reading.of_type(EntityType.FOOD, EntityType.CONDITION))
    return _asked(reading) if wished or beside else []


def _things(reading: Reading) -> Sequence[Things]:
    about = tuple(dict.fromkeys(entity.name for entity in reading.of_type(*STATES)))
    return [Things(drugs=each.drugs, with_own=each.with_own, about=about) for each in _asked(reading)]


def _whole_list(reading: Reading) -> Sequence[Nothing]:
    return [] if reading.of_type(*TAKEN) else [Nothing()]


async def _check(call: Call, asked: DrugNames) -> Sequence[Finding]:
    own = asked.with_own and about_own(call.reading)
    person = await _person(call) if own else _another(call)
    current = await _current(call) if own else []
    new = [name for name in asked.drugs if not any(_same(each.name, [name]) for each in current)] or asked.drugs
    others = [each for each in current if not _same(each.name, new)]
    findings = medications.check(
        [*(_medicine(name, call) for name in new), *others], person=_with_said(person, call), library=call.run.library
    )
    unseen = [_unseen()] if own and Category.MEDICATIONS not in call.readable else []
    return [*_for_whom(call, own), *unseen, *medications.brief(findings)]


async def _check_list(call: Call, _: Nothing) -> Sequence[Finding]:
    current = await _current(call)
    if not current:
        text = "The record lists no medicine taken now, so there is nothing to check."
        count = Value(name="medicines taken now", number=0)
        return [Finding(kind=KIND, text=text, status=Status.NOT_FOUND, values=(count,))]
    person = _with_said(await _person(call), call)
    return medications.brief(medications.check(current, person=person, library=call.run.library))


async def allergy_warnings(call: Call, name: str) -> list[Finding]:
    """What the allergies of the person say against a medicine that they ask about; nothing for somebody else."""
    if Category.ALLERGIES not in call.readable or not about_own(call.reading):
        return []
    person = _with_said(await _person(call), call)
    found = medications.check([Medicine(name, origin="asked")], person=person, library=call.run.library)
    return [each for each in found if each.kind == medications.Kind.ALLERGY and each.status is Status.FOUND]


async def _why(call: Call, asked: Things) -> Sequence[Finding]:
    """The documented reasons and the paths between what was named, else the reasons between it and what the record says."""
    library = call.run.library or knowledge.library()
    pairs = [*combinations(asked.drugs, 2), *product(asked.drugs, asked.about)]
    named = [finding for one, two in pairs for finding in knowledge.why(one, two, library)]
    found = [each for each in named if each.status is Status.FOUND]
    if not found and asked.with_own and about_own(call.reading):
        own = await _own(call, asked.drugs)
        found = [finding for each in own for finding in knowledge.reasons(asked.drugs[0], each, library)]
        named += [*([_no_reason(asked.drugs[0])] if own else []), *_unshared(call)]
    nothing = not_evaluated("relation", "I need two things to say how they hang together.", "one thing named")
    return list({each.text: each for each in found}.values()) or named or [nothing]


def _no_reason(drug: str) -> Finding:
    text = f"No list that I have says why {drug} should matter beside what I see of the record."
    return Finding(kind="relation", text=text, status=Status.NOT_FOUND, reason="no listed reason")


def _unshared(call: Call) -> list[Finding]:
    """What of the record could have been a reason and was not seen."""
    hidden = sorted(each.value for each in medications.USED - call.readable)
    if not hidden:
        return []
    text = f"I could not look at all of the record: {', '.join(hidden)} are not shared with you."
    return [not_evaluated("relation", text, "no permission")]


async def _own(call: Call, drugs: Sequence[str]) -> list[str]:
    """What the record says that a medicine may have to do with: other medicines, illnesses and values."""
    taken = [each.name for each in await _current(call) if not _same(each.name, drugs)]
    return [*taken, *medications.nodes_of(_with_said(await _person(call), call))]


async def _person(call: Call) -> Person:
    person = await medications.person_of(
        call.tx, call.patient_id, now=call.now, readable=call.readable, own=call.run.own_record
    )
    if Category.ALLERGIES not in call.readable:
        return person
    said = await told_allergies(call.tx, call.patient_id)
    told = tuple(Stated(name, evidence=entry.source) for name, entry in said)
    return replace(person, allergies=(*(person.allergies or ()), *told))


def _another(call: Call) -> Person:
    """Somebody who is not the person of the record: only what was said of them is known."""
    return Person(now=call.now, age_years=age_said(call.reading.text), own=False)


def _with_said(person: Person, call: Call) -> Person:
    """The person with what the message says of them beside the record."""
    said = [each for each in call.reading.of_type(EntityType.CONDITION) if _holds(each)]
    evidence = _statement(call)
    allergens = [each for each in call.reading.of_type(EntityType.ALLERGEN) if _holds(each)]
    illnesses = tuple(
        Stated(each.name, evidence=evidence) for each in said if each.name not in (PREGNANCY, BREASTFEEDING)
    )
    allergies = tuple(Stated(each.name, evidence=evidence) for each in allergens)
    named = {each.name for each in said}
    return replace(
        person,
        pregnant=True if PREGNANCY in named else person.pregnant,
        breastfeeding=True if BREASTFEEDING in named else person.breastfeeding,
        conditions=(*(person.conditions or ()), *illnesses) if illnesses else person.conditions,
        allergies=(*(person.allergies or ()), *allergies) if allergies else person.allergies,
    )


def _holds(entity: Entity) -> bool:
    return not entity.negated and entity.temporality != "historical"


def _statement(call: Call) -> Evidence:
    return Evidence(
        kind="statement",
        ref=str(call.run.thread_id),
        version="1",
        label="What you wrote",
        at=call.said_at,
    )


def _medicine(name: str, call: Call) -> Medicine:
    food = any(each.type is EntityType.FOOD and name in (each.text, each.name) for each in call.reading.entities)
    return Medicine(name, origin="food" if food else "asked", evidence=_statement(call))


async def _current(call: Call) -> list[Medicine]:
    if Category.MEDICATIONS not in call.readable:
        return []
    return await medications.taken_now(call.tx, call.patient_id, call.now)


def _same(name: str, asked: Sequence[str]) -> bool:
    keys = {part.drug.key for each in asked for part in knowledge.ingredients(each) if part.drug}
    return any(part.drug.key in keys for part in knowledge.ingredients(name) if part.drug)


def _for_whom(call: Call, own: bool) -> list[Finding]:
    """That somebody else's medicines are checked as said, and not with the record."""
    if own:
        return []
    text = "I checked this as you said it, for somebody else: I did not use your record."
    if not call.run.own_record:
        text = "I checked this as it was said, for somebody else: I did not use the patient's record."
    evidence = (_statement(call),)
    return [Finding(kind="check.scope", text=text, status=Status.FOUND, evidence=evidence)]


def _unseen() -> Finding:
    text = "I could not check this against the medicines in the record: they are not shared with you."
    return not_evaluated(KIND, text, "no permission")


CHECK_INTERACTIONS = ReadTool(
    name="check_interactions",
    description="Check medicines, herbs and foods against each other and against what the person's record says.",
    arguments=DrugNames,
    intents=_CHECKED | {IntentName.KNOWLEDGE_EFFECTS},
    plan=_asked_or_beside,
    admits=lambda asked, reading: all(names.term(each, reading) for each in asked.drugs),
    reads=medications.USED,
    run=_check,
)
CHECK_MEDICINES = ReadTool(
    name="check_medicines",
    description="Check all medicines in the record against each other and against what the record says of the person.",
    arguments=Nothing,
    intents=_CHECKED,
    plan=_whole_list,
    reads=medications.USED,
    needs=MEDICATIONS,
    run=_check_list,
)
WHY = ReadTool(
    name="why_interaction",
    description="Why medicines or foods affect each other, an illness or a value: the documented reason and the path.",
    arguments=Things,
    intents=frozenset({IntentName.KNOWLEDGE_WHY}),
    plan=_things,
    admits=lambda asked, reading: all(names.node(each, reading) for each in (*asked.drugs, *asked.about)),
    reads=medications.USED,
    run=_why,
)
