"""Documents and notes in words: what a person or a clinic wrote, with the category it is shared as."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.records import queries
from vitasense.deterministic.records.documents import FindBinary, Unreadable, attached_text, section_text
from vitasense.deterministic.records.fhir import Json, objects, texts
from vitasense.deterministic.records.lookups import behind, find
from vitasense.deterministic.records.queries import Filter
from vitasense.deterministic.records.reading import evidence_of
from vitasense.deterministic.records.schemas import StoredResource, Writing

WRITTEN = ("DocumentReference", "Composition", "DiagnosticReport", "ClinicalImpression")
_ATTACHED = {"DocumentReference": "content.attachment", "DiagnosticReport": "presentedForm"}
# FHIR R4: where these resources hold words of their own.
_TOLD = {"DiagnosticReport": ("conclusion",), "ClinicalImpression": ("description", "summary", "note.text")}


@dataclass(frozen=True, slots=True)
class Pointer:
    """A version of a resource that may hold words: `ref` is `Type/id`."""

    ref: str
    version: str
    category: Category

    @property
    def id(self) -> UUID:
        """The id of the resource."""
        return UUID(self.ref.rpartition("/")[2])


async def pointers(tx: AsyncSession, patient_id: UUID) -> list[Pointer]:
    """The current version of every resource that may hold words and was not withdrawn."""
    found = await queries.versions_of(tx, patient_id, Filter(types=WRITTEN, in_error=False))
    return [Pointer(f"{own_type}/{own_id}", str(version), category) for own_type, own_id, version, category in found]


async def writings(tx: AsyncSession, patient_id: UUID, ids: Iterable[UUID] | None = None) -> list[Writing]:
    """Documents, reports and notes, all or these, newest first; reports without a word of their own are left out."""
    rows = await find(tx, patient_id, Filter(types=WRITTEN, ids=None if ids is None else list(ids), in_error=False))
    urls = [url for row in rows for url in texts(row.content, *(f"{path}.url" for path in _ATTACHED.values()))]
    stored = await behind(tx, patient_id, urls)

    def binary(url: str) -> Json | None:
        found = stored.get(url)
        return found.content if found else None

    found = (_writing(row, binary) for row in rows)
    return [writing for writing in found if writing]


def _writing(row: StoredResource, binary: FindBinary) -> Writing | None:
    words, why = _read(row, binary)
    if not words and not why:
        return None
    return Writing(
        name=row.label,
        category=row.category,
        at=row.at,
        text="\n\n".join(words) or None,
        unreadable=None if words else why,
        evidence=evidence_of(row),
    )


def _read(row: StoredResource, binary: FindBinary) -> tuple[Sequence[str], str | None]:
    """The words, and why there are none where there should be."""
    content = row.content
    words = [said for path in _TOLD.get(row.type, ()) for said in texts(content, path)]
    try:
        if row.type == "Composition":
            words.append(section_text(content))
        elif row.type == "DocumentReference" or objects(content, "presentedForm"):
            words.append(attached_text(content, binary, _ATTACHED[row.type]))
    except Unreadable as unreadable:
        return words, str(unreadable)
    return [each for each in words if each.strip()], None if any(words) else _empty(row.type)


def _empty(own_type: str) -> str | None:
    return "it holds no words" if own_type in ("DocumentReference", "Composition") else None
