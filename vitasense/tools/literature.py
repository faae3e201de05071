"""The tool that looks into labels, guidelines and articles that were read for knowledge: what they say, word for word."""

import re
from collections.abc import Sequence
from itertools import takewhile

from pydantic import Field

from vitasense.deterministic.intake import EntityType, IntentName, Reading
from vitasense.deterministic.knowledge.review import MaterialKind
from vitasense.deterministic.platform.findings import Finding, not_evaluated
from vitasense.memory import Looked, Question, literature_findings, look
from vitasense.tools.context import Call, RunContext
from vitasense.tools.tool import Arguments, ReadTool

KIND = "literature.search"
NO_SUBJECT = (
    "I do not know what to look for in them. Name it, for example: “what do the guidelines say about potassium?”"
)
_LONGEST = 200
_KINDS = {
    MaterialKind.LABEL: r"labels?|leaflets?|(?:package|patient) inserts?|(?:product|prescribing) information|monographs?",
    MaterialKind.GUIDELINE: r"guidelines?|guidance",
    MaterialKind.ARTICLE: r"articles?|stud(?:y|ies)|papers?|publications?",
}
_WORK = rf"\b(?:{'|'.join(_KINDS.values())}|literature)\b"
_SAYS = r"(?:says?|said|mentions?|mentioned|states?|tells?|recommends?|advises?|warns?|contains?|writes?)"
# The subject comes after these words, the surer ones first.
_ABOUT = tuple(
    re.compile(rf".*?\b(?:{words})\s+(?P<what>[^?.!\n]+)", re.IGNORECASE)
    for words in (
        r"about|mention(?:s|ed|ing)?|regarding|concerning|(?:any|some)thing on",
        r"says? on|said on|warns? of|warns? against|advises? on|recommend(?:s|ed)?(?: on| for| against)?",
        rf"{_WORK} (?:on|for|of)|on|for",
    )
)
# "in the guidelines on heart failure": where to look, and not what for.
_PLACE = re.compile(
    rf"\s+(?:in|from|inside|within|according to|by)\s+(?:[\w'-]+\s+){{0,4}}?{_WORK}.*$|\s+{_SAYS}\b.*$", re.IGNORECASE
)
_OF = re.compile(
    rf"{_WORK}\s+(?:of|for|on|about|from|by)\s+(?P<named>[^?.!\n,]+?)(?=\s+{_SAYS}\b|\s+about\b|[?.!\n,]|$)",
    re.IGNORECASE,
)
_BEFORE = re.compile(rf"(?P<words>(?:[\w'-]+\s+){{0,3}}){_WORK}", re.IGNORECASE)
_OPENING = re.compile(
    r"^(?:(?:the|a|an|any|this|that|these|those|some|taking|using|whether|if|use of)\s+)+", re.IGNORECASE
)
_NOT_A_NAME = re.compile(
    r"what|whats|which|where|in|on|does|do|did|is|are|was|were|my|the|an?|any|all|of|our|your|from|by|last|latest|newest|"
    r"recent|says?|search|look|through|into|find|read|this|that|these|those|to|me|and|or|there|anything|something|about|"
    r"mentions?|medical|scientific|clinical|published|patient|package|product|written|have|has|you|some|check|for|with|than|"
    r"according|please|can|could|hi|hello|hey|so|ok|okay|treatment",
    re.IGNORECASE,
)
_SUBJECTS = (
    *(EntityType.DRUG, EntityType.LAB, EntityType.VITAL, EntityType.CONDITION, EntityType.SYMPTOM),
    *(EntityType.ALLERGEN, EntityType.FOOD, EntityType.GENE),
)


class LiteratureQuestion(Arguments):
    """What to look for, in the person's words; `named` is of what or called how the document is, and `kind` what it is."""

    about: str = Field(default="", max_length=_LONGEST)
    named: str = Field(default="", max_length=_LONGEST)
    kind: MaterialKind | None = None


def question(reading: Reading) -> Sequence[LiteratureQuestion]:
    """What the message wants to know of which document."""
    text = " ".join(reading.text.split())
    named, about = _named(text), _about(text)
    if about.casefold() in named.casefold():
        named = "" if about else named
    about = about or _entities(reading, named)
    if not about:
        about, named = named, ""
    return [LiteratureQuestion(about=about[:_LONGEST], named=named[:_LONGEST], kind=_kind(text))]


def _about(text: str) -> str:
    for pattern in _ABOUT:
        found = pattern.match(text)
        what = _OPENING.sub("", _PLACE.sub("", found["what"]).strip()) if found else ""
        if what and not re.search(_WORK, what, re.IGNORECASE):
            return what
    return ""


def _named(text: str) -> str:
    """ "simvastatin" of "the label of simvastatin" and of "the simvastatin label"."""
    of = _OF.search(text)
    if of:
        return _OPENING.sub("", of["named"].strip())
    found = _BEFORE.search(text)
    words = found["words"].split() if found else []
    return " ".join(reversed(list(takewhile(lambda word: not _NOT_A_NAME.fullmatch(word), reversed(words)))))


def _entities(reading: Reading, named: str) -> str:
    """What the message names, but for what the document is of."""
    found = [each.text for each in reading.of_type(*_SUBJECTS) if each.text.casefold() not in named.casefold()]
    return ", ".join(dict.fromkeys(filter(None, found)))


def _kind(text: str) -> MaterialKind | None:
    return next((kind for kind, words in _KINDS.items() if re.search(rf"\b(?:{words})\b", text, re.IGNORECASE)), None)


async def _look(run: RunContext, asked: LiteratureQuestion) -> Looked | None:
    """In transactions of its own, before that of the tool: documents that were read for knowledge are of no record."""
    if not asked.about:
        return None
    assert run.memories is not None, "the assistant opens memory with every turn"
    wanted = Question(asked.about, asked.named, asked.kind)
    access = run.access(f"tool:{SEARCH_LITERATURE.name}")
    return await look(run.memories, run.database, access, wanted, run.library)


async def _tell(call: Call, asked: LiteratureQuestion) -> Sequence[Finding]:
    looked = call.prepared
    if not isinstance(looked, Looked):
        return [not_evaluated(KIND, NO_SUBJECT, "no subject")]
    return literature_findings(looked, Question(asked.about, asked.named, asked.kind))


SEARCH_LITERATURE = ReadTool(
    name="search_literature",
    description="What labels, guidelines and articles that were read here say about something, word for word.",
    arguments=LiteratureQuestion,
    intents=frozenset({IntentName.KNOWLEDGE_LITERATURE}),
    plan=question,
    prepare=_look,
    run=_tell,
)
