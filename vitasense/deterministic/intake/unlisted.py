"""Names that stand where a medicine or a food stands and that no list knows: they are asked about too, and must be told so."""

from collections.abc import Callable, Iterator, Sequence

from vitasense.deterministic import knowledge
from vitasense.deterministic.intake.lexicon import Meaning
from vitasense.deterministic.intake.mentions import Mention
from vitasense.deterministic.intake.schemas import EntityType
from vitasense.deterministic.intake.tokens import Token, ends_sentence
from vitasense.deterministic.platform.access import Category

_TAKES = frozenset(
    {"take", "taking", "takes", "took", "combine", "combining", "mix", "mixing", "use", "using", "add", "adding"}
    | {"start", "starting", "try", "trying"}
)
_IS = frozenset({"is", "are", "would", "will", "does", "can", "could"})
_JUDGED = frozenset({"ok", "okay", "safe", "fine", "good", "bad", "alright", "compatible", "interact", "go", "mix"})
_EATS = frozenset({"eat", "eats", "eating", "drink", "drinks", "drinking"})
_SOME = frozenset({"a", "an", "some", "any", "my", "fresh"})
_JOINS = frozenset({"with", "and", "plus", "alongside"})
_CLOSELY = frozenset({"together", "along", "combined"})
_OWNERS = frozenset({"my", "the", "other", "these", "all"})
_AROUND = frozenset({"with", "and", "between", "does", "do", "will", "would", "of", "to"})
_ENDS = frozenset({".", "?", "!", ",", "together", "and", "or", "safely"})
_OWN = Category.MEDICATIONS.value
_ASKS = frozenset({"can", "could", "may", "should", "safe", "ok", "okay", "fine", "alright"})
_FOLLOWS = _ENDS | {
    "with",
    "if",
    "when",
    "while",
    "for",
    "now",
    "today",
    "too",
    "instead",
    "in",
    "at",
    "before",
    "after",
}
_SHORTEST = 5
_SHORTEST_ASKED = 3


def find_unlisted(
    text: str, tokens: Sequence[Token], mentions: Sequence[Mention], known: Callable[[str], bool]
) -> Iterator[Mention]:
    """The unknown words X of "take X with <drug>", "can I take X", "<drug> with X", "does X interact": each as a medicine.

    X of "eat X with <drug>" is a food.
    """
    taken = {place for mention in mentions for place in range(mention.first, mention.last)}
    partners = [mention for mention in mentions if mention.type is EntityType.DRUG or mention.meaning.name == _OWN]
    starts, ends = {mention.first for mention in partners}, {mention.last for mention in partners}
    interacts = any(token.word.startswith("interact") for token in tokens)
    for place, token in enumerate(tokens):
        if place in taken or not _is_a_word(token):
            continue
        last = _asked_about(tokens, place, taken, partners=bool(starts))
        if last:
            yield Mention(Meaning(EntityType.DRUG, text[token.start : tokens[last - 1].end]), place, last)
            continue
        if len(token.raw) < _SHORTEST or known(token.raw):
            continue
        if _is_eaten(tokens, place, starts):
            yield Mention(Meaning(EntityType.FOOD, text[token.start : token.end]), place, place + 1)
            continue
        before, after = _word(tokens, place - 1), _word(tokens, place + 1)
        beside = _before_a_partner(tokens, place, starts) or (place - 1 in ends and before in _JOINS and after in _ENDS)
        if beside or (interacts and (before in _AROUND or after.startswith("interact"))):
            yield Mention(Meaning(EntityType.DRUG, text[token.start : token.end]), place, place + 1)


def _is_eaten(tokens: Sequence[Token], place: int, starts: set[int]) -> bool:
    verb = place - 1 - (_word(tokens, place - 1) in _SOME)
    partner = place + 2 + (_word(tokens, place + 2) in _OWNERS)
    return _word(tokens, verb) in _EATS and _word(tokens, place + 1) in _JOINS and partner in starts


def _asked_about(tokens: Sequence[Token], place: int, taken: set[int], *, partners: bool) -> int:
    """Where the name ends in "can I take X?" and, beside a medicine, "take X", "is X ok" and "<drug> and X ok"; else 0.

    X is one word of no everyday language, with the word behind it where the name is not over.
    """
    if len(tokens[place].raw) < _SHORTEST_ASKED or tokens[place].raw in knowledge.ordinary_words():
        return 0
    before = _word(tokens, place - 1)
    for last in (place + 1, place + 2):
        after = _word(tokens, last)
        asks = partners or not _ASKS.isdisjoint(_word(tokens, each) for each in range(place - 5, place - 1))
        swallowed = before in _TAKES and asks and after in _FOLLOWS | _JOINS
        judged = partners and before in _IS | _JOINS and after in _JUDGED
        if swallowed or judged:
            return last
        if last in taken or not _is_a_word(tokens[last] if last < len(tokens) else None):
            return 0
    return 0


def _is_a_word(token: Token | None) -> bool:
    return token is not None and token.word == token.raw and token.raw.isalpha()


def _word(tokens: Sequence[Token], place: int) -> str:
    return tokens[place].word if 0 <= place < len(tokens) else "."


def _before_a_partner(tokens: Sequence[Token], place: int, starts: set[int]) -> bool:
    join = place + 1 + (_word(tokens, place + 1) in _CLOSELY)
    partner = join + 1 + (_word(tokens, join + 1) in _OWNERS)
    opened = _word(tokens, place - 1) in _TAKES or place == 0 or ends_sentence(tokens[place - 1])
    return opened and partner in starts and _word(tokens, join) in _JOINS
