"""Which devices a person has, when they were last heard of, and in what state."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.devices import repository
from vitasense.deterministic.devices.formats.parsed import SourceDevice
from vitasense.deterministic.devices.models import DeviceRow
from vitasense.deterministic.devices.schemas import Device, device_id_of
from vitasense.deterministic.platform.clock import NewId
from vitasense.deterministic.platform.events import Event, append
from vitasense.deterministic.platform.problems import Conflict, InvalidInput, NotFound
from vitasense.deterministic.platform.untrusted import visible

LONGEST_NAME = 120
MOST_DEVICES = 500  # of one person, retired ones too: many times what anybody owns; each app of a phone counts as one
EMOJI = "\ufe0f"  # shows the sign before it in colours; nothing is hidden by it
EVEN_AHEAD = timedelta(minutes=10)  # a device whose clock is further ahead was not heard of in the future


async def devices(tx: AsyncSession, patient_id: UUID) -> list[Device]:
    """Every device of the record that may be seen, the last seen first, retired ones too."""
    return [_device(row) for row in await repository.devices(tx, patient_id)]


async def device(tx: AsyncSession, patient_id: UUID, device_id: UUID) -> Device:
    """One device. Raises NotFound."""
    row = await repository.device(tx, patient_id, device_id)
    if row is None:
        raise NotFound("There is no such device.")
    return _device(row)


async def register(
    tx: AsyncSession, patient_id: UUID, source: SourceDevice, *, actor_id: UUID, now: datetime, new_id: NewId
) -> Device:
    """The device as it is known from now on; the same one again adds only what was not known of it.

    Raises InvalidInput for a name that is empty, hidden characters, or a battery that is no share of 1;
    Conflict for one more than MOST_DEVICES.
    """
    name = _checked_name(source.name[:LONGEST_NAME])  # that of a file may be longer, and its rows are good
    _check_visible(source.kind, source.maker, source.model, source.external_id, source.firmware)
    if source.battery is not None and not 0 <= source.battery <= 1:
        raise InvalidInput("battery is a share from 0 to 1.")
    device_id = device_id_of(patient_id, source)
    known = await repository.device(tx, patient_id, device_id)
    if known is None and len(await repository.devices(tx, patient_id)) >= MOST_DEVICES:
        raise Conflict(f"There are {MOST_DEVICES} devices already: send what is measured as one of them.")
    await repository.keep_device(tx, _values(patient_id, device_id, name, source, now))
    if known is None:
        event = Event(new_id(), "device.registered", 1, patient_id, actor_id, now, now, payload=_payload(device_id))
        await append(tx, event)
    return await device(tx, patient_id, device_id)


async def report(
    tx: AsyncSession,
    patient_id: UUID,
    device_id: UUID,
    *,
    battery: float | None = None,
    firmware: str | None = None,
    at: datetime,
    actor_id: UUID,
    new_id: NewId,
) -> Device:
    """Keep what a device says of its state. Raises NotFound, and InvalidInput for a battery that is no share of 1
    or hidden characters.
    """
    if battery is not None and not 0 <= battery <= 1:
        raise InvalidInput("battery is a share from 0 to 1.")
    _check_visible(firmware)
    said = {"battery": battery, "firmware": firmware}
    values: dict[str, Any] = {name: value for name, value in said.items() if value is not None}
    if not await repository.change_device(tx, patient_id, device_id, {**values, "reported_at": at}):
        raise NotFound("There is no such device.")
    await append(tx, Event(new_id(), "device.reported", 1, patient_id, actor_id, at, at, payload=_payload(device_id)))
    return await device(tx, patient_id, device_id)


async def seen(tx: AsyncSession, patient_id: UUID, sources: Mapping[UUID, datetime], now: datetime) -> None:
    """Remember when each device measured last, never a time that is still to come."""
    for device_id, at in sources.items():
        row = await repository.device(tx, patient_id, device_id)
        last = min(at, now) if at - now <= EVEN_AHEAD else now
        if row and (row.last_seen_at is None or row.last_seen_at < last):
            await repository.change_device(tx, patient_id, device_id, {"last_seen_at": last})


async def rename(tx: AsyncSession, patient_id: UUID, device_id: UUID, name: str) -> Device:
    """Call the device what the person calls it. Raises NotFound and InvalidInput."""
    if not await repository.change_device(tx, patient_id, device_id, {"name": _checked_name(name)}):
        raise NotFound("There is no such device.")
    return await device(tx, patient_id, device_id)


async def retire(
    tx: AsyncSession, patient_id: UUID, device_id: UUID, *, actor_id: UUID, now: datetime, new_id: NewId
) -> Device:
    """The device is not used any more; what it measured stays. Raises NotFound."""
    if not await repository.change_device(tx, patient_id, device_id, {"retired_at": now}):
        raise NotFound("There is no such device.")
    await append(tx, Event(new_id(), "device.retired", 1, patient_id, actor_id, now, now, payload=_payload(device_id)))
    return await device(tx, patient_id, device_id)


def _payload(device_id: UUID) -> dict[str, object]:
    return {"device_id": str(device_id)}


def _checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not 1 <= len(name) <= LONGEST_NAME:
        raise InvalidInput(f"A device has a name of 1 to {LONGEST_NAME} characters.")
    _check_visible(name)
    return name


def _check_visible(*words: str | None) -> None:
    if any(word and visible(word) != word.replace(EMOJI, "") for word in words):
        raise InvalidInput("What a device is called holds no control characters and no hidden ones.")


def _values(patient_id: UUID, device_id: UUID, name: str, source: SourceDevice, now: datetime) -> dict[str, Any]:
    reported = source.battery is not None or source.firmware is not None
    return {
        "patient_id": patient_id,
        "id": device_id,
        "name": name,
        "kind": source.kind,
        "maker": source.maker,
        "model": source.model,
        "external_id": source.external_id,
        "firmware": source.firmware,
        "battery": source.battery,
        "reported_at": now if reported else None,
        "registered_at": now,
        "last_seen_at": None,
        "retired_at": None,
    }


def _device(row: DeviceRow) -> Device:
    return Device(
        id=row.id,
        name=row.name,
        registered_at=row.registered_at,
        kind=row.kind,
        maker=row.maker,
        model=row.model,
        external_id=row.external_id,
        firmware=row.firmware,
        battery=row.battery,
        reported_at=row.reported_at,
        last_seen_at=row.last_seen_at,
        retired_at=row.retired_at,
    )
