"""Medicines as FHIR has them: what was ordered, is said to be taken, was dispensed or given, with who and what it names."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.records import reading
from vitasense.deterministic.records.fhir import Json, first, objects, text, words
from vitasense.deterministic.records.lookups import find, medicine_of, named
from vitasense.deterministic.records.queries import Filter
from vitasense.deterministic.records.schemas import Coding, StoredResource

TREATMENTS = ("MedicationRequest", "MedicationStatement", "MedicationDispense", "MedicationAdministration")
_NAMED = (
    *("requester", "dispenseRequest.performer", "performer.actor", "informationSource", "location"),
    "reasonReference",
)
_NOTHING: Mapping[str, object] = {}


@dataclass(frozen=True, slots=True)
class Treatment:
    """One resource about a medicine: `content` is FHIR JSON with this service's ids.

    `medicine` is the Medication that it refers to, empty when it names its medicine itself. `named` are the names behind
    its references, by the path of the reference (`requester`, `dispenseRequest.performer` …).
    """

    row: StoredResource
    name: str
    codings: tuple[Coding, ...]
    medicine: Json = field(default_factory=lambda: _NOTHING)
    named: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def content(self) -> Json:
        """The resource."""
        return self.row.content


async def treatments(tx: AsyncSession, patient_id: UUID, *types: str) -> list[Treatment]:
    """Every resource of these types of TREATMENTS (all without any), newest first, without what was withdrawn."""
    rows = await find(tx, patient_id, Filter(types=types or TREATMENTS, in_error=False))
    names = await named(tx, patient_id, rows, "medicationReference", *_NAMED)
    return [_treatment(row, names) for row in rows]


def _treatment(row: StoredResource, names: reading.Names) -> Treatment:
    medicine = medicine_of(row, names)
    content = medicine.content if medicine else row.content
    codings = reading.codings_of(content, "code" if medicine else "medicationCodeableConcept")
    name = (words(first(content, "code")) if medicine else None) or row.label
    behind = {path: said for path in _NAMED if (said := reading.name_of(row.content, path, names))}
    return Treatment(row, name, codings, medicine.content if medicine else _NOTHING, behind)


def reason_of(treatment: Treatment) -> str | None:
    """What it is for, in the source's words."""
    said = (words(each) for each in objects(treatment.content, "reasonCode"))
    return next((each for each in said if each), None) or treatment.named.get("reasonReference")


def reference_to(content: Json, *paths: str) -> set[str]:
    """`Type/id` of everything that the references at the paths name."""
    return {found for path in paths for target in objects(content, path) if (found := text(target, "reference"))}
