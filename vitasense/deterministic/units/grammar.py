"""UCUM expressions read strictly: case matters, no white space, and every symbol must be in UCUM's tables.

The grammar is the Backus-Naur form of UCUM 2.2, section 2.2 (case sensitive), with an annotation also after a number
or a closing parenthesis, as in UCUM's own example terms "1{c}" and "g/(8.h){shift}".
"""

import re
from fractions import Fraction
from functools import cache

from vitasense.deterministic.units.schemas import UnknownUnit
from vitasense.deterministic.units.tables import atoms
from vitasense.deterministic.units.terms import SUBSTANCE, Note, Scale, Term

_LONGEST = 256
_HIGHEST = 99  # UCUM 2.2, section 3: an implementation need not represent every dimension
_COMPONENT = re.compile(
    r"(?P<symbol>10[*^]|(?:[!#$%&'*,:;<>?@A-Z\\^_`a-z|~]|\[[!-Z\\^-~]*\])+)(?P<exponent>[+-]?[0-9]+)?"
    r"|(?P<number>[0-9]+)"
)
_ANNOTATION = re.compile(r"\{([!-z|~]*)\}")


def parse(text: str) -> Term:
    """What a UCUM expression means. Raises UnknownUnit when it is not one."""
    if len(text) > _LONGEST:
        raise UnknownUnit("The unit is too long.")
    return _Reader(text).whole()


class _Reader:
    def __init__(self, text: str) -> None:
        self._text, self._at = text, 0

    def whole(self) -> Term:
        inverted = self._take("/")
        found = self._term(inverted=inverted)
        if self._at < len(self._text):
            raise self._unknown()
        return found

    def _term(self, *, inverted: bool = False) -> Term:
        # A leading solidus inverts only what directly follows it; the rest goes from left to right.
        found = Term() / self._component() if inverted else self._component()
        while True:
            if self._take("."):
                found = found * self._component()
            elif self._take("/"):
                found = found / self._component()
            else:
                return found

    def _component(self) -> Term:
        if self._take("("):
            found = self._term()
            if not self._take(")"):
                raise self._unknown()
        elif (alone := self._annotation()) is not None:
            return Term(notes=frozenset({Note("above", alone)}))
        else:
            found = self._simple()
        text = self._annotation()
        return found if text is None else found.annotated(text)

    def _simple(self) -> Term:
        match = _COMPONENT.match(self._text, self._at)
        if match is None:
            raise self._unknown()
        self._at = match.end()
        if match["number"]:
            return self._number(int(match["number"]))
        found = _symbol(match["symbol"])
        if found is None:
            raise self._unknown()
        return found if match["exponent"] is None else found.power(self._exponent(int(match["exponent"])))

    def _number(self, number: int) -> Term:
        if number == 0:
            raise self._unknown()
        return Term(Fraction(number))

    def _exponent(self, exponent: int) -> int:
        if abs(exponent) > _HIGHEST:
            raise self._unknown()
        return exponent

    def _annotation(self) -> str | None:
        match = _ANNOTATION.match(self._text, self._at)
        if match is None:
            return None
        self._at = match.end()
        return match[1].lower()

    def _take(self, sign: str) -> bool:
        taken = self._text.startswith(sign, self._at)
        self._at += taken
        return taken

    def _unknown(self) -> UnknownUnit:
        return UnknownUnit(f"The unit {self._text[:40]!r} is not known.")


def _symbol(symbol: str) -> Term | None:
    """An atom, or a metric atom behind the longest prefix that leaves one."""
    table = atoms()
    if symbol in table.defined or symbol in table.special or symbol in table.free:
        return atom(symbol)
    for length in (2, 1):
        prefix, rest = symbol[:length], symbol[length:]
        if prefix in table.prefixes and rest in table.metric:
            return atom(rest).times(Fraction(table.prefixes[prefix]))
    return None


@cache
def atom(code: str) -> Term:
    """What an atom of UCUM's tables means, through its definition down to the base units."""
    table = atoms()
    if code in table.free or code in SUBSTANCE:
        return Term(above={code: 1})
    if code in table.special:
        function, value, unit = table.special[code].split(" ")
        return Term(scale=Scale(function, parse(unit).times(Fraction(value))))
    return definition(code)


def definition(code: str) -> Term:
    """The value and unit by which UCUM defines an atom."""
    value, unit = atoms().defined[code].split(" ")
    return parse(unit).times(Fraction(value))
