"""Parts of the body and their sides."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import cast

from vitasense.deterministic.intake.attach import Place
from vitasense.deterministic.intake.details import Side
from vitasense.deterministic.intake.lexicon import load
from vitasense.deterministic.intake.phrases import Phrases
from vitasense.deterministic.intake.scene import Scene

_BEFORE, _AFTER = 4, 4


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the body at tokens `[first, last)`, with the side when one was said."""

    name: str
    side: Side | None
    first: int
    last: int


@cache
def _parts() -> Phrases[str]:
    return Phrases(_words())


def _words() -> Iterator[tuple[str, str]]:
    for name, words in cast("Mapping[str, Sequence[str]]", load("body")["sites"]).items():
        for word in (name, *words):
            yield word, name
            yield f"{word}es" if word.endswith(("ch", "x")) else f"{word}s", name


@cache
def _sides() -> Phrases[Side | None]:
    rows = cast("Mapping[Side, Sequence[str]]", load("body")["sides"])
    none = cast("Sequence[str]", load("body")["no_sides"])
    return Phrases(
        [*((word, None) for word in none), *((word, side) for side, words in rows.items() for word in words)]
    )


def body_words() -> frozenset[str]:
    """Every word for a part of the body."""
    return _parts().words


def find_parts(scene: Scene) -> tuple[Part, ...]:
    """Every part of the body that the text names, by place."""
    return tuple(Part(hit.meaning, side_near(scene, hit), hit.first, hit.last) for hit in _parts().find(scene))


def side_near(scene: Scene, part: Place) -> Side | None:
    """The side said right before a part ("left arm"), or a few words after it ("arm, on the left")."""
    for place in range(part.first - 1, max(-1, part.first - 1 - _BEFORE), -1):
        if scene.sentence[place] != scene.sentence[part.first] or scene.word(place) in (",", "and"):
            break
        hit = _sides().at(scene, place)
        if hit and hit.last <= part.first and hit.meaning:
            return hit.meaning
    return _side_after(scene, part)


def _side_after(scene: Scene, part: Place) -> Side | None:
    for place in range(part.last, min(len(scene.tokens), part.last + _AFTER)):
        hit = _sides().at(scene, place)
        if not hit or not hit.meaning or scene.sentence[place] != scene.sentence[part.first]:
            continue
        # "knee and left hip" says nothing of the knee; "fingers of my left hand" and "toes on the right foot" do of the part before.
        another = hit.last < len(scene.tokens) and _parts().at(scene, hit.last)
        return None if another and scene.word(part.last) not in ("of", "on") else hit.meaning
    return None
