"""Anomalies: windows of series in which something was unusual, and alarms where nothing was."""

import csv
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from vitasense.deterministic.tracking.statistics.anomalies import FALSE_ALARMS_PER_DAY, Watch, incidents
from vitasense.deterministic.tracking.statistics.series import SECONDS_PER_DAY
from vitasense.evals.suite import Answer, Case, Mark, Measure, Suite, Verdict
from vitasense.evals.system import System

FOLDER = "10_wearables/nab"
FOUND = "Windows found"
FALSE, FALSE_ELSEWHERE = "False alarms, series without anomalies", "False alarms outside of windows, other series"
STATED, DAYS = "False alarms that the stated rate allows", "Days watched"


def cases(data: Path) -> Iterator[Case]:
    """One case for each series of the benchmark that is there; its times are taken as UTC."""
    folder = data / FOLDER
    if not folder.is_dir():
        return
    windows = json.loads((folder / "combined_windows.json").read_text("utf-8"))
    for name in sorted(name for name in windows if (folder / name).exists()):
        times, values = read(folder / name)
        facts = {"times": times, "values": values, "windows": windows[name]}
        yield Case(name.removesuffix(".csv").replace("/", "-"), name, facts=facts)


async def answer(case: Case, system: System) -> Answer:
    """The incidents, each as its first and last time, and the days that were watched."""
    del system
    times = [_time(each) for each in case.facts["times"]]
    watch = incidents(times, case.facts["values"], zone=UTC)
    if not isinstance(watch, Watch):
        return Answer(f"not evaluated: {watch.reason}", {"incidents": [], "days": 0.0})
    spans = [[each.since.isoformat(), each.until.isoformat()] for each in watch.incidents]
    days = (times[-1] - watch.since).total_seconds() / SECONDS_PER_DAY
    return Answer(f"{len(spans)} incidents", {"incidents": spans, "days": days})


def judge(case: Case, said: Answer) -> Verdict:
    """A window is found by an incident that overlaps it; an incident that overlaps none is a false alarm."""
    windows = [(_time(begin), _time(end)) for begin, end in case.facts["windows"]]
    spans = [(_time(begin), _time(end)) for begin, end in said.facts["incidents"]]
    missed = [window for window in windows if not any(_overlap(window, span) for span in spans)]
    false = [span for span in spans if not any(_overlap(window, span) for window in windows)]
    marks = (
        Mark(FOUND, len(windows) - len(missed), len(windows)),
        Mark(FALSE_ELSEWHERE if windows else FALSE, value=float(len(false))),
        Mark(STATED, value=said.facts["days"] * FALSE_ALARMS_PER_DAY),
        Mark(DAYS, value=said.facts["days"]),
    )
    wrong = [f"missed {begin:%Y-%m-%d %H:%M}" for begin, _ in missed]
    wrong += [f"false alarm {begin:%Y-%m-%d %H:%M}" for begin, _ in false]
    return Verdict(marks, " | ".join(wrong))


def read(path: Path) -> tuple[list[str], list[float]]:
    """The times, as they are written and without a zone, and the values."""
    with path.open(encoding="utf-8", newline="") as file:
        rows: list[Mapping[str, Any]] = list(csv.DictReader(file))
    return [row["timestamp"] for row in rows], [float(row["value"]) for row in rows]


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _overlap(one: tuple[datetime, datetime], other: tuple[datetime, datetime]) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


SUITE = Suite(
    name="anomalies",
    title="Anomalies",
    about="unusual stretches of a series, judged by the days before them alone, and false alarms",
    cases=cases,
    answer=answer,
    judge=judge,
    measures=(
        Measure(FOUND, "Numenta Anomaly Benchmark, series that are there"),
        Measure(FALSE, "the same", unit="", goal_is="at most"),
        Measure(FALSE_ELSEWHERE, "the same", unit="", goal_is="at most"),
        Measure(STATED, "the same", unit="", note="reported only"),
        Measure(DAYS, "the same", unit="", note="reported only"),
    ),
    needs=frozenset({"data"}),
)
