"""Events through a Kafka broker: a publisher that waits for every acknowledgement, and one subscription a consumer.

The client is librdkafka, which has threads of its own; what blocks runs in one more thread for each object here. A
broker that is down or has forgotten everything is no error of an event: `Unavailable` says that it was not sent.
"""

import asyncio
import contextlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from types import ModuleType
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from vitasense.deterministic.platform.events.envelope import Message, id_of, message_of, topic_of
from vitasense.deterministic.platform.events.schemas import Event
from vitasense.deterministic.platform.events.types import EVENT_TYPES, EventType
from vitasense.deterministic.platform.logging import get_logger
from vitasense.deterministic.platform.problems import Unavailable

if TYPE_CHECKING:
    import confluent_kafka

PARTITIONS = 12  # of a topic that is made here: how many workers can share one consumer
SEND_SECONDS = 5.0
TAKE_SECONDS = 0.5  # the longest wait for the first message
TAKEN_AT_ONCE = 100
LARGEST_BYTES = 900_000  # a broker takes 1 MB by default; what is larger stays with the outbox

log = get_logger(__name__)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Broker:
    """Where the broker is, how topics are named, and which types are sent."""

    bootstrap: str
    prefix: str
    options: Mapping[str, str] = field(default_factory=dict[str, str])
    types: Mapping[str, EventType] = field(default_factory=lambda: EVENT_TYPES)

    def topics(self, types: Iterable[str]) -> list[str]:
        """The topics of these types."""
        return sorted({topic_of(kind, self.prefix) for kind in types})

    def client(self, **own: object) -> dict[str, object]:
        """Settings of a client. It tries again within a second; its own log would write addresses, so it has none."""
        common: dict[str, object] = {
            "bootstrap.servers": self.bootstrap,
            "log_level": 0,
            "error_cb": _tell,
            "reconnect.backoff.max.ms": 1000,
            "topic.metadata.refresh.interval.ms": 5_000,
            "socket.keepalive.enable": True,
        }
        return common | own | dict(self.options)


