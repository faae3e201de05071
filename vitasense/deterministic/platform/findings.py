"""Finding, Evidence and Urgency: what a tool can stand behind, and what it stands on."""

from datetime import datetime
from enum import StrEnum
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.untrusted import CleanText


class Urgency(StrEnum):
    """How soon something matters: self_care < routine < urgent < emergency (compare `rank`)."""

    SELF_CARE = "self_care"
    ROUTINE = "routine"
    URGENT = "urgent"
    EMERGENCY = "emergency"

    @property
    def rank(self) -> int:
        """0 for self_care to 3 for emergency."""
        return _RANKS[self]


_RANKS = {level: place for place, level in enumerate(Urgency)}


def most_urgent(*levels: Urgency) -> Urgency:
    """The highest of the levels; self_care when there is none."""
    return max(levels, key=lambda level: level.rank, default=Urgency.SELF_CARE)


class Status(StrEnum):
    """The three answers of every check; a missing input is never `not_found`."""

    FOUND = "found"
    NOT_FOUND = "not_found"
    NOT_EVALUATED = "not_evaluated"


class Evidence(BaseModel):
    """A pointer to what a statement rests on.

    `record`: `ref` is `Type/id` of a stored resource or row and `version` its version.
    `knowledge`: `ref` is an entry of a rules file (`nutrition/foods#egg`), `source` its publication.
    `statement`: what the person said in this conversation; `ref` is the thread.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["record", "knowledge", "statement"]
    ref: str
    version: str
    label: CleanText
    source: str | None = None
    at: datetime | None = None


class Value(BaseModel):
    """One typed value of a finding: a number with its UCUM unit, or a name; `at` is when it was true."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: CleanText
    number: float | None = None
    text: CleanText | None = None
    unit: str | None = None
    at: datetime | None = None
    code: str | None = None


class Finding(BaseModel):
    """One statement that a tool can stand behind, in plain words, with its values and its evidence.

    `categories` are the parts of the record that it draws on: who loses one of them no longer sees the statement.
    `agent` and `tool` are the specialist and the tool that it came from.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str
    text: CleanText
    status: Status
    values: tuple[Value, ...] = ()
    urgency: Urgency = Urgency.ROUTINE
    confidence: float = Field(default=1.0, ge=0, le=1)
    evidence: tuple[Evidence, ...] = ()
    reason: str | None = None
    categories: frozenset[Category] = frozenset()
    agent: str | None = None
    tool: str | None = None

    @model_validator(mode="after")
    def _states_its_ground(self) -> Self:
        if self.status is Status.NOT_EVALUATED and not self.reason:
            raise ValueError("a finding that was not evaluated must say why")
        if self.status is Status.FOUND and not self.evidence:
            raise ValueError("a finding must carry its evidence")
        return self


def not_evaluated(kind: str, text: str, reason: str, *categories: Category) -> Finding:
    """The honest silence: nothing was concluded, and why; what is missing belongs in `text`."""
    return Finding(kind=kind, text=text, status=Status.NOT_EVALUATED, reason=reason, categories=frozenset(categories))
