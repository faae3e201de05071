"""How urgent a message is: red flags from published criteria, found in lay words, deterministically."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from vitasense.deterministic.platform.findings import Urgency, most_urgent
from vitasense.guardrails.context import Context
from vitasense.guardrails.phrases import Match, Matcher, compile_pattern, words_of
from vitasense.guardrails.rulebook import (
    Language,
    Numbers,
    RedFlag,
    RedFlags,
    VitalFlag,
    language,
    numbers_for,
    real_words,
    red_flags,
)
from vitasense.guardrails.vitals import VitalSign, vital_signs
from vitasense.guardrails.words import Spelling, Word, mend_text, read_words

_SYMPTOM = "symptom"
_IDIOM = "idiom"
_MONTHS_PER = {"day": 1 / 30.4, "week": 1 / 4.35, "month": 1.0, "year": 12.0}
_AGE = re.compile(
    r"\b(\d{1,3}|an?|my|his|her|our|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)[\s-]?"
    r"(day|week|wk|month|mo|year|yr)s?(?:[\s-]?(?:old|of age)|(?=\s(?:baby|boy|girl|infant)))\b"
    r"|\b(?:baby|infant|son|daughter)(?: of| is|'s)? (\d{1,2}) (day|week|wk|month|mo|year|yr)s?\b",
    re.IGNORECASE,
)
_WORD_NUMBERS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve"),
)
_UNIT_NAMES = {"wk": "week", "mo": "month", "yr": "year"}
_NEWBORN = re.compile(r"\b(?:newborn|neonate)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Flag:
    """One red flag: what to do now, the place in the text that raised it, and the publication behind it."""

    key: str
    level: Urgency
    advice: str
    start: int
    end: int
    source: str


@dataclass(frozen=True, slots=True)
class Triage:
    """The level of the most urgent flag; without a flag routine for a symptom, else self_care.

    `self_harm` is True when the person, or someone they speak of, may want to die or hurt themselves.
    """

    level: Urgency
    flags: tuple[Flag, ...]
    self_harm: bool


@dataclass(frozen=True, slots=True)
class _Seen:
    """The present signs of one message, each with its first place in the text."""

    signs: Mapping[str, tuple[int, int]]
    vitals: Sequence[VitalSign]
    age_months: float | None
    sex: str | None
    pregnant: bool | None


def triage(
    text: str,
    *,
    age: float | None = None,
    sex: str | None = None,
    pregnant: bool | None = None,
    country: str | None = None,
) -> Triage:
    """The red flags of a message, most urgent first, with advice for `country` (ISO 3166-1 alpha-2).

    `age` in years, `sex` as FHIR administrative gender. Denied, past and hypothetical mentions do not count.
    Sources: `rules/red_flags.yaml`, one per flag.
    """
    seen = _see(text, age, sex, pregnant)
    numbers = numbers_for(country)
    rules = red_flags()
    flags = [_flag(rule, place, rules, numbers) for rule, place in _fired(seen, rules)]
    flags.sort(key=lambda flag: -flag.level.rank)
    floor = Urgency.ROUTINE if _SYMPTOM in seen.signs else Urgency.SELF_CARE
    harm = {rule.key for rule in rules.entries if rule.self_harm}
    level = most_urgent(floor, *(flag.level for flag in flags))
    return Triage(level, tuple(flags), any(flag.key in harm for flag in flags))


def advice_for(key: str, country: str | None) -> str:
    """The advice text `key` of the rule file, with the numbers of the country. Raises KeyError."""
    return _advice(red_flags().advice[key], numbers_for(country))


def _fired(seen: _Seen, rules: RedFlags) -> Iterator[tuple[RedFlag | VitalFlag, tuple[int, int]]]:
    fired: set[str] = set()
    for rule in rules.entries:
        place = _place(rule, seen)
        if place is not None:
            yield rule, place
    for vital in rules.vitals:
        place = _vital_place(vital, seen)
        if place is not None and vital.key not in fired:
            fired.add(vital.key)
            yield vital, place


def _place(rule: RedFlag, seen: _Seen) -> tuple[int, int] | None:
    if any(sign in seen.signs for sign in rule.unless) or not _fits(rule, seen):
        return None
    for line in rule.any:
        signs = line.split(" + ")
        if all(sign in seen.signs for sign in signs):
            return seen.signs[signs[0]]
    return None


def _fits(rule: RedFlag, seen: _Seen) -> bool:
    if rule.age_below_months is not None:
        return seen.age_months is not None and seen.age_months < rule.age_below_months
    # Who speaks may not be who is ill, so the account's sex never silences a flag that pregnancy words raise.
    return rule.sex is None or seen.sex in (None, rule.sex, "other", "unknown") or "pregnant" in seen.signs


def _vital_place(rule: VitalFlag, seen: _Seen) -> tuple[int, int] | None:
    if rule.with_any and not any(sign in seen.signs for sign in rule.with_any):
        return None
    if rule.pregnant and not seen.pregnant and "pregnant" not in seen.signs:
        return None
    if rule.age_below_months is not None and not (seen.age_months or 1e9) < rule.age_below_months:
        return None
    for vital in seen.vitals:
        beyond = (rule.below is not None and vital.number <= rule.below) or (
            rule.above is not None and vital.number >= rule.above
        )
        if vital.metric == rule.metric and beyond:
            return vital.start, vital.end
    return None


def _flag(rule: RedFlag | VitalFlag, place: tuple[int, int], rules: RedFlags, numbers: Numbers) -> Flag:
    return Flag(rule.key, rule.level, _advice(rules.advice[rule.advice], numbers), *place, rule.source)


def _advice(template: str, numbers: Numbers) -> str:
    poison = f" or the poison line {numbers.poison}" if numbers.poison else ""
    return template.format(
        emergency=numbers.emergency, crisis=numbers.crisis, crisis_name=numbers.crisis_name, poison=poison
    )


def _see(text: str, age: float | None, sex: str | None, pregnant: bool | None) -> _Seen:
    rules = language()
    words = read_words(text, _spelling(), rules.fillers)
    context = Context(words, rules)
    matches = _matcher().find(words)
    idioms = [set(range(m.first, m.last + 1)) for m in matches if m.name == _IDIOM]
    signs: dict[str, tuple[int, int]] = {"pregnant": (0, 0)} if pregnant else {}
    for match in matches:
        figurative = any(idiom.intersection(match.places) for idiom in idioms)
        if match.name != _IDIOM and not figurative and context.applies(match):
            signs.setdefault(match.name, (words[match.first].start, words[match.last].end))
    mended, places = mend_text(text, words)
    read = (VitalSign(v.metric, v.number, places[v.start], places[v.end]) for v in vital_signs(mended))
    vitals = [vital for vital in read if _reported(vital, words, context)]
    return _Seen(signs, vitals, _age_months(mended, age), sex, pregnant)


def _reported(vital: VitalSign, words: Sequence[Word], context: Context) -> bool:
    places = tuple(i for i, word in enumerate(words) if word.start < vital.end and word.end > vital.start)
    return not places or context.applies(Match("vital", places), measured=True)


def _age_months(text: str, age: float | None) -> float | None:
    """Age of the one spoken of: as written in the text, else `age` of the account, in months."""
    if _NEWBORN.search(text):
        return 0.5
    found = _AGE.search(text)
    if not found:
        return age * 12 if age is not None else None
    number, unit = (piece.lower() for piece in found.groups() if piece)
    spelled = _WORD_NUMBERS.index(number) if number in _WORD_NUMBERS else 1
    return (int(number) if number.isdigit() else spelled) * _MONTHS_PER[_UNIT_NAMES.get(unit, unit)]


@cache
def _matcher() -> Matcher:
    rules, fillers = red_flags(), language().fillers
    signs = [
        compile_pattern(name, written, rules.words, fillers) for name, lines in rules.signs.items() for written in lines
    ]
    idioms = [compile_pattern(_IDIOM, written, rules.words, fillers) for written in rules.idioms]
    return Matcher([*signs, *idioms])


@cache
def _spelling() -> Spelling:
    rules = red_flags()
    signs = [compile_pattern("", line, rules.words, frozenset()) for lines in rules.signs.values() for line in lines]
    return Spelling(rules.mended, words_of(signs) | _cue_words(language()) | real_words())


def _cue_words(rules: Language) -> frozenset[str]:
    cues = [*rules.past.cues, *rules.hypothetical.cues, *rules.negation.after]
    singles = rules.negation.cues | rules.negation.ends | rules.hypothetical.conditions | rules.fillers
    return frozenset(word for cue in cues for word in cue.split()) | singles


def red_flags_version() -> str:
    """The version of the red flags, for the evidence of an advice."""
    return red_flags().version
