"""Tools that check medicines: the ones asked about, the whole list, and all of them against what was just said."""

from collections.abc import Sequence
from dataclasses import replace

from pydantic import Field

from vitasense.deterministic import medications
from vitasense.deterministic.intake import TAKEN, EntityType, IntentName, Reading, asked_about
from vitasense.deterministic.medications import Medicine, Person
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.findings import Finding, Status, Urgency, Value, not_evaluated
from vitasense.tools import medicine_kinds, medicine_words, names, whom
from vitasense.tools.context import Call
from vitasense.tools.medicine_asking import CHECKED, are_apart, asks_foods, asks_for_check
from vitasense.tools.medicine_avoiding import asks_what_to_avoid
from vitasense.tools.medicine_limits import asks_the_most
from vitasense.tools.medicine_words import same_medicine
from vitasense.tools.tool import Arguments, Nothing, ReadTool

KIND = "drug_interaction"
MEDICATIONS = frozenset({Category.MEDICATIONS})
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


def asked_names(reading: Reading) -> Sequence[DrugNames]:
    """The medicines and foods that the words ask about, as they were said; nothing where none is named."""
    named = asked_about(reading)  # a food that is asked about is checked, or said not to be known
    told = tuple(dict.fromkeys(medicine_words.spoken(entity) for entity in named))
    return [DrugNames(drugs=told, with_own=whom.about_own(reading))] if told else []


def _asked(reading: Reading) -> Sequence[DrugNames]:
    return asked_names(reading) if asks_for_check(reading) else []


def _whole_list(reading: Reading) -> Sequence[Nothing]:
    return (
        []
        if reading.of_type(*TAKEN) or _only_stated(reading) or asks_foods(reading) or asks_what_to_avoid(reading)
        else [Nothing()]
    )


def _stated(reading: Reading) -> Sequence[Nothing]:
    return [Nothing()] if _only_stated(reading) else []


def _only_stated(reading: Reading) -> bool:
    """Whether the words name what the person has, and no medicine: "I'm pregnant"."""
    return bool(whom.of_themselves(reading)) and not reading.of_type(*TAKEN, EntityType.CATEGORY)


async def _check(call: Call, asked: DrugNames) -> Sequence[Finding]:
    own = asked.with_own and whom.asks_for_own(call)
    person = await whom.own(call) if own else whom.another(call)
    current = await whom.taken(call) if own else []
    unseen = [_unseen()] if own and Category.MEDICATIONS not in call.readable else []
    meant, kinds = medicine_kinds.meant(asked.drugs, current, call.reading, call.run.library)
    said_first = [*_for_whom(call, own), *unseen]
    beside = [*(_medicine(name, call) for name in meant), *current]
    of_kinds = [each for kind in kinds for each in medicine_kinds.told(kind, beside, person, call.run.library)]
    silent = [each for each in of_kinds if each.status is Status.NOT_EVALUATED]
    said_first += [each for each in of_kinds if each not in silent]
    if not meant:
        return [*medications.brief(silent), *said_first]
    thought_of = _thought_of(meant, current, call)
    others = [each for each in current if not same_medicine(each.name, [one.name for one in thought_of])]
    together = [[each] for each in thought_of] if are_apart(call.reading) else [thought_of]
    checked = (medications.check([*part, *others], person=person, library=call.run.library) for part in together)
    findings = list({each.text: each for part in checked for each in part}.values())
    first = _first(call.reading)
    if any(each.origin == "food" for each in thought_of):
        first |= {medications.Kind.FOOD}
    if any(each.dose and not each.asked for each in thought_of):
        first |= {medications.Kind.MAXIMUM}
    elif asks_the_most(call.reading):  # told by itself
        findings = [each for each in findings if each.kind != medications.Kind.MAXIMUM or each.status is Status.FOUND]
    news = await _news(call, others, person) if own else []
    return [*said_first, *_other_dose(thought_of, current), *medications.brief([*findings, *news, *silent], first)]


def _thought_of(meant: Sequence[str], current: Sequence[Medicine], call: Call) -> list[Medicine]:
    """What is asked about: what is not taken yet, else what is, as it is taken where no other dose was said."""
    said = [_medicine(name, call) for name in meant]
    taken = {each.name: [one for one in current if same_medicine(one.name, [each.name])] for each in said}
    if new := [each for each in said if not taken[each.name]]:
        return new
    own = (replace(one, asked=True) for each in said if each.dose is None for one in taken[each.name])
    return [*(each for each in said if each.dose), *dict.fromkeys(own)]


