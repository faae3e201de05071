"""Gates: which figures are good enough. A floor is set by hand, a baseline is what was measured once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter, model_validator

from vitasense.evals.certainty import difference
from vitasense.evals.choosing import NO_CASES
from vitasense.evals.results import Figure
from vitasense.evals.runs import Run
from vitasense.evals.suite import Goal

FLOORS, BASELINE = "gates.yaml", "baseline.yaml"
EVERY = "*"  # ends a name that stands for all measures which begin so
Standing = Literal["reached", "missed", "worse than baseline", "undecided", "not measured", "no floor"]


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
        return self.standing in ("missed", "worse than baseline")


def floors() -> Floors:
    """Every floor of gates.yaml, by suite and measure, or the beginning of measures with a * behind it."""
    return TypeAdapter(dict[str, dict[str, Floor]]).validate_python(_read(FLOORS))


def baseline() -> Baseline:
    """(hits, total) of every recorded share, by suite and measure; empty when nothing was recorded yet."""
    return TypeAdapter(dict[str, dict[str, tuple[int, int]]]).validate_python(_read(BASELINE))


def judged(run: Run, floors: Floors, baseline: Baseline) -> list[Gate]:
    """How each measure of the run's suites stands, those first that were measured."""
    measured = {(figure.suite, figure.measure) for figure in run.figures}
    gates = [_judged(figure, floors, baseline) for figure in run.figures]
    missing = [
        _missing(run, suite, measure, floor)
        for suite in run.choice.suites
        for measure, floor in floors.get(suite, {}).items()
        if (suite, measure) not in measured and not measure.endswith(EVERY)
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
    if before and standing != "missed" and _worse(figure, before):
        standing, words = "worse than baseline", f"recorded: {before[0]} of {before[1]}"
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
    low, high = figure.interval
    best = high if figure.goal_is == "at least" else low
    return "missed" if misses(best, floor, figure.goal_is) else "undecided"


def _worse(figure: Figure, before: tuple[int, int]) -> bool:
    """Whether the figure is below what was recorded, beyond what chance explains (Newcombe 1998, 95%)."""
    if figure.hits is None or not figure.total or not before[1]:
        return False
    low, high = difference(before, (figure.hits, figure.total))
    return high < 0 if figure.goal_is == "at least" else low > 0


def _missing(run: Run, suite: str, measure: str, floor: Floor) -> Gate:
    done = next((each for each in run.suites if each.name == suite), None)
    if run.choice.limit is not None:
        words = "none of the cases that were drawn"
    elif run.choice.url is not None:
        words = "not by URL"
    elif floor.needs == "data":
        words = "needs the public data"
    elif done is not None and done.left_out not in ("", NO_CASES):
        words = done.left_out
    else:
        return Gate(suite, measure, "not measured", floor.floor, words="the suite ran and did not measure it")
    return Gate(suite, measure, "not measured", floor.floor, words=words, excused=True)


def _broken(run: Run) -> Iterator[Gate]:
    """A case that ended in an error was not answered, whatever the others say."""
    for suite in run.suites:
        if suite.failed:
            yield Gate(suite.name, "cases without an error", "missed", words=f"{suite.failed} ended in an error")


def _read(name: str) -> Mapping[str, Any]:
    file = files("vitasense.evals").joinpath(name)
    return (yaml.safe_load(file.read_text("utf-8")) if file.is_file() else None) or {}


def failures(gates: Sequence[Gate]) -> list[Gate]:
    """The gates that keep the run from passing."""
    return [gate for gate in gates if gate.failed]
