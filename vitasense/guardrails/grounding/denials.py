"""What a "no" or "not" of a clause denies: that there is something, that it was found, or that anything is known."""

from collections.abc import Sequence

from vitasense.guardrails.grounding.statements import ABSOLUTE, NOT_FOUND, NOT_RECORDED, Statement, put
from vitasense.guardrails.grounding.terms import Term

_NEAR = 6  # tokens between "not" and the verb of finding that it denies
# What may stand between "not" and the verb of knowing that makes it a "cannot say".
_BESIDE = frozenset({"be", "been", "being", "to", "have", "yet", "able", "really", "fully"})
_HAVING = frozenset({"have", "had"})
_BEFORE_NOUNS = frozenset({"the", "a", "an", "these", "those", "your", "its", "their", "of", "in", "no", "any", "some", "for", "with"})  # fmt: skip


def deny(said: Statement, tokens: Sequence[str], key: str, at: int) -> None:
    """Take in the negation at token `at`."""
    said.noes = (*said.noes, at)
    if key == "lacks" or _is_at_hand(tokens, at):
        said.strength = NOT_RECORDED
    if key == "never":
        said.keeps = put(said.keeps, "never", at)


def doubt(said: Statement, tokens: Sequence[str], term: Term) -> None:
    """Take in a verb of knowing: "could not be checked" says that nothing is known."""
    _, key, at, _, _ = term
    if said.noes and (_BESIDE.issuperset(tokens[said.noes[-1] + 1 : at]) or tokens[at - 1] == "i"):
        no = said.noes[-1]
        said.noes, said.unknowns = said.noes[:-1], (*said.unknowns, no)
        _drop_can(said, no)
    if said.unknowns and said.words.get(key) == at:
        said.words = {word: place for word, place in said.words.items() if word != key}


def search(said: Statement, at: int) -> None:
    """Take in a verb of finding: what was "not found" may be there."""
    if said.noes and at - said.noes[-1] <= _NEAR:
        _drop_can(said, said.noes[-1])
    said.strength = min(said.strength, NOT_FOUND)


def record(said: Statement, tokens: Sequence[str], at: int) -> None:
    """Take in a verb of recording, unless it is the noun ("the list")."""
    listing = tokens[at].startswith("list") and tokens[at - 1] in _BEFORE_NOUNS
    said.strength = min(said.strength, ABSOLUTE if listing else NOT_RECORDED)


def is_finite(tokens: Sequence[str], at: int, verbs: frozenset[str]) -> bool:
    """True for a verb, and not for "the lists"."""
    return tokens[at] in verbs and (not at or tokens[at - 1] not in _BEFORE_NOUNS)


def _is_at_hand(tokens: Sequence[str], at: int) -> bool:
    """True for "I have no" and "I do not have": they tell of what is at hand, not of what there is."""
    before, after = tokens[max(0, at - 3) : at], tokens[at + 1 : at + 2]
    return "i" in before and any(word in _HAVING for word in (*before[-1:], *after))


def _drop_can(said: Statement, no: int) -> None:
    if no - 2 <= said.keeps.get("can", -9) < no:
        said.keeps = {key: at for key, at in said.keeps.items() if key != "can"}
