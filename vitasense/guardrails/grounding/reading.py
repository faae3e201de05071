"""A text read as statements: clauses that say one thing together are joined, a second value begins a second one."""

from collections.abc import Mapping, Sequence
from functools import cache

from vitasense.guardrails.grounding.amounts import Amount
from vitasense.guardrails.grounding.clauses import ENDS, Clause, clauses
from vitasense.guardrails.grounding.lexicon import Lexicon, rules
from vitasense.guardrails.grounding.statements import PEOPLE, Act, Dated, Measured, Placed, Statement, put
from vitasense.guardrails.grounding.terms import terms

_COORDINATING = frozenset({",", "and", "or", "nor", "(", ":"})
_FLAGS = frozenset({"verb", "joined", "joint", "directed", "referral", "asked", "caveat", "object", "titled"})
_STARTS = {"from": "since"}  # "from" and "since" are one place in a statement


def read(tokens: Sequence[str], lexicon: Lexicon) -> list[Statement]:
    """The statements of a text in their order; `follows` marks those that go on with the sentence before."""
    builder = _Builder(tokens)
    for clause in clauses(terms(tokens, lexicon), tokens, lexicon):
        builder.take(clause)
    return builder.done()


class _Builder:
    def __init__(self, tokens: Sequence[str]) -> None:
        self._tokens = tokens
        self._found: list[Statement] = []
        self._sentence: list[Statement] = []
        self._headers: Sequence[Statement] = ()
        self._header: frozenset[str] = frozenset()
        self._denied = -1

    def done(self) -> list[Statement]:
        """All statements, once every clause is taken."""
        self._end(".")
        if self._denied >= 0:
            answer = Statement(self._denied, self._denied + 1)
            answer.noes = (self._denied,)
            self._found.append(answer)
        return self._found

    def take(self, clause: Clause) -> None:
        """Join the clause to the statement that it goes on with, or begin a new one."""
        said = clause.said
        if clause.before in ENDS and self._sentence:
            self._end(clause.before)
        if said.quote >= 0:
            self._found.append(said)
        elif said.noes and self._is_answer(said):
            self._denied = said.noes[0]
        elif said.words or said.amounts or said.nouns or said.pronoun or not said.empty:
            self._place(clause)
        if clause.after == ":":
            bare = not any(one.names or one.amounts for one in self._sentence)
            self._headers = tuple(self._sentence) if bare else ()
            self._header = frozenset(word for one in self._headers for word in one.words)

    def _is_answer(self, said: Statement) -> bool:
        """ "No, …" only answers; it must not turn a statement round."""
        return len(said.noes) == 1 and said.to - said.at == 1 and self._tokens[said.at] == "no" and not self._sentence

    def _place(self, clause: Clause) -> None:
        said = clause.said
        if self._denied >= 0:
            if not said.denies:
                said.noes = (self._denied,)
            self._denied = -1
        last = self._sentence[-1] if self._sentence else None
        if len(self._headers) > 1 and not said.verb:
            for header in self._headers:
                _absorb(header, said)
        elif last is not None and not begins_anew(last, clause):
            last.joined = last.joined or _coordinates(last, said, clause.before)
            _absorb(last, said)
        else:
            if last is not None and clause.before == "which":
                _mark_references(last, clause)
            if last is not None and not said.dates and self._tokens[said.at] == "when":
                # "…, lower than in March, when it was 3": the day is that of the comparison.
                said.dates = tuple(date._replace(relation="at") for date in last.dates if date.relation == "than")
            if last is not None and "if" in last.keeps and clause.before == ",":
                said.keeps = put(said.keeps, "if", last.keeps["if"])
            said.follows = last is not None
            said.header = self._header
            self._sentence.append(said)

    def _end(self, mark: str) -> None:
        for said in self._sentence:
            if said.amounts:
                _join_ends(said)
                _bound_by_span(said)
            if mark == "\n" and not said.verb:
                said.heading = not (said.typed or said.denies or said.claims)
        self._found.extend(self._sentence)
        self._sentence, self._headers, self._header = [], (), frozenset()


def begins_anew(current: Statement, clause: Clause) -> bool:
    """Whether the clause says a second thing beside `current`, and not more of the same."""
    said = clause.said
    if not (current.words or current.amounts or current.nouns) and current.empty:
        return False
    if said.verb and current.verb:
        return True
    together = _coordinates(current, said, clause.before)
    if said.verb and said.subject and current.words and not (together or current.leading):
        return True
    _mark_references(current, clause)
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


def _coordinates(current: Statement, said: Statement, mark: str) -> bool:
    """True for "metformin | and lisinopril": names of one kind in a row."""
    if not current.names or not said.names or mark not in _COORDINATING:
        return False
    last, first = max(current.names.values()), min(said.names.values())
    later = [*(each.at for each in current.amounts), *(each.at for each in current.dates), *current.words.values()]
    return max(later) <= last and min(said.words.values()) == first


def _mark_references(current: Statement, clause: Clause) -> None:
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
def _groups() -> Mapping[str, tuple[str, ...]]:
    """Each word or claim of which a statement has one only, with the others of its group."""
    return {key: group for group in rules().alone for key in group}


def _other_degree(current: Statement, said: Statement) -> bool:
    groups = _groups()
    return any(
        other != key and (other in current.claims or other in current.words)
        for key in (*said.claims, *said.words)
        if key in groups
        for other in groups[key]
    )


def _absorb(current: Statement, said: Statement) -> None:
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
    if said.verb and not current.verb and current.amounts and said.amounts:
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


def _join_ends(said: Statement) -> None:
    """ "From 62 in March to 70 in June" is one span with its two days."""
    start = next((each for each in said.amounts if each.amount.lead == "from" and each.amount.form == "one"), None)
    if start is None:
        return
    end = next((each for each in said.amounts if each.at > start.at and _is_other_end(start.amount, each.amount)), None)
    if end is None:
        start.amount.bound = start.amount.bound or ">="
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
