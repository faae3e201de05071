"""FHIR dates keep their precision, and nonsense is no date."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vitasense.deterministic.records import moment


@pytest.mark.parametrize(
    ("text", "at", "precision", "end"),
    [
        ("2024", (2024, 1, 1), "year", (2025, 1, 1)),
        ("2024-12", (2024, 12, 1), "month", (2025, 1, 1)),
        ("2024-02-29", (2024, 2, 29), "day", (2024, 3, 1)),
        ("2024-02-29T23:30:00+01:00", (2024, 2, 29, 22, 30), "time", (2024, 2, 29, 22, 30, 1)),
        ("2024-02-29T23:30:00.5Z", (2024, 2, 29, 23, 30, 0, 500000), "time", (2024, 2, 29, 23, 30, 1, 500000)),
    ],
)
def test_a_date_begins_and_ends_as_precise_as_it_is(
    text: str, at: tuple[int, int, int], precision: str, end: tuple[int, int, int]
) -> None:
    found = moment(text)
    assert found
    assert (found.at, found.precision, found.end) == (datetime(*at, tzinfo=UTC), precision, datetime(*end, tzinfo=UTC))


@pytest.mark.parametrize(
    "text", [None, "", "24", "2024-13", "2023-02-29", "0001-01-01", "9999", "2024-01-01T10:00:00", "now"]
)
def test_nonsense_is_no_date(text: str | None) -> None:
    assert moment(text) is None


@given(st.text(alphabet="0123456789-T:.Z+", max_size=30))
def test_any_text_gives_a_date_or_none(text: str) -> None:
    found = moment(text)
    assert found is None or found.at < found.end
