"""Spans and metrics: useful names, nothing about a person."""

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from vitasense.deterministic.platform.telemetry import Metrics, span


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> InMemorySpanExporter:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(trace, "get_tracer", provider.get_tracer)
    return exporter


def test_a_span_keeps_safe_attributes_and_only_the_type_of_an_error(spans: InMemorySpanExporter) -> None:
    with pytest.raises(ValueError, match="Penicillin"):
        with span("tool", tool="labs", allergy="Penicillin"):
            raise ValueError("Penicillin")
    (finished,) = spans.get_finished_spans()
    assert dict(finished.attributes or {}) == {"vitasense.tool": "labs", "error.type": "ValueError"}
    assert "Penicillin" not in finished.to_json()


def test_the_metrics_are_on_the_page() -> None:
    metrics = Metrics()
    metrics.request("GET", "/v1/record/{category}", 200, 0.01)
    metrics.turn("embedded", 0.02)
    metrics.tool_call("labs", "ok")
    metrics.model_call("timeout")
    metrics.model_fallback("timeout")
    metrics.outbox("reactions", 3, 1.5)
    page = metrics.page().decode()
    assert 'vitasense_http_requests_total{method="GET",route="/v1/record/{category}",status="200"} 1.0' in page
    assert 'vitasense_tool_calls_total{outcome="ok",tool="labs"} 1.0' in page
    assert 'vitasense_outbox_lag{consumer="reactions"} 3.0' in page
