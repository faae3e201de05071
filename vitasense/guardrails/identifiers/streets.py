"""What only an address has: a street with its number, a box, a suite, a military post office."""

from vitasense.guardrails.identifiers.address_tokens import Tokens

MOST_WORDS = 5
LONGEST_NUMBER = 6
_SUITES = frozenset({"apt", "apartment", "suite", "ste"})
_POST_OFFICE = frozenset({"p.o", "po", "p"})


def anchor(tokens: Tokens, at: int) -> int | None:
    """The last token of what only an address has, if such begins at `at`."""
    here, known = tokens[at], tokens.places
    if here.plain in known.box_words and tokens.number_follows(at):
        return at + 1
    if here.plain in _POST_OFFICE and (box := _box(tokens, at)) is not None:
        return box
    following = tokens.on_line(at)
    shouted = here.text.isupper() == tokens.cased
    if here.plain in known.military and shouted and following is not None and tokens.written_as_name(at + 1):
        return at + 1
    if here.plain in _SUITES and tokens.written_as_name(at) and tokens.number_follows(at):
        return at + 1
    return _street(tokens, at)


def _box(tokens: Tokens, at: int) -> int | None:
    near = range(at + 1, min(at + 4, len(tokens)))
    return next((later for later in near if tokens[later].plain in tokens.places.box_words), None)


def _street(tokens: Tokens, at: int) -> int | None:
    here = tokens[at]
    of_a_ratio = at > 0 and tokens[at - 1].text == ":" and not here.gap
    if here.number and len(here.text) <= LONGEST_NUMBER and not of_a_ratio:
        return _numbered(tokens, at)
    if not here.word or not (tokens.written_as_name(at) or here.plain in tokens.places.street_words_small):
        return None
    doubtful = here.plain in tokens.places.street_words_unsure and not here.capital
    if here.plain in tokens.places.street_words_before and not here.text.isupper() and not doubtful:
        return _named(tokens, at)
    return at + 1 if tokens.ends_like_street(at) and tokens.number_follows(at) else None


def _numbered(tokens: Tokens, start: int) -> int | None:
    """`12 Main Street`, `3482 Via Franscini`, `12, rue de la Paix`, `28030 Edeby 55`."""
    at, words, unknown = start + 1, 0, False
    if at + 1 < len(tokens) and tokens[at].text == "," and tokens[at + 1].plain in tokens.places.street_words_before:
        at += 1
    while at < len(tokens) and words < MOST_WORDS and not tokens[at].new_line:
        token = tokens[at]
        if token.number and words == 0 and at + 1 < len(tokens) and tokens[at + 1].word:
            at += 1
        elif _is_street_word(tokens, at, words) or (
            words and (tokens.ends_like_street(at) or (token.number and unknown))
        ):
            return at
        elif words == 0 and _begins_street(tokens, at):
            return _named(tokens, at)
        elif tokens.may_name_street(at) and (words or _may_begin(tokens, at)):
            words, at, unknown = words + 1, at + 1, unknown or tokens.unknown(at)
        else:
            return None
    return None


def _is_street_word(tokens: Tokens, at: int, words: int) -> bool:
    """Street, Road, Ave; an abbreviation in capitals only after capitals: "2:1 conduction and ST" is none."""
    token = tokens[at]
    return (
        words > 0
        and token.plain in tokens.places.street_words
        and token.text.isupper() <= tokens[at - 1].text.isupper()
    )


def _begins_street(tokens: Tokens, at: int) -> bool:
    token, known = tokens[at], tokens.places
    return token.plain in known.street_words_before and (token.capital or token.plain in known.street_words_small)


def _may_begin(tokens: Tokens, at: int) -> bool:
    return tokens.written_as_name(at) or tokens[at].text[0].isdigit() or tokens[at].plain in tokens.places.linking


def _named(tokens: Tokens, start: int) -> int | None:
    """`Via Franscini 71`, `rue de la Paix`: at least one unknown name after the word."""
    at, names = start + 1, 0
    while at < len(tokens) and at - start <= MOST_WORDS and not tokens[at].new_line:
        token = tokens[at]
        if token.number and names:
            return at
        small = token.plain not in tokens.places.linking and not token.capital and tokens.words.is_small(token.plain)
        if not token.word or small:
            break
        names += tokens.unknown(at)
        at += 1
    sure = (start > 0 and tokens[start - 1].number) or tokens[start].plain not in tokens.places.street_words_unsure
    return at - 1 if names and sure else None
