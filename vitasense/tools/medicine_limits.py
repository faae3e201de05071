"""The tool that says how much of a medicine adults take at most."""

import re
from collections.abc import Sequence

from pydantic import Field

from vitasense.deterministic import medications
from vitasense.deterministic.intake import EntityType, IntentName, Reading
from vitasense.deterministic.platform.findings import Finding
from vitasense.tools import names, whom
from vitasense.tools.context import Call
from vitasense.tools.tool import Arguments, ReadTool

_HOW_MUCH = re.compile(
    r"\bhow (?:much|many)\b.*\b(?:can|may|could|should|safe|safely|allowed|most|too (?:much|many)|dangerous|overdose)\b"
    r"|\b(?:max|maximum|maximal|highest|largest|upper limit|daily limit|dose limit|limit of|most)\b.*\b(?:dose|dosage|daily|day|of|take|hours?)\b",
    re.IGNORECASE,
)
_HOW_OFTEN = re.compile(r"\bhow (?:much|many) times\b|\bcosts?\b", re.IGNORECASE)


class Medicines(Arguments):
    """The medicines whose most a day is asked for."""

    drugs: tuple[str, ...] = Field(min_length=1, max_length=10)


def asks_the_most(reading: Reading) -> bool:
    """Whether the words ask how much of a medicine may be taken."""
    text = reading.text
    return bool(reading.of_type(EntityType.DRUG) and _HOW_MUCH.search(text) and not _HOW_OFTEN.search(text))


def _asked(reading: Reading) -> Sequence[Medicines]:
    drugs = tuple(dict.fromkeys(entity.text or entity.name for entity in reading.of_type(EntityType.DRUG)))
    return [Medicines(drugs=drugs)] if asks_the_most(reading) else []


async def _limits(call: Call, asked: Medicines) -> Sequence[Finding]:
    person = await whom.own(call) if whom.asks_for_own(call) else whom.another(call)
    return medications.limits(asked.drugs, person=person, library=call.run.library)


HIGHEST_DOSE = ReadTool(
    name="highest_dose",
    description="The most of a medicine that adults take in a day, with the label that says it.",
    arguments=Medicines,
    intents=frozenset({IntentName.KNOWLEDGE_DRUG, IntentName.KNOWLEDGE_INTERACTION}),
    plan=_asked,
    admits=lambda asked, reading: all(names.drug(each, reading) for each in asked.drugs),
    reads=medications.USED,
    run=_limits,
)
