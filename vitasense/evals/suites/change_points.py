"""Change points: where a series changed, against five annotators a series, beside plain ruptures."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from vitasense.deterministic.tracking.statistics.changes import changes
from vitasense.deterministic.tracking.statistics.series import SECONDS_PER_DAY
from vitasense.evals.segmentation import f1, plain_defaults
from vitasense.evals.suite import Answer, Case, Mark, Measure, Suite, Verdict
from vitasense.evals.system import System

FOLDER = "14_causal_timeseries/tcpd"
OURS = "Sum of F1 over the series"
OTHERS = ("ruptures Pelt(rbf, penalty 10)", "ruptures Binseg(l2, 3 changes)", "no change")


def cases(data: Path) -> Iterator[Case]:
    """One case for each annotated series of one dimension. Values that are missing are None."""
    folder = data / FOLDER
    if not folder.is_dir():
        return
    annotations = json.loads((folder / "annotations.json").read_text("utf-8"))
    for path in sorted((folder / "datasets").glob("*.json")):
        told = json.loads(path.read_text("utf-8"))
        if told["name"] in annotations and told["n_dim"] == 1:
            marked = list(annotations[told["name"]].values())
            values = told["series"][0]["raw"]
            yield Case(told["name"], f"{len(values)} values", facts={"values": values, "annotations": marked})


async def answer(case: Case, system: System) -> Answer:
    """The indices of the change points that each detector finds."""
    del system
    kept = [index for index, value in enumerate(case.facts["values"]) if value is not None]
    values = [float(case.facts["values"][index]) for index in kept]
    found = {OURS: ours(values)} | {name: detect(values) for name, detect in plain_defaults().items()}
    told = {name: [int(kept[index]) for index in each if index < len(kept)] for name, each in found.items()}
    return Answer(f"changes at {told[OURS]}", {"found": told})


def judge(case: Case, said: Answer) -> Verdict:
    """The F1 of each detector."""
    scores = {name: f1(case.facts["annotations"], each) for name, each in said.facts["found"].items()}
    marks = tuple(Mark(_measure(name), value=score) for name, score in scores.items())
    best = max(scores, key=lambda name: scores[name])
    wrong = "" if scores[OURS] >= scores[best] else f"{scores[OURS]:.2f}, and {best} {scores[best]:.2f}"
    return Verdict(marks, wrong)


def ours(values: Sequence[float]) -> list[int]:
    """The change points of values that are a day apart."""
    found = changes(np.arange(len(values), dtype=np.float64) * SECONDS_PER_DAY, values)
    return [change.index for change in found] if isinstance(found, tuple) else []


def _measure(name: str) -> str:
    return name if name == OURS else f"{OURS}, {name}"


SUITE = Suite(
    name="change_points",
    title="Change points",
    about="where a series took another level or slope, against five annotators each",
    cases=cases,
    answer=answer,
    judge=judge,
    measures=(
        Measure(OURS, "Turing change point data set, series that are there", unit=""),
        *(Measure(_measure(name), "the same", unit="", note="reported only, to compare") for name in OTHERS),
    ),
    needs=frozenset({"data"}),
)
