"""The template of a request's route: what logs, metrics and the audit log may say of its address."""

from collections.abc import Mapping
from typing import cast

UNKNOWN = "unknown"


def route_template(scope: Mapping[str, object]) -> str:
    """`/v1/record/{category}` for a matched route; `unknown` when none matched: a path may hold anything."""
    return cast(str, getattr(scope.get("route"), "path", None) or UNKNOWN)
