"""What holds for every text: no failure, true places, a JSON round trip, linear time."""

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vitasense.deterministic.intake import Reading, read
from vitasense.deterministic.intake.lexicon import meanings

NOW = datetime(2026, 11, 23, 10, 30, tzinfo=UTC)
_WORDS = [
    *sorted({" ".join(key) for key in meanings()}),
    *("one", "forty", "five", "over", "/", "145", "95", "7.8", "mg", "%", "a", "half", "cup of", "twice a day", "."),
    *("last year", "since march", "ago", "no", "my", "mother", "what about", "is that ok", "James", "'s", "\n", "½"),
    *("31/02/2026", "03/04/2026", "at 25:10", "1-0-1", "from 1 to 2", "every 6 hours", "since", "left", "7/10", "<5"),
    *(
        "*2/*17",
        "rs4244285",
        "c.68_69delAG",
        "APOE e3/e4",
        "(4-6)",
        "stopped",
        "for 3 days",
        "worse",
        "q.d.",
        "1.234,5",
    ),
]
_LOCALES = st.sampled_from([None, "en-US", "en-GB", "de-DE", "x", "fr-", "en-US-POSIX"])
_TEXTS = st.one_of(
    st.text(max_size=4000),
    st.lists(st.sampled_from(_WORDS), max_size=60).map(" ".join),
    st.lists(st.sampled_from(_WORDS), max_size=30).map("".join),
)


def assert_true_places(reading: Reading) -> None:
    for entity in reading.entities:
        assert 0 <= entity.start <= entity.end <= len(reading.text)
        assert reading.text[entity.start : entity.end] == entity.text


@settings(max_examples=300, deadline=None)
@given(_TEXTS)
def test_any_text_is_read_with_true_places_and_survives_json(text: str) -> None:
    reading = read(text, now=NOW)
    assert_true_places(reading)
    assert Reading.model_validate_json(reading.model_dump_json()) == reading
    assert read(text, now=NOW) == reading


@settings(max_examples=150, deadline=None)
@given(_TEXTS, _LOCALES, st.booleans())
def test_any_text_is_read_in_any_locale_with_and_without_now(text: str, locale: str | None, known: bool) -> None:
    reading = read(text, now=NOW if known else None, locale=locale)
    assert_true_places(reading)
    assert all(period.place and text[slice(*period.place)] == period.text for period in reading.periods)
    assert Reading.model_validate_json(reading.model_dump_json()) == reading


@settings(max_examples=150, deadline=None)
@given(_TEXTS, _TEXTS)
def test_any_follow_up_is_read_with_true_places(first: str, then: str) -> None:
    assert_true_places(read(then, now=NOW, previous=read(first, now=NOW)))


@pytest.mark.parametrize(
    "piece",
    [
        *("a ", "1 ", "bp ", "bp 1 ", "1/2", "one ", "my last ", "no ", "two eggs and ", "show me ", "my mother "),
        *("James Okafor's ", "12 mg metformin ", "last two years ", "xqzjk", "prssure ", "İ", ". ", "/", "over ", "'"),
        *("took aspirin ", "pain 7/10 ", "my mother has pain ", "CYP2D6 *2/*3 ", "metformin 1-0-1 ", "from 1 to 2 "),
        *("on 01/02/2026 ", "at 8 in the morning ", "pulse 72, 73, ", "left knee ", "rs4244285 ", "(4-6) ", "q.d. "),
    ],
)
def test_ten_thousand_characters_are_read_in_linear_time(piece: str) -> None:
    read("warm", now=NOW)
    text = (piece * 10_000)[:10_000]
    begun = time.process_time()  # of this process alone: others may keep the machine busy
    assert_true_places(read(text, now=NOW))
    assert time.process_time() - begun < 5  # a catastrophic pattern takes minutes; speed itself is benchmarked
