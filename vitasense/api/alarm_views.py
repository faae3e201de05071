"""What the routes of alarms and tasks answer with."""

from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from vitasense.deterministic.alarms import Alarm, AlarmChange, State, Task, TaskKind, TaskState
from vitasense.deterministic.decisions import Action, ActionKind, Decision, Input
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.findings import Evidence, Finding, Urgency

LONGEST_NOTE = 500


class AlarmView(BaseModel):
    """An alarm. `seen` counts its readings, `version` what happened to it: send it back with an answer."""

    id: UUID
    key: str
    title: str
    text: str
    state: State
    urgency: Urgency
    category: Category
    raised_at: datetime
    changed_at: datetime
    seen: int
    last_seen_at: datetime
    snoozed_until: datetime | None
    version: int
    evidence: list[Evidence]

    @classmethod
    def of(cls, alarm: Alarm) -> Self:
        """The view of an alarm."""
        plain = {name: getattr(alarm, name) for name in cls.model_fields if name != "evidence"}
        return cls(**plain, evidence=list(alarm.evidence))


class AlarmPage(BaseModel):
    """Alarms, the one that changed last first; `next` is the cursor of those after them."""

    items: list[AlarmView]
    next: str | None


class StepView(BaseModel):
    """One step in the life of an alarm."""

    state: State
    at: datetime
    actor_role: str
    note: str | None

    @classmethod
    def of(cls, step: AlarmChange) -> Self:
        """The view of a step."""
        return cls(state=step.state, at=step.at, actor_role=step.actor_role, note=step.note)


class DecisionView(BaseModel):
    """What was decided, by which rule, on what ground; `withheld` counts what of it is not shared with the reader."""

    id: UUID
    agent: str
    rule: str
    rule_version: str
    model: str | None
    outcome: str
    urgency: Urgency
    confidence: float
    decided_at: datetime
    inputs: list[Input]
    findings: list[Finding]
    withheld: int

    @classmethod
    def of(cls, decision: Decision) -> Self:
        """The view of a decision."""
        plain = {name: getattr(decision, name) for name in cls.model_fields if name not in ("inputs", "findings")}
        return cls(**plain, inputs=list(decision.inputs), findings=list(decision.findings))


class ActionView(BaseModel):
    """One thing that was done; `ref` is the alarm, task, goal or risk that came of it."""

    kind: ActionKind
    text: str
    ref: str | None

    @classmethod
    def of(cls, action: Action) -> Self:
        """The view of an action."""
        return cls(kind=action.kind, text=action.details.text, ref=action.ref)


class AlarmDetail(BaseModel):
    """An alarm with every step of it, and the decision behind it with what was done."""

    alarm: AlarmView
    history: list[StepView]
    decision: DecisionView
    actions: list[ActionView]


class Answer(BaseModel):
    """An answer to the version of the alarm that was seen."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"version": 1, "note": "I sat down and measured again."}]}
    )

    version: int = Field(ge=1)
    note: str | None = Field(default=None, max_length=LONGEST_NOTE)


class Snooze(BaseModel):
    """Until when the alarm, as it was seen, is to wait."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"version": 1, "until": "2026-11-03T09:30:00Z"}]}
    )

    version: int = Field(ge=1)
    until: AwareDatetime


class TaskView(BaseModel):
    """Something that the person is asked to do; `metric` (LOINC) is what is to be measured again."""

    id: UUID
    kind: TaskKind
    text: str
    metric: str | None
    due_at: datetime
    state: TaskState
    answer: str | None
    alarm_id: UUID | None

    @classmethod
    def of(cls, task: Task) -> Self:
        """The view of a task."""
        return cls(**{name: getattr(task, name) for name in cls.model_fields})


class TaskList(BaseModel):
    """Tasks, the one due first first."""

    items: list[TaskView]


class TaskAnswer(BaseModel):
    """The answer to a question."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"answer": "No, I feel well."}]})

    answer: str = Field(min_length=1, max_length=2000)
