"""Tools that check medicines: the ones asked about, the whole list, and why two of them do not go together."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations, product

from pydantic import Field

from vitasense.deterministic import knowledge, medications
from vitasense.deterministic.intake import TAKEN, EntityType, IntentName, Reading, asked_about
from vitasense.deterministic.medications import Medicine, Person
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.findings import Finding, Status, Value, not_evaluated
from vitasense.tools import medicine_words, names, whom
from vitasense.tools.context import Call
from vitasense.tools.medicine_limits import asks_the_most
from vitasense.tools.tool import Arguments, Nothing, ReadTool

KIND = "drug_interaction"
STATES = (EntityType.CONDITION, EntityType.LAB, EntityType.VITAL, EntityType.SYMPTOM)
MEDICATIONS = frozenset({Category.MEDICATIONS})
_CHECKED = frozenset({IntentName.KNOWLEDGE_INTERACTION})
_LOOKED_AT = {
    EntityType.LAB: medications.Kind.LABORATORY,
    EntityType.CONDITION: medications.Kind.CONDITION,
    EntityType.ALLERGEN: medications.Kind.ALLERGY,
}
_STATES_OF = {
    whom.PREGNANCY: medications.Kind.PREGNANCY,
    whom.BREASTFEEDING: medications.Kind.BREASTFEEDING,
}


class DrugNames(Arguments):
    """Medicines, herbs and foods asked about; `with_own` checks each also against the person's record."""

    drugs: tuple[str, ...] = Field(min_length=1, max_length=20)
    with_own: bool = True


class Things(DrugNames):
    """Medicines and foods, and the illnesses, symptoms and values (`about`) that they are asked about with."""

    about: tuple[str, ...] = Field(default=(), max_length=20)


def _asked(reading: Reading) -> Sequence[DrugNames]:
    named = asked_about(reading)  # a food that is asked about is checked, or said not to be known
    told = tuple(dict.fromkeys(entity.text or entity.name for entity in named))
    return [DrugNames(drugs=told, with_own=whom.about_own(reading))] if told else []


def _asked_or_beside(reading: Reading) -> Sequence[DrugNames]:
    """Also where the most a day is asked for, or effects beside something, or where the person says what they have."""
    wished = {intent.name for intent in reading.intents}
    medicines = {entity.name for entity in reading.of_type(EntityType.DRUG)}
    beside = len(medicines) > 1 or (medicines and reading.of_type(EntityType.FOOD, EntityType.CONDITION))
    effects = IntentName.KNOWLEDGE_EFFECTS in wished and beside
    stated = bool(medicines) and reading.question and whom.of_themselves(reading)
    return _asked(reading) if _CHECKED & wished or effects or stated or asks_the_most(reading) else []


def _things(reading: Reading) -> Sequence[Things]:
    about = tuple(dict.fromkeys(entity.name for entity in reading.of_type(*STATES)))
    return [Things(drugs=each.drugs, with_own=each.with_own, about=about) for each in _asked(reading)]


def _whole_list(reading: Reading) -> Sequence[Nothing]:
    return [] if reading.of_type(*TAKEN) or _only_stated(reading) else [Nothing()]


def _stated(reading: Reading) -> Sequence[Nothing]:
    return [Nothing()] if _only_stated(reading) else []


def _only_stated(reading: Reading) -> bool:
    """Whether the words name what the person has, and no medicine: "I'm pregnant"."""
    return bool(whom.of_themselves(reading)) and not reading.of_type(*TAKEN, EntityType.CATEGORY)


def _own_asked(call: Call) -> bool:
    return whom.about_own(call.reading, own_record=call.run.own_record)


