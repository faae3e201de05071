"""A value to be reached was not measured."""

import pytest

from vitasense.deterministic.intake import EntityType, read


@pytest.mark.parametrize(
    "text",
    [
        "My doctor wants me to weigh 70 kg",
        "my goal weight is 70 kg",
        "My target is 130/80",
        "bp should be under 130/80",
        "70 kg is my goal weight",
        "I hope to get down to 75 kg",
    ],
)
def test_a_value_that_is_aimed_at_is_hypothetical(text: str) -> None:
    values = [each for each in read(text).of_type(EntityType.VITAL) if each.value is not None]
    assert [each.temporality for each in values] == ["hypothetical"]


@pytest.mark.parametrize(
    "text",
    [
        "I have to tell you my weight is 81 kg",
        "I need to log my blood pressure 120/80",
        "it should be noted that my weight is 70 kg",
        "I want to be healthy, bp 120/80",
        "I should weigh 70 kg but I weigh 80 kg",
    ],
)
def test_a_value_that_was_measured_is_recent(text: str) -> None:
    assert read(text).of_type(EntityType.VITAL)[-1].temporality == "recent"


def test_the_results_of_a_year_are_a_time_and_no_value() -> None:
    reading = read("Show me my HbA1c results of 2025")
    assert reading.of_type(EntityType.LAB)[0].value is None
    assert reading.period and reading.period.start and reading.period.start.year == 2025
