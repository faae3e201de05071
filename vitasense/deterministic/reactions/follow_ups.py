"""The health specialist's reaction to a follow-up check that is due: the alarm behind it is looked at once more."""

from dataclasses import dataclass
from uuid import UUID

from vitasense.deterministic import alarms, decisions
from vitasense.deterministic.alarms import Alarm, Task, TaskKind, TaskState
from vitasense.deterministic.decisions import Action, ActionKind, Decision, Details, Input
from vitasense.deterministic.platform.findings import Evidence, Finding, Status, Urgency
from vitasense.deterministic.reactions.occasion import Occasion
from vitasense.deterministic.reactions.readings import AGENT

RULE, VERSION = "reactions/follow_ups#measured_again", "2026.11"


@dataclass(frozen=True, slots=True)
class DueTask:
    """A task that is due and still open, with the alarm that it belongs to while that stands."""

    task: Task
    alarm: Alarm | None


async def due_tasks(occasion: Occasion) -> list[DueTask]:
    """The task of the event, if nothing was measured in the meantime."""
    task_id = UUID(str(occasion.event.payload["task_id"]))
    standing = await alarms.tasks(occasion.tx, occasion.patient_id, TaskState.OPEN)
    task = next((each for each in standing if each.id == task_id), None)
    if task is None or task.kind is not TaskKind.MEASURE_AGAIN:
        return []
    open_alarms = await alarms.alarms(occasion.tx, occasion.patient_id, only_open=True)
    return [DueTask(task, next((each for each in open_alarms if each.id == task.alarm_id), None))]


def follow_up(due: DueTask) -> Finding:
    """What stands: the check was not done, and what that means for the alarm."""
    text = f"{due.task.text} It was due, and no new value has come since."
    evidence = Evidence(
        kind="record", ref=f"Task/{due.task.id}", version=due.task.changed_at.isoformat(), label="Follow-up check"
    )
    return Finding(
        kind="reaction.follow_up",
        text=text,
        status=Status.FOUND,
        urgency=due.alarm.urgency if due.alarm else Urgency.ROUTINE,
        evidence=(evidence,),
    )


async def conclude_task(occasion: Occasion, due: DueTask, finding: Finding) -> None:
    """Remind the person: the decision says so, and the task stays open until it is done or runs out."""
    category = due.task.category
    decision = Decision(
        id=occasion.ids(),
        category=category,
        event_id=occasion.event.id,
        correlation_id=occasion.correlation_id,
        agent=AGENT,
        rule=RULE,
        rule_version=VERSION,
        outcome="Follow-up check is due",
        urgency=finding.urgency,
        confidence=1.0,
        decided_at=occasion.now,
        inputs=(Input(kind="context", category=category, evidence=finding.evidence[0]),),
        findings=(finding,),
    )
    if await decisions.record(occasion.tx, occasion.patient_id, decision, actor=occasion.actor, ids=occasion.ids):
        action = Action(ActionKind.ASK, str(due.task.id), Details(text=finding.text))
        await decisions.act(occasion.tx, occasion.patient_id, decision, [action], ids=occasion.ids)
