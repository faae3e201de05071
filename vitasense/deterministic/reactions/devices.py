"""The device specialist's reaction: a device that needs something is asked about once."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import cast
from uuid import UUID

from vitasense.deterministic import alarms, decisions, devices
from vitasense.deterministic.alarms import TaskKind, TaskState
from vitasense.deterministic.decisions import Action, ActionKind, Decision, Details, Input
from vitasense.deterministic.devices import DeviceState, Suggestion
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.findings import Evidence, Finding, Status, Urgency, Value
from vitasense.deterministic.reactions.occasion import Occasion

AGENT = "devices"
DUE_IN = timedelta(days=1)  # our own choice: nothing about a device is more pressing than that


async def device_states(occasion: Occasion) -> list[DeviceState]:
    """The devices that the event is about, where data quality has an objection or the device told of its state."""
    concerned = _concerned(occasion)
    if concerned is not None and not concerned:
        return []
    found = await devices.device_states(occasion.tx, occasion.patient_id, occasion.now, concerned)
    return [each for each in found if each.suggestions]


def _concerned(occasion: Occasion) -> set[UUID] | None:
    """The devices to look at, None for all: a day that ended looks at those that were silent, too."""
    payload = occasion.event.payload
    if occasion.event.type == "day.ended":
        return None
    if "device_id" in payload:
        return {UUID(str(payload["device_id"]))}
    streams = cast("Sequence[Mapping[str, object]]", payload.get("streams", ()))
    return {UUID(str(stream["device_id"])) for stream in streams if stream.get("flagged")}


def advise(state: DeviceState) -> Suggestion:
    """The most useful thing to do for the device."""
    return state.suggestions[0]


async def see_to(occasion: Occasion, state: DeviceState, suggestion: Suggestion) -> None:
    """Ask the person to do it, unless that is asked already."""
    key = f"device.{state.device.id}.{suggestion.kind.value}"
    standing = await alarms.tasks(occasion.tx, occasion.patient_id, TaskState.OPEN)
    if any(task.key == key for task in standing):
        return
    decision = _decision(occasion, state, suggestion)
    if not await decisions.record(occasion.tx, occasion.patient_id, decision, actor=occasion.actor, ids=occasion.ids):
        return
    asked = await alarms.ask(
        occasion.tx,
        occasion.patient_id,
        kind=TaskKind.DEVICE,
        key=key,
        text=suggestion.text,
        due_at=occasion.now + DUE_IN,
        category=Category.VITALS,
        decision_id=decision.id,
        actor=occasion.actor,
        now=occasion.now,
        ids=occasion.ids,
    )
    action = Action(ActionKind.ASK, str(asked.task.id), Details(text=suggestion.text))
    await decisions.act(occasion.tx, occasion.patient_id, decision, [action], ids=occasion.ids)


def _decision(occasion: Occasion, state: DeviceState, suggestion: Suggestion) -> Decision:
    evidence = Evidence(
        kind="record",
        ref=f"Device/{state.device.id}",
        version=(state.device.reported_at or state.device.registered_at).isoformat(),
        label=state.device.name,
        at=state.device.last_seen_at,
    )
    numbers = tuple(Value(name=name, number=round(number, 4)) for name, number in suggestion.numbers.items())
    finding = Finding(
        kind="reaction.device", text=suggestion.text, status=Status.FOUND, values=numbers, evidence=(evidence,)
    )
    return Decision(
        id=occasion.ids(),
        category=Category.VITALS,
        event_id=occasion.event.id,
        correlation_id=occasion.correlation_id,
        agent=AGENT,
        rule=f"{suggestion.rule}@{state.device.id}",
        rule_version=suggestion.version,
        outcome=f"{state.device.name}: {suggestion.kind.value.replace('_', ' ')}",
        urgency=Urgency.SELF_CARE,
        confidence=1.0,
        decided_at=occasion.now,
        inputs=(Input(kind="context", category=Category.VITALS, evidence=evidence, values=numbers),),
        findings=(finding,),
    )
