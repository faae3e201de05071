"""Many devices at one sample a second, each posting ten of them every ten seconds by signed webhook, over the real service.

The sender shares the machine with what it measures. What is not sustained is tried again with half as many devices.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from time import perf_counter
from uuid import UUID

from pydantic import SecretStr

from benchmarks.figures import Figure, percentile
from benchmarks.place import own_access, somebody
from benchmarks.posting import Poster
from benchmarks.startup import LONGEST_SECONDS, ROOT, free_port, until_ready
from vitasense.api.bootstrap import Services, open_services
from vitasense.api.worker import backlogs
from vitasense.deterministic import devices
from vitasense.deterministic.auth import system_access
from vitasense.deterministic.devices import SourceDevice, signature
from vitasense.deterministic.platform.clock import new_id, system_clock
from vitasense.deterministic.platform.settings import Settings
from vitasense.evals.place import temporary_home

WANTED, QUICK = 1_000, 100
SECONDS, SHORTER = 60, 30
OFTEN, SELDOM = 10, 60  # seconds between two deliveries of one device, and samples in each
SECRET = "a secret for the time of one run, thrown away"
PULSE = "8867-4"
ROLLUPS, DECISIONS = "rollups", "health_readings"
CONNECTIONS = 64
DRAINED_WITHIN = 120.0
LATE = 10.0  # seconds: a lag of more than one delivery grows
LEAST_DEVICES = 16


@dataclass(frozen=True, slots=True)
class Sender:
    """One device with its webhook."""

    hook_id: UUID
    secret: str


@dataclass(slots=True)
class Run:
    """What one run of so many devices gave: seconds of answers that took samples in, statuses, lag by consumer."""

    devices: int
    every: int
    seconds: float = 0.0
    answers: list[float] = field(default_factory=list[float])
    statuses: Counter[int] = field(default_factory=Counter[int])
    lag: dict[str, float] = field(default_factory=dict[str, float])
    unsent: int = 0

    @property
    def samples(self) -> float:
        """Samples taken in each second."""
        return self.statuses[200] * self.every / self.seconds

    @property
    def sustained(self) -> bool:
        """Whether all of it was taken in on time and nothing fell behind."""
        only_taken = set(self.statuses) == {200} and not self.unsent
        return only_taken and max(self.lag.values(), default=0.0) <= LATE


def measure(*, quick: bool) -> list[Figure]:
    """The wanted number with a delivery a minute, then with one each ten seconds, and half as many until they are sustained."""
    return asyncio.run(_measured(quick=quick))


async def _measured(*, quick: bool) -> list[Figure]:
    async with _service() as (services, port):
        senders = await _registered(services, QUICK if quick else WANTED)
        await _run(
            services, port, senders[:LEAST_DEVICES], OFTEN, SHORTER
        )  # while the service loads what it keeps ready
        await _drained(services)
        seldom = await _run(services, port, senders, SELDOM, SELDOM if quick else 2 * SELDOM)
        await _drained(services)
        runs = [await _run(services, port, senders, OFTEN, SHORTER if quick else SECONDS)]
        while not runs[-1].sustained and runs[-1].devices > LEAST_DEVICES:
            await _drained(services)
            runs.append(await _run(services, port, senders[: runs[-1].devices // 2], OFTEN, SHORTER))
    figures = [*_figures(seldom), *_figures(runs[0])]
    if len(runs) > 1:
        figures += _figures(runs[-1])
    held = runs[-1].devices if runs[-1].sustained else 0
    most = seldom.devices if seldom.sustained else held
    return [
        *figures,
        Figure(
            "devices at one sample a second that are sustained, a delivery a minute", most, "", budget=f">= {WANTED:,}"
        ),
        Figure("devices at one sample a second that are sustained, a delivery each ten seconds", held, ""),
    ]


def _figures(run: Run) -> list[Figure]:
    name, answers = f"{run.devices:,} devices each {run.every} s", run.answers or [0.0]
    refused = sum(count for status, count in run.statuses.items() if status not in (200, 429))
    return [
        Figure(f"{name}: samples taken in", run.samples, "/s", run.devices, "samples that the devices took"),
        Figure(f"{name}: answer, p50", percentile(answers, 0.5) * 1000, "ms"),
        Figure(f"{name}: answer, p99", percentile(answers, 0.99) * 1000, "ms"),
        Figure(f"{name}: told to come back later (429)", run.statuses[429], ""),
        Figure(f"{name}: failed or never sent", refused + run.unsent, ""),
        Figure(f"{name}: largest lag of rollups", run.lag[ROLLUPS], "s"),
        Figure(f"{name}: largest lag of decisions", run.lag[DECISIONS], "s"),
    ]


@asynccontextmanager
async def _service() -> AsyncGenerator[tuple[Services, int]]:
    """`vitasense serve` with its worker in a process of its own, and the same services here for what is prepared."""
    with temporary_home() as home:
        port = free_port()
        environment = {name: value for name, value in os.environ.items() if not name.startswith("VITASENSE_")}
        environment |= {"VITASENSE_HOME": str(home), "VITASENSE_PORT": str(port), "VITASENSE_SECRET": SECRET}
        environment |= {"VITASENSE_DEMO": "false", "VITASENSE_LOG_LEVEL": "error"}
        command = (sys.executable, "-m", "vitasense", "serve")
        process = await asyncio.to_thread(_started, command, environment)
        try:
            url = f"http://127.0.0.1:{port}/readyz"
            await asyncio.to_thread(until_ready, url, process, perf_counter() + LONGEST_SECONDS)
            async with open_services(Settings(home=Path(home), secret=SecretStr(SECRET), model=None)) as services:
                yield services, port
        finally:
            process.send_signal(signal.SIGTERM)
            await asyncio.to_thread(process.wait, LONGEST_SECONDS)


def _started(command: Sequence[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


async def _registered(services: Services, count: int) -> list[Sender]:
    turns = asyncio.Semaphore(4)

    async def one() -> Sender:
        async with turns:
            return await _sender(services)

    return await asyncio.gather(*(one() for _ in range(count)))


async def _sender(services: Services) -> Sender:
    person, now = somebody(), system_clock()
    whose = person.account_id
    watch = SourceDevice("A watch", external_id="w", kind="watch")
    async with services.database.transaction(own_access(person)) as tx:
        device = await devices.register(tx, whose, watch, actor_id=whose, now=now, new_id=new_id)
    async with services.database.transaction(system_access("benchmark")) as tx:
        hook = await services.webhooks.open(tx, whose, device.id, now=now, new_id=new_id)
    assert hook.secret
    return Sender(hook.id, hook.secret)


async def _run(services: Services, port: int, senders: Sequence[Sender], every: int, seconds: int) -> Run:
    run, over = Run(len(senders), every, seconds), asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        watching = tasks.create_task(_watch(services, run, over))
        async with Poster(port, CONNECTIONS) as poster:
            await asyncio.gather(
                *(_device(poster, run, each, place * every / len(senders)) for place, each in enumerate(senders))
            )
        over.set()
        await watching
    return run


async def _device(poster: Poster, run: Run, sender: Sender, offset: float) -> None:
    """Post again and again, whatever became of the one before, until the time is over."""
    loop = asyncio.get_running_loop()
    begins, random = loop.time(), Random(sender.hook_id.int)
    for number in range(int(run.seconds) // run.every):
        await asyncio.sleep(max(0.0, begins + offset + number * run.every - loop.time()))
        if loop.time() - begins > run.seconds:
            run.unsent += 1
            continue
        body = _body(system_clock(), run.every, random)
        identity, stamp = str(new_id()), int(system_clock().timestamp())
        headers = {
            "webhook-id": identity,
            "webhook-timestamp": str(stamp),
            "webhook-signature": signature(sender.secret, identity, stamp, body),
            "content-type": "application/json",
        }
        began = perf_counter()
        status = await poster.post(f"/v1/hooks/{sender.hook_id}", headers, body)
        run.statuses[status] += 1
        if status == 200:
            run.answers.append(perf_counter() - began)


def _body(now: datetime, count: int, random: Random) -> bytes:
    rows = [
        {
            "metric": PULSE,
            "at": (now - timedelta(seconds=count - each)).isoformat(),
            "value": random.randint(58, 96),
            "unit": "/min",
        }
        for each in range(count)
    ]
    return json.dumps({"observations": rows}).encode()


async def _watch(services: Services, run: Run, over: asyncio.Event) -> None:
    """The largest age of what waits for each consumer, looked at about once a second."""
    run.lag = {ROLLUPS: 0.0, DECISIONS: 0.0}
    while not over.is_set():
        waiting = await backlogs(services)
        for name in run.lag:
            run.lag[name] = max(run.lag[name], waiting[name].age.total_seconds())
        await asyncio.sleep(1.0)


async def _drained(services: Services) -> None:
    """Until the worker has done what the run before left."""
    give_up = perf_counter() + DRAINED_WITHIN
    while perf_counter() < give_up:
        if not any(each.waiting for each in (await backlogs(services)).values()):
            return
        await asyncio.sleep(1.0)
