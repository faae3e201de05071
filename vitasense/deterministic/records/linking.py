"""References to other resources become references to this service's ids, at once or when their target comes."""

from collections.abc import Mapping, Sequence
from typing import cast
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.records import repository
from vitasense.deterministic.records.fhir import Json
from vitasense.deterministic.records.ownership import Ownership
from vitasense.deterministic.records.references import references, rewritten, source_of
from vitasense.deterministic.records.register import Key, Register
from vitasense.deterministic.records.repository import UNRESOLVED, NewVersion


class Linker:
    """Knows what every reference of one file means."""

    def __init__(
        self, patient_id: UUID, register: Register, owner: Ownership, by_url: Mapping[str | None, Key]
    ) -> None:
        self._patient = f"Patient/{patient_id}"
        self._register = register
        self._owner = owner
        self._by_url = by_url

    def target(self, reference: str, base: str | None) -> str | None:
        """The reference with this service's id; None when its target is not in the record."""
        if reference in self._owner.urls:
            return self._patient
        key = self._by_url.get(reference)
        source = source_of(reference, base)
        if key is None and source:
            if source.type == "Patient" and self._owner.owns(source):
                return self._patient
            key = self._register.find(source)
        return f"{key[0]}/{key[1]}" if key else None

    def linked(self, content: Json, base: str | None) -> tuple[Json, list[str]]:
        """The content with every known target's id, and `unresolved:Type/id` for each target that is to come."""
        changed = rewritten(content, lambda reference: self.target(reference, base))
        waiting = {
            UNRESOLVED + source.relative
            for reference in references(content)
            if self.target(reference, base) is None and (source := source_of(reference, base))
        }
        return cast("Json", changed), sorted(waiting)


async def relinked(tx: AsyncSession, patient_id: UUID, new: Sequence[NewVersion], linker: Linker) -> None:
    """Let what was stored before find these new resources; its versions stay as they are, for it says the same."""
    names = [source.relative for each in new if (source := source_of(each.source_id, None))]
    changed: list[Mapping[str, object]] = []
    for row in await repository.waiting_for(tx, patient_id, names):
        source = source_of(row.source_id, None)
        content, waiting = linker.linked(row.content, source.base if source else None)
        if content != row.content:
            kept = [code for code in row.codes if not code.startswith(UNRESOLVED) or code in waiting]
            changed.append({"type": row.type, "id": str(row.id), "codes": kept, "content": content})
    if changed:
        await repository.relink(tx, patient_id, changed)
