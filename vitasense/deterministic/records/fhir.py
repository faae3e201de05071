"""Walking FHIR JSON without trusting its shape: every read says what it expects and skips what is something else."""

from collections.abc import Iterator, Mapping
from typing import cast

Json = Mapping[str, object]
_NOTHING: Json = {}


def is_object(value: object) -> bool:
    """Whether the value is a JSON object with string keys."""
    return isinstance(value, dict) and all(isinstance(key, str) for key in cast("dict[object, object]", value))


def as_object(value: object) -> Json | None:
    """The value as a JSON object, or None."""
    return cast("Json", value) if is_object(value) else None


def as_list(value: object) -> list[object]:
    """The value as a list: nothing for None, one element for a single value."""
    if value is None:
        return []
    return cast("list[object]", value) if isinstance(value, list) else [value]


def values(node: object, path: str) -> Iterator[object]:
    """Every value at a dotted path ("code.coding.display"), through lists, in order."""
    found: list[object] = [node]
    for name in path.split("."):
        found = [child for one in found if (obj := as_object(one)) for child in as_list(obj.get(name))]
    yield from found


def texts(node: object, *paths: str) -> list[str]:
    """Every non-blank string at the paths, in order."""
    return [value for path in paths for value in values(node, path) if isinstance(value, str) and value.strip()]


def text(node: object, *paths: str) -> str | None:
    """The first non-blank string at the first path that has one."""
    return next(iter(texts(node, *paths)), None)


def objects(node: object, *paths: str) -> list[Json]:
    """Every object at the paths, in order."""
    return [obj for path in paths for value in values(node, path) if (obj := as_object(value)) is not None]


def first(node: object, *paths: str) -> Json:
    """The first object at the paths; an empty one when there is none."""
    return next(iter(objects(node, *paths)), _NOTHING)


def number(node: object, path: str) -> float | None:
    """The first JSON number at the path; a number written as a string, true and false are none."""
    for value in values(node, path):
        if isinstance(value, int | float) and not isinstance(value, bool):
            return float(value)
    return None


def words(concept: object) -> str | None:
    """A CodeableConcept as a person reads it: its text, else the first display, else the first code."""
    return text(concept, "text", "coding.display", "coding.code")