def _other_dose(thought_of: Sequence[Medicine], current: Sequence[Medicine]) -> list[Finding]:
    """What the record has of a medicine that is asked about with a dose: the question is about a change of it."""
    doses = [each.name for each in thought_of if each.dose and not each.asked]
    taken = [each for each in current if doses and same_medicine(each.name, doses)]
    if not taken:
        return []
    listed = ", ".join(dict.fromkeys(each.name for each in taken))
    text = f"The record has {listed}. Another dose is for whoever prescribed it to decide."
    evidence = tuple(each.evidence for each in taken if each.evidence)
    found_in = frozenset({Category.MEDICATIONS})
    return [Finding(kind="check.scope", text=text, status=Status.FOUND, evidence=evidence, categories=found_in)]


async def _check_list(call: Call, _: Nothing) -> Sequence[Finding]:
    current = await whom.taken(call)
    if not current:
        text = "The record lists no medicine taken now, so there is nothing to check."
        count = Value(name="medicines taken now", number=0)
        return [_none(text, "no medicines").model_copy(update={"values": (count,)})]
    findings = medications.check(current, person=await whom.own(call), library=call.run.library)
    return medications.brief(findings, _first(call.reading))


async def _check_stated(call: Call, _: Nothing) -> Sequence[Finding]:
    """What they take against what they say that they have; what no rule of that says is told too."""
    current, first = await whom.taken(call), _first(call.reading)
    stated = ", ".join(each.text or each.name for each in whom.of_themselves(call.reading))
    if not current:
        text = f"I see no medicine in the record that is taken now, so there is nothing to hold against {stated}."
        return [_none(text, "no medicines")]
    found = medications.check(current, person=await whom.own(call), library=call.run.library)
    told = medications.brief([each for each in found if each.kind in first], first)
    taken = ", ".join(each.name for each in current)
    text = f"I held {taken} against what you wrote ({stated}), and found nothing in the lists I can check. That does not rule out a problem."
    return told or [_none(text, "no listed reason", current)]


def _none(text: str, reason: str, taken: Sequence[Medicine] = ()) -> Finding:
    """That nothing was found, which tells of the medicines in the record."""
    evidence = tuple(each.evidence for each in taken if each.evidence)
    return Finding(
        kind=KIND, text=text, status=Status.NOT_FOUND, evidence=evidence, reason=reason, categories=MEDICATIONS
    )


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


async def warnings(call: Call, name: str) -> list[Finding]:
    """What interrupts whoever only asks what a medicine is, though they may mean to take it; nothing for another."""
    if not whom.asks_for_own(call):
        return []
    person, current = await whom.own(call), await whom.taken(call)
    others = [each for each in current if not same_medicine(each.name, [name])]
    found = medications.check([Medicine(name, origin="asked"), *others], person=person, library=call.run.library)
    return [each for each in found if each.status is Status.FOUND and _warns(each)]


def _warns(finding: Finding) -> bool:
    return finding.kind == medications.Kind.ALLERGY or finding.urgency.rank >= Urgency.URGENT.rank


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
    intents=CHECKED | {IntentName.KNOWLEDGE_EFFECTS, IntentName.KNOWLEDGE_DRUG},
    plan=_asked,
    admits=lambda asked, reading: all(names.term(each, reading) for each in asked.drugs),
    reads=medications.USED,
    run=_check,
)
CHECK_MEDICINES = ReadTool(
    name="check_medicines",
    description="Check all medicines in the record against each other and against what the record says of the person.",
    arguments=Nothing,
    intents=CHECKED,
    plan=_whole_list,
    reads=medications.USED,
    needs=MEDICATIONS,
    run=_check_list,
)
CHECK_STATED = ReadTool(
    name="check_stated",
    description="Check the medicines in the record against what the person just said that they have: a pregnancy, an illness.",
    arguments=Nothing,
    intents=CHECKED,
    plan=_stated,
    reads=medications.USED,
    needs=MEDICATIONS,
    run=_check_stated,
)
