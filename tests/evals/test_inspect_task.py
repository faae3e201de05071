# inspect-ai leaves types of other packages open:
# pyright: reportUnknownVariableType=false
"""Every suite is a task of inspect-ai, whose logs its own viewer opens."""

import subprocess
import sys
import tomllib
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from inspect_ai import eval_async
from inspect_ai.log import EvalLog, read_eval_log

from tests.api.command import free_port, until
from tests.evals import tiny
from tests.evals.conftest import RunTiny
from vitasense.evals import catalogue, tasks
from vitasense.evals.asking import Asking
from vitasense.evals.inspect_task import task_of
from vitasense.evals.runs import INSPECT
from vitasense.evals.suite import Suite
from vitasense.evals.system import System

TREE = Path(__file__).parents[2]
_QUIET: dict[str, Any] = {"model": None, "log_realtime": False, "acp_server": False, "ctl_server": False}


async def _evaluated(suite: Suite, folder: Path) -> EvalLog:
    task = task_of(Asking(suite, System()), list(suite.cases(folder)))
    [log] = await eval_async(task, log_dir=str(folder), **_QUIET)
    return log


async def test_the_log_holds_figures_marks_and_what_was_wrong(tmp_path: Path) -> None:
    log = read_eval_log((await _evaluated(tiny.suite(wrong=[2]), tmp_path)).location)
    assert log.status == "success" and log.results is not None and log.samples is not None
    metrics = log.results.scores[0].metrics
    assert {name: metrics[name].value for name in (tiny.RIGHT, tiny.BIG)} == {tiny.RIGHT: 5 / 6, tiny.BIG: 2 / 6}
    [wrong] = [sample for sample in log.samples if sample.id == "sum-2"]
    score = (wrong.scores or {})["judged"]
    assert score.explanation == "5, not 4" and score.answer == "5"
    assert (score.metadata or {})["marks"][0] == {"measure": tiny.RIGHT, "hits": 0, "total": 1, "value": None}
    assert wrong.metadata == {"facts": {"number": 2}}


async def test_a_case_that_fails_is_an_error_in_the_log_and_the_others_go_on(tmp_path: Path) -> None:
    log = await _evaluated(tiny.suite(fails=3), tmp_path)
    assert log.samples is not None
    assert [sample.error is not None for sample in log.samples] == [False, False, True, False, False, False]


@pytest.mark.parametrize("name", catalogue.names())
def test_every_suite_is_a_task(name: str) -> None:
    assert name in tasks.TASKS


async def test_a_suite_runs_by_its_name_in_inspect(tmp_path: Path) -> None:
    arguments = {"limit": 5, "data": str(tmp_path)}
    [log] = await eval_async("vitasense/triage", task_args=arguments, log_dir=str(tmp_path), **_QUIET)
    assert log.status == "success" and log.eval.task.endswith("triage")
    assert log.results is not None and log.results.completed_samples == 5


def test_inspect_is_told_where_the_tasks_are() -> None:
    told = tomllib.loads((TREE / "pyproject.toml").read_text("utf-8"))["project"]["entry-points"]["inspect_ai"]
    assert told == {"vitasense": tasks.__name__}


async def test_the_viewer_of_inspect_opens_the_log_of_a_run(run_tiny: RunTiny) -> None:
    kept = await run_tiny("one", tiny.suite(wrong=[2]))
    with _viewer(kept.folder / INSPECT) as address:
        async with httpx.AsyncClient(base_url=address) as client:
            [name] = [each["name"] for each in (await client.get("/api/logs")).json()["files"]]
            told = (await client.get(f"/api/logs/{quote(name, safe='')}")).json()
            assert "Inspect View" in (await client.get("/")).text
    assert told["status"] == "success" and told["eval"]["task"] == "tiny"
    assert "5, not 4" in str(told["samples"])


@contextmanager
def _viewer(folder: Path) -> Generator[str]:
    """`inspect view` of a folder, once it answers."""
    address = f"http://127.0.0.1:{(port := free_port())}"
    program = [Path(sys.executable).parent / "inspect", "view", "start", "--host", "127.0.0.1", "--port", str(port)]
    with subprocess.Popen([*program, "--log-dir", folder]) as process:
        try:
            until(lambda: process.poll() is not None or _answers(address), seconds=60)
            yield address
        finally:
            process.terminate()


def _answers(address: str) -> bool:
    try:
        return httpx.get(address).is_success
    except httpx.TransportError:
        return False


async def test_a_model_may_grade_beside_the_suite_and_counts_for_nothing(tmp_path: Path) -> None:
    asking, suite = Asking(tiny.suite(wrong=[2]), System()), tiny.suite()
    task = task_of(asking, list(suite.cases(tmp_path)), judge="mockllm/model")
    [log] = await eval_async(task, log_dir=str(tmp_path), **_QUIET)
    assert log.results is not None and [score.name for score in log.results.scores] == ["judged", "model_graded_qa"]
    assert log.results.scores[0].metrics[tiny.RIGHT].value == 5 / 6
