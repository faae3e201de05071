"""How long the command takes: to be ready, to help, and to import what it needs."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from urllib.error import URLError
from urllib.request import urlopen

from benchmarks.figures import Figure
from vitasense.evals.place import temporary_home

ROOT = Path(__file__).parents[1]
COMMAND = (sys.executable, "-m", "vitasense")
LONGEST_SECONDS = 120.0
# The same frameworks, serving one page: no database, no demo, no rule files.
BARE_SERVER = """
import os, fastapi, uvicorn, langgraph.graph
app = fastapi.FastAPI()
app.get("/readyz")(lambda: {})
uvicorn.run(app, port=int(os.environ["VITASENSE_PORT"]), log_level="critical")
"""


def measure(*, quick: bool) -> list[Figure]:
    """Medians of several processes."""
    rounds = 1 if quick else 7
    return [_serve(1 if quick else 5), _help(rounds), _imports(rounds)]


def _serve(rounds: int) -> Figure:
    """From the command to /readyz, with a home that was made by a start before."""
    with temporary_home() as home:
        _started(home, *COMMAND, "serve")
        ours = _median(lambda: _started(home, *COMMAND, "serve"), rounds)
        bare = _median(lambda: _started(home, sys.executable, "-c", BARE_SERVER), rounds)
    return Figure("vitasense serve, second start, to /readyz", ours, "s", bare, "bare FastAPI with LangGraph", "6 s")


def _started(home: Path, *command: str) -> float:
    """Seconds until the service is ready; then it is stopped."""
    port = free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("VITASENSE_")},
        "VITASENSE_HOME": str(home),
        "VITASENSE_PORT": str(port),
    }
    began = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        until_ready(f"http://127.0.0.1:{port}/readyz", process, began + LONGEST_SECONDS)
        return time.perf_counter() - began
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(LONGEST_SECONDS)


def until_ready(url: str, process: subprocess.Popen[bytes], until: float) -> None:
    """Wait until the address answers. Raises RuntimeError when the process ends, or when it is too late."""
    while time.perf_counter() < until:
        if process.poll() is not None:
            raise RuntimeError(f"the service ended with {process.returncode}")
        try:
            with urlopen(url, timeout=1):
                return
        except (URLError, OSError):
            time.sleep(0.01)
    raise RuntimeError("the service is not ready")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def _help(rounds: int) -> Figure:
    """From the command to the end of its help."""
    _run(*COMMAND, "--help")
    ours = _median(lambda: _run(*COMMAND, "--help"), rounds)
    bare = _median(lambda: _run(sys.executable, "-c", "import typer, rich"), rounds)
    return Figure("vitasense --help", ours, "s", bare, "import of typer and rich")


def _imports(rounds: int) -> Figure:
    """By Python's own measurement of imports."""
    ours = _median(lambda: _imported("vitasense.api.app"), rounds)
    bare = _median(lambda: _imported("fastapi", "langgraph.graph"), rounds)
    return Figure("import of vitasense.api.app", ours, "s", bare, "import of fastapi and langgraph.graph")


def _imported(*modules: str) -> float:
    """The sum of what `-X importtime` says each module took itself, once Python was up."""
    program = f"import sys; print('begin', file=sys.stderr); import {', '.join(modules)}"
    done = subprocess.run(
        (sys.executable, "-X", "importtime", "-c", program), cwd=ROOT, capture_output=True, text=True, check=True
    )
    lines = done.stderr.partition("begin\n")[2]
    return sum(map(int, re.findall(r"^import time:\s+(\d+) \|", lines, re.MULTILINE))) / 1e6


def _run(*command: str) -> float:
    began = time.perf_counter()
    subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - began


def _median(take: Callable[[], float], rounds: int) -> float:
    return median(take() for _ in range(rounds))
