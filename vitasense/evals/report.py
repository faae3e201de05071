"""One run as one static page: no script, nothing from elsewhere, everything that was said escaped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from vitasense.evals import words
from vitasense.evals.compare import Comparison, compared
from vitasense.evals.gates import Gate, baseline, failures, floors, judged
from vitasense.evals.results import Result, confusion
from vitasense.evals.runs import Kept, SuiteRun, before

PAGE = "report.html"
_MOST_EXAMPLES = 25  # of each suite: what is read, not what is counted
_MOST_CHANGES = 25
_SHADES = 4


@dataclass(frozen=True, slots=True)
class Cell:
    """How often an answer came where another was expected; `shade` from 0 to 4 by its share of the row."""

    count: int
    right: bool
    shade: int


@dataclass(frozen=True, slots=True)
class Matrix:
    """What was expected (rows) and what came (columns)."""

    columns: Sequence[str]
    rows: Sequence[tuple[str, Sequence[Cell]]]


@dataclass(frozen=True, slots=True)
class Chapter:
    """What the page tells of one suite."""

    suite: SuiteRun
    gates: Sequence[Gate]
    matrix: Matrix | None
    wrong: Sequence[Result]
    more: int


def write_report(kept: Kept, folder: Path) -> Path:
    """Write the page beside the record; compared with the run before among the runs of `folder`. Its path."""
    last = before(folder, kept.run)
    page = kept.folder / PAGE
    page.write_text(rendered(kept, compared(last, kept) if last else None), "utf-8")
    return page


def rendered(kept: Kept, comparison: Comparison | None) -> str:
    """The page."""
    run = kept.run
    gates = judged(run, floors(), baseline())
    return _template().render(
        run=run,
        words=words,
        gates=gates,
        failures=failures(gates),
        floors=[gate for gate in gates if gate.floor is not None],
        unlike=list(words.unlike(comparison.before.run, run)) if comparison else (),
        chapters=[_chapter(suite, gates, kept.results(suite.name)) for suite in run.suites],
        comparison=comparison,
        changes=comparison.changes[:_MOST_CHANGES] if comparison else (),
        moved=[each for each in comparison.measures if each.broken or each.fixed] if comparison else (),
    )


def matrix(results: Sequence[Result]) -> Matrix | None:
    """The confusion matrix of the results; None where no result has a cell."""
    cells = confusion(results)
    if not cells:
        return None
    expected = sorted({row for row, _ in cells})
    columns = [*expected, *sorted({column for _, column in cells} - set(expected))]
    return Matrix(columns, [(row, [_cell(cells, row, column, columns) for column in columns]) for row in expected])


def _cell(cells: Mapping[tuple[str, str], int], row: str, column: str, columns: Sequence[str]) -> Cell:
    count = cells.get((row, column), 0)
    of_row = sum(cells.get((row, each), 0) for each in columns)
    return Cell(count, row == column, -(-count * _SHADES // of_row) if of_row else 0)


def _chapter(suite: SuiteRun, gates: Sequence[Gate], results: Sequence[Result]) -> Chapter:
    own = [gate for gate in gates if gate.suite == suite.name]
    wrong = [result for result in results if result.wrong or result.outcome != "answered"]
    return Chapter(suite, own, matrix(results), wrong[:_MOST_EXAMPLES], max(0, len(wrong) - _MOST_EXAMPLES))


def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("vitasense.evals", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(PAGE)
