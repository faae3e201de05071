"""Decision, Action and Risk: what was decided about an event, what was done about it, where a person stands since."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.findings import Evidence, Finding, Urgency, Value
from vitasense.deterministic.platform.untrusted import CleanText


class Input(BaseModel):
    """One thing that a decision rests on, shared as its `category`.

    `reading` is what the decision is about and stands in the timeline; `context` is what it was compared with
    (baseline, trend, a medicine); `statement` is what the person said.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["reading", "context", "statement"]
    category: Category
    evidence: Evidence
    values: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """What `agent` decided about the event `event_id` by `rule` (or `model`, when one added to it).

    `outcome` is in plain words ("blood pressure elevated"). `category` is the part of the record that the decision is
    shared as: `outcome` draws on that part alone. `withheld` counts the inputs and findings of other parts that the
    reader may not see; it is 0 in what is written.
    """

    id: UUID
    category: Category
    event_id: UUID
    correlation_id: UUID
    agent: str
    rule: str
    rule_version: str
    outcome: str
    urgency: Urgency
    confidence: float
    decided_at: datetime
    inputs: tuple[Input, ...] = ()
    findings: tuple[Finding, ...] = ()
    model: str | None = None
    withheld: int = 0


class ActionKind(StrEnum):
    """What can be done about a decision."""

    ALERT = "alert"
    RECOMMEND = "recommend"
    SUGGEST_GOAL = "suggest_goal"
    SCHEDULE_CHECK = "schedule_check"
    UPDATE_RISK = "update_risk"
    ASK = "ask"
    NOTIFY_PROVIDER = "notify_provider"
    CLEAR_ALERT = "clear_alert"


class Details(BaseModel):
    """What an action says: `text` in plain words; `values` and `evidence` stand behind it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: CleanText = ""
    values: tuple[Value, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Action:
    """One thing done; `ref` is the id of the alarm, task or goal, or the key of the risk, that came of it."""

    kind: ActionKind
    ref: str | None = None
    details: Details = Details()  # noqa: RUF009 - frozen


class Risk(BaseModel):
    """Where the person stands in one respect: `label` a word or two, `text` a plain sentence."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str = Field(min_length=1)
    label: str
    text: CleanText
    evidence: tuple[Evidence, ...]
    at: datetime
    category: Category


@dataclass(frozen=True, slots=True)
class Explained:
    """A decision with what was done about it, and the alarm that asks for it, if one does."""

    decision: Decision
    actions: tuple[Action, ...]
    alarm_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One line of a person's timeline; `cursor` is where a page that ends with it is taken up again.

    `ref` is `<kind>/<id>` of the row it tells of; entries of one chain of events share `correlation_id`.
    """

    at: datetime
    kind: Literal["reading", "decision", "alarm", "action", "task", "risk", "goal"]
    title: str
    text: str
    ref: str
    correlation_id: UUID | None
    urgency: Urgency | None
    category: Category
    cursor: str
