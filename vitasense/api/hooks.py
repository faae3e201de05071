"""Deliveries of devices by webhook: signed, fresh, and harmless when they come again."""

import hashlib
import json
from io import BytesIO
from typing import Annotated, Any, cast
from uuid import UUID

from fastapi import APIRouter, Header, Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from vitasense.api.backpressure import NotBehind
from vitasense.api.deps import Service, zone_of
from vitasense.api.observations import ReportView, report_view
from vitasense.deterministic import devices
from vitasense.deterministic.auth import is_open, stream_access, system_access
from vitasense.deterministic.devices import Delivered, Delivery
from vitasense.deterministic.platform.problems import InvalidInput, NotSignedIn

router = APIRouter(prefix="/v1/hooks", tags=["devices"])
PLAIN = r"^[^\x00-\x1f\x7f]*$"
_BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/DeviceDelivery"}}},
    }
}


class DeviceState(BaseModel):
    """What a device says of itself; `battery` is a share from 0 to 1."""

    model_config = ConfigDict(extra="ignore")

    battery: float | None = Field(default=None, ge=0, le=1)
    firmware: str | None = Field(default=None, max_length=80, pattern=PLAIN)


class DeviceDelivery(BaseModel):
    """Rows as in POST /v1/observations, and what the device says of itself; one of them may be missing."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "observations": [{"metric": "8867-4", "at": "2026-11-03T07:30:00Z", "value": 61, "unit": "/min"}],
                    "device": {"battery": 0.82, "firmware": "2.4.1"},
                }
            ]
        }
    )

    observations: list[dict[str, object]] = []
    device: DeviceState | None = None


@router.post("/{hook_id}", openapi_extra=_BODY)
async def deliver(
    request: Request,
    services: Service,
    _: NotBehind,
    hook_id: UUID,
    webhook_id: Annotated[str, Header(max_length=200)],
    webhook_timestamp: Annotated[str, Header(max_length=20)],
    webhook_signature: Annotated[str, Header(max_length=1000)],
) -> ReportView:
    """Take a delivery of a device, signed as the Standard Webhooks specification says.

    The body is JSON: `observations` as in POST /v1/observations, and `device` with battery (0 to 1) and firmware. The
    same `webhook-id` again changes nothing and gets the same answer; with another body it is refused.
    """
    body = await request.body()
    headers = {
        "webhook-id": webhook_id,
        "webhook-timestamp": webhook_timestamp,
        "webhook-signature": webhook_signature,
    }
    async with services.database.transaction(system_access("device delivery")) as tx:
        delivered = await services.webhooks.check(tx, hook_id, headers, body, services.clock())
        if not await is_open(tx, delivered.patient_id):
            raise NotSignedIn("The account that this webhook was made for is closed.")
    access = stream_access("device delivery", delivered.patient_id, delivered.device_id)
    state, rows_sent = _parsed(body)
    if not rows_sent:
        rows: Any = ()
    else:
        rows = devices.FORMATS["json"](BytesIO(body), zone=await zone_of(services, access))
    delivery = Delivery(delivered.delivery_key, "webhook", delivered.device_id, hashlib.sha256(body).digest())
    report = await services.ingest.take(access, rows, delivery)
    if state and not report.repeated:
        await _keep_state(services, delivered, state)
    return report_view(report)


def _parsed(body: bytes) -> tuple[DeviceState | None, bool]:
    """What the device says of itself, and whether there are observations."""
    try:
        told = cast("object", json.loads(body))
    except (ValueError, RecursionError):
        raise InvalidInput("The delivery is not JSON.") from None
    if isinstance(told, list):
        return None, True
    if not isinstance(told, dict):
        raise InvalidInput("The delivery is an object with `observations`, or a list of them.")
    members = cast("dict[str, object]", told)
    try:
        state = DeviceState.model_validate(members["device"]) if "device" in members else None
    except ValidationError as error:
        raise InvalidInput("`device` holds battery as a share from 0 to 1, and firmware as a text.") from error
    return state, bool(members.keys() - {"device"})


async def _keep_state(services: Service, delivered: Delivered, state: DeviceState) -> None:
    access = stream_access("device delivery", delivered.patient_id, delivered.device_id)
    async with services.database.transaction(access) as tx:
        await devices.report(
            tx,
            delivered.patient_id,
            delivered.device_id,
            battery=state.battery,
            firmware=state.firmware,
            at=services.clock(),
            actor_id=delivered.device_id,
            new_id=services.new_id,
        )
