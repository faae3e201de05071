"""LangGraph's conditions on namespaces and on values, as its own stores understand them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from langgraph.store.base import MatchCondition

_COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "$eq": lambda value, wanted: value == wanted,
    "$ne": lambda value, wanted: value != wanted,
    "$gt": lambda value, wanted: float(value) > float(wanted),
    "$gte": lambda value, wanted: float(value) >= float(wanted),
    "$lt": lambda value, wanted: float(value) < float(wanted),
    "$lte": lambda value, wanted: float(value) <= float(wanted),
}


def matches(namespace: tuple[str, ...], condition: MatchCondition) -> bool:
    """Whether the namespace begins, or ends, with the path; `*` is any label."""
    path = tuple(condition.path)
    if len(namespace) < len(path):
        return False
    part = namespace[: len(path)] if condition.match_type == "prefix" else namespace[len(namespace) - len(path) :]
    return all(wanted in ("*", label) for label, wanted in zip(part, path, strict=True))


def passes(value: Mapping[str, Any], conditions: Mapping[str, Any] | None) -> bool:
    """Whether each named field is what is wanted: equal, or compared by `$gt` and the like. ValueError for others."""
    return all(_fits(value.get(name), wanted) for name, wanted in (conditions or {}).items())


def _fits(value: Any, wanted: Any) -> bool:
    if isinstance(wanted, dict):
        conditions = cast(dict[str, Any], wanted)
        if any(name.startswith("$") for name in conditions):
            return all(_compares(value, name, each) for name, each in conditions.items())
        return isinstance(value, dict) and passes(cast(dict[str, Any], value), conditions)
    if isinstance(wanted, list | tuple):
        listed = cast(Sequence[Any], wanted)
        if not isinstance(value, list | tuple) or len(cast(Sequence[Any], value)) != len(listed):
            return False
        return all(_fits(one, each) for one, each in zip(cast(Sequence[Any], value), listed, strict=True))
    return value == wanted


def _compares(value: Any, name: str, wanted: Any) -> bool:
    if name not in _COMPARED:
        raise ValueError(f"there is no comparison {name!r}")
    if value is None and name not in ("$eq", "$ne"):
        return False
    return _COMPARED[name](value, wanted)
