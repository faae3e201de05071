# langgraph leaves type parameters open:
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
"""The assistant: runs turns of the conversation graph and keeps what was said."""

import asyncio
import re
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from time import perf_counter
from typing import Any, cast
from uuid import UUID
from weakref import WeakValueDictionary

from langgraph.types import Command

from vitasense.deterministic import threads, tracking
from vitasense.deterministic.intake import Reading
from vitasense.deterministic.knowledge import Shelf
from vitasense.deterministic.platform.access import Access, Category
from vitasense.deterministic.platform.clock import Clock, NewId, in_zone
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.events import Event
from vitasense.deterministic.platform.events import append as tell
from vitasense.deterministic.platform.findings import Finding, Urgency
from vitasense.deterministic.platform.problems import Conflict
from vitasense.deterministic.platform.telemetry import Metrics, span
from vitasense.deterministic.threads import Message
from vitasense.graphs import safety
from vitasense.graphs.checkpoints import SealedSerializer, ThreadSaver
from vitasense.graphs.compose import reply_of
from vitasense.graphs.conversation import Conversation
from vitasense.graphs.people import about, identifiers
from vitasense.graphs.recollection import LOOK_BACK, NOTES, Recollection
from vitasense.graphs.state import Reply, Said, fresh
from vitasense.graphs.turn import (
    Answer,
    Ask,
    Done,
    Found,
    Opened,
    Pending,
    Progress,
    Token,
    TurnEvent,
    check,
    kept,
    waiting_in,
)
from vitasense.graphs.turn_store import memory_store
from vitasense.guardrails import Redactor
from vitasense.memory import Memories
from vitasense.tools.context import RunContext

_OWN = frozenset({Category.CONDITIONS, Category.MEDICATIONS, Category.VITALS})  # the zone is kept with the vital signs
YES = re.compile(
    r"\W*(yes|yeah|yep|ok|okay|confirm|confirmed|please do|do it|go ahead)\b[\s,.!]*(please|thanks)?\W*", re.IGNORECASE
)
NO = re.compile(r"\W*(no|nope|cancel|don'?t|do not|stop)\b[\s,.!]*(thanks|thank you|it)?\W*", re.IGNORECASE)


@dataclass
class Outcome:
    """What a run of the graph left behind."""

    reply: Reply | None = None
    reading: Reading | None = None
    pending: tuple[Pending, ...] = ()
    advice: tuple[Finding, ...] = ()


