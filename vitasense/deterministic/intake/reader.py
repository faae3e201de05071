"""`read`: the steps in their order, from one text to one Reading."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import cast

from vitasense.deterministic import knowledge
from vitasense.deterministic.intake import scispacy
from vitasense.deterministic.intake.body import body_words
from vitasense.deterministic.intake.cues import cue_words
from vitasense.deterministic.intake.durations import find_durations, places
from vitasense.deterministic.intake.entities import entities_of
from vitasense.deterministic.intake.findings import find
from vitasense.deterministic.intake.followup import asks_for_reasons, continued
from vitasense.deterministic.intake.forms import form_words
from vitasense.deterministic.intake.frequency import frequency_words
from vitasense.deterministic.intake.intents import Tag, find_intents, tagged
from vitasense.deterministic.intake.lexicon import Meaning, drug_names, load, meanings, medicine_words
from vitasense.deterministic.intake.locales import Conventions, conventions
from vitasense.deterministic.intake.medicine_names import KnownMedicines
from vitasense.deterministic.intake.mentions import Mention, find_defined, find_mentions, find_symbols
from vitasense.deterministic.intake.moments import Span, find_periods
from vitasense.deterministic.intake.notations import find_notations
from vitasense.deterministic.intake.numbers import find_numbers
from vitasense.deterministic.intake.people import find_names
from vitasense.deterministic.intake.pronouns import resolved
from vitasense.deterministic.intake.scene import Scene, asks_something
from vitasense.deterministic.intake.schemas import EntityType, Reading
from vitasense.deterministic.intake.spelling import NearNames, Spelling, Together
from vitasense.deterministic.intake.statuses import status_words
from vitasense.deterministic.intake.symptoms import course_words
from vitasense.deterministic.intake.takers import assigned, with_another
from vitasense.deterministic.intake.tokens import Token, cut, fold
from vitasense.deterministic.intake.unlisted import find_unlisted
from vitasense.deterministic.intake.variants import Located, locate
from vitasense.deterministic.intake.wording import shorthand_words

_WORD = re.compile(r"[^\W\d_]+")
_FEW = 8
_CORRECTED = (EntityType.VITAL, EntityType.LAB, EntityType.CATEGORY)
_NAMES = (EntityType.DRUG, EntityType.FOOD, EntityType.CONDITION, EntityType.SYMPTOM, EntityType.ALLERGEN)


def read(
    text: str, *, now: datetime | None = None, locale: str | None = None, previous: Reading | None = None
) -> Reading:
    """What the text meant: intents, entities with places and values, and periods; never raises on any text.

    `now` anchors periods ("last week") and gives their time zone. Without it the moment is unknown: a period that
    needs it keeps its words and has neither start nor end, and a date of the calendar is of UTC. No clock is read.
    `locale` is a BCP 47 tag of the person ("en-US"): it decides the order of day and month, the decimal mark and the
    units that go without saying; without it what is ambiguous stays doubtful.
    `previous` is the reading of the message before, from which a follow-up takes its intent or entities.
    Deterministic, no model, no input or output.
    """
    habits = conventions(locale)
    folded = fold(text)
    tokens = cut(text, _corrections(folded))
    spans = find_periods(folded, now, text, habits)
    scene, located = _scene(text, tokens, spans, habits)
    entities, tags = entities_of(text, find(scene, spans, find_durations(folded, text, tokens), located))
    words = tagged(tokens, _with_periods(tokens, tags, spans))
    reading = Reading(
        text=text,
        intents=find_intents(words),
        entities=entities,
        period=next((span.period for span in spans if not span.ahead and not span.period.doubt), None),
        periods=tuple(span.period for span in spans),
        question=asks_something(tokens),
    )
    reading = assigned(reading)
    if previous is None:
        return reading
    why = asks_for_reasons(reading, previous, words)
    meant = resolved(reading, previous, words)
    went_on = continued(meant, previous, words)
    return why or with_another(went_on, previous, went_on=went_on is not meant)


def _corrections(folded: str) -> Spelling:
    """What mends the words of a text: misspelt medicines too where it is about medicines, or of few words."""
    words = frozenset(_WORD.findall(folded))
    return _spelling(medicines=len(words) <= _FEW or not words.isdisjoint(medicine_words()))


@cache
def _spelling(*, medicines: bool = True) -> Spelling:
    spelled = {key for key, found in meanings().items() if any(meaning.type in _CORRECTED for meaning in found)}
    cues = frozenset((*cue_words(), *(word for key in spelled for word in key if word.isalpha())))
    common = frozenset(word for key in ("entries", "others") for word in cast("Sequence[str]", load("spelling")[key]))
    known = cues | common | shorthand_words() | frozenset(word for key in meanings() for word in key)
    known |= frequency_words() | form_words() | status_words() | course_words() | body_words()
    near = NearNames({word: name for word, name in _names() if word not in cues})
    return Spelling(known, cues, Together(near, KnownMedicines(drug_names())) if medicines else near)


def _names() -> Iterator[tuple[str, str]]:
    """Words that are a name on their own, with what they name: "bananas" and "banana" name one thing.

    Without the medicines of the knowledge room, whose misspellings it reads itself.
    """
    for key, found in meanings().items():
        if len(key) == 1 and any(meaning.type in _NAMES for meaning in found) and key[0] not in knowledge.drug_names():
            yield key[0], found[0].name


def _scene(
    text: str, tokens: Sequence[Token], spans: Sequence[Span], habits: Conventions
) -> tuple[Scene, Sequence[Located]]:
    notations = find_notations(text, tokens)
    noted = {place for one in notations for place in range(one.first, one.last)}
    mentions = [*find_mentions(tokens)]
    mentions += find_symbols(text, tokens, mentions)
    mentions += find_defined(text, tokens, mentions, _defined(text))
    mentions += find_names(text, tokens, mentions)
    mentions += find_unlisted(text, tokens, mentions, _spelling().knows)
    located, genes = locate(text, tokens, mentions, notations)
    taken = {place for one in located for place in range(one.first, one.last)}
    hidden = _inside(tokens, spans)
    mentions = [one for one in mentions if _stands(one, taken, hidden)]
    mentions += [*genes, *(Mention(Meaning(EntityType.VARIANT, one.name), one.first, one.last) for one in located)]
    mentions.sort(key=lambda mention: mention.first)
    numbers = [one for one in find_numbers(tokens, habits.decimal) if _free(one.first, one.last, hidden, noted)]
    return Scene(tokens, numbers, mentions, text=text, hidden=hidden, conventions=habits), located


def _defined(text: str) -> Mapping[str, str]:
    """The abbreviations that the text defines in brackets; none without the extra."""
    return _abbreviations().defined(text) if "(" in text and scispacy.installed() else {}


@cache
def _abbreviations() -> scispacy.Abbreviations:
    return scispacy.Abbreviations()


def _stands(one: Mention, variants: set[int], periods: set[int]) -> bool:
    """Whether a mention is more than a part of a variant's notation or of a time ("Sept")."""
    places = range(one.first, one.last)
    return (one.type is EntityType.GENE or variants.isdisjoint(places)) and not periods.issuperset(places)


def _free(first: int, last: int, *taken: set[int]) -> bool:
    return all(places.isdisjoint(range(first, last)) for places in taken)


def _inside(tokens: Sequence[Token], spans: Sequence[Span]) -> set[int]:
    return {place for span in spans for place in range(*places(tokens, span.start, span.end))}


def _with_periods(tokens: Sequence[Token], tags: Sequence[Tag], spans: Sequence[Span]) -> list[Tag]:
    taken = {place for tag in tags for place in range(tag.first, tag.last)}
    found = list(tags)
    dated = [span for span in spans if span.dated and not span.ahead and not span.period.doubt]
    for place in sorted(_inside(tokens, dated) - taken):
        if found and found[-1].name == "<period>" and found[-1].last == place:
            found[-1] = replace(found[-1], last=place + 1)
        else:
            found.append(Tag(place, place + 1, "<period>"))
    return found
