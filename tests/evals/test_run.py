"""A run keeps what came of every case, goes on after an interruption, and never takes an error for an answer."""

import asyncio
import io
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.evals import tiny
from tests.evals.conftest import RunTiny
from vitasense.deterministic.platform.access import Role
from vitasense.deterministic.platform.problems import Conflict, NotAllowed, NotFound
from vitasense.evals.choosing import NO_CASES, drawn, unmet
from vitasense.evals.gates import failures, judged
from vitasense.evals.progress import Progress
from vitasense.evals.results import Result, figures
from vitasense.evals.runs import INSPECT, Choice, Kept, every, latest, named, unfinished
from vitasense.evals.suite import Answer, Case, Mark, Need, Verdict
from vitasense.evals.system import System


async def test_a_run_keeps_figures_and_every_result(run_tiny: RunTiny) -> None:
    kept = await run_tiny("one", tiny.suite(wrong=[2]))
    run = kept.run
    told = {figure.measure: (figure.hits, figure.total, figure.complete) for figure in run.figures}
    assert told == {tiny.RIGHT: (5, 6, True), tiny.BIG: (2, 6, True)}
    assert run.ended and run.suites[0].asked == 6 and run.suites[0].failed == 0
    assert [result.wrong for result in kept.results("tiny")] == ["", "5, not 4", "", "", "", ""]
    assert run.versions["inspect-ai"] and run.latency is None and run.spent.calls == 0


async def test_the_seed_decides_which_cases_a_limit_takes(run_tiny: RunTiny) -> None:
    asked: list[list[str]] = [[], [], []]
    for heard, seed in zip(asked, (1, 1, 2), strict=True):
        await run_tiny(f"{len(heard)}-{seed}-{id(heard)}", tiny.suite(asked=heard), limit=3, seed=seed)
    assert len(asked[0]) == 3
    assert asked[0] == asked[1] != asked[2]


async def test_figures_of_a_part_are_not_complete(run_tiny: RunTiny) -> None:
    assert not any(figure.complete for figure in (await run_tiny("one", limit=3)).run.figures)


async def test_a_case_that_ends_in_an_error_is_failed_and_asked_again(run_tiny: RunTiny) -> None:
    kept = await run_tiny("one", tiny.suite(fails=3))
    assert [result.outcome for result in kept.results("tiny")].count("failed") == 1
    assert kept.results("tiny")[2].reason == "ZeroDivisionError"
    assert not any(figure.complete for figure in kept.run.figures)
    asked: list[str] = []
    kept = await run_tiny("one", tiny.suite(asked=asked))
    assert asked == ["sum-3"]
    assert kept.run.suites[0].failed == 0 and all(figure.complete for figure in kept.run.figures)


async def test_what_is_not_allowed_here_is_not_measured(run_tiny: RunTiny) -> None:
    async def answer(case: Case, system: System) -> Answer:
        return Answer((await system.newcomer(Role.PATIENT)).name)

    suite = replace(tiny.suite(), answer=answer)
    kept = await run_tiny("one", suite, url="http://127.0.0.1:9")
    assert {result.outcome for result in kept.results("tiny")} == {"not measured"}
    assert kept.run.figures == () and kept.run.suites[0].not_measured == 6


@pytest.mark.parametrize(
    ("needs", "why"),
    [(frozenset({"data"}), "public data"), (frozenset({"model"}), "language model")],
)
def test_a_suite_that_lacks_what_it_needs_says_so(needs: frozenset[Need], why: str, tmp_path: Path) -> None:
    assert why in unmet(replace(tiny.suite(), needs=needs), data=tmp_path / "gone", model=None)
    assert not unmet(replace(tiny.suite(), needs=needs), data=tmp_path, model="openai/x")


async def test_a_suite_without_cases_is_not_measured(run_tiny: RunTiny) -> None:
    kept = await run_tiny("one", replace(tiny.suite(), cases=_none))
    assert kept.run.suites[0].left_out == NO_CASES and kept.run.figures == ()


def _none(_: Path) -> list[Case]:
    return []


def _twice(_: Path) -> list[Case]:
    return [Case("a", "1"), Case("a", "2")]


def _broken(_: Path) -> list[Case]:
    raise ZeroDivisionError


@pytest.mark.parametrize(("cases", "why"), [(_twice, "called a"), (_broken, "ZeroDivisionError")])
async def test_a_suite_whose_cases_cannot_be_told_is_broken_and_does_not_pass(
    run_tiny: RunTiny, cases: Callable[[Path], list[Case]], why: str
) -> None:
    run = (await run_tiny("one", replace(tiny.suite(), cases=cases))).run
    assert run.ended and why in run.suites[0].broken
    assert [gate.words for gate in failures(judged(run, {}, {}))] == [run.suites[0].broken]


def _says_nothing(case: Case, said: Answer) -> Verdict:
    del case, said
    return Verdict(())


async def test_a_case_that_nothing_is_marked_of_is_failed(run_tiny: RunTiny) -> None:
    run = (await run_tiny("one", replace(tiny.suite(), judge=_says_nothing))).run
    assert run.suites[0].failed == 6 and run.figures == ()


@pytest.mark.parametrize(("hits", "total", "value"), [(3, 2, None), (-1, 2, None), (0, -1, None), (0, 1, float("nan"))])
def test_a_mark_that_counts_nothing_is_refused(hits: int, total: int, value: float | None) -> None:
    with pytest.raises(ValueError, match="No mark"):
        Mark("m", hits, total, value)


