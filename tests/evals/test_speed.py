"""The speed suite measures time and memory; how fast anything is stands in the table and never in a test."""

from vitasense.evals import corpora
from vitasense.evals.suite import Answer, Case
from vitasense.evals.suites.speed import MEDIAN, SLOWEST, SUITE, percentiles


def test_a_message_takes_time() -> None:
    told = percentiles(corpora.everyday()[:60])
    assert 0 < told[MEDIAN] <= told[SLOWEST]
    verdict = SUITE.judge(Case("time", ""), Answer("", {"told": told}))
    assert {mark.measure: mark.value for mark in verdict.marks} == told
