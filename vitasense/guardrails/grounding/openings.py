"""How a clause begins: with a word that points back, with a command, with "you", or with what leads in to its verb."""

from collections.abc import Sequence

from vitasense.guardrails.grounding.lexicon import Lexicon, rules
from vitasense.guardrails.grounding.statements import PEOPLE, Statement, put
from vitasense.guardrails.grounding.terms import Term

_LEADING = frozenset({"in", "on", "at", "by", "before", "after", "during", "since", "until", "over", "between", "within", "from", "for", "with", "among", "of", "under", "above", "according", "based", "per"})  # fmt: skip
_BEFORE_COMMANDS = frozenset({"please", "then", "also", "always", '"', "'"})
_OBJECTS = frozenset({"your", "the", "a", "an", "it", "this", "these", "those", "them", "me", "us", "some", "more", "any", "taking", "another", "every", "each", "one", "two", "with", "without"})  # fmt: skip
_PERSONAL = (["have"], ["had"], ["are"], ["were"], ["got"], ["suffer"], ["suffered"])
_DETERMINERS = frozenset({"this", "that", "these", "those"})
_DOSING = frozenset({"take", "takes", "use", "uses"})
_TITLES = frozenset({"dr", "mr", "mrs", "ms", "prof"})
_NAMES = frozenset({"measure", "drug", "gene"})


def leads_in(word: str) -> bool:
    """Whether a clause that begins with the word leads in to another."""
    return word in _LEADING


def open_with(said: Statement, term: Term, tokens: Sequence[str], lexicon: Lexicon) -> None:
    """Set what the first term of a clause says about it."""
    kind, _, at, *_ = term
    word = tokens[at]
    said.leading = word in _LEADING
    said.cites = tokens[said.at] == "according"
    said.yours = tokens[said.at] == "you"
    said.owned = "your" in tokens[said.at : at]
    said.personal = word == "you" and tokens[at + 1 : at + 2] in _PERSONAL
    if word in rules().pronouns and not _determines(word, at + 1, tokens, lexicon):
        said.pronoun = True
    if word in rules().imperatives and kind != "referral" and _commands(said, at, tokens, lexicon):
        said.words = put(said.words, f"!{word}", at)


def take_verb(said: Statement, tokens: Sequence[str], at: int) -> None:
    """Take in the first verb, at token `at`: what stands before it is the subject."""
    said.verb, said.doses = True, tokens[at] in _DOSING
    if not said.doses:
        said.basis = tuple(each.amount for each in said.amounts if not each.amount.reference)
    said.titled = bool(said.words) and not _TITLES.isdisjoint(tokens[said.at : at])
    if not said.amounts:
        said.subject = frozenset((*said.words, *said.nouns, *PEOPLE.intersection(said.keeps)))
    elif said.basis:
        said.subject |= frozenset(said.words)


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
