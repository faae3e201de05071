"""What a message says is present now: signs, vital signs, and the age of the one spoken of."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from vitasense.guardrails import figurative, times, topics
from vitasense.guardrails.concepts import Relations, lexicon, related, relations, tagger
from vitasense.guardrails.context import Context
from vitasense.guardrails.counts import without_times_and_scores
from vitasense.guardrails.likeness import common_words
from vitasense.guardrails.phrases import Match, Matcher, compile_pattern, matcher_of, words_of
from vitasense.guardrails.rulebook import Language, combinations, flags, language, real_words, red_flags
from vitasense.guardrails.spoken import NUMBER_WORDS, digits
from vitasense.guardrails.vitals import VitalSign, vital_signs, vital_words
from vitasense.guardrails.words import Slips, Spelling, Word, mend_text, read_words

KNOWN = -1
_FAMILY = "family"
_SHORTEST_TELLING = 5
_SPEAKER = frozenset({"i", "im", "ive", "id", "ill", "me", "myself"})
_MONTHS_PER = {"day": 1 / 30.4, "week": 1 / 4.35, "month": 1.0, "year": 12.0}
_AGE = re.compile(
    r"\b(\d{1,3}|an?|my|his|her|our|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)[\s-]?"
    r"(day|week|wk|month|mo|year|yr)s?(?:[\s-]?(?:old|of age)|(?=\s(?:baby|boy|girl|infant)))\b"
    r"|\b(?:baby|infant|son|daughter)(?: of| is|'s)? (\d{1,2}) (day|week|wk|month|mo|year|yr)s?\b",
    re.IGNORECASE,
)
_OLDEST = 120
_WORD_NUMBERS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve"),
)
_UNIT_NAMES = {"wk": "week", "mo": "month", "yr": "year"}
_NEWBORN = re.compile(r"\b(?:newborn|neonate)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Seen:
    """The present signs of one message; `age_months` of the one spoken of.

    `signs` holds for each sign its first place `(start, end)` in every sentence that has it; what is known of the person
    stands in sentence -1.
    """

    signs: Mapping[str, Mapping[int, tuple[int, int]]]
    vitals: Sequence[VitalSign]
    age_months: float | None
    sex: str | None
    pregnant: bool | None


def see(text: str, age: float | None, sex: str | None, pregnant: bool | None, history: Sequence[str] = ()) -> Seen:
    """The signs and vital signs of `text` that are neither denied, nor past, nor only spoken about.

    `history` adds what is known of the person ("sickle cell disease", "warfarin") when the words are about that person.
    """
    rules = language()
    words = read_words(text, _spelling(), rules.fillers)
    context = Context(words, rules)
    known = [*(["pregnant"] if pregnant else []), *(() if _of_another(words) else _background(history))]
    signs: dict[str, dict[int, tuple[int, int]]] = {name: {KNOWN: (0, 0)} for name in known}
    for name, sentence, place in _said(text, words, context):
        signs.setdefault(name, {}).setdefault(sentence, place)
    mended, places = digits(*mend_text(text, words))
    read = (VitalSign(v.metric, v.number, places[v.start], places[v.end]) for v in vital_signs(mended))
    vitals = [vital for vital in read if _reported(vital, words, context)]
    return Seen(signs, vitals, _age_months(mended, age), sex, pregnant)


def _said(text: str, words: Sequence[Word], context: Context) -> Iterator[tuple[str, int, tuple[int, int]]]:
    """Each sign that is present, with its sentence and its place in the text."""
    lasting = combinations().background
    meant = figurative.figurative_places(words)
    seen: set[tuple[str, int]] = set()
    for match in _matches(text, words):
        first = words[match.first]
        new = (match.name, first.sentence) not in seen and meant.isdisjoint(match.places)
        if new and context.applies(match, lasting=match.name in lasting):
            seen.add((match.name, first.sentence))
            yield match.name, first.sentence, (first.start, words[match.last].end)


def _matches(text: str, words: Sequence[Word]) -> Iterator[Match]:
    counted = without_times_and_scores(text, words, frozenset(lexicon().doses.split()))
    apart = {place: places for places in tagger().apart(words) for place in places}
    yield from (match for match in _matcher().find(counted) if not _breaks(match, apart))
    yield from _combined(counted)


def _breaks(match: Match, apart: Mapping[int, frozenset[int]]) -> bool:
    """Whether the match takes a word out of a name of something else, or the colour of a thing."""
    named = (apart[place] for place in match.places if place in apart)
    return any(len(places) == 1 or not places.issubset(match.places) for places in named)


def _combined(words: Sequence[Word]) -> Iterator[Match]:
    spans = tagger().find(words)
    for rule in _relations():
        yield from related(rule, spans, words)


def _background(history: Sequence[str]) -> Iterator[str]:
    """The signs that what is known of a person gives: an illness, a pregnancy or a medicine that makes a complaint
    dangerous. What a name denies, or tells of the family, is not the person's.
    """
    rules = combinations()
    known = rules.background | rules.current
    for told in history:
        words = read_words(told, _spelling(), language().fillers)
        context = Context(words, language())
        if _FAMILY not in {word.text for word in words}:
            found = (*_matcher().find(words), *_combined(words))
            yield from (match.name for match in found if match.name in known and context.applies(match, lasting=True))


def _of_another(words: Sequence[Word]) -> bool:
    said = {word.text for word in words}
    return not said.isdisjoint(red_flags().words["family"]) and said.isdisjoint(_SPEAKER)


def _reported(vital: VitalSign, words: Sequence[Word], context: Context) -> bool:
    places = tuple(i for i, word in enumerate(words) if word.start < vital.end and word.end > vital.start)
    return not places or context.applies(Match("vital", places), measured=True)


def age_said(text: str) -> float | None:
    """The age in years of the one that the text speaks of ("my 3 year old", "she is 4"); None when it says none."""
    months = _age_months(text, None)
    if months is not None:
        return months / _MONTHS_PER["year"]
    bare = _bare_age().search(text)
    return float(bare["age"]) if bare and float(bare["age"]) <= _OLDEST else None


@cache
def _bare_age() -> re.Pattern[str]:
    """An age without a unit: nothing that is measured may follow ("she is 80 kg")."""
    people = "|".join(sorted(map(re.escape, red_flags().words["family"])))
    ends = r"(?=$|[?!;)]|[.,](?!\d)| and\b(?! (?:a|half)\b)| (?:but|so|with|now|can|could|may|should|is|takes|has)\b)"
    return re.compile(
        rf"\b(?:he|she|{people})(?:'s| is| was|,| aged|,? who is)? ?\(?(?:only |just |aged )?(?P<age>\d{{1,3}}){ends}",
        re.IGNORECASE,
    )


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
    rules = red_flags()
    return matcher_of(rules.signs, rules.words, language().fillers)


@cache
def _relations() -> tuple[Relations, ...]:
    signs = [relations(name, line) for name, lines in combinations().signs.items() for line in lines]
    named = {piece for flag in flags() for line in (*flag.any, *flag.unless) for piece in line.split(" + ")}
    named |= {piece for vital in red_flags().vitals for piece in vital.unless}
    return (*signs, *(relations(piece, piece[1:]) for piece in sorted(named) if piece.startswith("@")))


@cache
def _spelling() -> Spelling:
    rules = red_flags()
    signs = [compile_pattern("", line, rules.words, frozenset()) for lines in rules.signs.values() for line in lines]
    said = words_of(signs)
    real = said | _cue_words(language()) | real_words()
    # Beside the words of the list `mended`, what is a real word is listed too; elsewhere what the corpora use is real.
    listed = Spelling(rules.mended, real)
    written = common_words() | lexicon().written()
    common = frozenset(word for word in written if listed.mend(word) == word)
    telling = rules.mended | {word for word in said | NUMBER_WORDS if len(word) >= _SHORTEST_TELLING}
    return Spelling(telling, real | common, Slips(common | telling | vital_words()))


def _cue_words(rules: Language) -> frozenset[str]:
    cues = [*rules.hypothetical.cues, *rules.negation.after]
    singles = rules.negation.cues | rules.negation.ends | rules.hypothetical.conditions | rules.fillers
    return (
        frozenset(word for cue in cues for word in cue.split())
        | singles
        | figurative.cue_words()
        | times.cue_words()
        | topics.cue_words()
    )
