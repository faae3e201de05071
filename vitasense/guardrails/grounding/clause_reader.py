"""What one clause says, read term by term."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import ClassVar

from vitasense.guardrails.grounding.amounts import Amount
from vitasense.guardrails.grounding.closings import settle_comparisons
from vitasense.guardrails.grounding.dates import Moment
from vitasense.guardrails.grounding.denials import deny, doubt, is_finite, record, search
from vitasense.guardrails.grounding.lexicon import GroundingRules, Lexicon, rules
from vitasense.guardrails.grounding.openings import leads_in, open_with, take_verb
from vitasense.guardrails.grounding.statements import PEOPLE, Act, Dated, Measured, Statement, put
from vitasense.guardrails.grounding.terms import Term

_MOST_NOUNS = 3
_LINKS = frozenset({"with", "between", "both"})
_PAIRING = frozenset({"with", "between"})
_PAST = frozenset({"was", "were", "had", "did", "saw", "went"})
_STRESSING = frozenset({"do", "does", "did"})
_MODAL = frozenset({"can", "must", "will"})
_ADVERBS = frozenset({"well", "often", "likely", "effective"})


@cache
def _notable() -> frozenset[str]:
    """The words that a clause looks at twice."""
    return rules().acts | rules().references


class ClauseReader:
    """Reads the terms of one clause, which begins at token `start` behind the mark or conjunction `opened`."""

    _first = True
    _at = 0
    _counting = -1
    _linked = False
    _of = False
    _relative = False
    _reference = False
    _by = False
    _than = False
    _compared = False
    _than_before = False
    _modal = False
    _pairing = False
    _open: tuple[Amount, ...] = ()
    _act: tuple[str, frozenset[str]] | None = None
    _beside: tuple[tuple[str, ...], int] | None = None

    def __init__(self, tokens: Sequence[str], lexicon: Lexicon, start: int, opened: str) -> None:
        self._tokens = tokens
        self._lexicon = lexicon
        self._rules: GroundingRules = rules()
        self._notable = _notable()
        self._said = Statement(start, start)
        if opened == "which":
            self._said.pronoun = True
        elif opened in self._rules.causes:
            self._said.caused = True

    def add(self, term: Term) -> None:
        """Take in the next term."""
        self._at = term[2]
        if self._first:
            open_with(self._said, term, self._tokens, self._lexicon)
        self._TAKEN[term[0]](self, term)
        self._first = False

    def close(self, to: int) -> Statement:
        """What the clause says, complete."""
        said = self._said
        said.to = to
        if self._first:
            return said
        if len(said.basis) == len(said.amounts):
            said.basis = ()
        if not said.verb and not said.typed:
            said.subject = frozenset(said.words)
        if self._act:
            verb, before = self._act
            after = frozenset(said.words) - before - {verb}
            said.acts = (Act(verb, after, before) if self._by else Act(verb, before, after),)
        if said.claims:
            settle_comparisons(said, than=self._than, than_before=self._than_before)
        return said

    def _neutral(self, term: Term) -> None:
        said, word = self._said, self._tokens[term[2]]
        if word == "by":
            self._by = self._act is not None
            self._said.by = term[2]
        self._than = self._than or word in ("than", "compared")
        self._of = word in ("of", "for")
        if word in ("it", "them") and not self._first and self._rules.verbal.issuperset(said.words):
            said.object = True
        self._relative = word in ("that", "who") and not self._first
        self._pairing = word in _PAIRING
        self._linked = self._linked and word in _LINKS
        if word in self._rules.causes and not leads_in(word):
            self._said.caused = True
        if word == "whether" and self._said.referral:
            self._said.asked = True

    def _joining(self, term: Term) -> None:
        self._linked = False
        if self._tokens[term[2]] in _PAST:
            self._said.past = True
        if is_finite(self._tokens, term[2], self._rules.verbs):
            self._verb()
        following = self._tokens[term[2] + 1] if term[2] + 1 < len(self._tokens) else ""
        if self._tokens[term[2]] in _STRESSING and following in self._rules.imperatives:
            self._said.words = put(self._said.words, "!do", term[2])

    def _verb(self) -> None:
        said = self._said
        self._open = ()
        if self._relative:
            self._relative = False
        elif not said.verb:
            take_verb(said, self._tokens, self._at)

    def _noun(self, term: Term) -> None:
        self._said.nouns = put(self._said.nouns, term[1], term[2])
        self._relative = False
        if self._open:
            self._measured(term[1], term)

    def _word(self, term: Term) -> None:
        self._content(term[1], term)
        self._linked = self._pairing = False

    def _name(self, term: Term) -> None:
        said, name = self._said, (term[0], term[1])
        self._content(f"{term[0]}:{term[1]}", term)
        if name not in said.names:
            if any(kind == term[0] for kind, _ in said.names):
                said.joined, said.directed = said.joined or self._linked, said.directed or not self._linked
            said.names = {**said.names, name: term[2]}
        said.joint = said.joint or self._pairing
        self._linked = True

    def _content(self, key: str, term: Term) -> None:
        said = self._said
        if self._tokens[term[2]] in self._rules.verbs and is_finite(self._tokens, term[2], self._rules.verbs):
            self._verb()
        if key in self._notable:
            self._note(key)
        if said.amounts:
            self._measured(key, term)
        self._compound(key, term)
        said.words = put(said.words, key, term[2])
        self._of = self._relative = False
        if self._modal:
            self._predicate(key)

    def _note(self, key: str) -> None:
        """A verb with two sides, or a word that makes the numbers beside it a limit."""
        if key in self._rules.acts and self._act is None:
            self._act = key, frozenset(self._said.words)
        if key in self._rules.references:
            self._reference = True
            if self._open:
                self._open[-1].reference = True

    def _measured(self, key: str, term: Term) -> None:
        """What the number before is of, and what it counts."""
        said = self._said
        if self._of and not said.verb and term[0] != "noun":
            said.subject |= {key}
        if not self._open:
            return
        if term[2] == self._counting:
            self._counting = term[3]
            if (term[0] == "word" and key != "together") or (term[0] == "noun" and self._tokens[term[2]].endswith("s")):
                self._open[-1].counts = key
        for amount in self._open:
            amount.nouns |= {key}
        self._open = tuple(amount for amount in self._open if len(amount.nouns) < _MOST_NOUNS)

    def _compound(self, key: str, term: Term) -> None:
        """ "Influenza vaccine": of words side by side, the last says what kind of thing is meant."""
        word = self._tokens[term[2]]
        verbal = key in self._rules.verbal or word.endswith(("ed", "ing")) or word in self._rules.verbs
        if self._beside and self._beside[1] == term[2] and not verbal:
            parts = (*self._beside[0], key)
            self._said.compounds = (*(c for c in self._said.compounds if c != self._beside[0]), parts)
            self._beside = parts, term[3]
        else:
            self._beside = None if verbal else ((key,), term[3])

    def _keep(self, term: Term) -> None:
        said, key, at = self._said, term[1], term[2]
        self._linked = False
        if key in ("not", "never", "free", "lacks"):
            deny(said, self._tokens, key, at)
        elif key == "unknown":
            said.unknowns = (*said.unknowns, at)
        elif key == "if" and said.referral:
            said.asked = True
        else:
            # "Your mother's mother" is another relative.
            said.keeps = put(said.keeps, "relative" if key in PEOPLE and key in said.keeps else key, at)
            said.ends = said.ends or (key == "ended" and self._tokens[at] in self._rules.ends)
            if key in _MODAL:
                self._verb()
                self._modal = True

    def _predicate(self, key: str) -> None:
        """What can, must or will be."""
        self._said.predicates |= {key}
        self._modal = False

    def _claim(self, term: Term) -> None:
        said, key = self._said, term[1]
        self._linked = False
        if key == "latest" and self._than:
            key = "previous"
        said.claims = put(said.claims, key, term[2])
        self._than_before = self._than_before or (key == "previous" and self._than)
        self._reference = self._reference or key in ("above", "below", "more", "less")
        if key in ("more", "less"):
            following = self._tokens[term[3]] if term[3] < len(self._tokens) else ""
            if following in _ADVERBS or following.endswith("ly"):
                said.keeps = put(said.keeps, key, term[2])
        if is_finite(self._tokens, term[2], self._rules.verbs):
            self._verb()
        self._note(key)
        if self._modal:
            self._predicate(f"={key}")

    def _caveat(self, term: Term) -> None:
        """ "That does not mean …" says something of its own, "which means …" only joins."""
        if self._said.denies or term[1] != "mean":
            self._said.caveat = True
            self._word(term)
        else:
            self._joining(term)

    def _amount(self, term: Term) -> None:
        said, amount = self._said, term[4]
        assert isinstance(amount, Amount), "an amount carries its numbers"
        self._compared = self._than and amount.lead == "the"
        amount.reference = self._reference and not self._compared and (not term[2] or self._tokens[term[2] - 1] != "at")
        if not said.typed and not said.verb:
            said.subject = frozenset((*said.words, *said.nouns)) - self._rules.references
        said.amounts = (*said.amounts, Measured(amount, term[2], term[3]))
        self._counting = -1 if amount.unit else term[3]
        self._open = (*(each for each in self._open if amount.unit or not each.nouns), amount)
        self._linked = False

    def _date(self, term: Term) -> None:
        assert isinstance(term[4], Moment), "a date carries its day"
        compared = self._compared and not self._said.amounts[-1].amount.reference
        relation = "than" if compared and term[1] in ("at", "from") else term[1]
        if compared and relation == "than":
            self._said.amounts[-1].amount.bound = ""
            self._said.amounts[-1].amount.days = (term[4], None)
        self._said.dates = (*self._said.dates, Dated(relation, term[4], term[2], term[3]))
        self._open, self._linked = (), False

    def _clock(self, term: Term) -> None:
        self._said.clocks, self._linked = put(self._said.clocks, term[1], term[2]), False

    def _often(self, term: Term) -> None:
        self._said.often, self._open = put(self._said.often, term[1], term[2]), ()

    def _knowing(self, term: Term) -> None:
        doubt(self._said, self._tokens, term)

    def _finding(self, term: Term) -> None:
        search(self._said, term[2])

    def _recording(self, term: Term) -> None:
        record(self._said, self._tokens, term[2])

    def _referral(self, _: Term) -> None:
        self._said.referral = True

    _TAKEN: ClassVar[Mapping[str, Callable[..., None]]] = {
        "neutral": _neutral,
        "joining": _joining,
        "noun": _noun,
        "word": _word,
        "measure": _name,
        "drug": _name,
        "gene": _name,
        "keep": _keep,
        "claim": _claim,
        "knowing": _knowing,
        "finding": _finding,
        "recording": _recording,
        "caveat": _caveat,
        "amount": _amount,
        "date": _date,
        "clock": _clock,
        "often": _often,
        "referral": _referral,
    }
