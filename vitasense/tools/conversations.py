"""The tool that looks back: what was said in earlier conversations."""

import re
from collections.abc import Sequence
from datetime import datetime

from pydantic import Field

from vitasense.deterministic.intake import EntityType, IntentName, Reading
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.findings import Finding, not_evaluated
from vitasense.memory import PostgresStore, Recall, episode_findings
from vitasense.tools.context import Call
from vitasense.tools.tool import Arguments, ReadTool

NOTES = frozenset({Category.NOTES})
NOT_OWN = (
    "I keep summaries only of conversations that a person holds about the own record, so there is none of this one."
)
_LONGEST = 200
# "did I ask you about my knee", "tell me about the blood test": what follows is what it was about.
_ABOUT = re.compile(
    r"\b(?:say|said|tell|told|ask|asked|talk|talked|talking|discuss|discussed|speak|spoke|mention|mentioned)\b"
    r"(?: (?:me|you|with you|with me|to you|to me))?(?: anything| something)? (?:about|on|regarding|of) (?P<what>[^?.!\n]+)",
    re.IGNORECASE,
)
_OWN = re.compile(r"^(?:my|the|our|this|that|a|an)\s+", re.IGNORECASE)
_TRAILING = re.compile(
    r"\s+(?:before|already|earlier|previously|recently|lately|again|(?:the )?last time)$", re.IGNORECASE
)
_TIME_ONLY = re.compile(
    r"^(?:(?:it|last time|the last time|before|earlier|yesterday|today|recently|lately|previously)\s*)+$", re.IGNORECASE
)


class PastConversation(Arguments):
    """Which conversation: what it was about, in the person's words, and of what time; the last one without either."""

    about: str = Field(default="", max_length=_LONGEST)
    since: datetime | None = None
    until: datetime | None = None


def wanted(reading: Reading) -> Sequence[PastConversation]:
    """Which conversation the message means."""
    period = reading.period
    since, until = (period.start, period.end) if period else (None, None)
    return [PastConversation(about=_about(reading)[:_LONGEST], since=since, until=until)]


def _about(reading: Reading) -> str:
    found = _ABOUT.search(reading.text)
    if found is None:
        named = (each.text for each in reading.entities if each.type not in (EntityType.PERSON, EntityType.CATEGORY))
        return ", ".join(dict.fromkeys(filter(None, named)))
    what = found["what"]
    for period in reading.periods:
        what = what.replace(period.text, "")
    what = _TRAILING.sub("", _OWN.sub("", " ".join(what.split())))
    return "" if _TIME_ONLY.match(what) else what


async def _recall(call: Call, asked: PastConversation) -> Sequence[Finding]:
    if not call.run.own_record:
        return [not_evaluated("conversations.recall", NOT_OWN, "not the own record")]
    recall = Recall(asked.about, asked.since, asked.until)
    return await episode_findings(call.tx, PostgresStore(call.tx), call.patient_id, call.run.thread_id, recall)


PAST_CONVERSATIONS = ReadTool(
    name="past_conversations",
    description="What was asked and told in earlier conversations: the last one, or those about something.",
    arguments=PastConversation,
    intents=frozenset({IntentName.MEMORY_CONVERSATIONS}),
    plan=wanted,
    reads=NOTES,
    run=_recall,
)
