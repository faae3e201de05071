"""`read`: the steps in their order, from one text to one Reading."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import cast

from vitasense.deterministic.intake.amounts import Dose, find_doses, per_day, portion
from vitasense.deterministic.intake.context import Context, contexts
from vitasense.deterministic.intake.cues import cue_words
from vitasense.deterministic.intake.followup import continued
from vitasense.deterministic.intake.intents import Tag, find_intents, tagged
from vitasense.deterministic.intake.lexicon import answering_codes, class_names, load, meanings
from vitasense.deterministic.intake.mentions import Mention, find_mentions
from vitasense.deterministic.intake.numbers import find_numbers
from vitasense.deterministic.intake.people import find_names, relatives
from vitasense.deterministic.intake.periods import Span, find_clock_marks, find_periods
from vitasense.deterministic.intake.schemas import Entity, EntityType, Reading
from vitasense.deterministic.intake.spelling import Spelling
from vitasense.deterministic.intake.tokens import Token, cut, fold
from vitasense.deterministic.intake.values import Scene, Valued, find_values
from vitasense.deterministic.intake.wording import shorthand_words

_CORRECTED = (EntityType.VITAL, EntityType.LAB, EntityType.CATEGORY)
_NAMES = (EntityType.DRUG, EntityType.FOOD, EntityType.CONDITION, EntityType.SYMPTOM, EntityType.ALLERGEN)


def read(text: str, *, now: datetime, previous: Reading | None = None) -> Reading:
    """What the text meant: intents, entities with places and values, and the period; never raises on any text.

    `now` anchors periods ("last week") and gives their time zone; `previous` is the reading of the message before,
    from which a follow-up takes its intent or entities. Deterministic, no model, no input or output.
    """
    tokens = cut(text, _spelling())
    folded = fold(text)
    periods = find_periods(folded, now, text)
    scene = _scene(text, tokens, periods, find_clock_marks(folded))
    valued = find_values(scene)
    doses = find_doses(scene, {place for one in valued for place in range(one.first, one.last)})
    entities, tags = _entities(text, scene, valued, doses)
    words = tagged(tokens, _with_periods(tokens, tags, periods))
    reading = Reading(
        text=text, intents=find_intents(words), entities=entities, period=periods[0].period if periods else None
    )
    return continued(reading, previous, words) if previous else reading


@cache
def _spelling() -> Spelling:
    spelled = {key for key, found in meanings().items() if any(meaning.type in _CORRECTED for meaning in found)}
    cues = frozenset((*cue_words(), *(word for key in spelled for word in key if word.isalpha())))
    common = frozenset(word for key in ("entries", "others") for word in cast("Sequence[str]", load("spelling")[key]))
    known = cues | common | shorthand_words() | frozenset(word for key in meanings() for word in key)
    return Spelling(known, cues, dict(_names()))


def _names() -> Iterator[tuple[str, str]]:
    """Words that are a name on their own, with what they name: "bananas" and "banana" name one thing."""
    for key, found in meanings().items():
        if len(key) == 1 and any(meaning.type in _NAMES for meaning in found):
            yield key[0], found[0].name


def _scene(text: str, tokens: Sequence[Token], periods: Sequence[Span], marks: Sequence[tuple[int, int]]) -> Scene:
    hidden = _places(tokens, [*((span.start, span.end) for span in periods), *marks])
    numbers = [number for number in find_numbers(tokens) if hidden.isdisjoint(range(number.first, number.last))]
    mentions = list(find_mentions(tokens))
    mentions += find_names(text, tokens, mentions)
    return Scene(tokens, numbers, sorted(mentions, key=lambda mention: mention.first))


def _places(tokens: Sequence[Token], spans: Sequence[tuple[int, int]]) -> set[int]:
    """The tokens inside character spans, in one pass."""
    inside: set[int] = set()
    ordered = sorted(spans)
    at = 0
    for place, token in enumerate(tokens):
        while at < len(ordered) and ordered[at][1] <= token.start:
            at += 1
        if at < len(ordered) and ordered[at][0] <= token.start:
            inside.add(place)
    return inside


def _with_periods(tokens: Sequence[Token], tags: Sequence[Tag], periods: Sequence[Span]) -> list[Tag]:
    taken = {place for tag in tags for place in range(tag.first, tag.last)}
    found = list(tags)
    inside = sorted(_places(tokens, [(span.start, span.end) for span in periods]) - taken)
    for place in inside:
        if found and found[-1].name == "<period>" and found[-1].last == place:
            found[-1] = Tag(found[-1].first, place + 1, "<period>")
        else:
            found.append(Tag(place, place + 1, "<period>"))
    return found


def _entities(
    text: str, scene: Scene, valued: Sequence[Valued], doses: Sequence[Dose]
) -> tuple[tuple[Entity, ...], list[Tag]]:
    context = contexts(scene.tokens, scene.mentions)
    by_drug = {dose.drug.first: dose for dose in doses if dose.drug}
    inside = {place for one in valued for place in range(one.first, one.last)}
    made = [(_measured(text, scene, one, context), Tag(one.first, one.last, _measure_tag(one))) for one in valued]
    made += [(_dosed(text, scene, dose), Tag(dose.first, dose.last, "<dose>")) for dose in doses]
    for mention in scene.mentions:
        if mention.meaning.measure is None and mention.first not in inside:
            entity = _named(text, scene, mention, context[mention.first], by_drug)
            made.append((entity, Tag(mention.first, mention.last, _tag(entity))))
    made.sort(key=lambda pair: (pair[0].start, pair[0].end))
    return tuple(entity for entity, _ in made), [tag for _, tag in made]


def _place(text: str, tokens: Sequence[Token], first: int, last: int) -> tuple[str, int, int]:
    start, end = tokens[first].start, tokens[last - 1].end
    return text[start:end], start, end


def _measure_tag(one: Valued) -> str:
    kind = "vital" if one.measure.category == "vitals" else "lab"
    return f"<{kind}#>" if one.said else f"<{kind}>"


def _measured(text: str, scene: Scene, one: Valued, context: Mapping[int, Context]) -> Entity:
    said, start, end = _place(text, scene.tokens, one.first, one.last)
    meant = next((context[place] for place in range(one.first, one.last) if place in context), Context())
    return Entity(
        type=EntityType.VITAL if one.measure.category == "vitals" else EntityType.LAB,
        text=said,
        start=start,
        end=end,
        name=one.measure.name,
        code=one.measure.code,
        codes=answering_codes(one.measure),
        value=one.said.value if one.said else None,
        second_value=one.said.second if one.said else None,
        unit=one.said.unit if one.said else None,
        experiencer=meant.experiencer,
        doubt=one.doubt,
    )


def _dosed(text: str, scene: Scene, dose: Dose) -> Entity:
    said, start, end = _place(text, scene.tokens, dose.first, dose.last)
    return Entity(
        type=EntityType.DOSE,
        text=said,
        start=start,
        end=end,
        name=dose.drug.meaning.name if dose.drug else "dose",
        value=dose.value,
        unit=dose.unit,
        quantity=dose.count,
        per_day=_times(scene, dose),
    )


def _times(scene: Scene, dose: Dose) -> float | None:
    ends = [dose.last] if dose.drug is None else sorted({dose.last, dose.drug.last}, reverse=True)
    return next((times for end in ends if (times := per_day(scene, end)) is not None), None)


def _named(text: str, scene: Scene, mention: Mention, meant: Context, doses: Mapping[int, Dose]) -> Entity:
    said, start, end = _place(text, scene.tokens, mention.first, mention.last)
    return Entity(
        type=mention.type,
        text=said,
        start=start,
        end=end,
        name=mention.meaning.name,
        negated=meant.negated,
        experiencer=meant.experiencer,
        temporality=meant.temporality,
    ).model_copy(update=dict(_amount(scene, mention, doses)))


def _amount(scene: Scene, mention: Mention, doses: Mapping[int, Dose]) -> Iterator[tuple[str, object]]:
    if mention.type is EntityType.FOOD:
        said = portion(scene, mention)
        yield from {"quantity": said.count, "portion": said.portion, "value": said.value, "unit": said.unit}.items()
    if mention.type is EntityType.DRUG:
        dose = doses.get(mention.first)
        yield "per_day", _times(scene, dose) if dose else per_day(scene, mention.last)
        if dose:
            yield from {"value": dose.value, "unit": dose.unit, "quantity": dose.count}.items()


def _tag(entity: Entity) -> str:
    if entity.type is EntityType.CATEGORY:
        return f"<{entity.name}>"
    if entity.type is EntityType.PERSON and entity.name not in relatives():
        return "<stranger>"
    if entity.negated and entity.type in (EntityType.SYMPTOM, EntityType.CONDITION):
        return "<absent>"
    if entity.type is EntityType.DRUG and entity.name in class_names():
        return "<class>"
    amount = entity.type is EntityType.FOOD and (entity.quantity is not None or entity.value is not None)
    return f"<{entity.type.value}{'#' if amount else ''}>"
