"""A text read as statements: clauses that say one thing together are joined, a second value begins a second one."""

from collections.abc import Sequence

from vitasense.guardrails.grounding.clauses import ENDS, Clause, clauses
from vitasense.guardrails.grounding.closings import complete
from vitasense.guardrails.grounding.joining import absorb, begins_anew, coordinates, mark_references
from vitasense.guardrails.grounding.lexicon import Lexicon
from vitasense.guardrails.grounding.statements import Statement, put
from vitasense.guardrails.grounding.terms import terms


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
        self._owned = False
        self._colon = False
        self._heading: Statement | None = None
        self._under = False

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
        elif not said.empty or said.nouns or said.pronoun or (said.referral and self._leads_to_referral()):
            self._place(clause)
        elif said.referral:
            self._found.append(said)
        self._colon = clause.after == ":"
        if clause.after == ":":
            bare = not any(one.names or one.amounts for one in self._sentence)
            self._headers = tuple(self._sentence) if bare else ()
            self._owned = said.owned
            self._header = frozenset(word for one in self._headers for word in one.words)

    def _leads_to_referral(self) -> bool:
        """ "Before you take them, | ask your doctor": when to ask is part of what is told."""
        last = self._sentence[-1] if self._sentence else None
        return last is not None and ("if" in last.keeps or (last.words.get("before") == last.at and not last.typed))

    def _is_answer(self, said: Statement) -> bool:
        """ "No, …" only answers; it must not turn a statement round."""
        return len(said.noes) == 1 and said.to - said.at == 1 and self._tokens[said.at] == "no" and not self._sentence

    def _place(self, clause: Clause) -> None:
        said = clause.said
        said.owned = said.owned or self._owned
        if self._denied >= 0:
            if not said.denies:
                said.noes = (self._denied,)
            self._denied = -1
        last = self._sentence[-1] if self._sentence else None
        if len(self._headers) > 1 and not said.verb:
            for header in self._headers:
                absorb(header, said)
        elif last is not None and not begins_anew(last, clause):
            last.joined = last.joined or coordinates(last, said, clause.before)
            absorb(last, said)
        else:
            if last is not None and clause.before == "which":
                mark_references(last, clause)
            if last is not None and not said.dates and self._tokens[said.at] == "when":
                # "…, lower than in March, when it was 3": the day is that of the comparison.
                said.dates = tuple(date._replace(relation="at") for date in last.dates if date.relation == "than")
            if last is not None and "if" in last.keeps and clause.before == ",":
                said.keeps = put(said.keeps, "if", last.keeps["if"])
            if last is None:
                self._put_under(said)
            said.follows = last is not None
            said.header = self._header
            self._sentence.append(said)

    def _put_under(self, said: Statement) -> None:
        """What stands under a heading is of its kind and, where it has no date of its own, of its day."""
        start = self._tokens[said.at - 1] if said.at else ""
        if self._under and start.count("\n") > 1 and not start.strip():
            self._heading = None
        if self._heading is not None and (start[:1] == "\n" or not self._heading.words):
            said.dates = said.dates or self._heading.dates
            said.under = frozenset((*self._heading.words, *(f"={claim}" for claim in self._heading.claims)))
            self._under = True

    def _is_item(self, said: Statement) -> bool:
        """Whether it stands behind the mark or number of a list."""
        start = self._tokens[said.at - 1] if said.at else ""
        return start in (".", ")") or start[-1:] in ("-", "*", "+") or "- " in start or "* " in start

    def _is_heading(self, said: Statement, mark: str) -> bool:
        if said.verb or said.amounts or said.denies or said.keeps or len(self._sentence) > 1:
            return False
        if said.words or said.claims:
            return mark == "\n" and not said.typed
        start = self._tokens[said.at - 1] if said.at else "\n\n"
        return bool(said.dates) and mark in ("\n", ":") and (self._colon or "#" in start or start.count("\n") > 1)

    def _end(self, mark: str) -> None:
        for said in self._sentence:
            complete(said, self._tokens)
            if mark == "\n" and not said.verb:
                said.heading = not (said.typed or said.denies or said.claims)
        if self._sentence and self._is_heading(self._sentence[0], mark):
            self._heading, self._under = self._sentence[0], self._is_item(self._sentence[0])
            self._heading.under = frozenset()
        self._found.extend(self._sentence)
        self._sentence, self._headers, self._header, self._owned = [], (), frozenset(), False
