"""Finds postal addresses: something that only an address has, and all around it that belongs to it."""

import re
from collections.abc import Iterator

from vitasense.guardrails.identifiers.address_tokens import BETWEEN, Tokens
from vitasense.guardrails.identifiers.found import SHAPED, Found
from vitasense.guardrails.identifiers.rules import Places, cues, places
from vitasense.guardrails.identifiers.streets import LONGEST_NUMBER, anchor

_SPACE = re.compile(r"[ \t]*(?:\r?\n[ \t]*){0,2}")
_STOPS = frozenset({":", "!", ";", '"', "["})
_MOST_TOKENS, _LONGEST_CODE, _LONGEST_REGION, _LONGEST_ABBREVIATION = 22, 10, 3, 3


class Addresses:
    """Finds addresses and postal codes."""

    def __init__(self) -> None:
        self._places: Places = places()
        follows = "|".join(
            re.escape(cue).replace(r"\ ", r"\s+") for cue in sorted(cues().address_follows, key=len, reverse=True)
        )
        self._cue = re.compile(
            rf"(?<!\w)(?:{follows})(?:\s+(?:is|are|at|on|in|to|it))*\s{{0,3}}[:>,]?[\s>?]{{1,8}}(?=[\w(])",
            re.IGNORECASE,
        )
        self._code = re.compile(
            rf"(?<!\w)(?:{self._places.postal_code_follows})(?:'s)?\W{{1,4}}(?:(?:is|number)\W{{1,3}}){{0,2}}"
            rf"(?P<it>{'|'.join(self._places.postal_codes)})(?!\w)",
            re.IGNORECASE,
        )
        self._sure_code = re.compile(rf"(?<![\w-])(?:{'|'.join(self._places.sure_postal_codes)})(?![\w-])")

    def find(self, text: str) -> Iterator[Found]:
        """Every address of `text`, with the lines, numbers and places that belong to it."""
        for code in self._code.finditer(text):
            yield Found(*code.span("it"), "address", SHAPED)
        for code in self._sure_code.finditer(text):
            yield Found(*code.span(), "address", SHAPED)
        tokens = Tokens(text)
        cued = {match.end() for match in self._cue.finditer(text)}
        done = -1
        for at in range(len(tokens)):
            if at > done and (core := self._core(tokens, at, cued)) is not None:
                done = self._last(tokens, core)
                yield Found(tokens[self._first(tokens, at)].start, tokens[done].end, "address", SHAPED)

    def _core(self, tokens: Tokens, at: int, cued: set[int]) -> int | None:
        """The last token of what makes an address at `at`: what only an address has, or what follows a cue."""
        core = anchor(tokens, at)
        return self._after_cue(tokens, at) if core is None and tokens[at].start in cued else core

    def _after_cue(self, tokens: Tokens, at: int) -> int | None:
        """After "lives at" a number with a name, a name, or a corner begins an address."""
        here, following = tokens[at], tokens.next(at)
        if here.number:
            return at if following is not None and (following.number or tokens.unknown(at + 1)) else None
        if here.capital and tokens.unknown(at):
            return at
        return at + 1 if here.plain == "the" and following is not None and following.plain == "corner" else None

    def _first(self, tokens: Tokens, at: int) -> int:
        """House numbers and floors before the street belong to it."""
        while at > 0 and not tokens[at].new_line:
            before = tokens[at - 1]
            if (
                before.text == ","
                and at > 2
                and tokens[at - 2].number
                and tokens[at - 3].plain in self._places.unit_words
            ):
                at -= 3  # Flat 3, 77 Cobden Terrace
                continue
            if (
                not (before.number and len(before.text) <= LONGEST_NUMBER)
                and before.plain not in self._places.unit_words
            ):
                break
            at -= 1
        return at

    def _last(self, tokens: Tokens, core: int) -> int:
        """The last token that belongs to the address with this core."""
        last = core
        for at in range(core + 1, min(core + _MOST_TOKENS, len(tokens))):
            token = tokens[at]
            if not _SPACE.fullmatch(token.gap) or self._ends(tokens, at):
                break
            if token.text in BETWEEN or token.text == "." or token.plain in self._places.linking or tokens.quotes(at):
                continue
            if not self._belongs(tokens, at) and not self._completes(tokens, at, last):
                break
            last = at
            if self._ends_a_sentence(tokens, at):
                break
        return last

    def _ends(self, tokens: Tokens, at: int) -> bool:
        """Whether the sentence ends here or a label follows; a full stop after a number may go on in the next line."""
        token, following = tokens[at], tokens.next(at)
        if token.text in _STOPS or (token.text in ("?", "|") and not tokens.quotes(at)):
            return True
        if token.text == ".":
            goes_on = following is not None and (following.new_line or following.plain in self._places.linking)
            return not (goes_on and tokens[at - 1].number)
        return token.word and following is not None and following.text == ":" and not following.gap

    def _ends_a_sentence(self, tokens: Tokens, at: int) -> bool:
        token, known = tokens[at], self._places
        short = token.plain in known.street_words | known.unit_words | known.street_words_before
        return token.word and token.text.endswith(".") and len(token.plain) > _LONGEST_ABBREVIATION and not short

    def _belongs(self, tokens: Tokens, at: int) -> bool:
        token, plain, known = tokens[at], tokens[at].plain, self._places
        if token.number:
            return len(token.text) <= _LONGEST_CODE
        if plain in known.street_words | known.unit_words | known.military:
            return True
        if plain in known.box_words:
            return tokens.written_as_name(at)
        if tokens.words.is_country(plain) or tokens.words.is_people(plain):
            return True
        if token.word and token.text.isupper() and len(token.text) <= _LONGEST_REGION:
            return plain not in known.no_regions
        return tokens.unknown(at)

    def _completes(self, tokens: Tokens, at: int, last: int) -> bool:
        """Whether an ordinary word is a part of a place's name: "Shelly Park", "New Westminster"."""
        token = tokens[at]
        if not tokens.cased or not token.word or not token.capital or tokens.words.is_clinical(token.plain):
            return False
        beside = last == at - 1 and not token.new_line and tokens.unknown(last)
        return beside or tokens.line_of_names(at) or (tokens.on_line(at) is not None and tokens.unknown(at + 1))
