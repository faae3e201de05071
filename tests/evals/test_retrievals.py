"""What was said in other words is found, and a question that nothing answers mostly finds nothing: on our own set."""

import pytest

from vitasense.evals.retrievals import HELD_OUT, MOSTLY_SILENT, TUNED, half_of, retrieve, told
from vitasense.memory.embeddings import LexicalEmbedder, threshold


def test_the_set_is_large_enough_and_each_question_stands_once() -> None:
    questions = [question for entry in told().entries for question in entry.asked]
    assert len(told().entries) >= 60
    assert len(questions) >= 120
    assert len(told().nothing) >= 40
    assert len({*questions, *told().nothing}) == len(questions) + len(told().nothing)
    halves = [half_of(question) for question in questions]
    assert min(halves.count(TUNED), halves.count(HELD_OUT)) >= 50


async def test_the_threshold_is_the_one_that_the_tuned_half_chooses() -> None:
    tuned = await retrieve(LexicalEmbedder(), TUNED)
    assert tuned.least() == pytest.approx(threshold(LexicalEmbedder().space))
    assert tuned.silence(tuned.least()) >= MOSTLY_SILENT


async def test_the_held_out_half_is_found_and_left_silent_as_measured() -> None:
    least = threshold(LexicalEmbedder().space)
    held_out = await retrieve(LexicalEmbedder(), HELD_OUT)
    assert held_out.recall() >= 0.8
    assert held_out.recall(least) >= 0.62
    assert held_out.silence(least) >= 0.85
