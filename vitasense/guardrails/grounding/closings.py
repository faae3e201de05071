"""What only a whole clause can tell: which way its dates and its comparisons go."""

from vitasense.guardrails.grounding.statements import Statement, put

_MORE_OR_LESS = (("more", "above", "up"), ("less", "below", "down"))


def turn_dates(said: Statement, relation: str) -> None:
    """ "Stopped on" a day is "until" it, "started on" a day is "since" it."""
    said.dates = tuple(date._replace(relation=relation) if date.relation == "at" else date for date in said.dates)
    said.words = {word: at for word, at in said.words.items() if word != "started"}


def settle_comparisons(said: Statement, *, than: bool, than_before: bool) -> None:
    """ "Higher than in March" is a rise, "higher than the limit" is above it."""
    earlier = than_before or any(date.relation == "than" for date in said.dates)
    for comparative, level, change in _MORE_OR_LESS:
        if comparative in said.claims:
            others = {claim: at for claim, at in said.claims.items() if claim != comparative}
            said.claims = put(others, change if earlier or not than else level, said.claims[comparative])