async def _check(call: Call, asked: DrugNames) -> Sequence[Finding]:
    own = asked.with_own and _own_asked(call)
    person = await whom.own(call) if own else whom.another(call)
    current = await _current(call) if own else []
    names, unnamed = _named(asked.drugs, current, call)
    if not names:
        return unnamed
    thought_of = _thought_of(names, current, call)
    others = [each for each in current if not _same(each.name, [one.name for one in thought_of])]
    findings = medications.check([*thought_of, *others], person=person, library=call.run.library)
    first = _first(call.reading)
    if any(each.origin == "food" for each in thought_of):
        first |= {medications.Kind.FOOD}
    if any(each.dose and not each.asked for each in thought_of):
        first |= {medications.Kind.MAXIMUM}
    elif asks_the_most(call.reading):  # told by itself
        findings = [each for each in findings if each.kind != medications.Kind.MAXIMUM or each.status is Status.FOUND]
    unseen = [_unseen()] if own and Category.MEDICATIONS not in call.readable else []
    news = await _news(call, others, person) if own else []
    return [
        *_for_whom(call, own),
        *unseen,
        *unnamed,
        *_other_dose(thought_of, current),
        *medications.brief([*findings, *news], first),
    ]


def _thought_of(names: Sequence[str], current: Sequence[Medicine], call: Call) -> list[Medicine]:
    """What is asked about: what is not taken yet, else what is, as it is taken where no other dose was said."""
    said = [_medicine(name, call) for name in names]
    taken = {each.name: [one for one in current if _same(one.name, [each.name])] for each in said}
    if new := [each for each in said if not taken[each.name]]:
        return new
    own = (replace(one, asked=True) for each in said if each.dose is None for one in taken[each.name])
    return [*(each for each in said if each.dose), *dict.fromkeys(own)]


def _other_dose(thought_of: Sequence[Medicine], current: Sequence[Medicine]) -> list[Finding]:
    """What the record has of a medicine that is asked about with a dose: the question is about a change of it."""
    doses = [each.name for each in thought_of if each.dose and not each.asked]
    taken = [each for each in current if doses and _same(each.name, doses)]
    if not taken:
        return []
    names = ", ".join(dict.fromkeys(each.name for each in taken))
    text = f"The record has {names}. Another dose is for whoever prescribed it to decide."
    evidence = tuple(each.evidence for each in taken if each.evidence)
    found_in = frozenset({Category.MEDICATIONS})
    return [Finding(kind="check.scope", text=text, status=Status.FOUND, evidence=evidence, categories=found_in)]


def _named(asked: Sequence[str], current: Sequence[Medicine], call: Call) -> tuple[list[str], list[Finding]]:
    """What is asked about, with "my statin" as the one that is taken; and what is said of a kind of which none is."""
    names, unnamed = list[str](), list[Finding]()
    for name in asked:
        own = knowledge.of_kind(name, [each.name for each in current], call.run.library)
        names += [name] if own is None else own
        if own == []:
            text = f"“{name}” is a kind of medicine, and I see none of it among what is taken. Which one it is matters: say its name, and I check it."
            unnamed.append(not_evaluated(KIND, text, "a kind of medicine was named"))
    return list(dict.fromkeys(names)), unnamed


async def _check_list(call: Call, _: Nothing) -> Sequence[Finding]:
    current = await _current(call)
    if not current:
        text = "The record lists no medicine taken now, so there is nothing to check."
        count = Value(name="medicines taken now", number=0)
        return [Finding(kind=KIND, text=text, status=Status.NOT_FOUND, values=(count,))]
    findings = medications.check(current, person=await whom.own(call), library=call.run.library)
    return medications.brief(findings, _first(call.reading))


