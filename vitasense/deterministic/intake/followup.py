"""What "and last year?" and "what about LDL?" take over from the reading before."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import cast

from vitasense.deterministic.intake.cues import Cue, compile_cue, load_intents
from vitasense.deterministic.intake.schemas import Entity, EntityType, Intent, IntentName, Reading

_LONGEST = 12
_SURE, _CARRIED, _ENOUGH = 0.8, 0.75, 0.5
_WRITTEN = frozenset({IntentName.NUTRITION_LOG, IntentName.MEASUREMENT_LOG})
_CHECKED = frozenset(
    {
        *(IntentName.KNOWLEDGE_INTERACTION, IntentName.KNOWLEDGE_DRUG),
        *(IntentName.KNOWLEDGE_WHY, IntentName.KNOWLEDGE_EFFECTS),
    }
)
_STATES = (EntityType.LAB, EntityType.VITAL, EntityType.CONDITION, EntityType.SYMPTOM, EntityType.PERSON)
_SUBJECT = {EntityType.VITAL: "measurement", EntityType.LAB: "lab"}
_OTHER = {EntityType.DRUG: EntityType.GENE, EntityType.GENE: EntityType.DRUG}


@cache
def _cues(name: str) -> tuple[Cue, ...]:
    rows = cast("Mapping[str, Sequence[str]]", load_intents()["follow_up"])[name]
    return tuple(compile_cue(1.0, row) for row in rows)


@cache
def _spans() -> Mapping[IntentName, IntentName]:
    rows = cast("Mapping[str, Mapping[str, str]]", load_intents()["follow_up"])["spans"]
    return {IntentName(one): IntentName(other) for one, other in rows.items()}


def continued(reading: Reading, previous: Reading, tagged: str) -> Reading:
    """The reading with what it takes over from the previous one; unchanged when it stands on its own.

    An entity that is taken over has `text` "" and `start` = `end` = 0: it was not said in this text.
    """
    wish = previous.top
    words = frozenset(tagged.split())
    if wish is None or len(tagged.split()) > _LONGEST or (reading.top and reading.top.confidence >= _SURE):
        return reading
    subjects = [entity for entity in reading.entities if entity.type is not EntityType.CATEGORY]
    opened, judged, earlier, corrected = (
        _says(name, tagged, words) for name in ("opens", "judges", "earlier", "corrects")
    )
    if not (judged or opened or (corrected and subjects and wish.name in _WRITTEN)):
        return reading
    if not (subjects or reading.period or judged or earlier):
        return reading
    asked = _spans().get(wish.name, wish.name) if earlier else wish.name
    return _taken_over(reading, previous, asked, subjects)


def asks_for_reasons(reading: Reading, previous: Reading, tagged: str) -> Reading | None:
    """ "Why?" after a check of medicines: the reading with what was checked; None for every other text."""
    named = any(entity.type is not EntityType.CATEGORY for entity in reading.entities)
    checked = previous.top is not None and previous.top.name in _CHECKED
    if named or not checked or not _says("reasons", tagged, frozenset(tagged.split())):
        return None
    return _taken_over(reading, previous, IntentName.KNOWLEDGE_WHY, ())


def _says(name: str, tagged: str, words: frozenset[str]) -> bool:
    return any(cue.found(tagged, words) for cue in _cues(name))


def _taken_over(reading: Reading, previous: Reading, wish: IntentName, subjects: Sequence[Entity]) -> Reading:
    kept = () if subjects else tuple(carried(entity) for entity in previous.entities)
    if subjects:
        wish, kept = _for_subject(wish, subjects), _partner(wish, previous, subjects)
    period = reading.period or (previous.period if subjects else None)
    if reading.period:
        wish = _spans().get(wish, wish)
    beside = _beside(previous) if subjects and wish == previous.intents[0].name else ()
    sure = _SURE if subjects or reading.period else _CARRIED
    intents = tuple(Intent(name=name, confidence=sure) for name in (wish, *beside))
    return reading.model_copy(update={"intents": intents, "entities": (*kept, *reading.entities), "period": period})


def _beside(previous: Reading) -> tuple[IntentName, ...]:
    """What else was surely wished for: "can I take it?" is about the medicine and about what it does beside others."""
    return tuple(intent.name for intent in previous.intents[1:] if intent.confidence >= _ENOUGH)


def carried(entity: Entity) -> Entity:
    """The entity as it is taken over from the message before."""
    return entity.model_copy(update={"text": "", "start": 0, "end": 0})


def _partner(wish: IntentName, previous: Reading, subjects: Sequence[Entity]) -> tuple[Entity, ...]:
    """A question about two things keeps the one that was not replaced: the medicine, where it goes on about an illness."""
    drugs = previous.of_type(EntityType.DRUG)
    if wish in _CHECKED and all(each.type in _STATES for each in subjects):
        return tuple(map(carried, drugs))
    if wish is IntentName.KNOWLEDGE_INTERACTION and len(subjects) == 1:
        return tuple(carried(drug) for drug in drugs[:1])
    if wish is IntentName.GENOMICS_DRUG and subjects[0].type in _OTHER:
        return tuple(carried(entity) for entity in previous.of_type(_OTHER[subjects[0].type]))
    return ()


def _for_subject(wish: IntentName, subjects: Sequence[Entity]) -> IntentName:
    family, _, kind = wish.value.partition(".")
    other = next((_SUBJECT[entity.type] for entity in subjects if entity.type in _SUBJECT), None)
    changed = f"{other}.{kind}"
    if family in ("measurement", "lab") and other and changed in set(IntentName):
        return IntentName(changed)
    gene = any(entity.type is EntityType.GENE for entity in subjects)
    return IntentName.GENOMICS_GENE if gene and wish is IntentName.GENOMICS_DRUG else wish