class Publisher:
    """Sends events and returns when the broker has them all. One call at a time."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self._producer: confluent_kafka.Producer | None = None
        self._thread = _Thread()

    async def publish(self, events: Sequence[Event]) -> int:
        """How many were sent: unlisted types and what is too large are left out. Raises Unavailable unless all are in.

        What was sent before a failure is sent again the next time; consumers know what they have done.
        """
        messages = [message for event in events if (message := self._message(event))]
        if messages:
            await self._thread.run(lambda: self._send(messages))
        return len(messages)

    async def close(self) -> None:
        """Let the connections go."""
        await self._thread.close(self._forget)

    def _message(self, event: Event) -> Message | None:
        message = message_of(event, self._broker.prefix, self._broker.types)
        if message and len(message.value) > LARGEST_BYTES:
            log.warning("event.too_large", event_type=event.type, event_id=event.id)
            return None
        return message

    def _send(self, messages: Sequence[Message]) -> None:
        producer = self._producer = self._producer or self._open()
        failures: list[str] = []

        def told(error: "confluent_kafka.KafkaError | None", _: object) -> None:
            if error is not None:
                failures.append(error.name())

        try:
            for each in messages:
                producer.produce(each.topic, each.value, each.key, headers=each.headers, on_delivery=told)
            unsent = producer.flush(SEND_SECONDS + 1)
        except (BufferError, _client().KafkaException) as error:
            self._forget()
            raise Unavailable("The broker takes no events.") from error
        if unsent or failures:
            self._forget()  # a broker that lost its memory refuses this producer for good
            raise Unavailable("The broker did not acknowledge every event.", reason=failures[:1])

    def _open(self) -> "confluent_kafka.Producer":
        _make_topics(self._broker)
        own = {
            "acks": "all",
            "enable.idempotence": True,
            "linger.ms": 0,
            "message.timeout.ms": int(SEND_SECONDS * 1000),
        }
        return _client().Producer(self._broker.client(**own))

    def _forget(self) -> None:
        if self._producer:
            self._producer.purge()
            self._producer = None


class Subscription:
    """The messages of one consumer; processes with the same consumer share them as a consumer group."""

    def __init__(self, broker: Broker, consumer: str, types: Iterable[str]) -> None:
        self._broker = broker
        self._group = f"{broker.prefix}.{consumer}"
        self._topics = broker.topics(types)
        self._consumer: confluent_kafka.Consumer | None = None
        self._taken: Sequence[confluent_kafka.Message] = ()
        self._thread = _Thread()

    async def take(self) -> list[UUID]:
        """The ids of the events that came, none after half a second without any. What has no id is counted and passed.

        Raises Unavailable when the broker does not answer the first time.
        """
        return await self._thread.run(self._take)

    async def done(self) -> None:
        """Tell the broker that what was taken need not come again. That it may come again does no harm."""
        await self._thread.run(self._commit)

    async def close(self) -> None:
        """Leave the group."""
        await self._thread.close(self._leave)

    def _take(self) -> list[UUID]:
        consumer = self._consumer = self._consumer or self._open()
        first = consumer.poll(TAKE_SECONDS)
        came = [first, *consumer.consume(TAKEN_AT_ONCE - 1, timeout=0.001)] if first is not None else []
        self._taken = [message for message in came if message.error() is None]
        ids = [id_of(message.headers()) for message in self._taken]
        if unreadable := ids.count(None):
            log.warning("event.unreadable", consumer=self._group, count=unreadable)
        return [each for each in ids if each]

    def _commit(self) -> None:
        last: dict[tuple[str, int], int] = {}
        for message in self._taken:
            last[message.topic() or "", message.partition() or 0] = (message.offset() or 0) + 1
        offsets = [_client().TopicPartition(topic, part, offset) for (topic, part), offset in last.items()]
        if self._consumer and offsets:
            try:
                self._consumer.commit(offsets=offsets, asynchronous=True)
            except _client().KafkaException as error:
                log.info("kafka.not_committed", consumer=self._group, exc_info=error)

    def _open(self) -> "confluent_kafka.Consumer":
        own = {"group.id": self._group, "enable.auto.commit": False, "auto.offset.reset": "earliest"}
        _make_topics(self._broker)  # who subscribes to what is not there learns late that it came
        consumer = _client().Consumer(self._broker.client(**own, **{"session.timeout.ms": 6_000}))
        consumer.subscribe(self._topics)
        return consumer

    def _leave(self) -> None:
        if self._consumer:
            self._consumer.close()
            self._consumer = None


class _Thread:
    """One thread, so that an object of librdkafka is used by one caller at a time."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="kafka")

    async def run(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._pool, work)

    async def close(self, last: Callable[[], None]) -> None:
        await self.run(last)
        self._pool.shutdown(wait=False)


def _make_topics(broker: Broker) -> None:
    """Topics that are not there get our number of partitions. Where that is forbidden, somebody else made them."""
    admin, client = _admin(), _client()
    manager = admin.AdminClient(broker.client())
    try:
        there = manager.list_topics(timeout=SEND_SECONDS).topics
        missing = [name for name in broker.topics(broker.types) if name not in there]
        if missing:
            for future in manager.create_topics([admin.NewTopic(name, PARTITIONS) for name in missing]).values():
                with contextlib.suppress(client.KafkaException):
                    future.result(SEND_SECONDS)
    except client.KafkaException as error:
        raise Unavailable("The broker does not answer.") from error


def _tell(error: "confluent_kafka.KafkaError") -> None:
    log.info("kafka.error", reason_code=error.name())


def _client() -> ModuleType:
    import confluent_kafka  # noqa: PLC0415 - a native library that only a configured broker needs

    return confluent_kafka


def _admin() -> ModuleType:
    import confluent_kafka.admin  # noqa: PLC0415 - the same

    return confluent_kafka.admin
