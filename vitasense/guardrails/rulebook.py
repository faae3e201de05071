"""Reading the rule files: each is loaded once, checked, and kept as frozen typed entries."""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import TypeVar

import yaml
from pydantic import BaseModel, ConfigDict

from vitasense.deterministic.platform.findings import Urgency

Rules = TypeVar("Rules", bound=BaseModel)


class Rule(BaseModel):
    """Base of every entry: frozen, and unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def load(name: str, kind: type[Rules], *parts: str) -> Rules:
    """The rule file `rules/<name>.yaml`, with the `parts` of it that are files of their own, as `kind`.

    Raises pydantic.ValidationError when it is malformed.
    """
    folder = files("vitasense.guardrails").joinpath("rules")
    text = "\n".join(folder.joinpath(f"{part}.yaml").read_text("utf-8") for part in (name, *parts))
    # CBaseLoader keeps every scalar a string ("no", "on" and "911" are words here); pydantic makes the numbers.
    return kind.model_validate(yaml.load(text, Loader=yaml.CBaseLoader))  # noqa: S506 (builds strings only)


class NegationCues(Rule):
    """What opens, continues and ends a negation."""

    cues: frozenset[str]
    listing: frozenset[str]
    unless_next: frozenset[str]
    unless_before: frozenset[str]
    ends: frozenset[str]
    troubles: frozenset[str]
    reach: int
    after: tuple[str, ...]


class HypotheticalCues(Rule):
    """What makes a mention general or conditional."""

    cues: tuple[str, ...]
    conditions: frozenset[str]
    confirmed: tuple[str, ...]
    openers: frozenset[str]
    someone: frozenset[str]
    pleas: tuple[str, ...]
    unless_before: frozenset[str]
    ends: frozenset[str]
    condition_ends: frozenset[str]
    reach: int


class Language(Rule):
    """`rules/language.yaml`."""

    version: str
    source: str
    fillers: frozenset[str]
    negation: NegationCues
    hypothetical: HypotheticalCues


class Numbers(Rule):
    """Whom to call in one country; `crisis` is the line for people in despair, `poison` for swallowed things."""

    emergency: str
    crisis: str
    crisis_name: str
    poison: str | None = None
    source: str


class EmergencyNumbers(Rule):
    """`rules/emergency_numbers.yaml`."""

    version: str
    source: str
    default: Numbers
    entries: Mapping[str, Numbers]


class RedFlag(Rule):
    """One red flag: fires when every sign of one line of `any` is present and `when` holds."""

    key: str
    level: Urgency
    advice: str
    any: tuple[str, ...]
    unless: tuple[str, ...] = ()
    age_below_months: float | None = None
    age_above_years: float | None = None
    sex: str | None = None
    self_harm: bool = False
    source: str


class VitalFlag(Rule):
    """A vital sign in the text beyond a published limit (`below` and `above` include the limit itself)."""

    key: str
    metric: str
    below: float | None = None
    above: float | None = None
    level: Urgency
    advice: str
    with_any: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    pregnant: bool = False
    age_below_months: float | None = None
    source: str


class RedFlags(Rule):
    """`rules/red_flags.yaml` (words and signs), `advice.yaml` and `flags.yaml`."""

    version: str
    source: str
    words: Mapping[str, tuple[str, ...]]
    mended: frozenset[str]
    signs: Mapping[str, tuple[str, ...]]
    advice: Mapping[str, str]
    entries: tuple[RedFlag, ...]
    vitals: tuple[VitalFlag, ...]


class Combinations(Rule):
    """`rules/combinations.yaml`: signs as relations between concepts, and the red flags they make.

    `background` are the lasting signs that a person's history may give, `current` those that it gives while they last.
    """

    version: str
    source: str
    background: frozenset[str]
    current: frozenset[str]
    signs: Mapping[str, tuple[str, ...]]
    entries: tuple[RedFlag, ...]


class LikenessLimits(Rule):
    """`rules/likeness.yaml`: from which probabilities on a likeness counts, and what was compared."""

    version: str
    source: str
    emergencies: str
    requests: str
    emergency: float
    urgent: float
    beyond_urgent: float
    pleas: tuple[str, ...]
    harmful: float
    advice: float
    crisis: float


class RealWords(Rule):
    """`rules/real_words.yaml`: words that look like misspellings of ours and are not."""

    version: str
    source: str
    entries: frozenset[str]


@cache
def language() -> Language:
    """Fillers and the cues of negation and hypothesis."""
    return load("language", Language)


@cache
def emergency_numbers() -> EmergencyNumbers:
    """Emergency, crisis and poison lines by country."""
    return load("emergency_numbers", EmergencyNumbers)


@cache
def red_flags() -> RedFlags:
    """The red flags, their words, signs and advice."""
    return load("red_flags", RedFlags, "advice", "flags")


@cache
def combinations() -> Combinations:
    """Signs between concepts, and their red flags."""
    return load("combinations", Combinations)


@cache
def likeness() -> LikenessLimits:
    """The limits of likeness."""
    return load("likeness", LikenessLimits)


@cache
def flags() -> tuple[RedFlag, ...]:
    """The red flags of both files."""
    return (*red_flags().entries, *combinations().entries)


@cache
def real_words() -> frozenset[str]:
    """Words that are never mended."""
    return load("real_words", RealWords).entries


def numbers_for(country: str | None) -> Numbers:
    """The numbers of an ISO 3166-1 alpha-2 country; the default (112) when it is unknown."""
    known = emergency_numbers()
    return known.entries.get((country or "").upper(), known.default)


def phrases(written: Sequence[str], fillers: frozenset[str]) -> tuple[tuple[str, ...], ...]:
    """Cue phrases as tuples of words without fillers."""
    return tuple(words for line in written if (words := tuple(w for w in line.split() if w not in fillers)))
