"""How a complaint is and runs: degree, score, onset, duration, course, frequency, and where it is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import cast

from vitasense.deterministic.intake.attach import nearest
from vitasense.deterministic.intake.body import Part, find_parts
from vitasense.deterministic.intake.details import Course, Period, Site
from vitasense.deterministic.intake.durations import Lasting
from vitasense.deterministic.intake.frequency import Often, together
from vitasense.deterministic.intake.lexicon import load, symptom_names
from vitasense.deterministic.intake.mentions import Mention
from vitasense.deterministic.intake.phrases import Found, Phrases
from vitasense.deterministic.intake.scene import Scene
from vitasense.deterministic.intake.schemas import EntityType

_MOST = 10.0
_OUT_OF_SCALE = "A score of {score:g} is outside the scale from 0 to 10."
_KINDS = ("severity", "onset", "trend", "pattern")
_BEFORE_START = 12
_WHEN = frozenset({"at", "in", "when", "with", "after", "on", "during", "while", "if", "by"})
_OVER = frozenset({"gone", "resolved", "disappeared", "over", "stopped", "away", "better", "cleared"})
_SUPERLATIVE, _SCORE = "worst ever", "score"


@dataclass(frozen=True, slots=True)
class Complaint:
    """What was said of one symptom: its name with its place ("knee pain"), course, site, and the doubt about its score."""

    name: str
    course: Course | None = None
    site: Site | None = None
    doubt: str | None = None


@dataclass(slots=True)
class _Gathered:
    fields: dict[str, object] = field(default_factory=dict[str, object])
    often: list[Often] = field(default_factory=list[Often])
    part: Part | None = None


@dataclass(frozen=True, slots=True)
class _Said:
    kind: str
    value: object
    first: int
    last: int


@cache
def _table(kind: str) -> Phrases[str]:
    rows = cast("Mapping[str, Sequence[str]]", load("course")[kind])
    return Phrases((word, value) for value, words in rows.items() for word in words)


@cache
def _listed(name: str) -> Phrases[None]:
    return Phrases((word, None) for word in cast("Sequence[str]", load("course")[name]))


def course_words() -> frozenset[str]:
    """Every word of degree and course, none of which is a typing error."""
    return frozenset(word for kind in _KINDS for word in _table(kind).words)


def complaints(
    scene: Scene, often: Sequence[Often], lasting: Sequence[Lasting], periods: Mapping[int, Period]
) -> Mapping[int, Complaint]:
    """First token of each symptom → what was said of it; `periods` are the times said of mentions, by first token."""
    targets = [mention for mention in scene.mentions if mention.type is EntityType.SYMPTOM]
    if not targets:
        return {}
    gathered = [_Gathered() for _ in targets]
    _gather(scene, targets, gathered, often, lasting)
    return {
        mention.first: _complaint(scene, mention, found, periods.get(mention.first))
        for mention, found in zip(targets, gathered, strict=True)
    }


def _gather(
    scene: Scene,
    targets: Sequence[Mention],
    gathered: Sequence[_Gathered],
    often: Sequence[Often],
    lasting: Sequence[Lasting],
) -> None:
    """Give each word to its complaint, from left to right: "migraine for 2 days, 9/10, with nausea" scores the migraine."""
    wholes = [_Said("symptom", None, mention.first, mention.last) for mention in targets]
    for said in sorted(_said(scene, targets, often, lasting), key=lambda one: one.first):
        near = nearest(scene, said, wholes)
        inside = near is not None and targets[near].first <= said.first < targets[near].last
        # "Light" in "light headed" is no degree, but the chest of "chest pain" is its place.
        if near is None or (inside and not isinstance(said.value, Part)):
            continue
        _keep(gathered[near], said)
        if said.first == wholes[near].last:
            wholes[near] = _Said("symptom", None, wholes[near].first, said.last)


def _keep(found: _Gathered, said: _Said) -> None:
    if isinstance(said.value, Often):
        found.often.append(said.value)
    elif isinstance(said.value, Part):
        found.part = found.part or said.value
    else:
        found.fields.setdefault(said.kind, said.value)


def _said(
    scene: Scene, targets: Sequence[Mention], often: Sequence[Often], lasting: Sequence[Lasting]
) -> Iterator[_Said]:
    for kind in _KINDS:
        for hit in _table(kind).find(scene):
            if kind != "trend" or not _at_times(scene, hit):
                yield _Said(kind, hit.meaning, hit.first, hit.last)
    yield from (_Said(_SCORE, hit.numbers[0], hit.first, hit.last) for hit in _listed("score").find(scene))
    starts = {mention.first for mention in targets}
    for hit in _listed("superlative").find(scene):
        if hit.last in starts:
            yield _Said("severity", _SUPERLATIVE, hit.first, hit.last)
    yield from (_Said("frequency", one, one.first, one.last) for one in often)
    yield from (_Said("duration", one.duration, one.first, one.last) for one in lasting)
    yield from (_Said("site", part, part.first, part.last) for part in find_parts(scene))


def _at_times(scene: Scene, hit: Found[str]) -> bool:
    """ "Worse at night" and "better with rest" say when, not whether it got worse."""
    return hit.last == hit.first + 1 and scene.word(hit.last) in _WHEN


def _complaint(scene: Scene, mention: Mention, found: _Gathered, period: Period | None) -> Complaint:
    fields = dict(found.fields)
    frequency = _frequency(found.often)
    if frequency:
        fields["frequency"] = frequency
    if period and _began(scene, mention, period):
        fields["since"] = period
    score = fields.get(_SCORE)
    doubt = _OUT_OF_SCALE.format(score=score) if isinstance(score, float) and not 0 <= score <= _MOST else None
    site = Site(name=found.part.name, side=found.part.side) if found.part else None
    name = _named(mention.meaning.name, site)
    return Complaint(name, Course.model_validate(fields) if fields else None, site, doubt)


def _frequency(often: Sequence[Often]) -> object:
    whole = together(often)
    return whole or next((one.frequency for one in often), None)


def _began(scene: Scene, mention: Mention, period: Period) -> bool:
    """Whether the time is when it began: "since Tuesday", "started on Saturday"."""
    limit = period.place[0] if period.place else 0
    words = [token.word for token in scene.tokens[mention.last : mention.last + _BEFORE_START] if token.end <= limit]
    if not _OVER.isdisjoint(words):
        return False
    return period.text.lower().startswith("since") or any(word in _opening() for word in words[-3:])


@cache
def _opening() -> frozenset[str]:
    return frozenset(cast("Sequence[str]", load("course")["since"]))


def _named(name: str, site: Site | None) -> str:
    """The name that a complaint has at its place, where it has one of its own."""
    if site is None:
        return name
    own = _together().get(name, {}).get(site.name)
    if own:
        return own
    joined = f"{site.name} {name}"
    return joined if name == "pain" and joined in symptom_names() else name


@cache
def _together() -> Mapping[str, Mapping[str, str]]:
    return cast("Mapping[str, Mapping[str, str]]", load("body")["together"])
