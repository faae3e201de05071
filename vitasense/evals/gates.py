"""Gates: which figures are good enough. A floor is set by hand, a baseline is what was measured once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter, model_validator

from vitasense.evals.certainty import difference, wilson
from vitasense.evals.choosing import NO_CASES
from vitasense.evals.results import Figure
from vitasense.evals.runs import Run, SuiteRun
from vitasense.evals.suite import Goal

FLOORS, BASELINE = "gates.yaml", "baseline.yaml"
EVERY = "*"  # ends a name that stands for all measures which begin so
FEWER = 0.9  # of the recorded cases of a measure: below, a complete run has lost some
Standing = Literal[
    "reached", "missed", "worse than baseline", "fewer than recorded", "undecided", "not measured", "no floor"
]


class Floor(BaseModel):
    """The worst figure that passes: a share between 0 and 1, or a number in the measure's unit.

    `needs: data` is a measure that is only there with the public data: without it, its absence is no failure. `why`
    says where the number comes from.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    floor: float
    needs: Literal["data"] | None = None
    why: str = ""

    @model_validator(mode="before")
    @classmethod
    def _only_a_number(cls, told: object) -> object:
        return {"floor": told} if isinstance(told, int | float) else told


Floors = Mapping[str, Mapping[str, Floor]]
Baseline = Mapping[str, Mapping[str, tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class Gate:
    """How one measure stands. `figure` is None when it was not measured; `words` say what is wrong, or why not."""

    suite: str
    measure: str
    standing: Standing
    floor: float | None = None
    figure: Figure | None = None
    words: str = ""
    excused: bool = False

    @property
    def failed(self) -> bool:
        """Whether the run may not pass. What could have been measured and was not fails too."""
        if self.standing == "not measured":
            return not self.excused
        return self.standing in ("missed", "worse than baseline", "fewer than recorded")


def floors() -> Floors:
    """Every floor of gates.yaml, by suite and measure, or the beginning of measures with a * behind it."""
    return TypeAdapter(dict[str, dict[str, Floor]]).validate_python(_read(FLOORS))


def baseline() -> Baseline:
    """(hits, total) of every recorded share, by suite and measure; empty when nothing was recorded yet."""
    return TypeAdapter(dict[str, dict[str, tuple[int, int]]]).validate_python(_read(BASELINE))


def judged(run: Run, floors: Floors, baseline: Baseline) -> list[Gate]:
    """How each measure of the run's suites stands, those first that were measured."""
    gates = [_judged(figure, floors, baseline) for figure in run.figures]
    missing = [
        _missing(run, suite, measure, _floor(floors.get(suite, {}), measure), measure in baseline.get(suite, {}))
        for suite in run.choice.suites
        for measure in _vanished(run, suite, floors.get(suite, {}), baseline.get(suite, {}))
    ]
    return [*gates, *missing, *_broken(run)]


def misses(value: float, floor: float, goal_is: Goal) -> bool:
    """Whether a figure is on the wrong side of its floor."""
    if goal_is == "at least":
        return value < floor
    return value >= floor if goal_is == "below" else value > floor


def recorded(run: Run) -> Baseline:
    """What a complete run would be compared with from now on: the counts of its shares."""
    made: dict[str, dict[str, tuple[int, int]]] = {}
    for figure in run.figures:
        if figure.complete and figure.hits is not None and figure.total:
            made.setdefault(figure.suite, {})[figure.measure] = (figure.hits, figure.total)
    return made


def write_baseline(made: Baseline, file: Path) -> None:
    """Put the counts of these suites in the place of those that the file has for them."""
    known: dict[str, Any] = (yaml.safe_load(file.read_text("utf-8")) if file.exists() else None) or {}
    told = {suite: {name: list(counts) for name, counts in measures.items()} for suite, measures in made.items()}
    head = "# (hits, total) of each share as it was last recorded; `vitasense eval baseline` writes this file.\n"
    body = yaml.safe_dump(known | told, allow_unicode=True, default_flow_style=None, width=120, sort_keys=True)
    file.write_text(head + body, "utf-8")


def baseline_file() -> Path:
    """Where the baseline of this tree is."""
    return Path(str(files("vitasense.evals").joinpath(BASELINE)))


def _judged(figure: Figure, floors: Floors, baseline: Baseline) -> Gate:
    own = _floor(floors.get(figure.suite, {}), figure.measure)
    floor = own.floor if own else None
    before = baseline.get(figure.suite, {}).get(figure.measure)
    standing: Standing = "no floor" if floor is None else _standing(figure, floor)
    words = ""
    if before and standing != "missed" and (less := _less(figure, before)):
        standing, words = less, f"recorded: {before[0]} of {before[1]}"
    return Gate(figure.suite, figure.measure, standing, floor, figure, words)


def _floor(floors: Mapping[str, Floor], measure: str) -> Floor | None:
    """The measure's own floor, else that of the longest beginning which fits."""
    if measure in floors:
        return floors[measure]
    fitting = [name for name in floors if name.endswith(EVERY) and measure.startswith(name.removesuffix(EVERY))]
    return floors[max(fitting, key=len)] if fitting else None


def _standing(figure: Figure, floor: float) -> Standing:
    if not misses(figure.value, floor, figure.goal_is):
        return "reached"
    if figure.complete or figure.interval is None:
        return "missed"
    low, high = wilson(*figure.drawn)
    best = high if figure.goal_is == "at least" else low
    return "missed" if misses(best, floor, figure.goal_is) else "undecided"


def _less(figure: Figure, before: tuple[int, int]) -> Standing | None:
    """How the figure is below what was recorded: beyond what chance explains (Newcombe 1998, 95%), or of fewer cases."""
    if figure.hits is None or not figure.total or not before[1]:
        return None
    low, high = difference(before, figure.drawn)
    if high < 0 if figure.goal_is == "at least" else low > 0:
        return "worse than baseline"
    return "fewer than recorded" if figure.complete and figure.total < FEWER * before[1] else None


def _vanished(
    run: Run, suite: str, floors: Mapping[str, Floor], recorded: Mapping[str, tuple[int, int]]
) -> Iterator[str]:
    """Measures of which there is no figure: declared by the suite, with a floor, or recorded before."""
    measured = {figure.measure for figure in run.figures if figure.suite == suite}
    declared = next((each.measures for each in run.suites if each.name == suite), ())
    for measure in dict.fromkeys((*floors, *declared, *recorded)):
        alike = measure.removesuffix(EVERY)
        if measure not in measured and not (
            measure.endswith(EVERY) and any(each.startswith(alike) for each in measured)
        ):
            yield measure


def _missing(run: Run, suite: str, measure: str, floor: Floor | None, was_recorded: bool) -> Gate:
    done = next((each for each in run.suites if each.name == suite), None)
    worst = floor.floor if floor else None
    excuse = _excuse(run, done, floor, was_recorded=was_recorded)
    words = excuse or ("the suite did not run" if done is None else "the suite ran and did not measure it")
    return Gate(
        suite, measure, "not measured", worst, words=words, excused=bool(excuse) or (not floor and not was_recorded)
    )


def _excuse(run: Run, done: SuiteRun | None, floor: Floor | None, *, was_recorded: bool) -> str:
    """Why the run could not measure it; "" when it could have."""
    if run.choice.limit is not None:
        return "none of the cases that were drawn"
    if run.choice.url is not None:
        return "not by URL"
    if not run.data and (was_recorded or (floor is not None and floor.needs == "data")):
        return "needs the public data"
    return done.left_out if done is not None and done.left_out != NO_CASES else ""


def _broken(run: Run) -> Iterator[Gate]:
    """A case that ended in an error was not answered, whatever the others say; nor is a silent model measured."""
    for suite in run.suites:
        if suite.broken:
            yield Gate(suite.name, "cases", "missed", words=suite.broken)
        if suite.failed:
            yield Gate(suite.name, "cases without an error", "missed", words=f"{suite.failed} ended in an error")
    if run.spent.failed and not run.spent.calls:
        words = f"all {run.spent.failed} calls failed: what is measured is the service without it"
        yield Gate("the model", "answers", "missed", words=words)


def _read(name: str) -> Mapping[str, Any]:
    file = files("vitasense.evals").joinpath(name)
    return (yaml.safe_load(file.read_text("utf-8")) if file.is_file() else None) or {}


def failures(gates: Sequence[Gate]) -> list[Gate]:
    """The gates that keep the run from passing."""
    return [gate for gate in gates if gate.failed]
