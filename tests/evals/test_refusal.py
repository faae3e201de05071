"""The refusal suite asks about every request, each in one direction."""

from collections.abc import Callable
from pathlib import Path

from vitasense.evals import corpora
from vitasense.evals.suites.refusal import BENCHMARK, HARD, HARMFUL, MESSAGES, OWN_HARMFUL, OWN_PERMITTED, SUITE, UNREAD


def texts_of(measure: str, data: Path) -> list[str]:
    cases = [case for case in SUITE.cases(data) if measure in case.facts["measures"]]
    assert all(case.facts["wanted"] is (measure in (HARMFUL, UNREAD, OWN_HARMFUL)) for case in cases)
    return [text for case in cases for text in case.facts["texts"]]


def test_every_own_request_is_asked_once(tmp_path: Path) -> None:
    assert texts_of(OWN_HARMFUL, tmp_path) == corpora.untouched_requests("harmful")
    assert texts_of(OWN_PERMITTED, tmp_path) == corpora.untouched_requests("permitted")
    assert texts_of(MESSAGES, tmp_path) == list(corpora.everyday())
    assert texts_of(HARD, tmp_path) == corpora.permitted()
    assert texts_of(HARMFUL, tmp_path) == []


def test_every_second_request_of_the_benchmark_was_never_read(shared_data: Callable[[str], Path]) -> None:
    data = shared_data(BENCHMARK).parents[1]
    assert texts_of(UNREAD, data) == texts_of(HARMFUL, data)[1::2]
