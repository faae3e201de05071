"""SIGKILL at random moments to workers, producers, the database and the broker: nothing lost, nothing twice, in order.

`VITASENSE_KILLS=full` runs 100,000 events with 56 kills for each bus; otherwise 6,000 with 12.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from tests.api.command import alive, until
from tests.bus.broker import TestBroker
from tests.bus.working import TABLES
from tests.conftest import APP_PASSWORD
from tests.people import KEY
from vitasense.deterministic.platform.database import EmbeddedPostgres, upgrade

FULL = os.environ.get("VITASENSE_KILLS") == "full"
EVENTS, KILLS, PATIENCE_SECONDS = (100_000, 56, 900) if FULL else (6_000, 12, 120)
PRODUCERS, WORKERS = 2, 2
SEED = 20261128
ROOT = Path(__file__).parents[2]


class Scene:
    """A database of its own, durable as in service, and the processes around it."""

    def __init__(self, home: Path, broker: TestBroker | None) -> None:
        self.postgres = EmbeddedPostgres(home, "superuser-in-tests")
        self.postgres.start()
        upgrade(self.postgres.url(), context_key=KEY, app_password=APP_PASSWORD)
        self._pid_file, self._log = home / "postgres" / "data" / "postmaster.pid", home / "processes.log"
        self.query(TABLES)
        self.broker, self.killed = broker, Counter[str]()
        share = str(EVENTS // PRODUCERS)
        self._roles: dict[str, tuple[str, ...]] = {f"worker {number}": ("worker",) for number in range(WORKERS)}
        for number in range(PRODUCERS):
            self._roles[f"producer {number}"] = ("producer", str(number), share)
        self._processes = {name: self._started(name) for name in self._roles}

    def query(self, statement: str) -> list[tuple[object, ...]]:
        """What the administrator sees, once the database answers."""
        give_up = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                with psycopg.connect(self.postgres.url().replace("+psycopg", ""), autocommit=True) as connection:
                    cursor = connection.execute(statement.encode())
                    return cursor.fetchall() if cursor.description else []
            except psycopg.OperationalError:
                assert time.monotonic() < give_up
                time.sleep(0.05)

    def number(self, statement: str) -> int:
        """The one number that a query gives."""
        [(found,)] = self.query(statement)
        assert isinstance(found, int)
        return found

    def kill(self, dice: random.Random) -> None:
        """Kill something, and start it again."""
        victims = [
            *(name for name, process in self._processes.items() if process.poll() is None),
            "database",
            "database",
        ]
        victim: str = dice.choice([*victims, *(["broker", "broker"] if self.broker else [])])
        self.killed[victim.partition(" ")[0]] += 1
        if victim == "database":
            self._kill_database()
        elif victim == "broker" and self.broker:
            self.broker.kill()
            time.sleep(dice.uniform(0, 1))
            self.broker.start()
        else:
            self._processes[victim].kill()
            self._processes[victim].wait()
            self._processes[victim] = self._started(victim)

    def end(self) -> None:
        """Leave nothing behind."""
        for process in self._processes.values():
            process.kill()
            process.wait()
        if self.broker:
            self.broker.kill()
        self.postgres.stop()

    def _kill_database(self) -> None:
        pid = int(self._pid_file.read_text().split()[0])
        os.kill(pid, signal.SIGKILL)
        until(lambda: not alive(pid))
        self.postgres.start()

    def _started(self, name: str) -> subprocess.Popen[bytes]:
        own = {"KILLS_DATABASE": self.postgres.url("vs_app", APP_PASSWORD)}
        own |= {"KILLS_BROKER": self.broker.address} if self.broker else {}
        program = [sys.executable, "-m", "tests.bus.working", *self._roles[name]]
        with self._log.open("ab") as log:
            return subprocess.Popen(program, cwd=ROOT, env=os.environ | own, stdout=log, stderr=log)


Make = Callable[[TestBroker | None], Scene]


@pytest.fixture
def make() -> Iterator[Make]:
    home = Path(tempfile.mkdtemp(prefix="vitasense-kills-"))
    home.chmod(0o755)
    scenes: list[Scene] = []

    def scene(broker: TestBroker | None) -> Scene:
        if broker:
            broker.start()
        scenes.append(Scene(home, broker))
        return scenes[0]

    yield scene
    for each in scenes:
        each.end()
    shutil.rmtree(home, ignore_errors=True)


def run(scene: Scene, bus: str) -> None:
    """Kill at random moments of the telling, wait until all is done, and look at what became of it."""
    dice, began = random.Random(SEED), time.monotonic()
    for moment in sorted(dice.sample(range(EVENTS * 95 // 100), KILLS)):
        wait_for(scene, "kill_told", moment)
        scene.kill(dice)
    wait_for(scene, "kill_told", EVENTS)
    wait_for(scene, "kill_done", EVENTS)
    time.sleep(1)  # whoever would do something twice has the time to
    seconds = time.monotonic() - began
    lost = scene.number(
        "select count(*) from kill_told t where not exists (select from kill_done d where d.event_id = t.event_id)"
    )
    twice = scene.number("select count(*) - count(distinct event_id) from kill_done")
    untold = scene.number(
        "select count(*) from kill_done d where not exists (select from kill_told t where t.event_id = d.event_id)"
    )
    disorder = scene.number(
        "select count(*) from (select n, row_number() over (partition by key order by at) as place from kill_done) as o "
        "where n <> place"
    )
    kills = ", ".join(f"{count} {name}" for name, count in sorted(scene.killed.items()))
    print(
        f"\n{bus}: {EVENTS} events in {seconds:.0f} s, {scene.killed.total()} kills ({kills}): "
        f"{lost} lost, {twice} twice, {untold} of nothing, {disorder} out of order"
    )
    assert (lost, twice, untold, disorder) == (0, 0, 0, 0)


def wait_for(scene: Scene, table: str, count: int) -> None:
    """Until the table has so many rows; fails when nothing is added for long."""
    last, moved = -1, time.monotonic()
    while (now := scene.number(f"select count(*)::int from {table}")) < count:
        if now > last:
            last, moved = now, time.monotonic()
        assert time.monotonic() - moved < PATIENCE_SECONDS, f"{table}: {now} of {count}"
        time.sleep(0.05)


@pytest.mark.timeout(PATIENCE_SECONDS * 4)
def test_on_the_outbox_nothing_is_lost_or_done_twice(make: Make) -> None:
    run(make(None), "outbox")


@pytest.mark.timeout(PATIENCE_SECONDS * 4)
def test_through_a_broker_nothing_is_lost_or_done_twice(make: Make, tmp_path: Path) -> None:
    run(make(TestBroker(tmp_path)), "Kafka")
