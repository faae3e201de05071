"""A broker before the outbox: the same suite, and what happens when the broker is away or forgets."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from tests.bus.broker import TestBroker
from tests.bus.conformance import Conformance, Stage
from vitasense.api import brokering
from vitasense.deterministic.platform.access import Principal
from vitasense.deterministic.platform.clock import new_id, system_clock
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.events import Event
from vitasense.deterministic.platform.events.kafka import PARTITIONS, Broker, Publisher
from vitasense.deterministic.platform.problems import Unavailable
from vitasense.deterministic.platform.settings import Settings


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestBroker]:
    made = TestBroker(tmp_path_factory.mktemp("broker"))
    made.start()
    yield made
    made.kill()


@pytest.fixture
def stage(broker: TestBroker, database: Database, admin_url: str) -> Iterator[Stage]:
    made = Stage(database, admin_url, broker.address)
    yield made
    made.end()


def client_of(stage: Stage, **own: object) -> dict[str, Any]:
    assert stage.broker
    return stage.broker.client(**own)


def messages(stage: Stage, count: int) -> list[Any]:
    """The first messages of the stage's topic, read by a stranger."""
    from confluent_kafka import OFFSET_BEGINNING, Consumer, TopicPartition

    reader, topic = Consumer(client_of(stage, **{"group.id": "nobody"})), f"test{stage.name}.{stage.noun}"
    reader.assign([TopicPartition(topic, number, OFFSET_BEGINNING) for number in range(PARTITIONS)])
    found: list[Any] = []
    while len(found) < count:
        found += [each for each in reader.consume(count, timeout=1.0) if each.error() is None]
    reader.close()
    return found


class TestKafka(Conformance):
    """The suite with a broker."""

    async def test_a_message_is_a_cloud_event_with_the_patient_as_its_key(
        self, stage: Stage, patient: Principal
    ) -> None:
        async with stage.working(stage.worker()):
            [told] = await stage.tell(patient)
            await stage.until(lambda: stage.done() == [told])
        [message] = messages(stage, 1)
        headers = dict(message.headers())
        body = json.loads(message.value())
        assert message.key() == str(patient.account_id).encode()
        assert headers["content-type"] == b"application/cloudevents+json; charset=UTF-8"
        assert (headers["ce_id"], headers["ce_type"]) == (str(told).encode(), stage.kind.encode())
        assert (body["specversion"], body["id"], body["type"], body["data"]) == ("1.0", str(told), stage.kind, {})

    async def test_what_comes_again_or_makes_no_sense_changes_nothing(self, stage: Stage, patient: Principal) -> None:
        from confluent_kafka import Producer

        async with stage.working(stage.worker()):
            [told] = await stage.tell(patient)
            await stage.until(lambda: stage.done() == [told])
            [message] = messages(stage, 1)
            producer = Producer(client_of(stage))
            topic = message.topic()
            strange: list[Any] = [message.headers(), [("ce_id", b"no id")], [], [("ce_id", str(new_id()).encode())]]
            for headers in strange:
                producer.produce(topic, b"\x00 not JSON", key=b"\xff", headers=headers)
            assert producer.flush(10) == 0
            later = await stage.tell(patient, 2)
            await stage.until(lambda: stage.done() == [told, *later])


async def test_without_a_broker_at_the_start_the_outbox_goes_on_and_the_broker_is_used_when_it_comes(
    database: Database, admin_url: str, tmp_path: Path, patient: Principal
) -> None:
    broker = TestBroker(tmp_path)
    stage = Stage(database, admin_url, broker.address)
    stage.grace = timedelta(seconds=1)
    async with stage.working(stage.worker()):
        told = await stage.tell(patient, 3)
        await stage.until(lambda: stage.done() == told)
        broker.start()
        try:
            await stage.until(lambda: published(stage) == 3)
            assert stage.done() == told
        finally:
            broker.kill()
    stage.end()


async def test_what_a_broker_forgot_is_found_in_the_outbox(
    database: Database, admin_url: str, tmp_path: Path, patient: Principal
) -> None:
    broker = TestBroker(tmp_path)
    broker.start()
    stage = Stage(database, admin_url, broker.address)
    stage.grace = timedelta(seconds=1)
    told = await stage.tell(patient, 5)
    publisher = stage.worker()
    while await publisher.publish():
        pass
    assert published(stage) == 5
    broker.kill()
    broker.start()
    try:
        async with stage.working(stage.worker()):
            await stage.until(lambda: stage.done() == told)
            later = await stage.tell(patient, 5)
            await stage.until(lambda: stage.done() == [*told, *later])
            await stage.until(lambda: published(stage) == 10)
    finally:
        broker.kill()
        stage.end()


def published(stage: Stage) -> int:
    """How many of the stage's events the publisher noted."""
    return len(
        stage.rows(
            f"select e.id from app.inbox i join app.event e on e.id = i.event_id "
            f"where i.consumer = '{brokering.PUBLISHER}' and i.handled_at is not null and e.type = '{stage.kind}' and :c <> ''"
        )
    )


async def test_a_broker_that_is_not_there_is_said_to_be_unavailable() -> None:
    event = Event(new_id(), "device.retired", 1, new_id(), None, system_clock(), system_clock())
    publisher = Publisher(Broker("127.0.0.1:1", "p"))
    with pytest.raises(Unavailable):
        await publisher.publish([event])
    await publisher.close()


async def test_what_is_too_large_or_of_no_listed_type_stays_here() -> None:
    now = system_clock()
    ids = {"Observation": [str(new_id()) for _ in range(30_000)]}
    large = Event(new_id(), "records.imported", 1, new_id(), None, now, now, payload={"records": ids})
    publisher = Publisher(Broker("127.0.0.1:1", "p"))
    assert await publisher.publish([large, Event(new_id(), "secret.told", 1, None, None, now, now)]) == 0
    await publisher.close()


def test_the_broker_is_that_of_the_settings(tmp_path: Path) -> None:
    options = {"sasl.password": SecretStr("hush-hush")}
    settings = Settings(home=tmp_path, kafka_bootstrap="b:1", kafka_topic_prefix="p", kafka_options=options)
    found = brokering.broker_of(settings)
    assert found
    assert (found.client()["sasl.password"], found.topics(["device.retired"])) == ("hush-hush", ["p.device"])
    assert "hush-hush" not in repr(settings)
    assert brokering.broker_of(Settings(home=tmp_path)) is None
    with pytest.raises(ValueError, match="KAFKA_TOPIC_PREFIX"):
        Settings(home=tmp_path, kafka_topic_prefix="a topic")
