"""rules/dose_forms.yaml: what doses are counted in, and the plain words for routes."""

from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import cast

import yaml
from pydantic import BaseModel, ConfigDict

from vitasense.deterministic.medications.schedules import UCUM, Json, Quantity
from vitasense.deterministic.units import canonical_unit, display_unit, is_valid

UNITS = "[iU]"  # the units in which a medicine is measured; sources write U for them, which in UCUM is an enzyme's


class Form(BaseModel):
    """What is counted: the words for one and for several, and its UCUM code."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    one: str
    several: str
    code: str


class Route(BaseModel):
    """A route by its codes, and by how a display begins."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    codes: frozenset[str]
    words: tuple[str, ...]


class DoseForms(BaseModel):
    """The whole file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    source: str
    forms: Mapping[str, Form]
    spellings: Mapping[str, frozenset[str]]
    routes: Mapping[str, Route]


@cache
def dose_forms() -> DoseForms:
    """The file, read once."""
    text = files("vitasense.deterministic.medications").joinpath("rules/dose_forms.yaml").read_text("utf-8")
    return DoseForms.model_validate(yaml.load(text, Loader=yaml.CSafeLoader))


def counted(value: float, form: str | None) -> Quantity:
    """So many tablets, puffs …; without a form a bare number."""
    if form is None:
        return Quantity(value)
    known = dose_forms().forms[form]
    return Quantity(value, unit=known.one, code=known.code, system=UCUM)


def measured(value: float, unit: str) -> Quantity:
    """So much in a UCUM unit."""
    return Quantity(value, unit=display_unit(unit), code=unit, system=UCUM)


def form_of(quantity: Quantity) -> str | None:
    """What the quantity counts ("tablet"), by its code or its words; None for an amount."""
    said = {(word or "").strip().casefold() for word in (quantity.code, quantity.unit)} - {""}
    return next((form for form, words in dose_forms().spellings.items() if said & words), None)


def unit_of(quantity: Quantity) -> str | None:
    """The UCUM code in which the quantity may be compared: its own, that of what it counts, or that of its words."""
    form = form_of(quantity)
    if form:
        return dose_forms().forms[form].code
    if quantity.ucum == "U":
        return UNITS
    if quantity.ucum and quantity.ucum != "1":
        return quantity.ucum if is_valid(quantity.ucum) else None
    found = canonical_unit(quantity.unit) if quantity.unit else None
    return UNITS if found == "U" else found


def route_of(concept: Json | None) -> str | None:
    """The plain word for a route; None when it is not known."""
    if concept is None:
        return None
    listed = cast("list[object]", concept["coding"]) if isinstance(concept.get("coding"), list) else []
    codings = [cast("Json", each) for each in listed if isinstance(each, dict)]
    words = [str(each).casefold() for each in (concept.get("text"), *(one.get("display") for one in codings)) if each]
    codes = {str(each.get("code")) for each in codings}
    for name, route in dose_forms().routes.items():
        if codes & route.codes or any(word.startswith(begin) for word in words for begin in (name, *route.words)):
            return name
    return None


@lru_cache(4096)
def route_words(name: str) -> str | None:
    """The route that a product's name says ("Simvastatin 20 MG Oral Tablet"); None when it says none or several."""
    words = name.casefold().split()
    found = {
        route
        for route, known in dose_forms().routes.items()
        if any(word.startswith(begin) for word in words for begin in (route, *known.words))
    }
    return found.pop() if len(found) == 1 else None
