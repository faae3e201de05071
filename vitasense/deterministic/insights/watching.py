"""Alarms, tasks and the timeline in sentences: what waits, why it was raised, and what happened when."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from vitasense.deterministic.alarms import Alarm, State, Task, TaskKind
from vitasense.deterministic.decisions import Action, ActionKind, Decision, Explained, Input, TimelineEntry
from vitasense.deterministic.insights.days import Stretch, span_words
from vitasense.deterministic.insights.moments import at_words
from vitasense.deterministic.insights.subject import Subject
from vitasense.deterministic.insights.wording import amount, capital, counted, listed, number
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.findings import Evidence, Finding, Status, Urgency, Value

T = TypeVar("T")
MOST_TOLD = 12  # entries in one reply; the page lists all
_STATES = {
    State.RAISED: "it waits for an answer",
    State.ESCALATED: "nobody answered it yet",
    State.ACKNOWLEDGED: "it was acknowledged",
    State.SNOOZED: "it was put off",
    State.CLEARED: "it is over",
    State.STALE: "it is out of date",
}
_ACTIONS = {
    ActionKind.ALERT: "an alert was raised",
    ActionKind.RECOMMEND: "a recommendation was given",
    ActionKind.SUGGEST_GOAL: "a goal was suggested",
    ActionKind.SCHEDULE_CHECK: "a follow-up check was scheduled",
    ActionKind.UPDATE_RISK: "the risk profile was updated",
    ActionKind.ASK: "a question was asked",
    ActionKind.NOTIFY_PROVIDER: "the care team was told",
    ActionKind.CLEAR_ALERT: "an alert was ended",
}


def alarm_findings(found: Sequence[Alarm], subject: Subject, *, only_open: bool) -> list[Finding]:
    """Each alarm with its state; that there is none says what was looked at."""
    which = "open alert" if only_open else "alert"
    if not found:
        seen = "" if subject.own else " in what is shared with you"
        text = f"There is no {which}{seen}. That says only that nothing was raised about the readings that came in."
        return [Finding(kind="alarm.list", text=text, status=Status.NOT_FOUND)]
    told = [_alarm(each, subject) for each in found[:MOST_TOLD]]
    return [*told, *_more(found, which, "alarm.more", alarm_evidence)]


def _alarm(each: Alarm, subject: Subject) -> Finding:
    text = f"{each.title}: raised on {at_words(each.raised_at, subject)}; {state_words(each, subject)}."
    values = [Value(name="raised", at=each.raised_at)]
    if each.snoozed_until:
        values.append(Value(name="snoozed until", at=each.snoozed_until))
    return Finding(
        kind="alarm.list",
        text=text,
        status=Status.FOUND,
        values=tuple(values),
        urgency=_urgency(each),
        evidence=(alarm_evidence(each), *each.evidence),
        categories=frozenset({each.category}),
    )


def _urgency(each: Alarm) -> Urgency:
    """That of an alarm that is over presses nobody any more."""
    return each.urgency if each.state.is_open else Urgency.ROUTINE


def state_words(each: Alarm, subject: Subject) -> str:
    """ "it waits for an answer", "it was put off until …"."""
    if each.state is State.SNOOZED and each.snoozed_until:
        return f"{_STATES[each.state]} until {at_words(each.snoozed_until, subject)}"
    return _STATES[each.state]


def alarm_evidence(each: Alarm) -> Evidence:
    """The alarm as evidence."""
    return Evidence(
        kind="record", ref=f"Alarm/{each.id}", version=str(each.version), label=each.title, at=each.raised_at
    )


def why_findings(alarm: Alarm, explained: Explained, subject: Subject) -> list[Finding]:
    """What an alarm rests on: reading, guideline, what is usual, the rule and its version, and what was done."""
    decision = explained.decision
    told = [_reason(alarm, decision, subject), *(_of_decision(each, decision) for each in decision.findings)]
    told.append(_rule(decision))
    if explained.actions:
        told.append(_done(explained.actions, decision))
    return told


def _reason(alarm: Alarm, decision: Decision, subject: Subject) -> Finding:
    readings = [each for each in decision.inputs if each.kind == "reading"]
    values = [value for each in readings for value in each.values]
    said = listed([_value(value) for value in values])
    text = f"The alert {alarm.title!r} was raised on {at_words(alarm.raised_at, subject)}"
    measured = next((value.at or each.evidence.at for each in readings for value in each.values), None)
    text += f" because of {said}" if said else " because of what was decided about a reading"
    text += f", measured on {at_words(measured, subject)}." if measured and said else "."
    text += f" Now {state_words(alarm, subject)}."
    if decision.withheld:
        text += " It also rests on parts of the record that are not shared with you."
    times = [Value(name="raised", at=alarm.raised_at)] + ([Value(name="measured", at=measured)] if measured else [])
    return Finding(
        kind="alarm.why",
        text=text,
        status=Status.FOUND,
        values=(*values, *times),
        urgency=_urgency(alarm),
        evidence=(alarm_evidence(alarm), *(each.evidence for each in readings)),
        categories=frozenset({alarm.category}),
    )


def _value(value: Value) -> str:
    if value.number is None:
        return f"{value.name} {value.text or ''}".strip()
    return f"{value.name} {amount(value.number, value.unit) if value.unit else number(value.number)}"


def _of_decision(finding: Finding, decision: Decision) -> Finding:
    """One ground of the decision, as it was found then."""
    usual = [value for each in decision.inputs for value in _usual(each, finding)]
    return finding.model_copy(
        update={"kind": "alarm.why", "values": (*finding.values, *usual), "urgency": Urgency.ROUTINE}
    )


def _usual(each: Input, finding: Finding) -> Sequence[Value]:
    return each.values if each.kind == "context" and finding.kind.endswith(".usual") else ()


def _rule(decision: Decision) -> Finding:
    confidence = round(decision.confidence, 2)
    model = " A model added to it." if decision.model else ""
    text = (
        f"It was decided by the rule {decision.rule} (version {decision.rule_version}), "
        f"with a confidence of {number(confidence)} out of 1.{model}"
    )
    return Finding(
        kind="alarm.rule",
        text=text,
        status=Status.FOUND,
        values=(Value(name="confidence", number=confidence), Value(name="rule", text=decision.rule)),
        confidence=decision.confidence,
        evidence=(decision_evidence(decision),),
        categories=frozenset({decision.category}),
    )


def decision_evidence(decision: Decision) -> Evidence:
    """The decision as evidence."""
    return Evidence(
        kind="record",
        ref=f"Decision/{decision.id}",
        version=decision.rule_version,
        label=decision.outcome,
        at=decision.decided_at,
    )


def _done(actions: Sequence[Action], decision: Decision) -> Finding:
    said = listed([_ACTIONS[kind] for kind in dict.fromkeys(each.kind for each in actions)])
    advice = next((each.details.text for each in actions if each.kind is ActionKind.RECOMMEND), "")
    return Finding(
        kind="alarm.actions",
        text=f"{capital(said)}. {advice}".strip(),
        status=Status.FOUND,
        values=tuple(value for each in actions for value in each.details.values),
        evidence=(
            decision_evidence(decision),
            *(evidence for each in actions for evidence in each.details.evidence),
        ),
        categories=frozenset({decision.category}),
    )


def task_findings(found: Sequence[Task], subject: Subject) -> list[Finding]:
    """What the person is asked to do, the one due first first."""
    if not found:
        text = (
            "Nothing is asked of you now."
            if subject.own
            else "Nothing is asked of the patient now, in what is shared with you."
        )
        return [Finding(kind="task.list", text=text, status=Status.NOT_FOUND)]
    told = [_task(each, subject) for each in found[:MOST_TOLD]]
    return [*told, *_more(found, "task", "task.more", task_evidence)]


def _task(each: Task, subject: Subject) -> Finding:
    late = "it was due" if each.due_at <= subject.now else "due"
    text = f"{each.text} ({late} on {at_words(each.due_at, subject)})"
    if each.kind is TaskKind.QUESTION:
        text += ' You can answer here: "My answer is …"'
    return Finding(
        kind="task.list",
        text=text,
        status=Status.FOUND,
        values=(Value(name="due", at=each.due_at),),
        evidence=(task_evidence(each),),
        categories=frozenset({each.category}),
    )


def answer_finding(task: Task) -> Finding:
    """A question with the answer that was given."""
    return Finding(
        kind="task.answer",
        text=f"I noted your answer to the question: {task.text}",
        status=Status.FOUND,
        values=(Value(name="answer", text=task.answer),),
        evidence=(task_evidence(task),),
        categories=frozenset({task.category}),
    )


def task_evidence(each: Task) -> Evidence:
    """The task as evidence."""
    version = each.changed_at.isoformat()
    return Evidence(kind="record", ref=f"Task/{each.id}", version=version, label="Task", at=each.created_at)


def timeline_findings(
    found: Sequence[TimelineEntry], subject: Subject, since: datetime, until: datetime
) -> list[Finding]:
    """What happened from one time to another, in order; at most twelve entries."""
    if not found:
        zone = subject.now.tzinfo
        last = (until - timedelta(microseconds=1)).astimezone(zone).date()
        when = span_words(Stretch(since.astimezone(zone).date(), last))
        text = f"The timeline has nothing of {when}: no reading was decided about, and nothing was raised or asked."
        values = (Value(name="since", at=since), Value(name="until", at=until))
        return [Finding(kind="tracking.timeline", text=text, status=Status.NOT_FOUND, values=values)]
    told = [_entry(each, subject) for each in found[:MOST_TOLD]]
    return [*told, *_more(found, "entry", "tracking.more", _entry_evidence)]


def _entry(each: TimelineEntry, subject: Subject) -> Finding:
    local = each.at.astimezone(subject.now.tzinfo)
    said = each.title if each.text in ("", each.title) else f"{each.title} – {each.text}"
    return Finding(
        kind="tracking.timeline",
        text=f"{local:%H:%M} on {local.day} {local:%B}: {said}",
        status=Status.FOUND,
        values=(Value(name="when", at=each.at),),
        evidence=(_entry_evidence(each),),
        categories=frozenset({Category(each.category)}),
    )


def _entry_evidence(each: TimelineEntry) -> Evidence:
    return Evidence(kind="record", ref=each.ref, version=each.at.isoformat(), label=each.title, at=each.at)


def _more(found: Sequence[T], noun: str, kind: str, evidence: Callable[[T], Evidence]) -> list[Finding]:
    """That there are more than were told."""
    left = len(found) - MOST_TOLD
    if left <= 0:
        return []
    text = f"There is more: {counted(left, noun, 'entries' if noun == 'entry' else None)} that the page shows."
    values, behind = (Value(name="more", number=left),), (evidence(found[MOST_TOLD]),)
    return [Finding(kind=kind, text=text, status=Status.FOUND, values=values, evidence=behind)]
