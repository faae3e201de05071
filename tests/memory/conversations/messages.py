"""Small conversations to summarise."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from vitasense.deterministic.intake import read
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.findings import Evidence, Finding, Status, not_evaluated
from vitasense.deterministic.threads import Message
from vitasense.memory.conversations.episodes import Distrust

START = datetime(2026, 5, 3, 9, tzinfo=UTC)
QUOTED = "the record's words read like an instruction"
SOURCE = Evidence(kind="record", ref="Observation/1", version="1", label="a result")


def distrust_of(*words: str) -> Distrust:
    """Takes texts with one of these words for instructions."""
    return Distrust(lambda text: any(word in text.lower() for word in words), QUOTED)


TRUSTING = distrust_of()


def found(text: str, *, kind: str = "lab.latest", status: Status = Status.FOUND) -> Finding:
    """A finding of a reply."""
    return Finding(kind=kind, text=text, status=status, evidence=(SOURCE,))


def silent(text: str, *, kind: str = "lab.latest", reason: str = "no value") -> Finding:
    """A finding that nothing was evaluated."""
    return not_evaluated(kind, text, reason)


class Conversation:
    """Messages as the assistant keeps them, a minute apart."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    def said(self, text: str, **content: Any) -> "Conversation":
        """The person's words."""
        return self._add("person", {"text": text, **content})

    def replied(self, *findings: Finding, pending: Sequence[dict[str, Any]] = ()) -> "Conversation":
        """A reply with the reading of the words before it."""
        words = next((each for each in reversed(self.messages) if each.author == "person"), None)
        reading = read(words.content["text"], now=words.at) if words else None
        content = {
            "text": "\n".join(finding.text for finding in findings),
            "findings": [finding.model_dump(mode="json") for finding in findings],
            "pending": list(pending),
            "reading": reading.model_dump(mode="json") if reading else None,
        }
        return self._add("assistant", content)

    def _add(self, author: Any, content: dict[str, Any]) -> "Conversation":
        at = START + timedelta(minutes=len(self.messages))
        self.messages.append(Message(id=new_id(), author=author, content=content, at=at))
        return self


def pending(summary: str, identity: str = "c1") -> dict[str, Any]:
    """A confirmation that waits."""
    confirmation: dict[str, Any] = {"id": identity, "tool": "log", "title": "Write", "summary": summary, "details": []}
    return {"interrupt_id": "i", "turn_id": str(new_id()), "confirmation": confirmation}
