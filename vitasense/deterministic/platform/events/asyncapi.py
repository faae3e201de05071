"""docs/asyncapi.yaml, made from the table of types: `python -m vitasense.deterministic.platform.events.asyncapi FILE`."""

import sys
from collections.abc import Mapping
from pathlib import Path

import yaml

from vitasense.deterministic.platform.events.kafka import PARTITIONS
from vitasense.deterministic.platform.events.types import EVENT_TYPES, EventType, Member, noun_of

_FIXED = Path(__file__).with_name("asyncapi.yaml")
SCHEMAS: Mapping[Member, str] = {
    "id": "Id",
    "ids": "Ids",
    "ids by type": "IdsByType",
    "code": "Code",
    "codes": "Codes",
    "count": "Count",
    "time": "Time",
    "streams": "Streams",
}
Node = dict[str, object]


def document(types: Mapping[str, EventType] = EVENT_TYPES) -> str:
    """The AsyncAPI 3.0 document as YAML: a channel for each noun, a message for each type."""
    told: dict[str, dict[str, object]] = yaml.safe_load(_FIXED.read_text())
    nouns = sorted({noun_of(kind) for kind in types})
    told["channels"] = {noun: _channel(noun, [kind for kind in types if noun_of(kind) == noun]) for noun in nouns}
    told["operations"] = {
        f"tell_{noun}": {"action": "send", "channel": {"$ref": f"#/channels/{noun}"}} for noun in nouns
    }
    told["components"]["messages"] = {_name(kind): _message(kind, about) for kind, about in types.items()}
    head = "# Made from platform/events/types.py, and checked against it; how it works: events.md.\n"
    return head + yaml.safe_dump(told, sort_keys=False, allow_unicode=True, width=110)


def _channel(noun: str, kinds: list[str]) -> Node:
    return {
        "address": f"{{prefix}}.{noun}",
        "parameters": {"prefix": {"$ref": "#/components/parameters/prefix"}},
        "messages": {_name(kind): {"$ref": f"#/components/messages/{_name(kind)}"} for kind in kinds},
        "bindings": {"kafka": {"partitions": PARTITIONS}},
    }


def _message(kind: str, about: EventType) -> Node:
    members = {name: {"$ref": f"#/components/schemas/{SCHEMAS[member]}"} for name, member in about.payload.items()}
    own = {
        "type": {"const": kind},
        "payloadversion": {"const": about.version},
        "data": {"type": "object", "additionalProperties": False, "properties": members},
    }
    return {
        "name": kind,
        "summary": about.about,
        "traits": [{"$ref": f"#/components/messageTraits/{about.key}"}],
        "payload": {"allOf": [{"$ref": "#/components/schemas/Envelope"}, {"type": "object", "properties": own}]},
    }


def _name(kind: str) -> str:
    return kind.replace(".", "_")


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(document())
