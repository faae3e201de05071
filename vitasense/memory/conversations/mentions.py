"""Medicines, allergies and numbers that words name, each with who it is about, when, and whether it was denied."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from vitasense.deterministic.intake import Entity, EntityType, Period, Range, Reading
from vitasense.deterministic.units import display_unit
from vitasense.memory.sentences import day

_ALLERGIES = "allergies"  # the name of the category that "allergic to" stands for
_TIMES = {"historical": "in the past", "hypothetical": "only supposed"}
_MEASURED = (EntityType.VITAL, EntityType.LAB, EntityType.DOSE, EntityType.FOOD)


class MentionKind(StrEnum):
    """What must survive a summary."""

    MEDICINE = "medicine"
    ALLERGY = "allergy"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Mention:
    """One thing named: canonical `name`, the `amount` in words ("500 mg"), and how it was meant.

    `owner` is whose it is: "" for the person, a relative, or "other person". `denied` is a negation that was said,
    `status` whether a medicine is taken, and `when` the time that was said, as a day where it could be placed.
    """

    kind: MentionKind
    name: str
    amount: str = ""
    denied: bool = False
    owner: str = ""
    time: str = "recent"
    status: str = ""
    when: str = ""

    @property
    def words(self) -> str:
        """The mention as a phrase that keeps denial, owner and time: "not penicillin", "warfarin 5 mg (mother)"."""
        said = " ".join(filter(None, ("not" if self.denied else "", self.name, self.amount)))
        told = ", ".join(filter(None, (self.owner, self.status, _TIMES.get(self.time, ""), self.when)))
        return f"{said} ({told})" if told else said


def mentions_of(reading: Reading) -> tuple[Mention, ...]:
    """Every medicine, allergy and number with its unit of a reading, each once, in the order of the text.

    What a follow-up took over from the message before was not said, and is left out.
    """
    said = [entity for entity in reading.entities if entity.end > entity.start]
    allergic = any(entity.type is EntityType.CATEGORY and entity.name == _ALLERGIES for entity in said)
    found = [_mention(entity, kind) for entity in said if (kind := _kind(entity, allergic=allergic))]
    if not any(one.kind is MentionKind.ALLERGY for one in found):
        found += [_mention(entity, MentionKind.ALLERGY) for entity in said if _denies_all(entity)]
    return tuple(dict.fromkeys(found))


def phrases(mentions: Sequence[Mention]) -> str:
    """The mentions in one line."""
    return "; ".join(dict.fromkeys(mention.words for mention in mentions))


def _denies_all(entity: Entity) -> bool:
    """ "No known allergies" names none and says something."""
    return entity.type is EntityType.CATEGORY and entity.name == _ALLERGIES and entity.negated


def _kind(entity: Entity, *, allergic: bool) -> MentionKind | None:
    if entity.type is EntityType.ALLERGEN and allergic:
        return MentionKind.ALLERGY
    if entity.type in (EntityType.DRUG, EntityType.ALLERGEN):
        return MentionKind.MEDICINE
    return MentionKind.NUMBER if entity.type in _MEASURED and _amount(entity) else None


def _mention(entity: Entity, kind: MentionKind) -> Mention:
    owner = "" if entity.experiencer == "patient" else entity.owner or "other person"
    status = (entity.dosage.status or "") if entity.dosage else ""
    return Mention(
        *(kind, entity.name, _amount(entity), entity.negated, owner, entity.temporality),
        status="" if status == "taking" else status,
        when=_day(entity.when) if entity.when else "",
    )


def _day(said: Period) -> str:
    if said.start is None:
        return said.text
    return f"{said.text}: {day(said.start)}" if not said.text.endswith(str(said.start.year)) else said.text


def _amount(entity: Entity) -> str:
    unit = display_unit(entity.unit) if entity.unit else ""
    if entity.range:
        return _ranged(entity.range, unit)
    if entity.value is not None:
        second = f"/{entity.second_value:g}" if entity.second_value is not None else ""
        return f"{entity.value:g}{second} {unit}".strip()
    return f"{entity.quantity:g} {entity.portion or ''}".strip() if entity.quantity is not None else ""


def _ranged(found: Range, unit: str) -> str:
    bounds = [f"{value:g}" for value in (found.low, found.high) if value is not None]
    return f"{' to '.join(bounds)} {unit}".strip()
