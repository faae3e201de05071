"""A medicine as a message says it: its name with the strength, its directions in words, and the dose they come to."""

from collections.abc import Sequence

from vitasense.deterministic import insights, knowledge, medications
from vitasense.deterministic.intake import Amount, Dosage, Entity, EntityType
from vitasense.deterministic.medications import Dose

_OF_A_DAY = ("a day", "per day", "in 24 hours", "in one day")
_MASSES = frozenset({"mg", "g", "ug", "mcg", "ng", "kg"})


def called(entity: Entity) -> str:
    """The name as it was said, with the strength: "ibuprofen 400 mg"."""
    strength = _strength(entity)
    name = spoken(entity)
    return f"{name} {insights.amount(strength.value, strength.unit or '')}" if strength else name


def spoken(entity: Entity) -> str:
    """The name as it was said; the usual one where nothing knows the words ("the pill"), which reading alone does."""
    if not entity.text or entity.type is not EntityType.DRUG or knowledge.resolve(entity.text).how != "unknown":
        return entity.text or entity.name
    known = any(part.drug for part in knowledge.ingredients(entity.name))
    return entity.name if known else entity.text


def directions(entity: Entity) -> str | None:
    """The directions in the words that schedules are read from ("2 tablets three times a day with food"); None for none."""
    dosage = entity.dosage
    if dosage is None:
        return None
    parts = [_amount(entity, dosage), dosage.frequency.text if dosage.frequency else None, dosage.food]
    parts.append("as needed" if dosage.as_needed else None)
    parts.append(dosage.duration.text if dosage.duration else None)
    return " ".join(filter(None, parts)) or None


def dose(entity: Entity) -> Dose | None:
    """How much is taken each time and how often a day, as far as it was said; None where no amount was.

    "3 tablets a day" are three at once: the day holds as many if they are taken one by one.
    """
    said, often = directions(entity), entity.dosage and entity.dosage.frequency
    if said and often and often.text in _OF_A_DAY:
        said = said.replace(often.text, "once a day")
    schedule = medications.schedule_from_words(said) if said else None
    return medications.dose_of(schedule.steps) if schedule and len(schedule.steps) == 1 else None


def same_medicine(name: str, others: Sequence[str]) -> bool:
    """Whether a medicine has an ingredient of one of the others."""
    keys = {part.drug.key for each in others for part in knowledge.ingredients(each) if part.drug}
    return any(part.drug.key in keys for part in knowledge.ingredients(name) if part.drug)


def _strength(entity: Entity) -> Amount | None:
    dosage = entity.dosage
    if dosage is None:
        return None
    return dosage.dose if _is_of_each(entity, dosage) else dosage.strength


def _amount(entity: Entity, dosage: Dosage) -> str | None:
    if dosage.dose and not _is_of_each(entity, dosage):
        return insights.amount(dosage.dose.value, dosage.dose.unit or "")
    if entity.quantity and (dosage.form or dosage.dose):
        return f"{insights.number(entity.quantity)} {dosage.form or 'pill'}{'s' if entity.quantity != 1 else ''}"
    return None


def _is_of_each(entity: Entity, dosage: Dosage) -> bool:
    """Whether the mass that was said is that of each piece: "two paracetamol 500 mg", "2 x 500 mg"."""
    return bool(entity.quantity and dosage.dose and not dosage.strength and dosage.dose.unit in _MASSES)
