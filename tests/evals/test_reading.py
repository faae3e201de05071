"""The messages of the reading suite are split by their text alone, and a reading is compared word by word."""

import pytest

from vitasense.deterministic.intake import read
from vitasense.evals.readings import GIVEN, HELD_OUT, TUNED, Message, messages, part_of, score, wishes
from vitasense.evals.suites.reading import calibration_error


def test_both_parts_are_large_enough_to_mean_something() -> None:
    parts = [message.part for message in messages()]
    assert len(parts) >= 250
    assert min(parts.count(HELD_OUT), parts.count(TUNED)) >= 100
    halves = [wish.part for wish in wishes()]
    assert min(halves.count(HELD_OUT), halves.count(TUNED)) >= 100


def test_what_is_missed_and_what_is_made_up_is_counted_and_told() -> None:
    message = Message("I take ibuprofen", [{"drug": "aspirin"}], TUNED, "medicines")
    scored = score(message, read(message.say, now=message.now))
    assert (scored.found, scored.missed, scored.made_up) == ([], ["drug"], ["drug"])
    assert scored.wrong == [
        "I take ibuprofen: no drug aspirin",
        "I take ibuprofen: made up drug ibuprofen (ibuprofen)",
    ]


def test_the_text_decides_the_part_and_what_was_given_is_tuned() -> None:
    assert part_of("BP 13/8|") == part_of("BP 13/8|")
    assert {part_of(str(number)) for number in range(20)} == {HELD_OUT, TUNED}
    assert {part_of(str(number), GIVEN) for number in range(20)} == {TUNED}


@pytest.mark.parametrize(
    ("said", "error"),
    [([(1.0, True)], 0.0), ([(0.75, True), (0.75, False)], 0.25), ([(0.1, False), (0.9, True)], 0.1), ([], 0.0)],
)
def test_the_calibration_error_is_the_mean_distance_of_confidence_and_truth(
    said: list[tuple[float, bool]], error: float
) -> None:
    assert calibration_error(said) == pytest.approx(error)
