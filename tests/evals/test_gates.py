"""No figure of an offline suite is under its floor, and the gate itself cannot be passed by noise or by silence."""

import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import DATA, REQUIRED
from tests.evals.conftest import TABLE
from vitasense.deterministic.platform.clock import system_clock
from vitasense.evals import catalogue
from vitasense.evals.choosing import NO_CASES
from vitasense.evals.gates import (
    EVERY,
    Floor,
    Gate,
    baseline,
    failures,
    floors,
    judged,
    recorded,
    write_baseline,
)
from vitasense.evals.progress import Progress
from vitasense.evals.results import Figure
from vitasense.evals.run import Plan, carry_out
from vitasense.evals.runs import Choice, Kept, Run, Spent, SuiteRun
from vitasense.evals.words import markdown, spent

_MODEL = {name for name in catalogue.names() if "model" in catalogue.suite(name).needs}
OFFLINE = [name for name in catalogue.names() if name not in _MODEL]
FLOORS = {"s": {"m": Floor(floor=0.9)}}


@pytest.fixture(scope="module")
async def gates(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, list[Gate]]:
    """One run of every suite that was selected."""
    suites = catalogue.chosen(
        name for name in OFFLINE if any(f"[{name}]" in item.name for item in request.session.items)
    )
    choice = Choice(suites=tuple(suite.name for suite in suites))
    kept = Kept(tmp_path_factory.mktemp("evals") / "run")
    plan = Plan(suites=suites, choice=choice, kept=kept, data=DATA, jobs=2)
    run = await carry_out(plan, system_clock, Progress(io.StringIO()))
    made = judged(run, floors(), baseline())
    request.config.stash[TABLE] = f"{markdown(made)}\n\n{run.seconds:.0f} s; {spent(run)}"
    return {suite.name: [gate for gate in made if gate.suite == suite.name] for suite in suites}


@pytest.mark.timeout(1800)  # the first one waits for all, on a machine that is busy with other things
@pytest.mark.parametrize("offline", OFFLINE)
def test_no_figure_of_the_suite_is_under_its_floor(offline: str, gates: Mapping[str, list[Gate]]) -> None:
    missed = failures(gates[offline])
    assert not missed, markdown(missed)
    if "data" in REQUIRED:
        assert not [gate for gate in gates[offline] if gate.floor is not None and gate.standing == "not measured"]


@pytest.mark.parametrize("name", floors())
def test_every_floor_is_for_a_measure_that_its_suite_declares(name: str) -> None:
    declared = {measure.name for measure in catalogue.suite(name).measures}
    unknown = [
        floor
        for floor in floors()[name]
        if not any(each.startswith(floor[:-1]) if floor.endswith(EVERY) else each == floor for each in declared)
    ]
    assert unknown == []


@pytest.mark.parametrize(
    ("hits", "total", "complete", "standing", "fails"),
    [
        (95, 100, True, "reached", False),
        (89, 100, True, "missed", True),
        (89, 100, False, "undecided", False),  # the interval of a part reaches the floor
        (70, 100, False, "missed", True),
    ],
)
def test_a_part_fails_only_when_its_interval_excludes_the_floor(
    hits: int, total: int, complete: bool, standing: str, fails: bool
) -> None:
    [gate] = judged(_run(_figure(hits, total, complete=complete)), FLOORS, {})
    assert (gate.standing, gate.failed) == (standing, fails)


@pytest.mark.parametrize(
    ("goal_is", "hits", "fails"), [("at most", 90, False), ("at most", 91, True), ("below", 90, True)]
)
def test_a_ceiling_is_the_other_way_round(goal_is: str, hits: int, fails: bool) -> None:
    [gate] = judged(_run(_figure(hits, 100, goal_is=goal_is)), FLOORS, {})
    assert gate.failed is fails


def test_a_run_that_is_provably_worse_than_what_was_recorded_fails_above_the_floor() -> None:
    [worse] = judged(_run(_figure(920, 1000)), FLOORS, {"s": {"m": (990, 1000)}})
    assert worse.standing == "worse than baseline" and worse.failed and worse.words == "recorded: 990 of 1000"
    [noise] = judged(_run(_figure(985, 1000)), FLOORS, {"s": {"m": (990, 1000)}})
    assert not noise.failed
    [alarms] = judged(_run(_figure(90, 1000, goal_is="at most")), {}, {"s": {"m": (10, 1000)}})
    assert alarms.failed


def test_in_a_part_the_texts_of_one_case_are_one_draw() -> None:
    recorded = {"s": {"m": (50, 1000)}}
    [drawn] = judged(_run(_figure(12, 100, goal_is="at most", complete=False, cases=5)), {}, recorded)
    assert not drawn.failed
    [each] = judged(_run(_figure(12, 100, goal_is="at most", complete=False, cases=100)), {}, recorded)
    assert each.standing == "worse than baseline"
    [whole] = judged(_run(_figure(120, 1000, goal_is="at most", cases=5)), {}, recorded)
    assert whole.standing == "worse than baseline"


