"""The tool that says how a medicine stands to meals, and which questions of its use no rule answers."""

import re
from collections.abc import Mapping, Sequence

from pydantic import Field

from vitasense.deterministic import medications
from vitasense.deterministic.intake import EntityType, IntentName, Reading
from vitasense.deterministic.platform.findings import Finding, not_evaluated
from vitasense.tools import names
from vitasense.tools.context import Call
from vitasense.tools.medicine_asking import asks_for_check
from vitasense.tools.medicine_checks import warnings
from vitasense.tools.tool import Arguments, ReadTool

KIND = "medicine_use"
_MEALS = re.compile(
    r"\bwhen\b.*\b(?:take|taken|use)\b|\bhow (?:do|does|should|must|to)\b.*\b(?:take|taken|use)\b"
    r"|\bbest (?:time|way|moment)\b|\bempty stomach\b"
    r"|\b(?:before|after|with|without) (?:or without |an? |my )?(?:food|meals?|eating|breakfast|dinner|lunch)\b",
    re.IGNORECASE,
)
# What the labels say in words that no rule file has, and the words that ask for it.
_UNLISTED: Mapping[str, re.Pattern[str]] = {
    "Whether {name} may be crushed, split, chewed or opened": re.compile(
        r"\b(?:crush|split|halv|chew|open|dissolv|cut)\w*\b", re.IGNORECASE
    ),
    "How {name} is kept, and for how long": re.compile(
        r"\b(?:stor(?:e|ed|ing|age)|fridge|refrigerat\w*|expir\w*|out of date)\b", re.IGNORECASE
    ),
    "For how long {name} may be taken": re.compile(
        r"\bhow long\b(?!.*\b(?:works?|kick in|effect|lasts?|system)\b).*\b(?:take|taking|taken|use|used|using|stay on|be on)\b|\b(?:forever|for life)\b",
        re.IGNORECASE,
    ),
    "How soon {name} works, and for how long": re.compile(
        r"\bhow (?:long|soon|quickly|fast)\b.*\b(?:works?|kick in|effect|lasts?|wears? off|system)\b", re.IGNORECASE
    ),
}


class Medicine(Arguments):
    """One medicine by its generic or brand name."""

    drug: str = Field(min_length=1, max_length=120)


def asks_how_to_take(reading: Reading) -> bool:
    """Whether the words ask how a medicine is used: when, with which meal, for how long, whether it may be crushed."""
    asked = [pattern for pattern in (_MEALS, *_UNLISTED.values()) if pattern.search(reading.text)]
    return bool(asked and reading.of_type(EntityType.DRUG))


def _asked(reading: Reading) -> Sequence[Medicine]:
    """None where a check tells of the meals and nothing else is asked."""
    if asks_for_check(reading) and not _unlisted(reading.text, ""):
        return []
    named = dict.fromkeys(entity.name for entity in reading.of_type(EntityType.DRUG))
    return [Medicine(drug=name) for name in named] if asks_how_to_take(reading) else []


async def _told(call: Call, asked: Medicine) -> Sequence[Finding]:
    unlisted, meals = _unlisted(call.reading.text, asked.drug), bool(_MEALS.search(call.reading.text))
    found = _meals(call, asked.drug) if meals else []
    if meals and not found:
        unlisted += [f"When {asked.drug} is best taken"]
    return [*await warnings(call, asked.drug), *found, *map(_silent, unlisted)]


def _unlisted(text: str, name: str) -> list[str]:
    return [what.format(name=name) for what, pattern in _UNLISTED.items() if pattern.search(text)]


def _meals(call: Call, name: str) -> list[Finding]:
    found = medications.check([medications.Medicine(name, origin="asked")], library=call.run.library)
    return [each for each in found if any(value.name == "meals" for value in each.values)]


def _silent(what: str) -> Finding:
    text = f"{what}, my rules do not say. The leaflet in the pack does, or a pharmacist."
    return not_evaluated(KIND, text, "no listed rule")


HOW_TO_TAKE = ReadTool(
    name="how_to_take",
    description="How a medicine stands to meals, and what of its use no rule says.",
    arguments=Medicine,
    intents=frozenset({IntentName.KNOWLEDGE_DRUG}),
    plan=_asked,
    admits=lambda asked, reading: names.drug(asked.drug, reading),
    reads=medications.USED,
    run=_told,
)
