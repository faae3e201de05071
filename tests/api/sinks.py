"""Everywhere that a word could come out: logs, spans, metrics, output, files, events and the audit log."""

import io
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from tests.api.conftest import Rows
from vitasense.api.bootstrap import Services
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.database import EmbeddedPostgres
from vitasense.deterministic.platform.logging import configure

CANARY = f"zq{new_id().hex[-12:]}x"  # a clinical word
NAME = f"zn{''.join(chr(ord('a') + int(digit, 16)) for digit in new_id().hex[-12:])}n"  # a person's name
WORDS = f"What was my last blood pressure? My sister {CANARY} has hepatitis."
_TABLES = (
    "select payload::text from app.event",
    "select body::text from audit.entry",
    "select last_error from app.inbox",
)


@dataclass
class Sinks:
    """Everywhere that a word could come out."""

    log: io.StringIO
    spans: InMemorySpanExporter
    home: Path
    database_home: Path

    def leaks(self, services: Services, printed: str, rows: Rows | None = None) -> list[str]:
        """Where one of the words was found, in whatever case."""
        spans = "".join(each.to_json() for each in self.spans.get_finished_spans())
        written = {"log": self.log.getvalue(), "spans": spans, "output": printed}
        written["metrics"] = services.metrics.page().decode()
        for table in _TABLES if rows else ():
            written[table] = str(rows(table)) if rows else ""
        found = [name for name, words in written.items() if any(word in words.lower() for word in (CANARY, NAME))]
        return found + [str(file) for file in self._files() if has_canary(file.read_bytes())]

    def _files(self) -> Iterator[Path]:
        """All of the home folder and of the database's, but for its programs, its tables and its write-ahead log."""
        own = ("bin", "lib", "share", "base", "global", "pg_wal", "pg_stat", "pg_stat_tmp")
        for folder in (self.home, self.database_home):
            for file in folder.rglob("*"):
                if file.is_file() and not any(part in own for part in file.parts):
                    yield file


def has_canary(content: bytes) -> bool:
    """Whether one of the words is in there, in whatever case."""
    return any(word.encode() in content.lower() for word in (CANARY, NAME))


@contextmanager
def watched(monkeypatch: pytest.MonkeyPatch, home: Path, server: EmbeddedPostgres) -> Generator[Sinks]:
    """Everything that is logged at the finest level, traced and written from here on."""
    exporter, provider, stream = InMemorySpanExporter(), TracerProvider(), io.StringIO()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(trace, "get_tracer", provider.get_tracer)
    configure("debug", stream)
    sockets = unquote(server.url().partition("host=")[2])
    yield Sinks(stream, exporter, home, Path(sockets).parent)
    configure()
