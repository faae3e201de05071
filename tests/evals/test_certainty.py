"""How sure a share is."""

import pytest

from vitasense.evals.certainty import wilson


def test_the_interval_is_wilsons() -> None:
    # Wilson 1927; Newcombe, Stat Med 1998;17:857-872, table I: 81/263 gives 0.2553 to 0.3662.
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)


@pytest.mark.parametrize(("hits", "total"), [(0, 5), (5, 5)])
def test_the_interval_stays_between_nothing_and_all(hits: int, total: int) -> None:
    low, high = wilson(hits, total)
    assert 0 <= low <= hits / total <= high <= 1
