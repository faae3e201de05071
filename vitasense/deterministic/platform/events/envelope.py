"""An event as others see it: CloudEvents 1.0 in structured mode, in a Kafka message (docs/asyncapi.yaml).

https://github.com/cloudevents/spec, versions 1.0.2 of the core, the JSON format, and the Kafka protocol binding.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from vitasense.deterministic.platform.events.schemas import Event
from vitasense.deterministic.platform.events.types import EVENT_TYPES, EventType, noun_of

SOURCE = "/vitasense"
CONTENT_TYPE = b"application/cloudevents+json; charset=UTF-8"
ID_HEADER = "ce_id"

Headers = dict[str, str | bytes | None] | list[tuple[str, str | bytes | None]]


@dataclass(frozen=True, slots=True)
class Message:
    """A Kafka message: topic, key, headers and value."""

    topic: str
    key: bytes
    headers: list[tuple[str, str | bytes | None]]
    value: bytes


def message_of(event: Event, prefix: str, types: Mapping[str, EventType] = EVENT_TYPES) -> Message | None:
    """The event as a message; members of the payload that its type does not list stay here. None: an unlisted type."""
    kind = types.get(event.type)
    if kind is None:
        return None
    attributes = _attributes(event)
    data = {name: value for name, value in event.payload.items() if name in kind.payload}
    headers: list[tuple[str, str | bytes | None]] = [("content-type", CONTENT_TYPE)]
    headers += [(f"ce_{name}", str(value).encode()) for name, value in attributes]
    return Message(
        topic=topic_of(event.type, prefix),
        key=event.key.encode(),
        headers=headers,
        value=json.dumps(dict(attributes) | {"data": data}).encode(),
    )


def topic_of(kind: str, prefix: str) -> str:
    """The topic of a type: `<prefix>.<noun>`."""
    return f"{prefix}.{noun_of(kind)}"


def id_of(headers: Headers | None) -> UUID | None:
    """The event's id in the headers of a message; None when there is none, or none that is an id."""
    for name, value in headers.items() if isinstance(headers, dict) else headers or ():
        if name == ID_HEADER and value:
            try:
                return UUID(value.decode("ascii") if isinstance(value, bytes) else value)
            except ValueError:
                return None
    return None


def _attributes(event: Event) -> list[tuple[str, str | int]]:
    """Attributes of CloudEvents, the extension `partitionkey`, and our own: who, why, when noted, which shape."""
    optional = {
        "actorid": event.actor_id,
        "causationid": event.causation_id,
        "correlationid": event.correlation_id,
    }
    return [
        ("specversion", "1.0"),
        ("id", str(event.id)),
        ("source", SOURCE),
        ("type", event.type),
        ("time", _time(event.occurred_at)),
        ("datacontenttype", "application/json"),
        ("partitionkey", event.key),
        ("recordedtime", _time(event.recorded_at)),
        ("payloadversion", event.version),
        *((name, str(value)) for name, value in optional.items() if value),
    ]


def _time(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
