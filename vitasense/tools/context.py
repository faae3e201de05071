"""RunContext: who asks, why, about whom, and with what; carried as LangGraph runtime context, never as arguments."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.intake import Reading
from vitasense.deterministic.knowledge import Library
from vitasense.deterministic.platform.access import Access, Category, Principal, Purpose
from vitasense.deterministic.platform.clock import Clock
from vitasense.deterministic.platform.database import Database
from vitasense.guardrails import PersonFacts, Redactor
from vitasense.memory import Memories


@dataclass(frozen=True, slots=True)
class RunContext:
    """One turn of one person about one record. `reading` and `agent` are set when a specialist starts.

    `before` is what was said in the conversation so far, labelled as data, for a model; "" without one. `library` is
    what is known of medicines at this moment; without it the rules of the service.
    """

    principal: Principal
    purpose: Purpose
    patient_id: UUID
    thread_id: UUID
    turn_id: UUID
    database: Database
    clock: Clock
    person: PersonFacts = field(default_factory=PersonFacts)
    redactor: Redactor = field(default_factory=lambda: Redactor(()))
    previous: Reading | None = None
    reading: Reading | None = None
    said_at: datetime | None = None
    agent: str = "supervisor"
    memories: Memories | None = None
    before: str = ""
    library: Library | None = None

    @property
    def own_record(self) -> bool:
        """Whether the person asks about the own record."""
        return self.principal.account_id == self.patient_id

    def access(
        self, activity: str, reads: frozenset[Category] = frozenset(), writes: frozenset[Category] = frozenset()
    ) -> Access:
        """What one transaction of this turn asks for; the database decides what it gets."""
        return Access(self.principal, self.purpose, activity, self.patient_id, reads, writes)


@dataclass(frozen=True, slots=True)
class Call:
    """What a tool works with: an open transaction, the time, the person, and what may be read at this moment.

    `prepared` is what its tool made before the transaction.
    """

    tx: AsyncSession
    run: RunContext
    now: datetime
    readable: frozenset[Category]
    prepared: object = None

    @property
    def patient_id(self) -> UUID:
        """Whose record; set by the session, never by a model."""
        return self.run.patient_id

    @property
    def said_at(self) -> datetime:
        """When the person said it; a confirmation may come days later and must not move what was measured or eaten."""
        return self.run.said_at or self.now

    @property
    def reading(self) -> Reading:
        """What the person's message meant."""
        assert self.run.reading is not None, "a tool runs after the message was read"
        return self.run.reading


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change that a person is asked to confirm: the actual values, as they will be written."""

    title: str
    summary: str
    details: Mapping[str, str]
