"""What a turn is asked and what it tells, step by step."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from vitasense.deterministic.intake import Reading
from vitasense.deterministic.platform.access import Principal, Purpose
from vitasense.deterministic.platform.findings import Finding
from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.threads import Message, Thread
from vitasense.graphs.state import Reply
from vitasense.tools.registry import Confirmation

LONGEST_MESSAGE = 4000  # characters


@dataclass(frozen=True, slots=True)
class Answer:
    """A person's yes or no to one confirmation."""

    id: str
    approved: bool


@dataclass(frozen=True, slots=True)
class Ask:
    """One turn: words, or the answer to a confirmation; the session says who asks about whom."""

    principal: Principal
    purpose: Purpose
    patient_id: UUID
    message: str | None = None
    answer: Answer | None = None
    thread_id: UUID | None = None


def check(ask: Ask) -> None:
    """Raise InvalidInput, with what to do, for what cannot be asked."""
    if (ask.message is None) == (ask.answer is None):
        raise InvalidInput("send either a message or the answer to a confirmation")
    if ask.message is not None and not ask.message.strip():
        raise InvalidInput("the message is empty")
    if ask.message is not None and not _storable(ask.message):
        raise InvalidInput("the message holds a character that cannot be kept")
    if ask.message is not None and len(ask.message) > LONGEST_MESSAGE:
        raise InvalidInput(f"the message has {len(ask.message)} characters; the most is {LONGEST_MESSAGE}")
    if ask.answer is not None and ask.thread_id is None:
        raise InvalidInput("a confirmation needs its thread_id")


def _storable(text: str) -> bool:
    """What the database and JSON can hold: no NUL, no half of a surrogate pair."""
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


class Pending(BaseModel):
    """A confirmation that waits, as it is kept with the reply that asked for it."""

    model_config = ConfigDict(frozen=True)

    interrupt_id: str
    turn_id: UUID
    confirmation: Confirmation


@dataclass(frozen=True, slots=True)
class Progress:
    """A step of the turn, in words for the person."""

    step: str
    text: str


@dataclass(frozen=True, slots=True)
class Found:
    """A finding, as soon as it is there."""

    finding: Finding


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the verified reply."""

    text: str


@dataclass(frozen=True, slots=True)
class Done:
    """The end of a turn: the reply as it was kept, and the confirmation it waits for."""

    thread: Thread
    message_id: UUID
    reply: Reply
    confirmation: Confirmation | None


TurnEvent = Progress | Found | Token | Done


@dataclass(frozen=True, slots=True)
class Opened:
    """What a turn starts from: its thread, what was meant before, and what still waits for an answer."""

    thread: Thread
    turn_id: UUID
    started: datetime
    previous: Reading | None
    pending: tuple[Pending, ...]


def waiting_in(messages: Sequence[Message]) -> tuple[Pending, ...]:
    """What waits for an answer at the end of these messages.

    A question that was answered waits on while no reply followed: the turn was cut off, and answering again is safe,
    as each confirmed write happens once. Any other message lets it go.
    """
    for message in reversed(messages):
        if message.author == "assistant":
            return tuple(Pending.model_validate(each) for each in message.content.get("pending", ()))
        if "answers" not in message.content:
            break
    return ()


def kept(reply: Reply, pending: tuple[Pending, ...], reading: Reading | None) -> dict[str, Any]:
    """A reply as the content of a message."""
    return {
        **reply.model_dump(mode="json"),
        "pending": [each.model_dump(mode="json") for each in pending],
        "reading": reading.model_dump(mode="json") if reading else None,
    }
