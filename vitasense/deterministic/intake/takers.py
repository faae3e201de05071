"""For whom the words ask about a medicine: the person who writes, or another who was named."""

import re
from collections.abc import Sequence
from typing import Literal

from vitasense.deterministic.intake.followup import carried
from vitasense.deterministic.intake.schemas import Entity, EntityType, Intent, IntentName, Reading

Taker = Literal["self", "other"]
TAKEN = (EntityType.DRUG, EntityType.FOOD)
_MAY = "can|could|may|should|shall|must|might|will|would|do|does"
_ASKS = f"{_MAY}|if|when|whether"
_I = re.compile(
    rf"\b(?:{_ASKS}|am) (?:i|we)\b(?! (?:give|gave|offer))|\b(?:for|give|gives|gave|wants?|told|tells|asked|about) me\b",
    re.IGNORECASE,
)
_HE = re.compile(rf"\b(?:{_ASKS}|is|for|to|give|given|offer) (?:he|she|him|her)\b", re.IGNORECASE)
_THEY = re.compile(rf"\b(?:{_ASKS}|are|for|to|give|given|offer) (?:they|them)\b", re.IGNORECASE)
_I_TAKE = re.compile(
    r"\b(?:i|i'm|i am|i've|we) (?:\w+ )?(?:take|taking|on|use|using|have)(?: \w+){0,3} $", re.IGNORECASE
)
_I_HAVE = re.compile(r"\b(?:i|i'm|i am|i've|we)(?: \w+){0,3} $", re.IGNORECASE)
_MY = re.compile(r"\bmy $", re.IGNORECASE)
_OWN = re.compile(r"\b(?:i|i'm|me|my|mine|we|our)\b", re.IGNORECASE)
_MEN = frozenset({"father", "husband", "son", "brother", "uncle", "grandfather", "nephew", "boyfriend", "grandson"})
_WOMEN = frozenset(
    {"mother", "wife", "daughter", "sister", "aunt", "grandmother", "niece", "girlfriend", "granddaughter"}
)
_TOLD_OF = (EntityType.PERSON, EntityType.DRUG, EntityType.CONDITION, EntityType.ALLERGEN)


def taker(reading: Reading, *, own_record: bool = False) -> Taker | None:
    """Who is asked for last: "my wife takes warfarin, can I …" asks for the writer; None where the words do not say.

    "She" is another where a person was named, and with `own_record`: nobody calls themselves so.
    """
    mine, theirs = _last(_I, reading.text), _theirs(reading, own_record=own_record)
    return None if mine == theirs else "self" if mine > theirs else "other"


def asked_about(reading: Reading) -> list[Entity]:
    """The medicines and foods that the words ask about, without those that only one of two people takes.

    "My wife takes warfarin, can I take ibuprofen?" is about ibuprofen, "I take warfarin, can my wife …" too.
    """
    named, mine = reading.of_type(*TAKEN), _last(_I, reading.text)
    if taker(reading) == "self":
        found = [each for each in named if each.experiencer == "patient" or each.start >= mine]
    elif any(each.experiencer != "patient" for each in named):
        found = [each for each in named if each.experiencer != "patient" or not _own(reading, each)]
    else:
        found = []
    return found or list(named)


def assigned(reading: Reading) -> Reading:
    """The reading with the medicines that are asked about for another as theirs: "My son has asthma. Can he take it?"."""
    return _of_another(reading) if taker(reading) == "other" else reading


def of_the_writer(reading: Reading, entity: Entity) -> bool:
    """Whether the writer says that it is theirs: "I have asthma, can my wife …", "my eGFR is 25, can my mother …"."""
    before = reading.text[: entity.start]
    return bool(_I_HAVE.search(before) or (entity.type is EntityType.LAB and _MY.search(before)))


def with_another(reading: Reading, previous: Reading, *, went_on: bool) -> Reading:
    """ "And can she take ibuprofen?", "And aspirin?": for the person of the message before, with what was told of them.

    `went_on`: the reading took its wish from the message before.
    """
    if reading.of_type(EntityType.PERSON) or not reading.of_type(*TAKEN):
        return reading
    people = {each.name for each in previous.of_type(EntityType.PERSON)}
    she, he = _says("she|her", reading), _says("he|him", reading)
    meant = bool((she and people - _MEN) or (he and people - _WOMEN))
    still = went_on and not she and not he and not _OWN.search(reading.text) and _is_of_another(previous)
    if not (meant or still):
        return reading
    said = {each.name for each in reading.entities}
    before = _theirs(previous, own_record=False)
    told = [
        carried(each)
        for each in previous.of_type(*_TOLD_OF)
        if each.experiencer != "patient" and each.name not in said and not _asked_then(each, before)
    ]
    theirs = _of_another(reading)
    entities = (*told, *theirs.entities)
    return theirs.model_copy(update={"entities": entities, "intents": _with_medicines(theirs, told)})


def _with_medicines(reading: Reading, told: Sequence[Entity]) -> tuple[Intent, ...]:
    """The wishes, and whether a food that is asked about goes with the medicines of the one whom it is for."""
    wished = {intent.name for intent in reading.intents}
    drugs = any(each.type is EntityType.DRUG for each in told)
    if IntentName.KNOWLEDGE_INTERACTION in wished or not (drugs and reading.of_type(EntityType.FOOD)):
        return reading.intents
    most = max((intent.confidence for intent in reading.intents), default=1.0)
    return (Intent(name=IntentName.KNOWLEDGE_INTERACTION, confidence=most), *reading.intents)


def _asked_then(entity: Entity, place: int) -> bool:
    """Whether it was only asked about in the message before, whose words ask at `place`: nobody takes it for that."""
    return entity.type is EntityType.DRUG and bool(entity.text) and 0 <= place <= entity.start


def _is_of_another(reading: Reading) -> bool:
    return taker(reading) != "self" and any(each.experiencer != "patient" for each in reading.of_type(*TAKEN))


def _of_another(reading: Reading) -> Reading:
    asked = {id(each) for each in reading.of_type(*TAKEN) if not _own(reading, each)}
    entities = (
        each.model_copy(update={"experiencer": "other"}) if id(each) in asked else each for each in reading.entities
    )
    return reading.model_copy(update={"entities": tuple(entities)})


def _own(reading: Reading, entity: Entity) -> bool:
    """Whether the writer says that they take it."""
    return bool(_I_TAKE.search(reading.text[: entity.start]))


def _theirs(reading: Reading, *, own_record: bool) -> int:
    people, text = reading.of_type(EntityType.PERSON), reading.text
    places = [_last(_HE, text)] if people or own_record else []
    if names := "|".join(re.escape(each.text) for each in people if each.text):
        whose = rf"\b(?:{_MAY}|for|to|give|given) (?:my|our|his|her|their|the|an?)(?: [\w'-]+){{0,3}}? (?:{names})\b"
        places += [_last(_THEY, text), _last(re.compile(whose, re.IGNORECASE), text)]
    return max(places, default=-1)


def _says(words: str, reading: Reading) -> bool:
    return bool(re.search(rf"\b(?:{words})\b", reading.text, re.IGNORECASE))


def _last(pattern: re.Pattern[str], text: str) -> int:
    return max((found.start() for found in pattern.finditer(text)), default=-1)
