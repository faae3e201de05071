"""Runs that were kept: a folder each with `run.json`, the results of every suite line by line, and inspect's logs."""

import fcntl
import json
import os
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from vitasense.deterministic.platform.problems import Conflict, InvalidInput, NotFound
from vitasense.evals.results import Figure, Result

RECORD = "run.json"
INSPECT = "inspect"


class Choice(BaseModel):
    """What was asked of whom: runs of one choice can be resumed, and compared without a word of warning."""

    model_config = ConfigDict(frozen=True)

    suites: tuple[str, ...]
    model: str | None = None
    url: str | None = None
    limit: int | None = None
    seed: int = 0


class SuiteRun(BaseModel):
    """What became of one suite; `left_out` says why it was not run, and then nothing of it was measured.

    `broken` says why its cases could not even be told; `measures` are those that it declares, and `seconds` how long
    its cases took, added up.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    title: str
    about: str = ""
    left_out: str = ""
    broken: str = ""
    measures: tuple[str, ...] = ()
    cases: int = 0
    asked: int = 0
    failed: int = 0
    not_measured: int = 0
    seconds: float = 0.0


class Latency(BaseModel):
    """Seconds of the turns of a run; `interval` is the 95% bootstrap interval of the mean."""

    model_config = ConfigDict(frozen=True)

    turns: int
    mean: float
    interval: tuple[float, float]
    p50: float
    p95: float
    p99: float


class Spent(BaseModel):
    """What a model was asked; `dollars` by litellm's price map, None where the price is not known.

    `failed` calls ended in an error, and `by_model` is the number of turns whose reply it wrote.
    """

    model_config = ConfigDict(frozen=True)

    calls: int = 0
    failed: int = 0
    by_model: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    dollars: float | None = None
    measured: bool = True


class Run(BaseModel):
    """One run. `ended` is None while it goes on, and after an interruption.

    `code` is a checksum of the code and the cases that it ran, and `data` whether the public data was there.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    choice: Choice
    began: datetime
    ended: datetime | None = None
    seconds: float = 0.0
    jobs: int = 1
    commit: str | None = None
    code: str = ""
    data: bool = True
    versions: dict[str, str] = {}
    suites: tuple[SuiteRun, ...] = ()
    figures: tuple[Figure, ...] = ()
    latency: Latency | None = None
    spent: Spent = Spent()


class Kept:
    """The folder of one run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def run(self) -> Run:
        """The record. NotFound when the folder holds none that can be read."""
        try:
            return Run.model_validate_json((self.folder / RECORD).read_bytes())
        except (OSError, ValidationError) as error:
            raise NotFound(f"There is no record of a run in {self.folder}.") from error

    @contextmanager
    def held(self) -> Generator[None]:
        """Nobody else writes into the folder meanwhile, not even after kill -9 of the holder. Conflict when one does."""
        self.folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.folder, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
        except BlockingIOError as error:
            raise Conflict(f"The run {self.folder.name} is still going on.") from error
        finally:
            os.close(handle)

    @property
    def going_on(self) -> bool:
        """Whether a process writes into the folder now."""
        try:
            with self.held():
                return False
        except Conflict:
            return True

    def write(self, run: Run) -> None:
        """Put the record in the place of the one before, whole or not at all."""
        self.folder.mkdir(parents=True, exist_ok=True)
        new = self.folder / f"{RECORD}.new"
        new.write_text(run.model_dump_json(indent=2), "utf-8")
        new.replace(self.folder / RECORD)

    def journal(self, suite: str) -> Path:
        """The file that takes each result of a suite as it comes."""
        return self.folder / f"{suite}.jsonl"

    def results(self, suite: str) -> list[Result]:
        """The results of a suite, the last of each case; a line that was cut off by a crash counts as not there."""
        file = self.journal(suite)
        lines = file.read_text("utf-8").split("\n") if file.exists() else []
        return list({result.id: result for result in _read(lines)}.values())

    def rewrite(self, suite: str, results: Sequence[Result]) -> None:
        """Replace the journal of a suite by its results in their order."""
        new = self.journal(suite).with_suffix(".new")
        new.write_text("".join(f"{line_of(result)}\n" for result in results), "utf-8")
        new.replace(self.journal(suite))


def line_of(result: Result) -> str:
    """A result as one line."""
    return json.dumps(result.model_dump(mode="json", exclude_defaults=True), ensure_ascii=False)


def every(folder: Path) -> list[Kept]:
    """The runs below a folder, the oldest first."""
    found = [Kept(record.parent) for record in folder.glob(f"*/{RECORD}")]
    return sorted(found, key=lambda kept: kept.run.began)


def named(folder: Path, name: str) -> Kept:
    """The run with this id, or an id that begins so, or in this folder. NotFound, or InvalidInput for more than one."""
    if (Path(name) / RECORD).is_file():
        return Kept(Path(name))
    found = [kept for kept in every(folder) if kept.folder.name.startswith(name)]
    if len(found) > 1:
        raise InvalidInput(f"More than one run begins with “{name}”: {', '.join(kept.folder.name for kept in found)}.")
    return _first(found, f"There is no run “{name}” in {folder}; `vitasense eval list --runs` names them.")


def latest(folder: Path) -> Kept:
    """The newest run that ended. NotFound when there is none."""
    ended = [kept for kept in every(folder) if kept.run.ended]
    return _first(ended[::-1], f"No run has ended in {folder} yet; `vitasense eval run` makes one.")


def unfinished(folder: Path, choice: Choice) -> Kept:
    """The newest run of this choice that was interrupted and goes on nowhere. NotFound when there is none."""
    same = [kept for kept in every(folder) if kept.run.ended is None and kept.run.choice == choice]
    open_ = [kept for kept in same if not kept.going_on]
    return _first(open_[::-1], "There is no interrupted run of the same suites, model, address, limit and seed.")


def before(folder: Path, run: Run) -> Kept | None:
    """The newest ended run before this one that has a suite in common with it and asked the same model."""
    for kept in reversed(every(folder)):
        other = kept.run
        same = other.choice.model == run.choice.model and set(other.choice.suites) & set(run.choice.suites)
        if other.ended and other.began < run.began and same:
            return kept
    return None


def _read(lines: Iterable[str]) -> Iterator[Result]:
    for line in lines:
        try:
            yield Result.model_validate_json(line)
        except ValidationError:
            continue


def _first(found: Sequence[Kept], otherwise: str) -> Kept:
    if not found:
        raise NotFound(otherwise)
    return found[0]
