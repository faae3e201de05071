"""Every type of event: its version, its key and the members of its payload. docs/asyncapi.yaml says the same.

A payload points to records: ids, codes, counts and times, never a clinical value.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Member = Literal["id", "ids", "ids by type", "code", "codes", "count", "time", "streams"]
Key = Literal["patient", "type"]


@dataclass(frozen=True, slots=True)
class EventType:
    """The shape of one type's events. Members may be absent; others do not leave the service."""

    about: str
    payload: Mapping[str, Member] = field(default_factory=dict[str, Member])
    version: int = 1
    key: Key = "patient"


EVENT_TYPES: Mapping[str, EventType] = {
    "consent.granted": EventType("A patient shared parts of the record.", {"grant_id": "id"}),
    "consent.revoked": EventType("A patient ended a grant.", {"grant_id": "id"}),
    "conversation.emergency_raised": EventType(
        "A conversation described an emergency.", {"thread_id": "id", "message_id": "id"}
    ),
    "records.imported": EventType(
        "Resources were added to a record or changed.",
        {"imported": "count", "updated": "count", "unchanged": "count", "records": "ids by type"},
    ),
    "samples.received": EventType(
        "Readings of a device or a file were stored.",
        {"delivery_id": "id", "streams": "streams"},
    ),
    "device.registered": EventType("A device was added to a person.", {"device_id": "id"}),
    "device.reported": EventType("A device told of its battery, firmware or presence.", {"device_id": "id"}),
    "device.retired": EventType("A device was taken out of use.", {"device_id": "id"}),
    "day.ended": EventType("A day of a person ended: goals and silent devices are looked at."),
    "decision.made": EventType("A reaction decided something.", {"decision_id": "id", "actions": "codes"}),
    "risk.changed": EventType("Where a person stands changed.", {"decision_id": "id"}),
    "alarm.raised": EventType("An alarm was raised.", {"alarm_id": "id", "state": "code", "version": "count"}),
    "alarm.changed": EventType(
        "An alarm was acknowledged, snoozed, escalated, cleared or marked stale.",
        {"alarm_id": "id", "state": "code", "version": "count"},
    ),
    "goal.changed": EventType(
        "A goal was suggested, answered, adapted or reached.", {"goal_id": "id", "state": "code"}
    ),
    "task.due": EventType("A follow-up or a question is due.", {"task_id": "id"}),
    "task.changed": EventType(
        "A follow-up or a question was made, done or dropped.", {"task_id": "id", "state": "code"}
    ),
    "food.logged": EventType("A meal was written down or corrected.", {"meal_id": "id"}),
    "recheck.due": EventType("What is known of medicines changed: a person's are to be checked again."),
    "dose.logged": EventType(
        "A dose was told of, corrected or taken out of the log.", {"dose_id": "id", "state": "code"}
    ),
    "override.changed": EventType(
        "Somebody chose to live with a finding, or ended that.", {"override_id": "id", "state": "code"}
    ),
    "symptom.logged": EventType("A person told of a symptom.", {"symptom_id": "id"}),
    "monitoring.changed": EventType("What the service may watch for a person was changed.", {"what": "code"}),
    "range.changed": EventType("A personal range was set or taken back.", {"metric": "code", "role": "code"}),
    "knowledge.changed": EventType(
        "A release of knowledge was taken, or taken back.",
        {
            "release_id": "id",
            "kind": "code",
            "nodes": "count",
            "edges": "count",
            "added": "count",
            "changed": "count",
            "removed": "count",
        },
        key="type",
    ),
    "priorities.changed": EventType("A person put sources into another order.", {"metric": "code"}),
}


def noun_of(kind: str) -> str:
    """The noun of a type, which names its channel: `device` of `device.registered`."""
    return kind.partition(".")[0]