class Assistant:
    """Runs one turn after another of each thread; turns of different threads run side by side."""

    def __init__(
        self,
        graph: Conversation,
        database: Database,
        serializer: SealedSerializer,
        metrics: Metrics,
        clock: Clock,
        new_id: NewId,
        country: str | None = None,
        *,
        timezone: str = "UTC",
        hides: bool = False,
        memories: Memories | None = None,
        tells_model: bool = False,
        shelf: Shelf | None = None,
    ) -> None:
        self._shelf = shelf
        self._recollection = Recollection(new_id, tells_model=tells_model)
        self._hides = hides
        self._memories = memories
        self._graph = graph
        self._database = database
        self._serializer = serializer
        self._metrics = metrics
        self._clock = clock
        self._new_id = new_id
        self._country = country
        self._timezone = timezone
        self._busy: WeakValueDictionary[UUID, asyncio.Lock] = WeakValueDictionary()

    async def turn(self, ask: Ask) -> AsyncGenerator[TurnEvent]:
        """The turn's events; `Done` is the last. Raises Problem for what cannot be asked."""
        began = perf_counter()
        check(ask)
        lock = self._busy.setdefault(ask.thread_id or self._new_id(), asyncio.Lock())
        async with lock:
            with span("turn"):
                opened, run, ask = await self._open(ask)
                outcome = Outcome()
                held: list[Found] = []
                async for event in self._run(ask, opened, run, outcome):
                    if isinstance(event, Found) and ask.answer is not None and not run.own_record:
                        held.append(event)  # found before the question: it may not be shared any more
                    else:
                        yield event
                done = await self._keep(ask, opened, outcome)
                for event in held:
                    yield event
        self._metrics.turn(done.reply.planner, perf_counter() - began)
        for piece in re.findall(r"\S+\s*|\s+", done.reply.text):
            yield Token(piece)
        yield done

    async def reply(self, ask: Ask) -> Done:
        """The end of the turn, for whoever does not follow its steps."""
        async for event in self.turn(ask):
            if isinstance(event, Done):
                return event
        raise AssertionError("a turn ends with Done")

    async def _open(self, ask: Ask) -> tuple[Opened, RunContext, Ask]:
        """Keep the person's words and load what the turn needs, in one transaction."""
        now = self._clock()
        own_record = ask.principal.account_id == ask.patient_id
        reads = frozenset({Category.PROFILE, *(_OWN if own_record else ())})
        writes = NOTES if own_record else frozenset[Category]()
        access = Access(ask.principal, ask.purpose, "conversation", ask.patient_id, reads | writes, writes)
        async with self._database.transaction(access) as tx:
            thread = await threads.open_thread(
                *(tx, ask.principal, ask.patient_id, ask.thread_id),
                title=ask.message or "",
                now=now,
                new_id=self._new_id,
            )
            last = await threads.messages(tx, ask.patient_id, thread.id, limit=LOOK_BACK) if ask.thread_id else []
            zone = (await tracking.person_settings(tx, ask.patient_id, self._timezone)).zone
            opened = _opened(thread, last, self._new_id(), now.astimezone(zone))
            ask = _as_answer(ask, opened.pending)
            waiting = _waiting(ask.answer, opened.pending)
            earlier = await self._recollection.of(tx, thread, last, now=now, own_record=own_record)
            said = Message(id=self._new_id(), author="person", content=_words(ask), at=now)
            await threads.append(tx, ask.principal, thread, [said], now=now)
            person = await about(tx, ask.patient_id, now=now, country=self._country, own_record=own_record)
        turn_id = waiting.turn_id if waiting else opened.turn_id
        run = RunContext(
            *(ask.principal, ask.purpose, ask.patient_id, thread.id, turn_id, self._database),
            clock=in_zone(self._clock, zone),
            person=person,
            redactor=await self._redactor(ask, thread.id),
            previous=opened.previous,
            memories=self._memories,
            before=earlier,
            library=self._shelf.current if self._shelf else None,
        )
        return replace(opened, turn_id=turn_id), run, ask

    async def _redactor(self, ask: Ask, thread_id: UUID) -> Redactor:
        """Knows whom to hide if a remote model may be asked; its placeholders are those of the whole thread."""
        known = await identifiers(self._database, ask.principal, ask.purpose, ask.patient_id) if self._hides else ()
        return Redactor(known, str(thread_id))

    async def _run(self, ask: Ask, opened: Opened, run: RunContext, outcome: Outcome) -> AsyncGenerator[TurnEvent]:
        resumes = ask.answer is not None
        saver = ThreadSaver(self._database, run.access("conversation"), self._serializer, resumes=resumes)
        graph = self._graph.copy({"checkpointer": saver, "store": memory_store(run, self._database)})
        steps = graph.astream(
            _input(ask, opened),
            {"configurable": {"thread_id": str(opened.thread.id)}},
            context=run,
            stream_mode=["updates", "custom"],
            durability="exit",
        )
        async for mode, step in cast(AsyncIterator[tuple[str, dict[str, Any]]], steps):
            if mode == "custom":
                yield Progress(step["step"], step["text"])
                continue
            for finding in _take(step, opened.turn_id, outcome):
                yield Found(finding)
        if outcome.pending:
            await saver.keep()

    async def _keep(self, ask: Ask, opened: Opened, outcome: Outcome) -> Done:
        """Store the reply before any word of it is shown: what may not be kept may not be told either."""
        reply = outcome.reply or _question(outcome.pending, outcome.advice)
        now = self._clock()
        access = Access(ask.principal, ask.purpose, "conversation", ask.patient_id)
        content = kept(reply, outcome.pending, outcome.reading)
        message = Message(id=self._new_id(), author="assistant", content=content, categories=reply.categories, at=now)
        async with self._database.transaction(access) as tx:
            await threads.append(tx, ask.principal, opened.thread, [message], now=now)
            if reply.urgency is Urgency.EMERGENCY:
                await tell(tx, self._emergency(ask, opened, message))
        waiting = outcome.pending[0].confirmation if outcome.pending else None
        return Done(opened.thread, message.id, reply, waiting)

    def _emergency(self, ask: Ask, opened: Opened, message: Message) -> Event:
        return Event(
            id=self._new_id(),
            type="conversation.emergency_raised",
            version=1,
            patient_id=ask.patient_id,
            actor_id=ask.principal.account_id,
            occurred_at=opened.started,
            recorded_at=message.at,
            payload={"thread_id": str(opened.thread.id), "message_id": str(message.id)},
        )


