"""The database of a run is gone at the end of the run, and after kill -9 at the next one."""

import subprocess
import sys
from pathlib import Path

from tests.api.command import alive
from vitasense.evals.place import clear_leftovers, temporary_home

OPENS = """
import asyncio, os, signal
from vitasense.evals.place import temporary_database
async def main():
    async with temporary_database(durable=False) as served:
        print(served.settings.home, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
asyncio.run(main())
"""


def test_what_a_killed_run_left_is_stopped_and_removed_by_the_next() -> None:
    with subprocess.Popen([sys.executable, "-c", OPENS], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        home = Path(process.stdout.readline().strip())
        assert process.wait() != 0
    server = int((home / "postgres" / "data" / "postmaster.pid").read_text().split()[0])
    assert alive(server)
    clear_leftovers()
    assert not alive(server) and not home.exists()


def test_a_run_that_goes_on_is_left_alone() -> None:
    with temporary_home() as home:
        clear_leftovers()
        assert home.exists()
    assert not home.exists()
