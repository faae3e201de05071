"""Speed: how long one message takes in the gates and the reading, and how much memory they hold."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path
from statistics import quantiles

from vitasense.deterministic.intake import drug_names, gene_names, read
from vitasense.deterministic.platform.findings import Evidence, Finding, Status, Value, not_evaluated
from vitasense.evals import corpora
from vitasense.evals.loading import STATUS
from vitasense.evals.suite import Answer, Case, Mark, Measure, Suite, Verdict
from vitasense.evals.system import System
from vitasense.graphs.compose import plain
from vitasense.guardrails import PersonFacts, screen, verify

MEDIAN, SLOWEST = "Screen, read, verify: p50", "Screen, read, verify: p95"
MEMORY = "Memory of gates and reading"
MEDIAN_MS, MEMORY_MB = 8, 300
WARM_UP = 50
PERSON = PersonFacts(age=54, sex="female", country="GB")
AT = datetime(2026, 11, 19, 8, tzinfo=UTC)


def cases(data: Path) -> Iterator[Case]:
    """All own messages in a row, and a process that loads what they need where the system tells its memory."""
    del data  # the messages are the project's own
    yield Case(id="time", input="every own message through the gates and the reading")
    if STATUS.exists():
        yield Case(id="memory", input="a new process that loads the gates and the reading")


async def answer(case: Case, system: System) -> Answer:
    """Milliseconds or megabytes."""
    del system
    told = percentiles(corpora.everyday()) if case.id == "time" else _added()
    return Answer(", ".join(f"{measure} {value:.1f}" for measure, value in told.items()), {"told": told})


def judge(case: Case, said: Answer) -> Verdict:
    """Each number is its figure."""
    del case
    return Verdict(tuple(Mark(measure, value=value) for measure, value in said.facts["told"].items()))


def percentiles(messages: Sequence[str]) -> dict[str, float]:
    """The median and the 95th percentile of the milliseconds that each message takes."""
    for message in messages[:WARM_UP]:
        _one_message(message, ANSWERS[0])
    times = [_one_message(message, reply) for message, reply in zip(messages, cycle(ANSWERS), strict=False)]
    percentiles = quantiles(times, n=100)
    return {MEDIAN: percentiles[49], SLOWEST: percentiles[94]}


def _one_message(message: str, answer: Sequence[Finding]) -> float:
    """Milliseconds."""
    reply = plain(answer)
    began = time.perf_counter()
    screened = screen(message, person=PERSON)
    read(message, now=AT)
    verify(reply, answer, drugs=drug_names(), genes=gene_names())
    taken = (time.perf_counter() - began) * 1000
    assert screened.decision != "answer", "a gate failed, so its time says nothing"
    return taken


def _added() -> dict[str, float]:
    """Measured in a process of its own, where nothing is loaded yet."""
    done = subprocess.run([sys.executable, "-m", "vitasense.evals.loading"], capture_output=True, text=True, check=True)
    return {MEMORY: json.loads(done.stdout)["added_mb"]}


def _found(kind: str, text: str, *values: Value) -> Finding:
    evidence = (Evidence(kind="record", ref="Observation/1", version="1", label="Result", at=AT),)
    return Finding(kind=kind, text=text, status=Status.FOUND, values=values, evidence=evidence)


ANSWERS: Sequence[Sequence[Finding]] = (
    (
        _found(
            "measurement.latest",
            "Your last blood pressure was 142/88 mmHg, on 19 November 2026 (4 days ago).",
            Value(name="systolic blood pressure", number=142, unit="mm[Hg]", at=AT),
            Value(name="diastolic blood pressure", number=88, unit="mm[Hg]", at=AT),
        ),
    ),
    (
        _found("medications.active", "Metformin 1000 mg tablet, take 1 tablet twice a day, since 10 April 2018."),
        _found("medications.active", "Lisinopril 20 mg tablet, take 1 tablet once a day, since 8 June 2021."),
        _found("medications.active", "Atorvastatin 40 mg tablet, take 1 tablet in the evening, since 2 May 2020."),
        _found("medications.past", "No longer taken: Glipizide 5 mg tablet from 8 June 2021 until 27 May 2025."),
    ),
    (
        *(
            _found(
                "results.outside",
                f"{name}: {value} mg/dL on 19 November 2026, above its range (up to {high} mg/dL).",
                Value(name=name, number=value, unit="mg/dL", at=AT),
                Value(name=f"{name} range high", number=high, unit="mg/dL"),
            )
            for name, value, high in (("LDL cholesterol", 148, 100), ("Triglycerides", 212, 150), ("Glucose", 131, 99))
        ),
        not_evaluated("results.no_range", "I cannot say whether these are in range: Ferritin.", "no reference range"),
    ),
)


SUITE = Suite(
    name="speed",
    title="Speed",
    about="how long one message takes in the gates and the reading, and how much memory they hold",
    cases=cases,
    answer=answer,
    judge=judge,
    measures=(
        Measure(
            MEDIAN, "own messages", unit="ms", goal_is="at most", note=f"goal: at most {MEDIAN_MS} ms, two idle cores"
        ),
        Measure(SLOWEST, "own messages", unit="ms", goal_is="at most"),
        Measure(
            MEMORY, "resident set, new process", unit="MB", goal_is="at most", note=f"goal: at most {MEMORY_MB} MB"
        ),
    ),
    needs=frozenset({"quiet"}),
)
