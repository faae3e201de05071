"""Negation, time and owner of what was said, after NegEx and ConText: triggers, scopes and terminators."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from vitasense.deterministic.intake.mentions import Mention
from vitasense.deterministic.intake.schemas import EntityType, Experiencer, Temporality
from vitasense.deterministic.intake.tokens import Token, cut, ends_sentence

if TYPE_CHECKING:
    from vitasense.deterministic.intake.context_component import Judge

_SUPPOSED = (EntityType.SYMPTOM, EntityType.CONDITION)


@dataclass(frozen=True, slots=True)
class Context:
    """How one finding was meant: denied or not, whose it is, when, and whether it is a value to be reached."""

    negated: bool = False
    experiencer: Experiencer = "patient"
    temporality: Temporality = "recent"
    aimed: bool = False


def assertions(text: str, spans: Sequence[tuple[int, int]]) -> tuple[Context, ...]:
    """The context of each finding that stands at `[start, end)` of the text, in the order of `spans`.

    Method: NegEx (Chapman et al., J Biomed Inform 2001) and ConText (Harkema et al., J Biomed Inform 2009), with the
    triggers of `rules/triggers.yaml`. A span outside the text is taken as not negated, recent, the patient's.
    """
    tokens = cut(text)
    starts, ends = [token.start for token in tokens], [token.end for token in tokens]
    places = [(bisect_left(ends, start + 1), bisect_left(starts, end)) for start, end in spans]
    found = iter(_asserted(tokens, [place for place in places if place[0] < place[1]]))
    return tuple(next(found) if first < last else Context() for first, last in places)


def contexts(tokens: Sequence[Token], mentions: Sequence[Mention]) -> Mapping[int, Context]:
    """First token of each mention → its context; only symptoms and conditions are ever hypothetical."""
    people = [(mention.first, mention.last) for mention in mentions if mention.type is EntityType.PERSON]
    found = _asserted(tokens, [(mention.first, mention.last) for mention in mentions], people)
    return {mention.first: _of_kind(mention, context) for mention, context in zip(mentions, found, strict=True)}


def aimed(tokens: Sequence[Token], values: Sequence[tuple[int, int]]) -> list[bool]:
    """Of each value at tokens `[first, last)`, whether it is one to be reached ("my doctor wants me to weigh 70 kg")."""
    return [context.aimed for context in _asserted(tokens, [(last - 1, last) for _, last in values])]


def _of_kind(mention: Mention, context: Context) -> Context:
    if mention.type is EntityType.PERSON:
        return Context(context.negated, "other", context.temporality)
    if context.temporality == "hypothetical" and mention.type not in _SUPPOSED:
        return Context(context.negated, context.experiencer, "recent")
    return context


def _asserted(
    tokens: Sequence[Token], places: Sequence[tuple[int, int]], people: Sequence[tuple[int, int]] = ()
) -> list[Context]:
    if not places:
        return []
    starts = [place == 0 or ends_sentence(tokens[place - 1]) for place in range(len(tokens))]
    return _judge()([token.raw for token in tokens], starts, places, people)


@cache
def _judge() -> "Judge":
    """The one loader of spaCy: an empty English pipeline with the ConText component; nothing is downloaded."""
    from vitasense.deterministic.intake.context_component import Judge  # noqa: PLC0415 heavy: it imports spaCy

    return Judge()
