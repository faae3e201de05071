"""The entries of a file: a bundle of any kind that carries a record, or one resource by itself."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from vitasense.deterministic.platform.problems import InvalidInput, TooLarge
from vitasense.deterministic.records.fhir import Json, as_object, text
from vitasense.deterministic.records.kinds import rules
from vitasense.deterministic.records.moments import Moment, moment
from vitasense.deterministic.records.schemas import ImportProblem
from vitasense.deterministic.records.validation import Unusable, canonical, content_hash, validate

MOST_ENTRIES = 20_000
BUNDLES = frozenset({"transaction", "batch", "collection", "searchset", "document"})

_ABSOLUTE = re.compile(r"(?P<base>https?://.+)/(?P<type>[A-Z][A-Za-z]+)/(?P<id>[A-Za-z0-9\-.]{1,64})/?")
_URN = "urn:uuid:"


@dataclass(frozen=True, slots=True)
class Source:
    """What a resource is called where it comes from; `base` is that server's address, when it is known."""

    type: str
    id: str
    base: str | None = None

    @property
    def relative(self) -> str:
        """`Type/id`."""
        return f"{self.type}/{self.id}"

    def __str__(self) -> str:
        return f"{self.base}/{self.relative}" if self.base else self.relative


@dataclass(frozen=True, slots=True)
class Candidate:
    """One usable entry: where it was, what it is called, and its content as it came."""

    place: str
    source: Source
    full_url: str | None
    resource: Json
    hash: bytes
    updated: Moment | None

    def problem(self, reason: str) -> ImportProblem:
        """What is to be said of it."""
        return ImportProblem(entry=self.place, type=self.source.type, id=text(self.resource, "id"), reason=reason)


@dataclass(frozen=True, slots=True)
class Contents:
    """What a file holds: usable entries, problems of the others, and how many entries there are."""

    candidates: tuple[Candidate, ...]
    problems: tuple[ImportProblem, ...]
    entries: int


def read_contents(file: Mapping[str, object]) -> Contents:
    """The entries of a bundle or single resource. Raises InvalidInput for anything else, TooLarge for too many."""
    candidates: list[Candidate] = []
    problems: list[ImportProblem] = []
    entries = list(_entries(file))
    for place, full_url, resource, missing in entries:
        try:
            candidates.append(_candidate(place, full_url, resource, missing))
        except Unusable as unusable:
            own_type, own_id = text(resource, "resourceType"), text(resource, "id")
            problems.append(ImportProblem(entry=place, type=_short(own_type), id=_short(own_id), reason=str(unusable)))
    return Contents(tuple(candidates), tuple(problems), len(entries))


def _short(words: str | None) -> str | None:
    return words[:64].encode(errors="replace").decode().replace("\0", "?") if words else None


def _entries(file: Mapping[str, object]) -> Iterator[tuple[str, str | None, Json | None, str]]:
    bundle = as_object(file)
    if bundle is None or not isinstance(bundle.get("resourceType"), str):
        raise InvalidInput("This is not FHIR: a file must be one JSON object with a resourceType.")
    if bundle["resourceType"] != "Bundle":
        yield "resource", None, bundle, ""
        return
    if text(bundle, "type") not in BUNDLES:
        raise InvalidInput(f"A bundle must be one of: {', '.join(sorted(BUNDLES))}.")
    entries = bundle.get("entry", [])
    if not isinstance(entries, list):
        raise InvalidInput("The bundle's entry must be a list.")
    if len(cast("list[object]", entries)) > MOST_ENTRIES:
        raise TooLarge(f"One file may hold {MOST_ENTRIES} entries; send it in parts.", most=MOST_ENTRIES)
    for index, entry in enumerate(cast("list[object]", entries)):
        yield from _entry(index, as_object(entry))


def _entry(index: int, entry: Json | None) -> Iterator[tuple[str, str | None, Json | None, str]]:
    place = f"entry[{index}]"
    if entry is None:
        yield place, None, None, "it is not an object"
    elif text(entry, "request.method") in {"DELETE", "PATCH"}:
        yield place, None, as_object(entry.get("resource")), "deletions and patches are not taken"
    elif (resource := as_object(entry.get("resource"))) is None:
        yield place, None, None, "it holds no resource"
    else:
        yield f"{place}.resource", text(entry, "fullUrl"), resource, ""


def _candidate(place: str, full_url: str | None, resource: Json | None, missing: str) -> Candidate:
    if resource is None or missing:
        raise Unusable(missing)
    content = canonical(resource)
    validate(resource)
    own_type = cast("str", resource["resourceType"])
    if own_type in rules().not_stored:
        raise Unusable(f"{own_type} is not part of a person's record")
    digest = content_hash(content)
    source = _source(own_type, text(resource, "id"), full_url or "", digest)
    return Candidate(place, source, full_url, resource, digest, moment(text(resource, "meta.lastUpdated")))


def _source(own_type: str, own_id: str | None, full_url: str, digest: bytes) -> Source:
    absolute = _ABSOLUTE.fullmatch(full_url)
    if absolute and absolute["type"] == own_type and own_id in {None, absolute["id"]}:
        return Source(own_type, absolute["id"], absolute["base"])
    if own_id is None and full_url.startswith(_URN):
        own_id = full_url.removeprefix(_URN)
    # Without any identity the content is the identity: the same content again is the same resource.
    return Source(own_type, own_id or f"sha256-{digest.hex()[:40]}")
