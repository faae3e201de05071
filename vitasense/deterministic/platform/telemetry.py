"""Traces (OpenTelemetry) and metrics (Prometheus). Names, codes and times only: no label can hold health data."""

from collections.abc import Generator
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.trace import Span, Status, StatusCode
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from vitasense.deterministic.platform.logging import ALLOWED_KEYS, keep_allowed

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
HANDLING = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1, 5, 30)
FAST = (0.005, 0.01, 0.02, 0.03, 0.05, 0.08, 0.12, 0.2, 0.35, 0.6, 1, 2, 5, 10, 30)


@contextmanager
def span(name: str, **safe_attributes: str | float | bool) -> Generator[Span]:
    """A span of the current trace; attributes outside the logs' allow-list are dropped, errors keep only their type.

    Without a configured OpenTelemetry provider it costs next to nothing and goes nowhere.
    """
    tracer = trace.get_tracer("vitasense")
    with tracer.start_as_current_span(name, record_exception=False, set_status_on_exception=False) as current:
        kept = keep_allowed(None, "", {key: value for key, value in safe_attributes.items() if key in ALLOWED_KEYS})
        for key in safe_attributes.keys() & kept.keys():
            current.set_attribute(f"vitasense.{key}", str(kept[key]))
        try:
            yield current
        except BaseException as error:
            current.set_attribute("error.type", type(error).__name__)
            current.set_status(Status(StatusCode.ERROR))
            raise


class Metrics:
    """The service's named metrics in a registry of their own; one is made by the composition root."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "vitasense_http_requests", "HTTP requests", ("method", "route", "status"), registry=self.registry
        )
        self._latency = Histogram(
            *("vitasense_http_request_seconds", "Time to answer a request", ("method", "route")),
            buckets=FAST,
            registry=self.registry,
        )
        self._turns = Histogram(
            "vitasense_turn_seconds", "Time of a turn", ("planner",), buckets=FAST, registry=self.registry
        )
        self._tools = Counter("vitasense_tool_calls", "Tool calls", ("tool", "outcome"), registry=self.registry)
        self._models = Counter("vitasense_model_calls", "Calls of a model", ("outcome",), registry=self.registry)
        self._fallbacks = Counter(
            "vitasense_model_fallbacks",
            "Steps that the embedded planner took over from a model",
            ("cause",),
            registry=self.registry,
        )
        self._lag = Gauge("vitasense_outbox_lag", "Events not handled yet", ("consumer",), registry=self.registry)
        self._age = Gauge(
            "vitasense_outbox_age_seconds", "Age of the oldest waiting event", ("consumer",), registry=self.registry
        )
        self._parked = Gauge(
            "vitasense_outbox_parked", "Events that were given up", ("consumer",), registry=self.registry
        )
        self._events = Counter(
            "vitasense_events", "Events by what became of them", ("consumer", "outcome"), registry=self.registry
        )
        self._handling = Histogram(
            *("vitasense_event_seconds", "Time of a consumer with one event", ("consumer",)),
            buckets=HANDLING,
            registry=self.registry,
        )
        self._published = Counter(
            "vitasense_events_published", "Events sent to the broker", ("outcome",), registry=self.registry
        )

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count an answered HTTP request; `route` is the template, never the path."""
        self._requests.labels(method, route, str(status)).inc()
        self._latency.labels(method, route).observe(seconds)

    def turn(self, planner: str, seconds: float) -> None:
        """Record a conversation turn by its planner: embedded or model."""
        self._turns.labels(planner).observe(seconds)

    def tool_call(self, tool: str, outcome: str) -> None:
        """Count a tool call by outcome: ok, refused, failed, confirmed …"""
        self._tools.labels(tool, outcome).inc()

    def model_call(self, outcome: str) -> None:
        """Count a call of a language model by outcome: ok, timeout, error …"""
        self._models.labels(outcome).inc()

    def model_fallback(self, cause: str) -> None:
        """Count a step that the embedded planner took over from a model, by the type of its failure."""
        self._fallbacks.labels(cause).inc()

    def outbox(self, consumer: str, waiting: int, oldest_seconds: float, parked: int = 0) -> None:
        """Set how many events wait for a consumer, how old the oldest is, and how many it gave up."""
        self._lag.labels(consumer).set(waiting)
        self._age.labels(consumer).set(oldest_seconds)
        self._parked.labels(consumer).set(parked)

    def events(self, consumer: str, outcome: str, count: int) -> None:
        """Count events of a consumer by outcome: handled, failed (once for each attempt), parked."""
        self._events.labels(consumer, outcome).inc(count)

    def event_seconds(self, consumer: str, seconds: float) -> None:
        """Record how long a consumer took for one event."""
        self._handling.labels(consumer).observe(seconds)

    def published(self, outcome: str, count: int) -> None:
        """Count events by what became of sending them to the broker: sent, failed, left out."""
        self._published.labels(outcome).inc(count)

    def page(self) -> bytes:
        """All metrics in Prometheus' text format."""
        return generate_latest(self.registry)
