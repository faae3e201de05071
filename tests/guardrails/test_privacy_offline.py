"""What finds identifiers is loaded and works without any network, download or file, and only when needed."""

import subprocess
import sys

_WITHOUT_SOCKETS = """
import sys
def audit(event, _):
    if event.startswith(("socket.connect", "socket.send", "socket.get", "urllib.Request")):
        raise AssertionError(event)
sys.addaudithook(audit)
from vitasense.guardrails import Redactor
assert "presidio_analyzer" not in sys.modules and "tldextract" not in sys.modules, "loaded before it was needed"
redactor = Redactor(())
assert "presidio_analyzer" not in sys.modules, "loaded before it was needed"
sent = redactor.redact("Write to anna.berg@clinic.example, see https://a.example, ring +44 20 7946 0958")
assert "@" not in sent and "https" not in sent and "7946" not in sent, sent
"""
_WRITTEN = """
import os, sys, tempfile
scratch = tempfile.gettempdir()  # libraries try out whether it can be written
opened = []
def audit(event, args):
    if event == "open" and isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
        opened.append(str(args[0]))
sys.addaudithook(audit)
sys.dont_write_bytecode = True
from vitasense.guardrails import Redactor
Redactor(()).redact("Write to anna.berg@clinic.example")
assert [each for each in opened if not each.startswith(scratch)] == [], opened
"""


def _run(program: str) -> None:
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_no_socket_is_opened_and_nothing_heavy_is_loaded_before_it_is_needed() -> None:
    _run(_WITHOUT_SOCKETS)


def test_no_file_is_written_to_stay() -> None:
    _run(_WRITTEN)


def test_every_recogniser_is_named_and_has_a_kind() -> None:
    from vitasense.guardrails.identifiers.recognizers import RECOGNISERS, recognizers

    assert recognizers() is recognizers()
    assert len(RECOGNISERS) > 40
