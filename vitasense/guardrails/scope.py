"""Requests for harmful or unlawful medical acts are declined with safe help; ordinary questions are not."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from vitasense.guardrails.likeness import like, weights_of
from vitasense.guardrails.phrases import Matcher, matcher_of
from vitasense.guardrails.rulebook import Rule, language, likeness, load
from vitasense.guardrails.words import AS_WRITTEN, read_words

_INNOCENT = "innocent"
_OWN_CHOICE = "own_choice"
_PATIENT = "patient"
_LIKENESS, _GENERAL = "resembles_harmful_request", "general"


class HarmRule(Rule):
    """One kind of harmful request: every sign of one line of `any` is in the message."""

    key: str
    any: tuple[str, ...]
    kind: str
    source: str


class ScopeRules(Rule):
    """`rules/scope.yaml`."""

    version: str
    source: str
    words: Mapping[str, tuple[str, ...]]
    signs: Mapping[str, tuple[str, ...]]
    entries: tuple[HarmRule, ...]
    always: tuple[str, ...]
    help: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Decline:
    """Why a request is declined (`key`, `source`), and the safe help offered instead."""

    key: str
    reply: str
    source: str


def decline(text: str) -> Decline | None:
    """The reason to decline `text`, or None when it may be answered. Sources: `rules/scope.yaml`, `rules/likeness.yaml`."""
    rules = scope_rules()
    signs = {match.name for match in _matcher().find(read_words(text, AS_WRITTEN, language().fillers))}
    innocent = _INNOCENT in signs or (_OWN_CHOICE in signs and _PATIENT not in signs)
    for rule in rules.entries:
        if innocent and rule.key not in rules.always:
            continue
        if any(signs.issuperset(line.split(" + ")) for line in rule.any):
            return Decline(rule.key, rules.help[rule.kind], rule.source)
    resembles = like(text, weights_of("scope")["harmful"]).probability >= likeness().harmful
    return Decline(_LIKENESS, rules.help[_GENERAL], likeness().requests) if resembles else None


@cache
def scope_rules() -> ScopeRules:
    """The rules of scope, loaded once."""
    return load("scope", ScopeRules)


@cache
def _matcher() -> Matcher:
    rules = scope_rules()
    return matcher_of(rules.signs, rules.words, language().fillers)
