"""The clauses of a message: runs of its words, split where a rule says that one begins."""

from collections.abc import Callable, Iterator, Sequence

from vitasense.guardrails.words import Word


def clauses(words: Sequence[Word], begins: Callable[[int], bool]) -> Iterator[range]:
    """The places of the words of each clause, in order; `begins` tells for every place but the first."""
    first = 0
    for place in range(1, len(words) + 1):
        if place == len(words) or begins(place):
            yield range(first, place)
            first = place