def _opened(thread: threads.Thread, last: Sequence[Message], turn_id: UUID, now: datetime) -> Opened:
    replies = [message.content for message in last if message.author == "assistant"]
    reading = replies[-1].get("reading") if replies else None
    return Opened(
        thread=thread,
        turn_id=turn_id,
        started=now,
        previous=Reading.model_validate(reading) if reading else None,
        pending=waiting_in(last),
    )


def _as_answer(ask: Ask, pending: tuple[Pending, ...]) -> Ask:
    """A plain yes or no is the answer to what waits."""
    if not pending or ask.message is None:
        return ask
    for pattern, approved in ((YES, True), (NO, False)):
        if pattern.fullmatch(ask.message):
            return replace(ask, answer=Answer(pending[0].confirmation.id, approved))
    return ask


def _words(ask: Ask) -> dict[str, Any]:
    if ask.answer is None:
        return {"text": ask.message}
    return {"text": ask.message or ("Yes." if ask.answer.approved else "No."), "answers": ask.answer.id}


def _waiting(answer: Answer | None, pending: tuple[Pending, ...]) -> Pending | None:
    if answer is None:
        return None
    for each in pending:
        if each.confirmation.id == answer.id:
            return each
    raise Conflict("this confirmation is no longer open: it was answered, or the conversation went on")


def _input(ask: Ask, opened: Opened) -> Any:
    waiting = _waiting(ask.answer, opened.pending)
    if waiting is None or ask.answer is None:
        return fresh(Said(text=ask.message or "", turn_id=opened.turn_id, at=opened.started))
    return Command(resume={waiting.interrupt_id: {"id": ask.answer.id, "approved": ask.answer.approved}})


def _take(step: dict[str, Any], turn_id: UUID, outcome: Outcome) -> list[Finding]:
    found: list[Finding] = []
    for node, update in step.items():
        if node == "__interrupt__":
            outcome.pending = tuple(
                Pending(interrupt_id=each.id, turn_id=turn_id, confirmation=each.value) for each in update
            )
        elif update:
            outcome.reply = update.get("reply") or outcome.reply
            outcome.reading = update.get("reading") or outcome.reading
            new = update.get("findings") or ()
            found.extend(new)
            outcome.advice += tuple(finding for finding in new if finding.agent == safety.AGENT)
    return found


def _question(pending: tuple[Pending, ...], advice: tuple[Finding, ...]) -> Reply:
    """What waits for an answer, after what the safety gate advised: advice must not wait."""
    if not pending:
        raise AssertionError("a turn without reply waits for a confirmation")
    question = pending[0].confirmation.summary
    if not advice:
        return Reply(text=question)
    before = reply_of(advice)
    return before.model_copy(update={"text": f"{before.text}\n\n{question}"})
