"""From an accepted entry to the row that is written."""

from collections.abc import Iterator

from vitasense.deterministic.records.bundles import Candidate
from vitasense.deterministic.records.fhir import Json, objects, text
from vitasense.deterministic.records.kinds import category_of, kind_of, label_of, status_of
from vitasense.deterministic.records.linking import Linker
from vitasense.deterministic.records.moments import moment
from vitasense.deterministic.records.register import Key
from vitasense.deterministic.records.repository import NewVersion, StoredVersion


def new_version(key: Key, candidate: Candidate, stored: StoredVersion | None, linker: Linker) -> NewVersion:
    """The next version of the resource, with this service's id and references."""
    resource = candidate.resource
    content, waiting = linker.linked(resource, candidate.source.base)
    codings = list(_codings(resource))
    system, code = next(iter(codings), (None, None))
    when = moment(text(resource, *kind_of(key[0]).times))
    return NewVersion(
        type=key[0],
        id=key[1],
        version=stored.version + 1 if stored else 1,
        category=category_of(resource),
        source_id=stored.source_id if stored else str(candidate.source),
        code_system=system,
        code=code,
        codes=tuple(sorted({token for each in codings for token in _tokens(*each)} | set(waiting))),
        label=label_of(resource),
        status=status_of(resource),
        occurred_at=when.at if when else None,
        content_hash=candidate.hash,
        content={**content, "id": str(key[1])},
    )


def _codings(resource: Json) -> Iterator[tuple[str | None, str]]:
    for path in kind_of(str(resource["resourceType"])).code:
        for coding in objects(resource, f"{path}.coding"):
            if code := text(coding, "code"):
                yield text(coding, "system"), code


def _tokens(system: str | None, code: str) -> tuple[str, ...]:
    return (code, f"{system}|{code}") if system else (code, f"|{code}")