def test_a_complete_run_of_fewer_cases_than_were_recorded_fails() -> None:
    [gate] = judged(_run(_figure(3, 3)), FLOORS, {"s": {"m": (300, 300)}})
    assert gate.standing == "fewer than recorded" and gate.failed
    [part] = judged(_run(_figure(3, 3, complete=False)), FLOORS, {"s": {"m": (300, 300)}})
    assert not part.failed


def test_a_measure_that_vanished_fails_whether_it_has_a_floor_a_star_or_a_record() -> None:
    starred = {"s": {"m*": Floor(floor=0.9)}}
    assert [gate.failed for gate in judged(_run(), starred, {})] == [True]
    assert [gate.failed for gate in judged(_run(), {}, {"s": {"m": (9, 10)}})] == [True]
    [declared] = judged(_run(measures=("m",)), {}, {})
    assert declared.standing == "not measured" and not declared.failed


def test_a_suite_that_never_ran_fails_its_floors() -> None:
    run = _run().model_copy(update={"suites": ()})
    assert [gate.words for gate in failures(judged(run, FLOORS, {}))] == ["the suite did not run"]


def test_a_run_whose_model_never_answered_does_not_pass() -> None:
    silent = _run(_figure(99, 100)).model_copy(update={"spent": Spent(failed=3)})
    assert [gate.measure for gate in failures(judged(silent, FLOORS, {}))] == ["answers"]
    some = silent.model_copy(update={"spent": Spent(failed=3, calls=1)})
    assert failures(judged(some, FLOORS, {})) == []


def test_what_was_not_measured_is_never_passed() -> None:
    [gate] = judged(_run(), FLOORS, {})
    assert gate.standing == "not measured" and gate.failed
    [empty] = judged(_run(left_out=NO_CASES), FLOORS, {})
    assert empty.failed


@pytest.mark.parametrize("reason", [{"limit": 3}, {"url": "http://x"}, {"left_out": "it needs a language model"}])
def test_what_could_not_be_measured_here_is_said_and_excused(reason: dict[str, Any]) -> None:
    [gate] = judged(_run(**reason), FLOORS, {})
    assert gate.standing == "not measured" and not gate.failed and gate.words


def test_a_measure_of_public_data_is_excused_where_the_data_is_not() -> None:
    floors = {"s": {"m": Floor(floor=0.9, needs="data")}}
    [gate] = judged(_run().model_copy(update={"data": False}), floors, {})
    assert gate.standing == "not measured" and not gate.failed
    [vanished] = judged(_run(), floors, {})
    assert vanished.failed


def test_an_error_in_a_case_keeps_the_run_from_passing() -> None:
    gates = judged(_run(_figure(100, 100), failed=1), FLOORS, {})
    assert [gate.words for gate in failures(gates)] == ["1 ended in an error"]


def test_a_name_with_a_star_is_for_all_that_begin_so_and_have_no_floor_of_their_own() -> None:
    floors = {"s": {"m*": Floor(floor=0.9), "m": Floor(floor=0.5)}}
    [own] = judged(_run(_figure(60, 100)), floors, {})
    assert not own.failed
    [other] = judged(_run(_figure(60, 100, measure="m, other")), {"s": {"m*": Floor(floor=0.9)}}, {})
    assert other.failed


def test_a_number_of_another_unit_has_no_interval_and_is_judged_as_it_is() -> None:
    figure = Figure(suite="s", measure="m", unit="ms", goal_is="at most", value=9.5, complete=False)
    assert judged(_run(figure), {"s": {"m": Floor(floor=8)}}, {})[0].standing == "missed"
    assert judged(_run(figure), {"s": {"m": Floor(floor=10)}}, {})[0].standing == "reached"


def test_only_complete_shares_are_recorded_and_other_suites_stay(tmp_path: Path) -> None:
    file = tmp_path / "baseline.yaml"
    write_baseline({"other": {"x": (1, 2)}}, file)
    write_baseline(recorded(_run(_figure(9, 10), _figure(1, 2, measure="part", complete=False))), file)
    text = file.read_text("utf-8")
    assert "m: [9, 10]" in text and "x: [1, 2]" in text and "part" not in text


def _figure(
    hits: int,
    total: int,
    *,
    measure: str = "m",
    goal_is: str = "at least",
    complete: bool = True,
    cases: int | None = None,
) -> Figure:
    told = {"suite": "s", "measure": measure, "goal_is": goal_is, "complete": complete, "cases": cases}
    return Figure.model_validate(told | {"value": hits / total, "hits": hits, "total": total})


def _run(
    *figures: Figure,
    failed: int = 0,
    left_out: str = "",
    limit: int | None = None,
    url: str | None = None,
    measures: tuple[str, ...] = (),
) -> Run:
    suite = SuiteRun(name="s", title="S", failed=failed, left_out=left_out, measures=measures)
    suites: Sequence[SuiteRun] = (suite,)
    choice = Choice(suites=("s",), limit=limit, url=url)
    return Run(id="r", choice=choice, began=datetime(2026, 11, 28, tzinfo=UTC), suites=tuple(suites), figures=figures)
