"""Terms cut into clauses at commas, conjunctions and sentence ends."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from vitasense.guardrails.grounding.clause_reader import ClauseReader
from vitasense.guardrails.grounding.lexicon import Lexicon
from vitasense.guardrails.grounding.statements import Statement
from vitasense.guardrails.grounding.terms import QUOTE, Term

ENDS = frozenset({".", "?", "!", "\n", "|"})
_CUTS = frozenset({"mark", "split", "quote"})


class Clause(NamedTuple):
    """What one clause says, the mark or conjunction before it, and the one after it."""

    said: Statement
    before: str
    after: str


def clauses(found: Sequence[Term], tokens: Sequence[str], lexicon: Lexicon) -> Iterator[Clause]:
    """The clauses of a text in their order; an empty one only before a colon."""
    before, start, reader = ".", 0, None
    for term in found:
        kind, key, at, to, _ = term
        if kind not in _CUTS:
            if reader is None:
                reader = ClauseReader(tokens, lexicon, start, before)
            reader.add(term)
            continue
        if reader is not None:
            yield Clause(reader.close(at), before, key)
            before, reader = key, None
        elif key == ":":
            yield Clause(Statement(at, at), before, ":")
        if before not in ENDS:
            before = key
        if kind == "quote":
            yield Clause(_quoted(key, at, to), ".", ".")
            before = "."
        start = to
    if reader is not None:
        yield Clause(reader.close(len(tokens)), before, ".")


def _quoted(letter: str, at: int, to: int) -> Statement:
    quoted = Statement(at, to)
    quoted.quote = ord(letter) - ord(QUOTE)
    return quoted
