"""Words about a medicine: its form, its way into the body, food, need, tapering."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import cast

from pydantic import BaseModel, ConfigDict

from vitasense.deterministic.intake.details import FoodTiming
from vitasense.deterministic.intake.lexicon import load
from vitasense.deterministic.intake.phrases import Phrases


class Form(BaseModel):
    """A dose form: `counted` ones are counted by a number before them, and some imply a route."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = ""
    words: tuple[str, ...]
    counted: bool = False
    route: str | None = None


@cache
def forms() -> Phrases[Form]:
    """Words for a dose form."""
    rows = cast("Mapping[str, Mapping[str, object]]", load("medicines")["forms"])
    made = [Form.model_validate({**row, "name": name}) for name, row in rows.items()]
    return Phrases((word, form) for form in made for word in form.words)


@cache
def counted() -> Mapping[str, Form]:
    """The single words for what is counted: "tablets", "puff"."""
    rows = cast("Mapping[str, Mapping[str, object]]", load("medicines")["forms"])
    made = [Form.model_validate({**row, "name": name}) for name, row in rows.items()]
    return {word: form for form in made if form.counted for word in form.words if " " not in word}


def _kinds(name: str) -> Phrases[str]:
    rows = cast("Mapping[str, Sequence[str]]", load("medicines")[name])
    return Phrases((word, value) for value, words in rows.items() for word in words)


@cache
def routes() -> Phrases[str]:
    """Words for a route."""
    return _kinds("routes")


@cache
def food() -> Phrases[FoodTiming]:
    """Words for taking with, before or after food."""
    return cast("Phrases[FoodTiming]", _kinds("food"))


@cache
def listed(name: str) -> Phrases[None]:
    """The words of a plain list of rules/medicines.yaml: as_needed, tapering."""
    return Phrases((word, None) for word in cast("Sequence[str]", load("medicines")[name]))


@cache
def word_set(name: str) -> frozenset[str]:
    """The words of a plain list of rules/medicines.yaml, as a set."""
    return frozenset(cast("Sequence[str]", load("medicines")[name]))


def form_words() -> frozenset[str]:
    """Every word about a medicine, none of which is a typing error."""
    return forms().words | routes().words | food().words | listed("as_needed").words | listed("tapering").words
