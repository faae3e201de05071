"""Runs of the tiny suite, kept in a folder of the test."""

import io
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from tests.evals import tiny
from vitasense.deterministic.platform.clock import system_clock
from vitasense.evals.progress import Progress
from vitasense.evals.run import Plan, carry_out
from vitasense.evals.runs import Choice, Kept
from vitasense.evals.suite import Suite

RunTiny = Callable[..., Awaitable[Kept]]
TABLE = pytest.StashKey[str]()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """The table of the offline run, also when everything passed."""
    if TABLE in config.stash:
        terminalreporter.write_sep("=", "offline evals")
        terminalreporter.write_line(config.stash[TABLE])


@pytest.fixture(scope="package", autouse=True)
def inspect_is_quiet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What inspect-ai writes of its own stays in a folder of the tests, and it draws nothing."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("inspect")))
        patch.setenv("INSPECT_DISPLAY", "none")
        yield


@pytest.fixture
def run_tiny(tmp_path: Path) -> RunTiny:
    """Runs the tiny suite as a run of this name."""

    async def run(name: str, suite: Suite | None = None, **choice: object) -> Kept:
        chosen = Choice.model_validate({"suites": ("tiny",), **choice})
        kept = Kept(tmp_path / name)
        plan = Plan(suites=[suite or tiny.suite()], choice=chosen, kept=kept, data=tmp_path)
        await carry_out(plan, system_clock, Progress(io.StringIO()))
        return kept

    return run
