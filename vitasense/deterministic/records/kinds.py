"""rules/categories.yaml: what each resource type is shared as, and where its time, code and status are."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import cast

import yaml
from pydantic import BaseModel, ConfigDict

from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.records.fhir import Json, first, text, texts, values, words

_NAMED = frozenset({"Composition", "Organization", "Location", "Practitioner"})


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Kind(_Frozen):
    """One resource type: its category, and the paths of its codes, times and status."""

    category: Category
    code: tuple[str, ...]
    times: tuple[str, ...]
    status: tuple[str, ...] = ("status",)
    type: str = ""
    supporting: bool = False


class Refinement(_Frozen):
    """A category told by the resource's own codes."""

    type: str
    category: Category
    source: str
    categories: frozenset[str] = frozenset()
    codes: frozenset[str] = frozenset()
    components: frozenset[str] = frozenset()
    uncategorised: bool = False

    def fits(self, resource: Json) -> bool:
        """Whether the resource carries one of the codes."""
        categories = set(texts(resource, "category.coding.code"))
        if self.uncategorised and categories:
            return False
        return bool(
            self.categories & categories
            or self.codes.intersection(texts(resource, "code.coding.code"))
            or self.components.intersection(texts(resource, "component.code.coding.code"))
        )


class Rules(_Frozen):
    """The whole file."""

    version: str
    source: str
    default: Kind
    entries: tuple[Kind, ...]
    not_stored: frozenset[str]
    subjects: tuple[str, ...]
    refinements: tuple[Refinement, ...]


@cache
def rules() -> Rules:
    """The file, read once."""
    raw = files("vitasense.deterministic.records").joinpath("rules/categories.yaml").read_text(encoding="utf-8")
    return Rules.model_validate(yaml.load(raw, Loader=yaml.CSafeLoader))


@cache
def _kinds() -> Mapping[str, Kind]:
    return {kind.type: kind for kind in rules().entries}


def kind_of(resource_type: str) -> Kind:
    """The type's entry, or the default."""
    return _kinds().get(resource_type, rules().default)


def resource_types() -> tuple[str, ...]:
    """The types with an entry of their own."""
    return tuple(_kinds())


def supporting_types() -> tuple[str, ...]:
    """The types that are read through what refers to them."""
    return tuple(kind.type for kind in rules().entries if kind.supporting)


def category_of(resource: Json) -> Category:
    """The category that the resource is shared as."""
    own_type = cast("str", resource["resourceType"])
    for rule in rules().refinements:
        if rule.type == own_type and rule.fits(resource):
            return rule.category
    return kind_of(own_type).category


def label_of(resource: Json) -> str:
    """What the resource is, in a few words of its own; its type when it has none."""
    own_type = cast("str", resource["resourceType"])
    concepts = (words(value) for path in kind_of(own_type).code for value in values(resource, path))
    coded = next((found for found in concepts if found), None)
    named = text(resource, "title", "description", "name.text") or _name(resource) or text(resource, "name")
    chosen = named or coded if own_type in _NAMED else coded or named
    return (chosen or own_type)[:300]


def _name(resource: Json) -> str | None:
    name = first(resource, "name")
    return " ".join([*texts(name, "given"), *texts(name, "family")]) or None


def status_of(resource: Json) -> str | None:
    """The resource's status; `entered-in-error` wins wherever it is said."""
    own_type = cast("str", resource["resourceType"])
    if "entered-in-error" in texts(resource, "status", "verificationStatus.coding.code"):
        return "entered-in-error"
    return text(resource, *kind_of(own_type).status)
