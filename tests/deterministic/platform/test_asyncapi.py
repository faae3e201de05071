"""docs/asyncapi.yaml says what is published: every type, its channel, its key and the members of its payload."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from vitasense.deterministic.platform.clock import new_id, system_clock
from vitasense.deterministic.platform.events import EVENT_TYPES, Event, asyncapi, noun_of
from vitasense.deterministic.platform.events.envelope import CONTENT_TYPE, SOURCE, id_of, message_of, topic_of
from vitasense.deterministic.platform.events.kafka import PARTITIONS

ROOT = Path(__file__).parents[3]
FILE = ROOT / "docs" / "asyncapi.yaml"
HOW = "python -m vitasense.deterministic.platform.events.asyncapi docs/asyncapi.yaml"


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return yaml.safe_load(FILE.read_text())


def resolved(document: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in node:
        target: dict[str, Any] = document
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        node = target
    return node


def told(document: dict[str, Any]) -> dict[str, tuple[str, dict[str, Any]]]:
    """Type → channel and message."""
    return {
        message["name"]: (noun, message)
        for noun, channel in document["channels"].items()
        for message in (resolved(document, each) for each in channel["messages"].values())
    }


def test_the_file_is_that_of_the_table() -> None:
    assert FILE.read_text() == asyncapi.document(), HOW


def test_every_type_and_no_other_is_told_on_its_channel(document: dict[str, Any]) -> None:
    assert {kind: noun for kind, (noun, _) in told(document).items()} == {kind: noun_of(kind) for kind in EVENT_TYPES}


def test_every_reference_leads_somewhere_and_every_payload_is_closed(document: dict[str, Any]) -> None:
    for _, message in told(document).values():
        data = message["payload"]["allOf"][1]["properties"]["data"]
        assert data["additionalProperties"] is False
        for each in (*message["traits"], *data["properties"].values()):
            assert resolved(document, each)


def test_every_type_that_the_service_tells_is_in_the_table() -> None:
    written = {
        kind
        for file in (ROOT / "vitasense").rglob("*.py")
        for kind in re.findall(r'\bEvent\([^()]*(?:\(\)[^()]*)*?[*( ]"([a-z_]+\.[a-z_]+)"', file.read_text())
    }
    assert {"records.imported", "device.registered"} <= written <= set(EVENT_TYPES)


def test_channels_and_operations_are_those_of_the_broker(document: dict[str, Any]) -> None:
    assert {noun: each["address"] for noun, each in document["channels"].items()} == {
        noun_of(kind): topic_of(kind, "{prefix}") for kind in EVENT_TYPES
    }
    assert {each["bindings"]["kafka"]["partitions"] for each in document["channels"].values()} == {PARTITIONS}
    assert {each["channel"]["$ref"] for each in document["operations"].values()} == {
        f"#/channels/{noun}" for noun in document["channels"]
    }


def event_of(kind: str = "device.registered", **payload: object) -> Event:
    now = system_clock()
    return Event(new_id(), kind, 1, new_id(), new_id(), now, now, None, new_id(), payload)


def test_a_message_has_what_the_envelope_asks_for_and_nothing_that_the_type_does_not_list(
    document: dict[str, Any],
) -> None:
    event = event_of(device_id="one", systolic=185)
    message = message_of(event, "p")
    assert message
    body = json.loads(message.value)
    envelope = document["components"]["schemas"]["Envelope"]
    assert set(envelope["required"]) <= set(body) <= set(envelope["properties"])
    assert body["data"] == {"device_id": "one"}
    assert (body["source"], body["correlationid"], body["partitionkey"]) == (
        *(SOURCE, str(event.correlation_id), str(event.patient_id)),
    )
    headers = dict(message.headers)
    assert set(document["components"]["schemas"]["Headers"]["required"]) <= set(headers)
    assert (headers["content-type"], id_of(message.headers)) == (CONTENT_TYPE, event.id)
    assert (message.topic, message.key) == ("p.device", str(event.patient_id).encode())


def test_a_type_that_is_not_listed_does_not_leave() -> None:
    assert message_of(event_of("secret.told"), "p") is None


def test_headers_without_an_id_name_no_event() -> None:
    strange: tuple[Any, ...] = (
        None,
        [],
        {},
        [("ce_id", None)],
        [("ce_id", b"\xff")],
        [("ce_id", "12")],
        [("id", str(new_id()))],
    )
    for headers in strange:
        assert id_of(headers) is None
