"""What only a prescriber or a doctor decides: changing a dose, stopping a medicine, a diagnosis."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from vitasense.deterministic.intake import EntityType, Reading
from vitasense.guardrails.phrases import Matcher, matcher_of
from vitasense.guardrails.rulebook import Rule, language, load
from vitasense.guardrails.words import AS_WRITTEN, read_words

_MEDICINE, _COMPLAINT = "medicine", "complaint"

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
    words = read_words(reading.text, AS_WRITTEN, language().fillers)
    signs = {match.name for match in _matcher().find(words)} | set(_named(reading))
    for rule in rules.entries:
        if any(signs.issuperset(line.split(" + ")) for line in rule.any):
            return Deference(rule.key, rule.reply, rule.about, rules.version, rule.source)
    return None


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
