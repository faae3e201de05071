"""What only a prescriber or a doctor decides: changing a dose, stopping a medicine, a diagnosis."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from vitasense.deterministic.intake import EntityType, Reading
from vitasense.guardrails.phrases import Matcher, matcher_of
from vitasense.guardrails.rulebook import Rule, language, load
from vitasense.guardrails.words import AS_WRITTEN, read_words

_MEDICINE, _COMPLAINT = "medicine", "complaint"
_DOES = re.compile(
    r"\s+(?:lower|raise|reduce|increase|decrease|change|drop)s?(?:\s+(?:my|your|the|his|her|our))?\s+", re.IGNORECASE
)
_ALONE = re.compile(
    r"(?:^|\b(?:do|does|did|can|could|may|might|will|would|a|an|the|my|your|his|her|their|taking|that|whether|if))\s*$",
    re.IGNORECASE,
)

About = Literal["medicine", "illness"]


class DeferenceRule(Rule):
    """One kind of question that somebody else decides: every sign of one line of `any` is in the message."""

    key: str
    any: tuple[str, ...]
    about: About
    reply: str
    source: str


class DeferenceRules(Rule):
    """`rules/deference.yaml`."""

    version: str
    source: str
    words: Mapping[str, tuple[str, ...]]
    signs: Mapping[str, tuple[str, ...]]
    entries: tuple[DeferenceRule, ...]


@dataclass(frozen=True, slots=True)
class Deference:
    """Who decides, in words for the person; `about` says which part of the record belongs beside it."""

    key: str
    reply: str
    about: About
    version: str
    source: str


def deference(reading: Reading) -> Deference | None:
    """The kind of decision that the message asks for and that is not made here, or None.

    Sources: `rules/deference.yaml`. Names of medicines and complaints are those of the reading.
    """
    rules = deference_rules()
    words = read_words(_without_effects(reading), AS_WRITTEN, language().fillers)
    signs = {match.name for match in _matcher().find(words)} | set(_named(reading))
    for rule in rules.entries:
        if any(signs.issuperset(line.split(" + ")) for line in rule.any):
            return Deference(rule.key, rule.reply, rule.about, rules.version, rule.source)
    return None


def _without_effects(reading: Reading) -> str:
    """The text without the verbs by which a medicine changes a value or another ("lower" in "does it lower my sugar")."""
    text = reading.text
    spans = [
        (drug.end, value.start)
        for drug in reading.of_type(EntityType.DRUG)
        for value in reading.of_type(EntityType.LAB, EntityType.VITAL, EntityType.DRUG)
        if _DOES.fullmatch(text[drug.end : value.start]) and _ALONE.search(text[: drug.start])
    ]
    for start, end in sorted(spans, reverse=True):
        text = f"{text[:start]} {text[end:]}"
    return text


def _named(reading: Reading) -> Iterator[str]:
    if reading.of_type(EntityType.DRUG, EntityType.DOSE):
        yield _MEDICINE
    if any(not found.negated for found in reading.of_type(EntityType.SYMPTOM, EntityType.CONDITION)):
        yield _COMPLAINT


@cache
def deference_rules() -> DeferenceRules:
    """The rules, loaded once."""
    return load("deference", DeferenceRules)


@cache
def _matcher() -> Matcher:
    rules = deference_rules()
    return matcher_of(rules.signs, rules.words, language().fillers)
