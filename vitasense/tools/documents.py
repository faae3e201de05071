"""The tool that looks into documents: what they say about something, word for word."""

import re
from collections.abc import Sequence
from itertools import takewhile

from pydantic import Field

from vitasense.deterministic.intake import EntityType, IntentName, Reading
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.findings import Finding, not_evaluated
from vitasense.memory import HELD_IN, PostgresStore, Search, document_findings
from vitasense.tools.context import Call
from vitasense.tools.tool import Arguments, ReadTool

_LONGEST = 200
_DOCUMENT = r"(?:letter|report|summary|document|note|file|paper|scan|result)s?"
_ABOUT = re.compile(
    r".*\b(?:about|mention(?:s|ed|ing)?|regarding|concerning|(?:any|some)thing on|says? on|for)\s+(?P<what>[^?.!\n]+)",
    re.IGNORECASE,
)
# "in my letters", "in the discharge letter from the hospital": where to look, and not what for.
_PLACE = re.compile(
    rf"\s+(?:in|from|inside|within|on) (?:my|the|any|all|our|these|those) .*?\b{_DOCUMENT}\b.*$", re.IGNORECASE
)
_NAMED = re.compile(rf"(?P<words>(?:[\w'-]+\s+){{0,3}}){_DOCUMENT}\b", re.IGNORECASE)
_IS_DOCUMENT = re.compile(rf"\b{_DOCUMENT}\b", re.IGNORECASE)
_OWN = re.compile(r"^(?:my|the|our|a|an|any|this|that)\s+", re.IGNORECASE)
_NOT_A_NAME = re.compile(
    r"what|whats|which|where|in|on|does|do|did|is|are|was|were|my|the|an?|any|all|of|our|from|last|latest|newest|recent|"
    r"says?|search|look|through|into|find|read|this|that|these|those|to|me|and|or|there|anything|something|about|mention",
    re.IGNORECASE,
)
_SUBJECTS = (
    *(EntityType.DRUG, EntityType.LAB, EntityType.VITAL, EntityType.CONDITION, EntityType.SYMPTOM),
    *(EntityType.ALLERGEN, EntityType.FOOD, EntityType.GENE),
)


class DocumentQuestion(Arguments):
    """What to look for, in the person's words; empty for what the document begins with. `named` is which document."""

    about: str = Field(default="", max_length=_LONGEST)
    named: str = Field(default="", max_length=_LONGEST)


def question(reading: Reading) -> Sequence[DocumentQuestion]:
    """What the message wants to know of which document."""
    return [DocumentQuestion(about=_about(reading)[:_LONGEST], named=_named(reading.text)[:_LONGEST])]


def _about(reading: Reading) -> str:
    found = _ABOUT.match(" ".join(reading.text.split()))
    what = _OWN.sub("", _PLACE.sub("", found["what"]).strip()) if found else ""
    if what and not _IS_DOCUMENT.search(what):
        return what
    return ", ".join(dict.fromkeys(each.text for each in reading.of_type(*_SUBJECTS) if each.text))


def _named(text: str) -> str:
    """The words just before the document's own word: "discharge" of "my discharge letter"."""
    found = _NAMED.search(text)
    words = found["words"].split() if found else []
    return " ".join(reversed(list(takewhile(lambda word: not _NOT_A_NAME.fullmatch(word), reversed(words)))))


async def _search(call: Call, asked: DocumentQuestion) -> Sequence[Finding]:
    if not call.readable:
        text = "I could not look into the documents: none of them is shared with you."
        return [not_evaluated("documents.search", text, "no permission")]
    search = Search(asked.about, asked.named, call.run.own_record, call.readable)
    store = PostgresStore(call.tx)
    return await document_findings(call.tx, store, call.patient_id, search, now=call.now, new_id=new_id)


DOCUMENT_SEARCH = ReadTool(
    name="document_search",
    description="What the documents and notes of the record say about something, word for word, as quotations.",
    arguments=DocumentQuestion,
    intents=frozenset({IntentName.DOCUMENTS_SEARCH}),
    plan=question,
    reads=HELD_IN,
    run=_search,
)
