"""What only the whole can tell: which way dates and comparisons go, and which numbers belong together."""

from collections.abc import Sequence

from vitasense.guardrails.grounding.amounts import Amount
from vitasense.guardrails.grounding.lexicon import rules
from vitasense.guardrails.grounding.statements import Measured, Statement, put

_CHANGES = frozenset({"up", "down"})

_MORE_OR_LESS = (("more", "above", "up"), ("less", "below", "down"))


def complete(said: Statement, tokens: Sequence[str]) -> None:
    """Settle what hangs on the whole sentence."""
    if "take" in said.words and _are_readings(said):
        _forget_taking(said, tokens)
    if said.dates and (said.ends or "started" in said.words):
        _turn_dates(said, "until" if said.ends else "since")
    if said.amounts:
        _join_ends(said)
        _bound_by_span(said)
    if said.referral and "if" in said.keeps:
        said.keeps, said.asked = {key: at for key, at in said.keeps.items() if key != "if"}, True


def settle_comparisons(said: Statement, *, than: bool, than_before: bool) -> None:
    """ "Higher than in March" is a rise, "higher than the limit" is above it."""
    earlier = than_before or any(date.relation == "than" for date in said.dates)
    for comparative, level, change in _MORE_OR_LESS:
        if comparative in said.claims:
            others = {claim: at for claim, at in said.claims.items() if claim != comparative}
            said.claims = put(others, change if earlier or not than else level, said.claims[comparative])


def _are_readings(said: Statement) -> bool:
    """Whether what was taken is a measurement."""
    measured = all(kind == "measure" for kind, _ in said.names) and said.names
    return bool(measured) and not said.nouns.keys().isdisjoint(("value", "test"))


def _forget_taking(said: Statement, tokens: Sequence[str]) -> None:
    said.words = {word: at for word, at in said.words.items() if word != "take"}
    said.keeps = {key: at for key, at in said.keeps.items() if key != "ended" or tokens[at] != "took"}


def _join_ends(said: Statement) -> None:
    """ "From 62 in March to 70 in June" is one span with its two days."""
    start = next((each for each in said.amounts if each.amount.lead == "from" and each.amount.form == "one"), None)
    if start is None:
        return
    end = next((each for each in said.amounts if each.at > start.at and _is_other_end(start.amount, each.amount)), None)
    if end is None:
        # "Up from 61" tells where a change began, "from 61 on" a bound.
        bound = "" if _CHANGES & said.claims.keys() else ">="
        start.amount.bound = start.amount.bound or bound
        return
    first = next((date for date in said.dates if start.at < date.at < end.at), None)
    last = next((date for date in said.dates if date.at > end.at), None) if first else None
    said.dates = tuple(date for date in said.dates if date not in (first, last))
    _forget_extremes(said, start.at, end.at)
    span = Amount(
        "span",
        (*start.amount.numbers, *end.amount.numbers),
        (*start.amount.decimals, *end.amount.decimals),
        end.amount.unit or start.amount.unit,
        days=(first.moment if first else None, last.moment if last else None),
    )
    said.amounts = (*(each for each in said.amounts if each not in (start, end)), Measured(span, start.at, end.to))


def _bound_by_span(said: Statement) -> None:
    """Beside a measured value, the span of a sentence about a range is that range."""
    if any(word in rules().references for word in said.words) and len(said.amounts) > 1:
        for amount, _, _ in said.amounts:
            amount.reference = amount.reference or (amount.form == "span" and not amount.days[0])


def _forget_extremes(said: Statement, start: int, end: int) -> None:
    """ "From a low of 3 to a high of 5" says no more than the span."""
    low, high = said.claims.get("lowest", end), said.claims.get("highest", start)
    if low < start and start < high < end:
        said.claims = {claim: at for claim, at in said.claims.items() if claim not in ("lowest", "highest")}


def _is_other_end(start: Amount, other: Amount) -> bool:
    same_unit = not start.unit or not other.unit or start.unit == other.unit
    return other.form == "one" and same_unit and (other.lead == "to" or other.bound == "<=")


def _turn_dates(said: Statement, relation: str) -> None:
    """ "Stopped on" a day is "until" it, "started on" a day is "since" it."""
    said.dates = tuple(date._replace(relation=relation) if date.relation == "at" else date for date in said.dates)
    said.words = {word: at for word, at in said.words.items() if word != "started"}
