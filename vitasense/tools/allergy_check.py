"""A medicine that is asked about, held against the allergies in the record."""

from collections.abc import Sequence

from vitasense.deterministic import knowledge, records
from vitasense.deterministic.intake import EntityType
from vitasense.deterministic.knowledge import Kinship
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.findings import Evidence, Finding, Status, Urgency, Value, not_evaluated
from vitasense.deterministic.records import Allergy
from vitasense.memory import Entry, told, told_allergies
from vitasense.tools.context import Call

KIND = "drug_allergy"
ALLERGIES = frozenset({Category.ALLERGIES})
TAKEN = (EntityType.DRUG, EntityType.FOOD)


def about_own(call: Call) -> bool:
    """Whether the words are about the person of the record: "can my mother take …" is not, whatever a model asks."""
    return all(entity.experiencer == "patient" for entity in call.reading.of_type(*TAKEN))


async def allergy_warnings(call: Call, medicines: Sequence[str]) -> list[Finding]:
    """An urgent finding for each active allergy to one of the medicines or to its kind; none otherwise.

    What the person told counts beside what is in the record.
    """
    if Category.ALLERGIES not in call.readable or not about_own(call):
        return []
    recorded = _warnings(await _active(call), medicines, call)
    return [*recorded, *_told_warnings(await told_allergies(call.tx, call.patient_id), medicines, recorded, call)]


async def allergy_findings(call: Call, medicines: Sequence[str]) -> list[Finding]:
    """The warnings, or that nothing was found, or that the allergies were not looked at."""
    if not about_own(call):
        return []
    if Category.ALLERGIES not in call.readable:
        text = "I could not check this against the allergies in the record: they are not shared with you."
        return [not_evaluated(KIND, text, "no permission")]
    active = await _active(call)
    recorded = _warnings(active, medicines, call)
    said = await told_allergies(call.tx, call.patient_id)
    warnings = [*recorded, *_told_warnings(said, medicines, recorded, call)]
    return warnings or [_nothing(active, medicines, call), *_told_nothing(said, medicines, call)]


async def _active(call: Call) -> list[Allergy]:
    return [each for each in (await records.allergies(call.tx, call.patient_id)).allergies if each.active]


def _warnings(active: Sequence[Allergy], medicines: Sequence[str], call: Call) -> list[Finding]:
    pairs = ((each, knowledge.kinship(medicine, each.name)) for medicine in medicines for each in active)
    return [_warning(each, kin, call) for each, kin in pairs if kin]


def _warning(each: Allergy, kin: Kinship, call: Call) -> Finding:
    name = kin.name
    who = "Your" if call.run.own_record else "The patient's"
    risk = ", marked as high risk" if each.criticality == "high" else ""
    why = f" {name.capitalize()} is of that kind: it belongs to the {kin.group.plural}." if kin.group else ""
    return Finding(
        kind=KIND,
        text=f"{who} record lists an allergy or intolerance: {each.name}{risk}.{why} "
        f"Do not take {name} before a doctor or pharmacist who knows of this allergy has agreed to it.",
        status=Status.FOUND,
        values=(Value(name="medicine", text=name), Value(name="allergy", text=each.name)),
        urgency=Urgency.URGENT,
        categories=ALLERGIES,
        evidence=(each.evidence, *_kind_evidence(kin)),
    )


def _told_warnings(
    said: Sequence[tuple[str, Entry]], medicines: Sequence[str], recorded: Sequence[Finding], call: Call
) -> list[Finding]:
    """For each allergy that was told and is not warned of from the record already."""
    warned = {(value.name, (value.text or "").casefold()) for finding in recorded for value in finding.values}
    pairs = [
        (entry, name, kin)
        for medicine in medicines
        for name, entry in said
        if (kin := knowledge.kinship(medicine, name))
        and not {("medicine", kin.name.casefold()), ("allergy", name.casefold())} <= warned
    ]
    return [_told_warning(entry, name, kin, call) for entry, name, kin in pairs]


def _told_warning(entry: Entry, name: str, kin: Kinship, call: Call) -> Finding:
    why = f" {kin.name.capitalize()} is of that kind: it belongs to the {kin.group.plural}." if kin.group else ""
    return Finding(
        kind=KIND,
        text=f"{told(entry, own=call.run.own_record)}{why} Do not take {kin.name} before a doctor or pharmacist who "
        "knows of this allergy has agreed to it.",
        status=Status.FOUND,
        values=(Value(name="medicine", text=kin.name), Value(name="allergy", text=name)),
        urgency=Urgency.URGENT,
        categories=ALLERGIES,
        evidence=(entry.source, *_kind_evidence(kin)),
    )


def _told_nothing(said: Sequence[tuple[str, Entry]], medicines: Sequence[str], call: Call) -> list[Finding]:
    """That what was told was compared as well."""
    if not said or not all(_known(name) for name in medicines):
        return []
    names, asked = ", ".join(name for name, _ in said), ", ".join(medicines)
    who = "you" if call.run.own_record else "the patient"
    text = f"I also compared {asked} with the allergies that {who} told me of ({names}) and found no match."
    return [
        Finding(
            kind=KIND,
            text=text,
            status=Status.NOT_FOUND,
            evidence=tuple(entry.source for _, entry in said),
            categories=ALLERGIES,
        )
    ]


def _kind_evidence(kin: Kinship) -> list[Evidence]:
    return [knowledge.rulebook().classes.evidence(kin.group, f"The {kin.group.plural}")] if kin.group else []


def _nothing(active: Sequence[Allergy], medicines: Sequence[str], call: Call) -> Finding:
    asked = ", ".join(medicines)
    if not active:
        text = f"No active allergy is recorded that {asked} could be held against. That may only mean that none was entered."
        return Finding(kind=KIND, text=text, status=Status.NOT_FOUND, categories=ALLERGIES)
    unknown = [name for name in medicines if not _known(name)]
    if unknown:
        text = f"I could not hold {', '.join(unknown)} against the allergies in the record: I do not know it."
        return not_evaluated(KIND, text, "the medicine is not known")
    whose = "your" if call.run.own_record else "the patient's"
    names = ", ".join(each.name for each in active)
    text = (
        f"I compared {asked} with the allergies in {whose} record ({names}) by name and kind of medicine, and found no "
        "match. Other kinds can still cause a reaction, so name these allergies before taking it."
    )
    evidence = tuple(each.evidence for each in active)
    return Finding(kind=KIND, text=text, status=Status.NOT_FOUND, evidence=evidence, categories=ALLERGIES)


def _known(name: str) -> bool:
    parts = knowledge.ingredients(name)
    return bool(parts) and all(part.drug for part in parts)
