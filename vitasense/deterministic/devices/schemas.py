"""Devices, what came in from them, and what could not be taken."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid5

from vitasense.deterministic.devices.formats.parsed import SourceDevice


@dataclass(frozen=True, slots=True)
class Device:
    """A registered device or app of a person. `battery` is 0 to 1 as it was reported at `reported_at`."""

    id: UUID
    name: str
    registered_at: datetime
    kind: str | None = None
    maker: str | None = None
    model: str | None = None
    external_id: str | None = None
    firmware: str | None = None
    battery: float | None = None
    reported_at: datetime | None = None
    last_seen_at: datetime | None = None
    retired_at: datetime | None = None


def device_id_of(patient_id: UUID, source: SourceDevice) -> UUID:
    """The same id for the same device of a person, whichever file it comes in and however often.

    A vendor's own id or serial number says which one it is; without one it is known by its names.
    """
    identity = (source.maker, source.external_id) if source.external_id else (source.name, source.maker, source.model)
    return uuid5(patient_id, "device|" + "|".join((part or "").strip().lower() for part in identity))


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that could not be taken, kept with its content until it is mended or dropped."""

    id: UUID
    delivery_id: UUID
    place: str
    reason: str
    content: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a delivery. `closed` samples belong to days that are kept as sums only.

    `low_quality` of the new ones are kept and count less or not at all; `repeated` is a delivery that had come before.
    `examples` are the first rejected rows; all of them are kept.
    """

    delivery_id: UUID
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    closed: int = 0
    rejected: int = 0
    workouts: int = 0
    low_quality: int = 0
    by_metric: dict[str, int] = field(default_factory=dict[str, int])
    devices: tuple[UUID, ...] = ()
    examples: tuple[Rejected, ...] = ()
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where a device delivers to. `secret` is shown once, when it is made."""

    id: UUID
    device_id: UUID
    created_at: datetime
    secret: str | None = None
    revoked_at: datetime | None = None
