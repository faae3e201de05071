"""What an import did, and the shapes of what is read from the record."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.findings import Evidence
from vitasense.deterministic.platform.untrusted import RecordText

ENTERED_IN_ERROR = "entered-in-error"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class ImportProblem(_Frozen):
    """What was not taken as it is: its place in the file (`entry[17].resource`), its type and id there, and why."""

    entry: str
    type: str | None
    id: str | None
    reason: str


class ImportReport(_Frozen):
    """What one import did. `imported + updated + unchanged + skipped` is the number of entries of the file.

    `by_type` counts what is in the record now because of it (imported, updated or unchanged). A resource may be in the
    record and in `problems` too: when a number of it could not go into the time series.
    """

    imported: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0
    problems: tuple[ImportProblem, ...] = ()
    by_type: dict[str, int] = Field(default_factory=dict[str, int])


class StoredResource(_Frozen):
    """The current version of a resource: `content` is FHIR R4 JSON with this service's ids."""

    type: str
    id: UUID
    version: int
    category: Category
    label: RecordText
    code_system: str | None
    code: str | None
    status: str | None
    at: datetime | None
    recorded_at: datetime
    content: dict[str, object]

    @property
    def in_error(self) -> bool:
        """Whether its author withdrew it."""
        return self.status == ENTERED_IN_ERROR


class ResourcePage(_Frozen):
    """Some resources; `next` is the cursor of those after them, `total` how many there are in all."""

    items: tuple[StoredResource, ...]
    next: str | None
    total: int


class ResourceVersion(_Frozen):
    """One version of a resource, as it was written."""

    version: int
    recorded_at: datetime
    content: dict[str, object]


class Coding(_Frozen):
    """One code of a thing: RxNorm, ATC, SNOMED CT, LOINC … by `system`."""

    system: str | None
    code: str
    display: RecordText | None = None


class _Read(_Frozen):
    """What every typed read carries: what it is, its codes (`code` and `system` are the first), when, and evidence.

    `at` is when it happened or, when that is not said, when it was recorded there.
    """

    name: RecordText
    code: str | None = None
    system: str | None = None
    codings: tuple[Coding, ...] = ()
    status: RecordText | None = None
    at: datetime | None = None
    evidence: Evidence


class Profile(_Frozen):
    """Whose record it is. `birth_date` is as precise as the source ("1980", "1980-05-01"); sex is administrative."""

    patient_id: UUID
    name: RecordText | None
    birth_date: RecordText | None
    sex: Literal["male", "female", "other", "unknown"] | None
    deceased: bool
    deceased_at: datetime | None
    evidence: Evidence

    def age_years(self, now: datetime) -> int | None:
        """Full years at `now`; None when the birth date is less precise than a day."""
        if self.birth_date is None or len(self.birth_date) != len("1980-05-01"):
            return None
        year, month, day = map(int, self.birth_date.split("-"))
        return now.year - year - ((now.month, now.day) < (month, day))


class Condition(_Read):
    """A problem or diagnosis; `status` is clinical (active, remission, resolved …).

    `since` and `until` are in the source's words and precision ("2015-03").
    """

    verification: RecordText | None
    active: bool
    since: RecordText | None
    until: RecordText | None


class Medication(_Read):
    """A medicine that was ordered (`ordered`) or is said to be taken.

    `dose` is in the source's words or made of its numbers; `since` and `until` have the source's precision.
    """

    ordered: bool
    active: bool
    dose: RecordText | None
    since: RecordText | None
    until: RecordText | None
    prescriber: RecordText | None


class Reaction(_Frozen):
    """What happened: its signs, and how severe it was."""

    manifestations: tuple[RecordText, ...]
    severity: RecordText | None


class Allergy(_Read):
    """An allergy or intolerance; `criticality` is low, high or unable-to-assess."""

    kind: RecordText | None
    criticality: RecordText | None
    verification: RecordText | None
    active: bool
    reactions: tuple[Reaction, ...]


class AllergyStatement(_Read):
    """Someone recorded that there is no known allergy (`scope` all, drug, food, environment), or that it is unknown."""

    scope: str
    known: bool


class Allergies(_Frozen):
    """Allergies apart from statements about having none; both empty means that nothing was recorded either way."""

    allergies: tuple[Allergy, ...]
    statements: tuple[AllergyStatement, ...]


class Result(_Read):
    """A laboratory result or a vital sign, or one component of one.

    `value` with `unit` (UCUM code, or the source's word when it gave no code) for a number; `comparator` says that
    the true value is beyond it (<, <=, >=, >); `text` is what was found when it is no number. `low` and `high` are
    the record's own reference range.
    """

    value: float | None = None
    comparator: RecordText | None = None
    unit: RecordText | None = None
    text: RecordText | None = None
    low: float | None = None
    high: float | None = None
    interpretation: RecordText | None = None
    absent: RecordText | None = None
    components: tuple["Result", ...] = ()


class Immunization(_Read):
    """A vaccination; `status` not-done means that it was not given, for `reason`."""

    given: bool
    reason: RecordText | None


class Encounter(_Read):
    """A visit or stay; `kind` is ambulatory, inpatient … in the source's words."""

    kind: RecordText | None
    reason: RecordText | None
    until: datetime | None
    provider: RecordText | None


class Procedure(_Read):
    """Something that was done, or a report on it."""

    until: datetime | None
    conclusion: RecordText | None


class Document(_Read):
    """A document; `text` is what can be read of it, else `unreadable` says why not."""

    content_type: RecordText | None
    text: str | None
    unreadable: RecordText | None
    author: RecordText | None


class Writing(_Frozen):
    """A document or note of the record in words; `text` is what can be read of it, else `unreadable` says why not."""

    name: RecordText
    category: Category
    at: datetime | None
    text: str | None
    unreadable: RecordText | None
    evidence: Evidence
