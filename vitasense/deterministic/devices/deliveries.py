"""Which deliveries came before, and what was answered to them."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.devices import repository
from vitasense.deterministic.devices.delivery import Delivery
from vitasense.deterministic.devices.rejected import kept_rows
from vitasense.deterministic.devices.schemas import Report
from vitasense.deterministic.platform.problems import InvalidInput

_REPORT = TypeAdapter(Report)


async def known(tx: AsyncSession, patient_id: UUID, delivery: Delivery) -> Report | None:
    """What was answered when this delivery came first; None when it is new.

    Raises InvalidInput when something else came under its key (draft-ietf-httpapi-idempotency-key-header, section 2.7):
    it would be lost without a word.
    """
    row = await repository.delivery(tx, patient_id, delivery.key)
    if row is None:
        return None
    if bytes(row.digest) != delivery.content:
        raise InvalidInput("Something else was sent under this id before. Send it under an id of its own.")
    examples = await kept_rows(tx, patient_id, [UUID(each) for each in row.report["examples"]])
    told = _REPORT.validate_python({**row.report, "examples": ()})
    return replace(told, examples=tuple(examples), repeated=True)


async def keep(tx: AsyncSession, patient_id: UUID, delivery: Delivery, report: Report, now: datetime) -> None:
    """Note the delivery with counts and ids: what the rejected rows say is in their own table."""
    told = _REPORT.dump_python(replace(report, examples=()), mode="json")
    values = {
        "patient_id": patient_id,
        "id": report.delivery_id,
        "key": delivery.key,
        "source": delivery.source,
        "device_id": delivery.device_id,
        "received_at": now,
        "digest": delivery.content,
        "report": told | {"examples": [str(each.id) for each in report.examples]},
    }
    await repository.add_delivery(tx, values)
