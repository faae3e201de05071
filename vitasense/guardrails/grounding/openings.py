"""How a clause begins: with a word that points back, with a command, with "you", or with what leads in to its verb."""

from collections.abc import Sequence

from vitasense.guardrails.grounding.lexicon import Lexicon, rules
from vitasense.guardrails.grounding.statements import Statement, put
from vitasense.guardrails.grounding.terms import Term

_LEADING = frozenset({"in", "on", "at", "by", "before", "after", "during", "since", "until", "over", "between", "within", "from", "for", "with", "among", "of", "under", "above", "according", "based", "per"})  # fmt: skip
_BEFORE_COMMANDS = frozenset({"please", "then", "also", "always", '"', "'"})
_OBJECTS = frozenset({"your", "the", "a", "an", "it", "this", "these", "those", "them", "me", "us", "some", "more", "any", "taking", "another", "every", "each", "one", "two", "with", "without"})  # fmt: skip
_PERSONAL = (["have"], ["had"], ["are"], ["were"], ["got"], ["suffer"], ["suffered"])
_DETERMINERS = frozenset({"this", "that", "these", "those"})
_NAMES = frozenset({"measure", "drug", "gene"})


def leads_in(word: str) -> bool:
    """Whether a clause that begins with the word leads in to another."""
    return word in _LEADING


def open_with(said: Statement, term: Term, tokens: Sequence[str], lexicon: Lexicon) -> None:
    """Set what the first term of a clause says about it."""
    kind, _, at, *_ = term
    word = tokens[at]
    said.leading = word in _LEADING
    said.owned = "your" in tokens[said.at : at]
    said.personal = word == "you" and tokens[at + 1 : at + 2] in _PERSONAL
    if word in rules().pronouns and not _determines(word, at + 1, tokens, lexicon):
        said.pronoun = True
    if word in rules().imperatives and kind != "referral" and _commands(said, at, tokens, lexicon):
        said.words = put(said.words, f"!{word}", at)


def _determines(word: str, following: int, tokens: Sequence[str], lexicon: Lexicon) -> bool:
    """ "This meal" names what it means, "this was" and "this value" point back."""
    if word not in _DETERMINERS or following >= len(tokens) or not tokens[following].isalpha():
        return False
    entry = lexicon.entry(tokens[following])
    return entry is None or any(mark.kind == "word" or mark.kind in _NAMES for mark in entry.alone)


def _commands(said: Statement, at: int, tokens: Sequence[str], lexicon: Lexicon) -> bool:
    """ "Check your …" tells to do something, "Check results" does not."""
    if not _BEFORE_COMMANDS.issuperset(tokens[said.at : at]):
        return False
    following = tokens[at + 1] if at + 1 < len(tokens) else ""
    entry = lexicon.words.get(following)
    return following in _OBJECTS or (entry is not None and any(mark.kind in _NAMES for mark in entry.alone))
