"""What of a statement no fact carries."""

import re
from collections.abc import Iterator

from vitasense.guardrails.grounding.amounts import same_amount
from vitasense.guardrails.grounding.facts import Facts
from vitasense.guardrails.grounding.lexicon import rules
from vitasense.guardrails.grounding.quantities import has_date
from vitasense.guardrails.grounding.statements import Statement

_VARIANT = re.compile(r"rs\d+|.*\*\d")


def misses(said: Statement, facts: Facts) -> Iterator[tuple[int, int, str]]:
    """First token, token after the last, and kind of claim of what no fact carries; else of what no one fact joins."""
    found = [*_missing_words(said, facts), *_missing_types(said, facts)]
    found += [(at, at + 1, "absence") for at in (*said.noes, *said.unknowns)]
    if found:
        yield from found
        return
    yield from ((at, to, "number") for _, at, to in said.amounts)
    yield from ((at, at + 1, "number") for at in said.often.values())
    if not said.amounts:
        yield from ((at, to, "date") for _, _, at, to in said.dates)
    yield from ((at, at + 1, "comparison") for at in said.claims.values())
    yield from ((at, at + 1, "statement") for at in said.keeps.values())
    if not (said.typed or said.claims or said.keeps):
        yield said.at, said.to, "statement"


def _missing_words(said: Statement, facts: Facts) -> Iterator[tuple[int, int, str]]:
    kinds = {f"{kind}:{key}": kind for kind, key in said.names}
    for word, at in said.words.items():
        if word not in facts.index:
            yield at, at + 1, _why(word, kinds.get(word, ""))
    for claim, at in said.claims.items():
        if f"={claim}" not in facts.index:
            yield at, at + 1, "comparison"
    kept = {keep for fact in facts.facts for keep in fact.keeps}
    yield from ((at, at + 1, "statement") for keep, at in said.keeps.items() if keep not in kept)


def _missing_types(said: Statement, facts: Facts) -> Iterator[tuple[int, int, str]]:
    for amount, at, to in said.amounts:
        if not any(same_amount(amount, known) for fact in facts.facts for known in fact.amounts):
            yield at, to, "number"
    for relation, moment, at, to in said.dates:
        if not any(has_date(relation, moment, fact) for fact in facts.facts):
            yield at, to, "date"
    yield from (
        (at, at + 1, "number") for key, at in said.often.items() if not any(key in f.often for f in facts.facts)
    )
    yield from (
        (at, at + 1, "date") for key, at in said.clocks.items() if not any(key in f.clocks for f in facts.facts)
    )


def _why(word: str, kind: str) -> str:
    if kind in ("drug", "gene"):
        return kind
    if word in rules().multiples:
        return "number"
    return "gene" if _VARIANT.match(word) else "statement"
