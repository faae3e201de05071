""" "Can I take it with ibuprofen?": the medicine of the message before, where a pronoun stands for it."""

import re

from vitasense.deterministic.intake.intents import find_intents
from vitasense.deterministic.intake.schemas import Entity, EntityType, Reading

_VERBS = "take|taking|took|use|using|have|mix|combine|stop|stopping|skip|of|does|do|is|are|with|about"
_PRONOUN = re.compile(
    rf"\b(?P<verb>{_VERBS}) (?P<word>it|this|that|them|these|those|both)(?: (?:one|medicine|drug|pill|tablet)s?)?"
    r"(?= (?:\.|$|with|and|together|for|if|when|while|before|after|at|now|then|today|safely|do|does|is|am|have|"
    r"interact|interacts|work|cause|affect|too|again|every|in|during|as|on))"
)
_MANY = frozenset({"them", "these", "those", "both"})
_TAG = f"<{EntityType.DRUG.value}>"


def resolved(reading: Reading, previous: Reading, tagged: str) -> Reading:
    """The reading with the medicine that its pronoun stands for, and what is then wished for; else as it is.

    The medicine that is taken over has `text` "" and `start` = `end` = 0: it was not said in this text.
    """
    drugs = [drug for drug in previous.of_type(EntityType.DRUG) if not drug.negated]
    found = _PRONOUN.search(f"{tagged} ")
    if not drugs or found is None or _TAG in tagged[: found.start()]:
        return reading
    meant = [_carried(drug) for drug in (drugs if found["word"] in _MANY else drugs[:1])]
    said = f"{tagged[: found.start()]}{found['verb']} {' and '.join([_TAG] * len(meant))}{tagged[found.end() :]}"
    intents = find_intents(said)
    if not intents:
        return reading
    return reading.model_copy(update={"intents": intents, "entities": (*meant, *reading.entities)})


def _carried(entity: Entity) -> Entity:
    return entity.model_copy(update={"text": "", "start": 0, "end": 0})
