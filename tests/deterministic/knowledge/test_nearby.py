"""Names near to a word: none within two edits is missed."""

from hypothesis import given
from hypothesis import strategies as st

from vitasense.deterministic.knowledge.nearby import Edits, Nearby

WORDS = st.text(alphabet="abc ", min_size=1, max_size=9)


def plainly(one: str, other: str) -> int:
    """The same distance, cell by cell."""
    rows = [list(range(len(other) + 1))]
    for at, left in enumerate(one, 1):
        row = [at]
        for to, right in enumerate(other, 1):
            least = min(rows[-1][to] + 1, row[-1] + 1, rows[-1][to - 1] + (left != right))
            if at > 1 and to > 1 and (left, one[at - 2]) == (other[to - 2], right):
                least = min(least, rows[-2][to - 2] + 1)
            row.append(least)
        rows.append(row)
    return rows[-1][-1]


@given(WORDS, WORDS)
def test_edits_are_counted_as_by_the_plain_algorithm(one: str, other: str) -> None:
    assert Edits(one).to(other) == plainly(one, other)


@given(st.sets(WORDS, max_size=30), WORDS)
def test_every_name_within_two_edits_is_found(names: set[str], word: str) -> None:
    assert {name for name in names if plainly(word, name) <= 2} <= {*Nearby(names).of(word)}


def test_a_name_that_sounds_alike_is_found_beyond_two_edits() -> None:
    assert Nearby(["acetaminophen", "warfarin"]).of("asetaminofin") == ["acetaminophen"]
