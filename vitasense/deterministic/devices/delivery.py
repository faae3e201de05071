"""Delivery: what comes in, and under which name it is known for ever."""

from dataclasses import dataclass
from uuid import UUID, uuid5

LIVE = frozenset({"webhook", "api"})  # what a device sends while it measures; a file comes whenever somebody sends it


@dataclass(frozen=True, slots=True)
class Delivery:
    """What comes in: `key` names it for ever, `source` is the way it came, `device_id` whose rows they all are."""

    key: str
    source: str
    device_id: UUID | None = None

    @property
    def is_live(self) -> bool:
        """Whether the time of its arrival says something about the clock of the device."""
        return self.source in LIVE

    def id_for(self, patient_id: UUID) -> UUID:
        """The same for the same delivery."""
        return uuid5(patient_id, f"delivery|{self.key}")
