"""No log line holds health data, an e-mail or an address, whoever writes it."""

import io
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from typing import cast

import pytest

from vitasense.deterministic.platform.logging import REMOVED, bound_request, configure, get_logger

SECRETS = ("Penicillin", "maria@example.org", "203.0.113.9", "8480-6 is 180")


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    handlers, level = logging.root.handlers[:], logging.root.level
    configure("debug", stream)
    yield stream
    configure()
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [cast(dict[str, object], json.loads(line)) for line in stream.getvalue().splitlines()]


def test_unknown_keys_are_dropped_and_known_ones_kept(written: io.StringIO) -> None:
    with bound_request("r-1"):
        get_logger("x").info("tool.called", tool="labs", outcome="ok", allergy="Penicillin", patient="maria")
    (line,) = lines(written)
    assert line["tool"] == "labs" and line["request_id"] == "r-1" and line["event"] == "tool.called"
    assert "allergy" not in line and "patient" not in line


def test_free_text_in_place_of_a_name_is_not_written(written: io.StringIO) -> None:
    get_logger("x").warning("allergic to Penicillin", tool="maria@example.org", url="203.0.113.9", route="/v1/{id}")
    (line,) = lines(written)
    assert line["event"] == "unnamed" and line["tool"] == REMOVED and line["url"] == REMOVED
    assert line["route"] == "/v1/{id}"


def test_an_exception_is_told_by_type_and_place_never_by_message_or_locals(written: io.StringIO) -> None:
    def fail(reading: str) -> None:
        raise ValueError(reading)

    try:
        try:
            fail("8480-6 is 180")
        except ValueError as error:
            raise RuntimeError("Penicillin") from error
    except RuntimeError:
        get_logger("x").exception("job.failed")
    (line,) = lines(written)
    assert line["error_type"] == "RuntimeError" and line["caused_by"] == "ValueError"
    assert "test_logging.py:" in str(line["error_at"])
    assert not any(secret in written.getvalue() for secret in SECRETS)


@pytest.mark.parametrize("name", ["uvicorn.error", "uvicorn.access", "sqlalchemy.engine", "httpx", "LiteLLM", "any"])
def test_a_librarys_words_are_cut_to_where_they_come_from(
    written: io.StringIO, capfd: pytest.CaptureFixture[str], name: str
) -> None:
    logger = logging.getLogger(name)
    logger.addHandler(logging.StreamHandler())
    try:
        raise KeyError("Penicillin")
    except KeyError:
        logger.exception("%s from %s has %s", "maria@example.org", "203.0.113.9", "8480-6 is 180")
    (line,) = lines(written)
    assert line["event"] == "library.message" and line["logger"] == name and line["error_type"] == "KeyError"
    assert "test_logging.py:" in str(line["place"])
    if name != "any":
        assert not any(secret in written.getvalue() + capfd.readouterr().err for secret in SECRETS)
    logger.handlers.clear()


def test_before_anything_is_set_up_a_line_is_as_safe() -> None:
    program = (
        "from vitasense.deterministic.platform.logging import get_logger\n"
        "allergy = 'Penicillin'\n"
        "try: raise ValueError(allergy)\n"
        "except ValueError: get_logger('x').exception('job.failed', note=allergy)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert '"error_type": "ValueError"' in done.stderr and "Penicillin" not in done.stderr + done.stdout
