"""The tool that knows a thing by its description: the nearest of the shared explanations, when no list has the name."""

import re
from collections.abc import Sequence
from dataclasses import replace

from pydantic import Field

from vitasense.deterministic.intake import IntentName, Reading
from vitasense.deterministic.platform.findings import Finding, Status, Urgency, Value, not_evaluated
from vitasense.memory import Entry, Recalled, called, explained, named, nearest
from vitasense.tools import names
from vitasense.tools.context import Call, RunContext
from vitasense.tools.naming import Described, described
from vitasense.tools.tool import Arguments, ReadTool

KIND = "explanation.nearest"
MOST = 3
_LONGEST = 300
_OTHER_NAMES = 2  # told beside the usual one
_PARTS = re.compile(r"[.?!;]+\s*|,?\s+and\s+(?=(?:what|which|how|tell)\b)", re.IGNORECASE)
NOT_LOADED = "I could not look this up yet: my explanations are still being loaded. Please ask again in a minute."
ONLY_BY_WORDS = (
    "I could compare only single words and not what they mean, and found nothing that way. It may still be among my "
    "explanations. Please ask again in a minute, or in other words."
)


class Description(Arguments):
    """What something is like, in the person's words."""

    words: str = Field(min_length=1, max_length=_LONGEST)


def _asked(reading: Reading) -> list[Described]:
    """What the message describes: as it is framed, else all of its words."""
    framed = [found for part in _PARTS.split(reading.text) if (found := described(part))]
    return framed or [Described(reading.text.strip())]


def _descriptions(reading: Reading) -> Sequence[Description]:
    return [Description(words=each.words[:_LONGEST]) for each in _asked(reading)[:1]]


async def _search(run: RunContext, asked: Description) -> Recalled:
    """In transactions of its own, before that of the tool: the shared explanations are no part of a record."""
    assert run.memories is not None and run.reading is not None, "the assistant opens memory with every turn"
    kinds = next((each.kinds for each in _asked(run.reading)), frozenset[str]())
    vectors = await run.memories.embed([asked.words], query=True)
    access = run.access(f"tool:{FIND_EXPLANATION.name}")
    store = run.memories.shared(run.database, access)
    found = await nearest(store, asked.words, vectors, kinds=kinds, limit=MOST, setting=run.memories.threshold)
    if found.entries:
        return found
    async with run.database.transaction(access) as tx:
        return replace(found, entries=tuple(await named(tx, asked.words, MOST, run.clock())))


async def _tell(call: Call, asked: Description) -> Sequence[Finding]:  # noqa: ARG001 every tool is called alike
    found = call.prepared
    assert isinstance(found, Recalled), "the search comes before"
    if found.entries:
        return [_likely(entry) for entry in found.entries]
    if not found.total:
        return [not_evaluated(KIND, NOT_LOADED, "not loaded yet")]
    if found.by_words:
        return [not_evaluated(KIND, ONLY_BY_WORDS, "meaning could not be compared")]
    return [_nothing(found.total)]


def _likely(entry: Entry) -> Finding:
    name, *others = called(entry)[: 1 + _OTHER_NAMES]
    also = f", also called {' or '.join(others)}" if others else ""
    return Finding(
        kind=KIND,
        text=f"It may be “{name}”{also}: {explained(entry)}",
        status=Status.FOUND,
        values=tuple(Value(name="term", text=each) for each in (name, *others)),
        urgency=Urgency.SELF_CARE,
        evidence=(entry.source,),
    )


def _nothing(total: int) -> Finding:
    return Finding(
        kind=KIND,
        text=f"I looked through {total} explanations and found none that fits this description. Other words may find it.",
        status=Status.NOT_FOUND,
        values=(Value(name="explanations", number=total),),
    )


FIND_EXPLANATION = ReadTool(
    name="find_explanation",
    description="Find the name of a test, condition or medicine that the person describes without knowing its name.",
    arguments=Description,
    intents=frozenset({IntentName.KNOWLEDGE_NAME}),
    plan=_descriptions,
    admits=lambda asked, reading: names.term(asked.words, reading),
    prepare=_search,
    run=_tell,
)
