"""Tools of memory: what the person told is recalled, remembered, corrected and forgotten."""

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from vitasense.deterministic import threads
from vitasense.deterministic.intake import IntentName, Reading
from vitasense.deterministic.platform.findings import Finding, Status, not_evaluated
from vitasense.memory import (
    ALL_BUT,
    CATEGORIES,
    Change,
    Entry,
    Memories,
    Recalled,
    Statement,
    Subject,
    Told,
    Vectors,
    Where,
    forms,
    one_at_a_time,
    statements,
    told,
    unwanted,
)
from vitasense.memory import asked as asked_in
from vitasense.tools import memory_words as words
from vitasense.tools.context import Call, Proposal, RunContext
from vitasense.tools.conversations import PAST_CONVERSATIONS
from vitasense.tools.tool import Arguments, ReadTool, WriteTool

KIND = "memory"
MOST_TOLD = 12  # entries in one reply; the page lists all
MOST_ASKED = 20  # entries that one confirmation names; more are forgotten in several steps, or on the page
UNAVAILABLE = "I could not look into what I remember, so I do not know what is there."


class Wanted(Arguments):
    """What to be reminded of, in the person's words; empty for everything."""

    words: str = ""


class Stated(Arguments):
    """Statements of the person, each in the words in which it will be kept."""

    texts: tuple[str, ...] = ()


class Unwanted(Arguments):
    """What to forget, in the person's words; `scope` is all, or the last thing told, when the words name nothing."""

    words: str = ""
    scope: str | None = None


def _wanted(reading: Reading) -> Sequence[Wanted]:
    return [Wanted(words=asked_in(reading).words)]


def _stated(reading: Reading) -> Sequence[Stated]:
    return [Stated(texts=tuple(each.text for each in statements(reading)))]


def _unwanted(reading: Reading) -> Sequence[Unwanted]:
    subject = unwanted(reading)
    return [Unwanted(words=subject.words, scope=subject.scope)]


def _memories(run: RunContext) -> Memories:
    assert run.memories is not None, "the assistant opens memory with every turn"
    return run.memories


async def _embed_question(run: RunContext, asked: Wanted | Unwanted) -> Vectors | None:
    return await _memories(run).embed([asked.words], query=True) if asked.words else None


async def _embed_statements(run: RunContext, stated: Stated) -> Vectors | None:
    return await _memories(run).embed(stated.texts) if run.own_record else None


def _vectors(call: Call) -> Vectors | None:
    return call.prepared if isinstance(call.prepared, Vectors) else None


async def _recall(call: Call, wanted: Wanted) -> Sequence[Finding]:  # noqa: ARG001 the reading says it more fully
    own = call.run.own_record
    if not call.readable:
        return [not_evaluated(f"{KIND}.recalled", words.NOT_SHARED, "no permission")]
    subject = asked_in(call.reading)
    memories = _memories(call.run)
    store = memories.store(call.tx)
    found = await memories.recall(store, call.patient_id, subject, _vectors(call), limit=MOST_TOLD)
    findings = [_recalled(each, own=own) for each in found.entries] or [_nothing(found, subject, call)]
    if found.entries and subject.scope and found.total > len(found.entries):
        findings.append(_more(found, call))
    return [*findings, *words.contradictions(found.entries), *words.not_looked_at(call)]


def _recalled(entry: Entry, *, own: bool) -> Finding:
    return Finding(
        kind=f"{KIND}.recalled",
        text=told(entry, own=own),
        status=Status.FOUND,
        confidence=entry.confidence,
        evidence=(entry.source,),
        categories=frozenset({entry.category} if entry.category else ()),
    )


def _nothing(found: Recalled, subject: Subject, call: Call) -> Finding:
    if found.by_words:
        return not_evaluated(f"{KIND}.recalled", words.ONLY_BY_WORDS, "meaning could not be compared")
    text = words.nothing(subject, found.total, own=call.run.own_record)
    return Finding(kind=f"{KIND}.recalled", text=text, status=Status.NOT_FOUND, categories=call.readable)


def _more(found: Recalled, call: Call) -> Finding:
    left = found.total - len(found.entries)
    source = words.this_conversation(call)
    text = f"There is more that I remember: {left} more. The page of what I remember lists everything."
    return Finding(kind=f"{KIND}.more", text=text, status=Status.FOUND, evidence=(source,), categories=call.readable)


def _told(call: Call) -> Told:
    return Told(owner=call.patient_id, at=call.said_at, now=call.now, thread_id=call.run.thread_id)


def _kept(call: Call, stated: Stated) -> list[Statement]:
    """The statements of the message that were planned and tell of the person rather than instruct."""
    said = [each for each in statements(call.reading) if each.text in stated.texts]
    return _memories(call.run).screened(said)


async def _changes(call: Call, stated: Stated, *, correcting: bool) -> list[Change]:
    memories = _memories(call.run)
    kept = _kept(call, stated)
    vectors = _vectors(call) if len(kept) == len(stated.texts) else None
    return await memories.changes(memories.store(call.tx), _told(call), kept, vectors, correcting=correcting)


async def _propose(call: Call, stated: Stated, *, correcting: bool) -> Proposal | Sequence[Finding]:
    if not call.run.own_record:
        return [not_evaluated(f"{KIND}.declined", words.ONLY_THE_PATIENT, "not the own record")]
    if not stated.texts:
        reason = words.CORRECT_WHAT if correcting else words.REMEMBER_WHAT
        return [not_evaluated(f"{KIND}.declined", reason, "nothing was stated")]
    changes = await _changes(call, stated, correcting=correcting)
    if not changes:
        return [not_evaluated(f"{KIND}.declined", words.INSTRUCTS, "reads like an instruction")]
    return words.proposal(changes, correcting=correcting)


