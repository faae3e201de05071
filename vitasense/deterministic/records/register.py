"""Which resource is which: from what a source calls it to the id that it has here."""

from collections.abc import Iterable
from uuid import UUID, uuid5

from vitasense.deterministic.records.bundles import Source
from vitasense.deterministic.records.persons import same_source

Key = tuple[str, UUID]


def possible_ids(patient_id: UUID, source: Source) -> list[UUID]:
    """The ids that a source's resource may have here, the likeliest first.

    `uuid5(patient, "Type/id")`; with the server's address when another server already has that name; or the id itself
    when the resource was exported from here.
    """
    ids = [uuid5(patient_id, source.relative), uuid5(patient_id, str(source))]
    try:
        own = UUID(source.id)
    except ValueError:
        return ids
    return [own, *ids] if str(own) == source.id else ids


class Register:
    """The resources of one record, as far as one file is concerned with them."""

    def __init__(self, patient_id: UUID, stored: Iterable[tuple[Key, Source]]) -> None:
        self._patient_id = patient_id
        self._sources = dict(stored)

    def name(self, key: Key, source: Source) -> None:
        """Say that the resource of this source has this id."""
        self._sources[key] = source

    def find(self, source: Source) -> Key | None:
        """The resource that the source's name means here, or None."""
        if source.type == "Patient" and self._means(("Patient", self._patient_id), source):
            return "Patient", self._patient_id
        keys = ((source.type, each) for each in possible_ids(self._patient_id, source))
        return next((key for key in keys if self._means(key, source)), None)

    def settle(self, source: Source) -> Key:
        """The id of the source's resource, from now on."""
        found = self.find(source)
        if found:
            return found
        plain, qualified = uuid5(self._patient_id, source.relative), uuid5(self._patient_id, str(source))
        key = source.type, qualified if (source.type, plain) in self._sources else plain
        self._sources[key] = source
        return key

    def _means(self, key: Key, source: Source) -> bool:
        known = self._sources.get(key)
        return known is not None and (str(key[1]) == source.id or same_source(known, source))
