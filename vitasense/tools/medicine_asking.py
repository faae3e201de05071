"""What a question wants of the medicines that it names: to be told what they are, or whether they may be taken."""

import re

from vitasense.deterministic.intake import TAKEN, EntityType, IntentName, Reading, taker
from vitasense.tools import whom
from vitasense.tools.medicine_limits import asks_the_most

CHECKED = frozenset({IntentName.KNOWLEDGE_INTERACTION})
_JUDGED = r"ok|okay|al+ ?right|fine|safe\w*|allowed|suit\w*|tolera\w*|contra-?indicat\w*|(?:can|could|may|should) (?:i|we) (?:prescribe|give|add|start)|harm\w*|problem\w*|danger\w*|too much|compatible|worr\w+|get in the way|against it|bad|risky|wise|good idea|reasons? (?:not|against|why not)"
_WHETHER = re.compile(rf"\b(?:can|could|may|should|{_JUDGED})\b", re.IGNORECASE)
_WHETHER_IT = re.compile(rf"\b(?:{_JUDGED})\b", re.IGNORECASE)
_NEW = re.compile(
    r"\b(?:before (?:i |we )?(?:take|taking|start|starting)|(?:script|prescription) for|prescribed|got|gave|given|giving|give me|put me on|(?:thinking|plan\w*|going|about|want\w*|like|wish\w*|intend\w*|decided|consider\w*)"
    r" (?:of |about |to |me to )?(?:take|taking|try|trying|start|starting|use|using|buy|buying|get|getting|give|prescribe|put))\b",
    re.IGNORECASE,
)
_ASKS_FACTS = re.compile(
    r"\b(?:what(?! about| i\b| i'm| else)|whats|tell|explain|describe|how(?! about| bad| dangerous| safe| risky)|side effects?|brand|generic|used for)\b",
    re.IGNORECASE,
)
_FOOD = re.compile(r"\b(?:foods?|drinks?|eat|diet)\b", re.IGNORECASE)
_WRITE = re.compile(r"\b(?:write|log|record|save|add|note|enter|track|store|put)\b", re.IGNORECASE)
_APART = re.compile(
    r"\b(?:which|safer|better|rather|prefer\w*|instead)\b.*\bor\b|\bor\b.*\b(?:safer|better|rather)\b", re.IGNORECASE
)


def are_apart(reading: Reading) -> bool:
    """Whether one medicine or the other is asked about, not both together: "which is safer, cetirizine or loratadine?"."""
    return bool(_APART.search(reading.text))


def only_asks(reading: Reading) -> bool:
    """Whether what is said beside a question about a medicine is part of it, and nothing that should be written down."""
    return bool(reading.question and reading.of_type(EntityType.DRUG) and not _WRITE.search(reading.text))


def asks_foods(reading: Reading) -> bool:
    """Whether the words ask what goes with the medicines to eat and drink, and name no medicine, food or drink."""
    return bool(CHECKED & {intent.name for intent in reading.intents} and _FOOD.search(reading.text)) and not (
        reading.of_type(*TAKEN)
    )


def asks_for_check(reading: Reading) -> bool:
    """Whether the medicines that are named should be held against the rest, whatever else is asked of them.

    So it is where the most a day is asked for, where effects are asked beside something, where the question is whether
    it may be taken and says how much, by whom or with what, and of a medicine that is judged or new.
    """
    wished, medicines = {intent.name for intent in reading.intents}, reading.of_type(EntityType.DRUG)
    several = len({entity.name for entity in medicines}) > 1
    beside = several or bool(medicines and reading.of_type(EntityType.FOOD, EntityType.CONDITION))
    effects = IntentName.KNOWLEDGE_EFFECTS in wished and beside
    if CHECKED & wished or effects or asks_the_most(reading) or _asks_whether(reading, beside=beside):
        return True
    return IntentName.KNOWLEDGE_DRUG in wished and _is_judged_or_new(reading.text)


def asks_facts(reading: Reading) -> bool:
    """Whether the words ask what a medicine is or does."""
    return bool(_ASKS_FACTS.search(reading.text))


def _is_judged_or_new(text: str) -> bool:
    return bool(_WHETHER_IT.search(text) or (_NEW.search(text) and not _ASKS_FACTS.search(text)))


def _asks_whether(reading: Reading, *, beside: bool) -> bool:
    medicines = reading.of_type(EntityType.DRUG)
    dosed = any(each.dosage and (each.dosage.dose or each.dosage.strength) for each in medicines)
    another = reading.of_type(EntityType.PERSON) or taker(reading, own_record=True) == "other"
    said = beside or dosed or another or whom.of_themselves(reading)
    return bool(medicines and said and reading.question and _WHETHER.search(reading.text))