async def _write(call: Call, stated: Stated, key: UUID, *, correcting: bool) -> str:  # noqa: ARG001 registry writes once
    memories = _memories(call.run)
    await one_at_a_time(call.tx, call.patient_id)
    changes = await _changes(call, stated, correcting=correcting)
    vectors = _vectors(call) if len(changes) == len(stated.texts) else None
    kept = await memories.keep(memories.store(call.tx), changes, vectors)
    return f"Memory/{','.join(str(entry.id) for entry in kept)}"


async def _read_back(call: Call, ref: str) -> Sequence[Finding]:
    memories = _memories(call.run)
    store = memories.store(call.tx)
    ids = [UUID(each) for each in ref.partition("/")[2].split(",")]
    entries = await store.get(Where(owner=call.patient_id), ids)
    beside = [each for entry in entries for each in await _current(call, entry)]
    return [*(words.kept(entry) for entry in entries), *words.contradictions(beside)]


async def _current(call: Call, entry: Entry) -> list[Entry]:
    store = _memories(call.run).store(call.tx)
    return await store.entries(Where(owner=call.patient_id, key=entry.key)) if entry.key else []


async def _found(call: Call) -> Recalled:
    """What the wish to forget is about, and was told before the wish: what came later was never shown."""
    memories, subject = _memories(call.run), unwanted(call.reading)
    store = memories.store(call.tx)
    found = await memories.unwanted(store, call.patient_id, subject, _vectors(call), thread_id=call.run.thread_id)
    before = [each for each in found.entries if each.occurred_at <= call.said_at]
    return Recalled(tuple(before), found.total, found.by_words)


async def _propose_forgetting(call: Call, wish: Unwanted) -> Proposal | Sequence[Finding]:  # noqa: ARG001
    if not call.run.own_record:
        return [not_evaluated(f"{KIND}.declined", words.ONLY_THE_PATIENT, "not the own record")]
    subject = unwanted(call.reading)
    if subject.scope == ALL_BUT:
        return [not_evaluated(f"{KIND}.declined", words.FORGET_WHAT, "what is to go was not named")]
    found = await _found(call)
    if not found.entries:
        return [_nothing(found, subject, call)]
    if len(found.entries) > MOST_ASKED:
        return [not_evaluated(f"{KIND}.declined", words.too_many(len(found.entries)), "too many to confirm")]
    return words.forgetting(found.entries, await _holders(call, found.entries))


async def _forget(call: Call, wish: Unwanted, key: UUID) -> str:  # noqa: ARG001 every tool is called alike
    await one_at_a_time(call.tx, call.patient_id)
    memories, found = _memories(call.run), await _found(call)
    store = memories.store(call.tx)
    if not found.entries:
        return "Forgotten/0/"
    gone = await memories.forget(store, call.patient_id, [each.id for each in found.entries])
    held = await _holders(call, gone)
    return f"Forgotten/{len(found.entries)}/{','.join(str(each.id) for each in held)}"


async def _holders(call: Call, entries: Sequence[Entry]) -> list[threads.Thread]:
    """The person's conversations that hold the words still, this one among them."""
    told_in = [UUID(each.source.ref) for each in entries if each.source.ref != "memories"]
    return await threads.holding(call.tx, call.patient_id, forms(entries), [*told_in, call.run.thread_id])


async def _gone(call: Call, ref: str) -> Sequence[Finding]:
    _, _, rest = ref.partition("/")
    count, _, ids = rest.partition("/")
    if (await _found(call)).entries:
        return [not_evaluated(f"{KIND}.forgotten", words.STILL_THERE, "not gone")]
    held = await threads.holding(call.tx, call.patient_id, [], [UUID(each) for each in ids.split(",") if each])
    return [words.forgotten(int(count), held, call)]


def _keeping(name: str, description: str, intent: IntentName, *, correcting: bool) -> WriteTool[Stated]:
    return WriteTool(
        name=name,
        description=description,
        arguments=Stated,
        intents=frozenset({intent}),
        plan=_stated,
        reads=CATEGORIES,
        writes=CATEGORIES,
        prepare=_embed_statements,
        propose=partial(_propose, correcting=correcting),
        write=partial(_write, correcting=correcting),
        read_back=_read_back,
    )


RECALL = ReadTool(
    name="recall",
    description="What the person told in earlier conversations and wanted to be remembered.",
    arguments=Wanted,
    intents=frozenset({IntentName.MEMORY_RECALL}),
    plan=_wanted,
    reads=CATEGORIES,
    prepare=_embed_question,
    run=_recall,
)
REMEMBER = _keeping(
    "remember",
    "Remember what the person states about themselves, after the person confirmed it.",
    IntentName.MEMORY_REMEMBER,
    correcting=False,
)
CORRECT = _keeping(
    "correct_memory",
    "Replace what is remembered by what the person says now, after the person confirmed it.",
    IntentName.MEMORY_CORRECT,
    correcting=True,
)
FORGET = WriteTool(
    name="forget",
    description="Forget something that is remembered about the person, after the person confirmed exactly what.",
    arguments=Unwanted,
    intents=frozenset({IntentName.MEMORY_FORGET}),
    plan=_unwanted,
    reads=CATEGORIES,
    writes=CATEGORIES,
    prepare=_embed_question,
    propose=_propose_forgetting,
    write=_forget,
    read_back=_gone,
)

TOOLS = (RECALL, REMEMBER, CORRECT, FORGET, PAST_CONVERSATIONS)
