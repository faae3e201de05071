"""Whether a clause goes on with a statement or begins another, and how it becomes part of it."""

from collections.abc import Mapping
from functools import cache

from vitasense.guardrails.grounding.amounts import Amount
from vitasense.guardrails.grounding.clauses import Clause
from vitasense.guardrails.grounding.lexicon import rules
from vitasense.guardrails.grounding.statements import PEOPLE, Act, Dated, Placed, Statement

_COORDINATING = frozenset({",", "and", "or", "nor", "(", ":"})
_FLAGS = frozenset(
    {"verb", "past", "ends", "joined", "joint", "directed", "referral", "asked", "caveat", "object", "titled"}
)
_STARTS = {"from": "since"}  # "from" and "since" are one place in a statement


def begins_anew(current: Statement, clause: Clause) -> bool:
    """Whether the clause says a second thing beside `current`, and not more of the same."""
    said = clause.said
    if not (current.words or current.amounts or current.nouns) and current.empty:
        return False
    if said.cites and said.words and clause.before == ",":
        return True
    if said.verb and current.verb:
        return True
    together = coordinates(current, said, clause.before)
    if said.verb and said.subject and current.words and not (together or (current.leading and not current.cites)):
        return True
    mark_references(current, clause)
    two_values = current.amounts and said.amounts and said.subject and not (current.leading and not current.words)
    if two_values or _conflicts(current, said, together=together):
        return True
    return (current.denies or said.denies) and not together and _denies_anew(current, clause)


def _denies_anew(current: Statement, clause: Clause) -> bool:
    said = clause.said
    if current.denies and said.denies:
        return True
    tells = bool(said.words or said.claims)
    if current.denies:
        return clause.before == "(" and tells
    begun = current.words or current.amounts or current.keeps
    return bool(tells and begun and clause.before != ":")


def coordinates(current: Statement, said: Statement, mark: str) -> bool:
    """True for "metformin | and lisinopril": names of one kind in a row."""
    if not current.names or not said.names or mark not in _COORDINATING:
        return False
    last, first = max(current.names.values()), min(said.names.values())
    later = [*(each.at for each in current.amounts), *(each.at for each in current.dates), *current.words.values()]
    return max(later) <= last and min(said.words.values()) == first


def mark_references(current: Statement, clause: Clause) -> None:
    """ "Its range (up to 100)": a number behind a limit or range is its bound."""
    if not clause.said.amounts:
        return
    references = rules().references
    known = any(word in references for word in (*current.words, *current.claims))
    last = max(current.words, key=current.words.__getitem__, default="")
    later = [*(each.at for each in current.amounts), *(each.at for each in current.dates)]
    beside = last in references and all(at < current.words[last] for at in later)
    for amount, _, _ in clause.said.amounts:
        if known and (amount.bound or amount.lead == "from" or (clause.before in "(:" and beside)):
            amount.reference = True


def _conflicts(current: Statement, said: Statement, *, together: bool) -> bool:
    return bool(
        (said.names and current.names and not together and _other_name(current, said))
        or (said.amounts and current.amounts and _other_amounts(current, said))
        or (said.dates and any(_other_date(one, two) for one in current.dates for two in said.dates))
        or (said.often and current.often and current.often != said.often)
        or (said.clocks and current.clocks and current.clocks != said.clocks)
        or (said.keeps and current.keeps and _other_person(current, said))
        or _other_degree(current, said)
    )


def _other_name(current: Statement, said: Statement) -> bool:
    kinds = {kind for kind, _ in current.names}
    return any(name[0] in kinds and name not in current.names for name in said.names)


def _other_amounts(current: Statement, said: Statement) -> bool:
    """Two numbers of one thing; "2 in June, 5 more than in May" has two that do not conflict."""
    than = next((date.at for date in current.dates if date.relation == "than"), None)
    return any(
        _other_amount(one.amount, two.amount)
        for one in current.amounts
        for two in said.amounts
        if than is None or not one.at < than < two.at
    )


def _other_amount(one: Amount, two: Amount) -> bool:
    if one.reference != two.reference or (one.lead == "from" and two.lead == "to") or one.numbers == two.numbers:
        return False
    if one.unit or two.unit:
        return one.unit == two.unit
    return not one.nouns or not two.nouns or bool(one.nouns & two.nouns)


def _other_date(one: Dated, two: Dated) -> bool:
    return _STARTS.get(one.relation, one.relation) == _STARTS.get(two.relation, two.relation) and not one.moment.fits(
        two.moment
    )


def _other_person(current: Statement, said: Statement) -> bool:
    mine, theirs = PEOPLE.intersection(current.keeps), PEOPLE.intersection(said.keeps)
    return bool(mine) and bool(theirs) and mine != theirs


@cache
def told_apart() -> Mapping[str, tuple[str, ...]]:
    """Each word or claim of which a statement has one only, with the others of its group."""
    return {key: group for group in rules().alone for key in group}


def _other_degree(current: Statement, said: Statement) -> bool:
    groups = told_apart()
    return any(
        other != key and (other in current.claims or other in current.words)
        for key in (*said.claims, *said.words)
        if key in groups
        for other in groups[key]
    )


def absorb(current: Statement, said: Statement) -> None:
    """Make the clause part of the statement."""
    known = frozenset(current.words)
    if said.words:
        current.words = _both(current.words, said.words)
    if said.nouns:
        current.nouns = _both(current.nouns, said.nouns)
    if said.claims:
        current.claims = _both(current.claims, said.claims)
    if said.keeps:
        current.keeps = _both(current.keeps, said.keeps)
    if said.clocks or said.often:
        current.clocks, current.often = _both(current.clocks, said.clocks), _both(current.often, said.often)
    if said.names:
        current.names = {**current.names, **{name: at for name, at in said.names.items() if name not in current.names}}
    if said.verb and not said.doses and not current.verb and current.amounts and said.amounts:
        current.basis = tuple(each.amount for each in current.amounts)
    current.basis = current.basis or said.basis
    _absorb_rest(current, said, known)


def _both(mine: Placed, theirs: Placed) -> Placed:
    return {**mine, **{key: at for key, at in theirs.items() if key not in mine}}


def _absorb_rest(current: Statement, said: Statement, known: frozenset[str]) -> None:
    current.noes += said.noes
    current.unknowns += said.unknowns
    current.amounts += said.amounts
    current.dates += said.dates
    current.compounds += said.compounds
    current.predicates |= said.predicates
    current.acts += tuple(Act(act.verb, act.doer or known, act.done or known) for act in said.acts)
    current.strength = min(current.strength, said.strength)
    for flag in said.__dict__.keys() & _FLAGS:
        setattr(current, flag, getattr(current, flag) or getattr(said, flag))
    if not known:
        current.pronoun = current.pronoun or said.pronoun
        current.personal = current.personal or said.personal
        current.owned = current.owned or said.owned
    current.by = max(current.by, said.by)
    current.subject = current.subject or said.subject
    current.to = max(current.to, said.to)
