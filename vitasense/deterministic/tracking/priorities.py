"""Which device counts first: as the person said, else by kind of device (rules/priorities.yaml), else the one seen last."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import cast
from uuid import UUID

import yaml
from pydantic import BaseModel, ConfigDict
from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.platform import events
from vitasense.deterministic.platform.access import Principal
from vitasense.deterministic.platform.clock import NewId
from vitasense.deterministic.platform.events import Event
from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.tracking import person_repository as repository
from vitasense.deterministic.tracking.catalogue import device_metrics

ALL_METRICS = "*"


class KindOrder(BaseModel):
    """The kinds of device for one metric, the first counts first, and why."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    metric: str
    kinds: tuple[str, ...]
    reason: str


@cache
def kind_orders() -> Mapping[str, KindOrder]:
    """Metric, or '*' for all others, → the order of kinds."""
    text = files("vitasense.deterministic.tracking").joinpath("rules/priorities.yaml").read_text(encoding="utf-8")
    book = cast("dict[str, object]", yaml.load(text, Loader=yaml.CSafeLoader))
    found = [KindOrder.model_validate(row) for row in cast("list[dict[str, object]]", book["entries"])]
    return {each.metric: each for each in found}


async def priorities(tx: AsyncSession, patient_id: UUID) -> Mapping[str, tuple[UUID, ...]]:
    """Metric, or '*' for all others, → the devices in the order that the person chose."""
    return await repository.priorities(tx, patient_id)


async def device_order(tx: AsyncSession, patient_id: UUID, metric: str) -> tuple[UUID, ...]:
    """Every device in the order in which it counts for the metric."""
    chosen = await repository.priorities(tx, patient_id)
    known = await repository.devices(tx, patient_id)
    first = chosen.get(metric) or chosen.get(ALL_METRICS) or ()
    return (*first, *(device for device in _by_kind(known, metric) if device not in first))


async def set_priority(
    tx: AsyncSession,
    patient_id: UUID,
    metric: str,
    device_ids: Sequence[UUID],
    *,
    by: Principal,
    now: datetime,
    new_id: NewId,
) -> bool:
    """Keep the order of devices for a metric, or for '*'; none of them takes the order back.

    Tells `priorities.changed`; False, and no event, when it is so already. What is merged follows with `roll_up_all`.
    Raises InvalidInput for a metric that devices do not measure, a device twice, or one that is not this person's.
    """
    if metric != ALL_METRICS and metric not in device_metrics():
        raise InvalidInput("There is no such metric of devices.")
    if len(set(device_ids)) != len(device_ids):
        raise InvalidInput("A device stands in an order once.")
    known = dict(await repository.devices(tx, patient_id))
    if not known.keys() >= set(device_ids):
        raise InvalidInput("An order of devices names registered devices only.")
    changed = await repository.set_priority(tx, patient_id, metric, device_ids, now)
    if changed:
        told = Event(new_id(), "priorities.changed", 1, patient_id, by.account_id, now, now, payload={"metric": metric})
        await events.append(tx, told)
    return changed


def _by_kind(devices: Sequence[tuple[UUID, str | None]], metric: str) -> list[UUID]:
    """`devices` comes with the one seen last in front, which an equal kind keeps."""
    kinds = (kind_orders().get(metric) or kind_orders()[ALL_METRICS]).kinds
    places = {kind: place for place, kind in enumerate(kinds)}
    return [device for device, _ in sorted(devices, key=lambda each: places.get(each[1] or "", len(kinds)))]