def test_a_share_of_nothing_is_no_figure() -> None:
    assert figures(tiny.suite(), [Result(id="a", input="x", marks=(Mark(tiny.BIG, 0, 0),))], complete=True) == []


async def test_what_is_not_allowed_in_this_process_is_failed_and_not_excused(run_tiny: RunTiny) -> None:
    async def answer(case: Case, system: System) -> Answer:
        raise NotAllowed("no")

    kept = await run_tiny("one", replace(tiny.suite(), answer=answer))
    assert {result.outcome for result in kept.results("tiny")} == {"failed"}


async def test_what_no_file_can_hold_is_kept_as_far_as_it_can_and_lines_stay_lines(run_tiny: RunTiny) -> None:
    async def answer(case: Case, system: System) -> Answer:
        return Answer(f"\ud800 a\u2028b\x85c\x0cd {case.id}")

    def judge(case: Case, said: Answer) -> Verdict:
        return Verdict((Mark(tiny.RIGHT),), wrong=said.text)

    kept = await run_tiny("one", replace(tiny.suite(), answer=answer, judge=judge))
    assert [result.answer for result in kept.results("tiny")] == [f"? a\u2028b\x85c\x0cd sum-{n}" for n in range(1, 7)]


async def test_a_resumed_run_refuses_another_choice_and_other_code(
    run_tiny: RunTiny, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = await run_tiny("one", limit=3)
    kept.write(kept.run.model_copy(update={"ended": None}))
    for other in ({"seed": 1, "limit": 3}, {"limit": 4}, {"limit": 3, "model": "openai/x"}):
        with pytest.raises(Conflict):
            await run_tiny("one", **other)
    monkeypatch.setattr("vitasense.evals.run.code", lambda: "other")
    with pytest.raises(Conflict):
        await run_tiny("one", limit=3)


async def test_two_processes_never_write_into_one_run(run_tiny: RunTiny, tmp_path: Path) -> None:
    kept = await run_tiny("one")
    kept.write(kept.run.model_copy(update={"ended": None}))
    with Kept(kept.folder).held():
        assert kept.going_on
        with pytest.raises(Conflict):
            await run_tiny("one")
        with pytest.raises(NotFound):
            unfinished(tmp_path, kept.run.choice)
    assert not kept.going_on


def test_the_seed_of_a_run_moves_the_seeds_of_cases_that_have_one() -> None:
    case = Case("a", "x", facts={"seed": 7})
    assert [drawn(tiny.suite(), [case], limit=None, seed=seed)[0].facts["seed"] for seed in (0, 1)] == [7, 1007]


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGINT])
async def test_an_interrupted_run_goes_on_where_it_was(
    run_tiny: RunTiny, tmp_path: Path, ending: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await asyncio.to_thread(_interrupted, tmp_path, ending) == [f"sum-{number}" for number in range(1, 5)]
    choice = Choice(suites=("tiny",))
    begun = unfinished(tmp_path, choice)
    assert begun.folder == tmp_path / "one"
    monkeypatch.setattr("vitasense.evals.run.code", lambda: begun.run.code)  # whoever edits meanwhile
    asked: list[str] = []
    kept = await run_tiny("one", tiny.suite(asked=asked))
    assert asked == ["sum-4", "sum-5", "sum-6"]
    assert kept.run.ended and len(kept.results("tiny")) == 6
    assert kept.run.figures[0].hits == 6
    assert len(list((kept.folder / INSPECT).glob("*.eval"))) == 1


def _interrupted(folder: Path, ending: signal.Signals) -> list[str]:
    """What a run asked until it hung and was ended."""
    program = [sys.executable, "-m", "tests.evals.tiny", str(folder)]
    with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        asked: list[str] = []
        while tiny.HANGS not in asked:
            asked.append(process.stdout.readline().strip())
        process.send_signal(ending)
        assert process.wait(timeout=60) != 0
    return asked


async def test_a_line_that_was_cut_off_counts_as_not_there(run_tiny: RunTiny) -> None:
    kept = await run_tiny("one")
    with kept.journal("tiny").open("a", encoding="utf-8") as journal:
        journal.write('{"id": "sum-9", "inp')
    assert [result.id for result in kept.results("tiny")] == [f"sum-{number}" for number in range(1, 7)]


async def test_runs_are_found_by_the_beginning_of_their_name(run_tiny: RunTiny, tmp_path: Path) -> None:
    await run_tiny("20261128-a")
    await run_tiny("20261129-b")
    assert named(tmp_path, "20261128").folder.name == "20261128-a"
    assert named(tmp_path, str(tmp_path / "20261129-b")).run.id == "20261129-b"
    assert latest(tmp_path).folder.name == "20261129-b" and len(every(tmp_path)) == 2
    with pytest.raises(NotFound):
        named(tmp_path, "2027")
    with pytest.raises(NotFound):
        unfinished(tmp_path, Choice(suites=("tiny",)))


def test_progress_says_one_line_for_each_suite_outside_of_a_terminal(tmp_path: Path) -> None:
    out = io.StringIO()
    progress = Progress(out)
    progress.begin("tiny", 2, 0)
    progress.result(Result(id="a", input="x"))
    assert out.getvalue() == ""
