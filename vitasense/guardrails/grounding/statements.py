"""Statement: one thing that a text says, with everything that belongs to it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from vitasense.guardrails.grounding.amounts import Amount
from vitasense.guardrails.grounding.dates import Moment

ABSOLUTE, NOT_FOUND, NOT_RECORDED = 3, 2, 1  # how strong a "no" is: there is none, none was found, none is recorded
PEOPLE = frozenset({"mother", "father", "sister", "brother", "child", "partner", "relative", "someone"})

Name = tuple[str, str]
Placed = Mapping[str, int]
_NONE: Placed = MappingProxyType({})


class Act(NamedTuple):
    """A verb with the words on its two sides, who does it first."""

    verb: str
    doer: frozenset[str]
    done: frozenset[str]


class Measured(NamedTuple):
    """Numbers at their place: first token and the token after the last."""

    amount: Amount
    at: int
    to: int


class Dated(NamedTuple):
    """A date at its place, and how it is related: at, since, from, until, before, after, by or than."""

    relation: str
    moment: Moment
    at: int
    to: int


class Statement:
    """One clause. Each mapping goes from what is said to the first token that says it.

    `words` are what a finding must carry (names and content words), `claims` comparisons and judgements, `nouns` the
    words of a record, `keeps` the qualifications that must stand on both sides, `noes` and `unknowns` the places of
    negations and of "cannot say". The defaults are shared: whoever adds to one makes a new one.
    """

    words: Placed = _NONE
    nouns: Placed = _NONE
    claims: Placed = _NONE
    keeps: Placed = _NONE
    clocks: Placed = _NONE
    often: Placed = _NONE
    names: Mapping[Name, int] = MappingProxyType({})
    noes: tuple[int, ...] = ()
    unknowns: tuple[int, ...] = ()
    amounts: tuple[Measured, ...] = ()
    basis: tuple[Amount, ...] = ()
    dates: tuple[Dated, ...] = ()
    acts: tuple[Act, ...] = ()
    compounds: tuple[tuple[str, ...], ...] = ()
    subject: frozenset[str] = frozenset()
    predicates: frozenset[str] = frozenset()
    header: frozenset[str] = frozenset()
    under: frozenset[str] = frozenset()
    strength = ABSOLUTE
    verb = False
    past = False
    pronoun = False
    object = False
    caused = False
    joined = False
    joint = False
    directed = False
    referral = False
    asked = False
    caveat = False
    heading = False
    leading = False
    cites = False
    ends = False
    doses = False
    follows = False
    personal = False
    yours = False
    owned = False
    titled = False
    by = -1
    quote = -1

    def __init__(self, at: int, to: int) -> None:
        self.at = at
        self.to = to

    @property
    def typed(self) -> bool:
        """True when it holds a number, a date, a time or a frequency."""
        return bool(self.amounts or self.dates or self.clocks or self.often)

    @property
    def denies(self) -> bool:
        """True when it says "no" or "cannot say"."""
        return bool(self.noes or self.unknowns)

    @property
    def empty(self) -> bool:
        """True when it holds joining words only."""
        told = self.words or self.claims or self.keeps or self.noes or self.unknowns
        return not (told or self.typed or self.object)


def put(mapping: Mapping[str, int], key: str, at: int) -> Mapping[str, int]:
    """The mapping with the key at its first place."""
    if key in mapping:
        return mapping
    if isinstance(mapping, dict):
        mapping[key] = at
        return mapping
    return {key: at}
