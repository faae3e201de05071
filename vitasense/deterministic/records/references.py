"""References between resources: found, understood and rewritten."""

import re
from collections.abc import Callable, Iterator
from typing import cast

from vitasense.deterministic.records.bundles import Source
from vitasense.deterministic.records.fhir import Json

_REFERENCE = re.compile(
    r"(?:(?P<base>https?://[^\s?#]+)/)?(?P<type>[A-Z][A-Za-z]+)/(?P<id>[A-Za-z0-9\-.]{1,64})"
    r"(?:/_history/[A-Za-z0-9\-.]{1,64})?(?:#\S*)?"
)


def source_of(reference: str, base: str | None) -> Source | None:
    """What a relative or absolute reference names; a relative one is of the referring resource's server.

    None for urn:uuid, `#contained` and conditional references.
    """
    match = _REFERENCE.fullmatch(reference)
    return Source(match["type"], match["id"], match["base"] or base) if match else None


def _links(key: str, value: object) -> str | None:
    """The value, when it names another resource: a reference, or an attachment's address of a Binary."""
    if not isinstance(value, str):
        return None
    binary = key == "url" and ("Binary/" in value or value.startswith("urn:uuid:"))
    return value if binary or key == "reference" else None


def references(node: object) -> Iterator[str]:
    """Every reference of a resource, contained resources included."""
    if isinstance(node, dict):
        for key, child in cast("Json", node).items():
            if link := _links(key, child):
                yield link
            else:
                yield from references(child)
    elif isinstance(node, list):
        for child in cast("list[object]", node):
            yield from references(child)


def rewritten(node: object, change: Callable[[str], str | None]) -> object:
    """A copy with every reference replaced by what `change` gives for it; None keeps it as it is."""
    if isinstance(node, dict):
        return {
            key: (change(link) or link) if (link := _links(key, child)) else rewritten(child, change)
            for key, child in cast("Json", node).items()
        }
    return [rewritten(child, change) for child in cast("list[object]", node)] if isinstance(node, list) else node
