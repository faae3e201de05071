"""The state of one conversation turn. It holds what was said and found, and never who may see it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, TypedDict
from uuid import UUID

from langgraph.types import Overwrite
from pydantic import BaseModel, ConfigDict

from vitasense.deterministic.intake import Reading
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.findings import Finding, Urgency
from vitasense.deterministic.platform.untrusted import ReplyText


class Reply(BaseModel):
    """What the person gets: the words, how urgent they are, what they rest on, and who contributed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: ReplyText
    urgency: Urgency = Urgency.ROUTINE
    findings: tuple[Finding, ...] = ()
    agents: tuple[str, ...] = ()
    planner: str = "embedded"

    @property
    def categories(self) -> frozenset[Category]:
        """The parts of the record that the reply draws on."""
        return frozenset(category for finding in self.findings for category in finding.categories)


class Said(BaseModel):
    """The person's words. Not a plain string: the saver stores channels of plain text in clear, and others sealed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str
    turn_id: UUID
    at: datetime | None = None


def gather(before: Sequence[Finding], new: Sequence[Finding]) -> list[Finding]:
    """Findings of parallel specialists together, each once: two tools of one specialist may find the same."""
    together: dict[Finding, Finding] = {}
    for finding in (*before, *new):
        together.setdefault(_statement(finding), finding)
    return list(together.values())


def _statement(finding: Finding) -> Finding:
    return finding if finding.tool is None else finding.model_copy(update={"tool": None})


class TurnState(TypedDict, total=False):
    """Channels of the conversation graph; `findings` starts empty at every turn."""

    said: Said
    reading: Reading | None
    findings: Annotated[list[Finding], gather]
    reply: Reply | None


def fresh(said: Said) -> dict[str, object]:
    """The input of a new turn: nothing of the turn before is left."""
    return {"said": said, "reading": None, "findings": Overwrite([]), "reply": None}
