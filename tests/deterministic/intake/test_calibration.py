"""Confidence is a share that was measured: it never falls with the score, and keeps the bands that others act on."""

from hypothesis import given
from hypothesis import strategies as st

from vitasense.deterministic.intake.calibration import confidence
from vitasense.deterministic.intake.lexicon import load

_SCORES = st.floats(min_value=0, max_value=1)


@given(_SCORES, _SCORES)
def test_confidence_never_falls_with_the_score(one: float, other: float) -> None:
    assert confidence(min(one, other)) <= confidence(max(one, other))


@given(_SCORES)
def test_the_bands_keep_their_meaning(score: float) -> None:
    assert 0 < confidence(score) < 1
    assert (confidence(score) >= 0.5) == (score >= 0.5)
    assert (confidence(score) >= 0.8) == (score >= 0.8)


def test_the_map_says_when_it_was_measured() -> None:
    assert "2026-11-28" in str(load("calibration")["source"])
