"""Every suite as a task of inspect-ai: `inspect eval vitasense/triage [-T limit=50] [-T url=…] [-T model=…]`.

inspect-ai's own `--model` is not used: the system under test is the service, and `-T model` names the service's model.
"""

from collections.abc import Callable
from pathlib import Path

from inspect_ai import Task, task
from inspect_ai.hooks import Hooks, RunEnd, hooks

from vitasense.deterministic.platform.access import Role
from vitasense.evals import catalogue
from vitasense.evals.accounts import Account, read_accounts
from vitasense.evals.asking import Asking
from vitasense.evals.choosing import drawn
from vitasense.evals.inspect_task import task_of
from vitasense.evals.system import System

DATA = "../shared/data"
_opened: list[System] = []


def _declared(name: str) -> Callable[..., Task]:
    def suite_task(
        model: str | None = None,
        url: str | None = None,
        accounts: str | None = None,
        limit: int | None = None,
        seed: int = 0,
        data: str = DATA,
        judge: str | None = None,
    ) -> Task:
        suite = catalogue.suite(name)
        given: dict[Role, Account] = dict(read_accounts(Path(accounts))) if accounts else {}
        system = System(url, model, given)
        _opened.append(system)
        every = list(suite.cases(Path(data)))
        cases = drawn(suite, every, limit=limit, seed=seed)
        return task_of(Asking(suite, system), cases, complete=len(cases) == len(every), judge=judge)

    return task(name=name)(suite_task)


class EndOfRun(Hooks):
    """Ends what the tasks above opened."""

    def enabled(self) -> bool:
        """Only when there is something to end."""
        return bool(_opened)

    async def on_run_end(self, data: RunEnd) -> None:
        """Every system of the run's tasks."""
        del data
        while _opened:
            await _opened.pop().close()


hooks("vitasense", "ends the service under test with the run")(EndOfRun)
TASKS = {name: _declared(name) for name in catalogue.names()}