async def _check_stated(call: Call, _: Nothing) -> Sequence[Finding]:
    """What they take against what they say that they have; what no rule of that says is told too."""
    current, first = await _current(call), _first(call.reading)
    stated = ", ".join(each.text or each.name for each in whom.of_themselves(call.reading))
    if not current:
        text = f"I see no medicine in the record that is taken now, so there is nothing to hold against {stated}."
        return [Finding(kind=KIND, text=text, status=Status.NOT_FOUND, reason="no medicines")]
    found = medications.check(current, person=await whom.own(call), library=call.run.library)
    told = medications.brief([each for each in found if each.kind in first], first)
    taken = ", ".join(each.name for each in current)
    text = f"I held {taken} against what you wrote ({stated}), and found nothing in the lists I can check. That does not rule out a problem."
    nothing = Finding(kind=KIND, text=text, status=Status.NOT_FOUND, reason="no listed reason")
    return told or [nothing]


def _first(reading: Reading) -> set[str]:
    """The checks that the words ask about: whoever asks for the kidneys is told of the kidney value first."""
    return {_STATES_OF.get(each.name, _LOOKED_AT[each.type]) for each in reading.of_type(*_LOOKED_AT)}


async def _news(call: Call, others: Sequence[Medicine], person: Person) -> list[Finding]:
    """What the message newly says of the person ("I'm pregnant") against the medicines that were not asked about."""
    if not others or not whom.of_themselves(call.reading):
        return []
    known = medications.check(others, person=await whom.recorded(call), library=call.run.library)
    before = {each.text for each in known}
    now = medications.check(others, person=person, library=call.run.library)
    return [each for each in now if each.status is Status.FOUND and each.text not in before]


async def allergy_warnings(call: Call, name: str) -> list[Finding]:
    """What the allergies of the person say against a medicine that they ask about; nothing for somebody else."""
    if Category.ALLERGIES not in call.readable or not _own_asked(call):
        return []
    person = await whom.own(call)
    found = medications.check([Medicine(name, origin="asked")], person=person, library=call.run.library)
    return [each for each in found if each.kind == medications.Kind.ALLERGY and each.status is Status.FOUND]


async def _why(call: Call, asked: Things) -> Sequence[Finding]:
    """The documented reasons and the paths between what was named, else the reasons between it and what the record says."""
    library = call.run.library or knowledge.library()
    pairs = [*combinations(asked.drugs, 2), *product(asked.drugs, asked.about)]
    named = [finding for one, two in pairs for finding in knowledge.why(one, two, library)]
    found = [each for each in named if each.status is Status.FOUND]
    if not found and asked.with_own and _own_asked(call):
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
    return [*taken, *medications.nodes_of(await whom.own(call))]


def _medicine(name: str, call: Call) -> Medicine:
    """What is asked about, with the dose that was said: it is read from the words, whoever names the medicine."""
    said = [each for each in call.reading.of_type(*TAKEN) if name in (each.text, each.name)]
    food = any(each.type is EntityType.FOOD for each in said)
    evidence = whom.statement(call)
    if food or not said:
        return Medicine(name, origin="food" if food else "asked", evidence=evidence)
    dosage = said[0].dosage
    called, dose = medicine_words.called(said[0]), medicine_words.dose(said[0])
    return Medicine(called, dose, route=dosage.route if dosage else None, origin="asked", evidence=evidence)


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
    evidence = (whom.statement(call),)
    return [Finding(kind="check.scope", text=text, status=Status.FOUND, evidence=evidence)]


def _unseen() -> Finding:
    text = "I could not check this against the medicines in the record: they are not shared with you."
    return not_evaluated(KIND, text, "no permission")


CHECK_INTERACTIONS = ReadTool(
    name="check_interactions",
    description="Check medicines, herbs and foods against each other and against what the person's record says.",
    arguments=DrugNames,
    intents=_CHECKED | {IntentName.KNOWLEDGE_EFFECTS, IntentName.KNOWLEDGE_DRUG},
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
CHECK_STATED = ReadTool(
    name="check_stated",
    description="Check the medicines in the record against what the person just said that they have: a pregnancy, an illness.",
    arguments=Nothing,
    intents=_CHECKED,
    plan=_stated,
    reads=medications.USED,
    needs=MEDICATIONS,
    run=_check_stated,
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
