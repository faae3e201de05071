"""A person's devices: what there is, how it is, and where it delivers to."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.api.deps import Caller, PatientId, Service, access_for
from vitasense.api.tracked import reading, writing
from vitasense.deterministic import devices
from vitasense.deterministic.auth import STREAMED, system_access
from vitasense.deterministic.devices import Device, DeviceState, SourceDevice, SuggestionKind, Webhook
from vitasense.deterministic.platform.access import Category, Principal, Role
from vitasense.deterministic.platform.problems import NotAllowed

router = APIRouter(prefix="/v1/devices", tags=["devices"])
STREAMS = frozenset({Category.VITALS})  # devices are shared as vitals
Words = Annotated[str, Field(max_length=120)]


class NewDevice(BaseModel):
    """A device to register; `external_id` is its serial number or the maker's id of it."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"name": "Cuff in the kitchen", "kind": "cuff", "maker": "Omron"}]},
    )

    name: Annotated[str, Field(min_length=1, max_length=120)]
    kind: Words | None = None
    maker: Words | None = None
    model: Words | None = None
    external_id: Words | None = None


class DeviceChange(BaseModel):
    """What to change of a device: its name, or that it is not used any more."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=120)] | None = None
    retired: bool = False


class DeviceReport(BaseModel):
    """What a device says of its state."""

    model_config = ConfigDict(extra="forbid")

    battery: Annotated[float, Field(ge=0, le=1)] | None = None
    firmware: Words | None = None


class SuggestionView(BaseModel):
    """What could be done for a device."""

    kind: SuggestionKind
    text: str


class DeviceView(BaseModel):
    """A device; `battery` is a share from 0 to 1 as it was reported at `reported_at`.

    `quality` is the mean quality of its last days from 0 to 1, null when nothing came from it.
    """

    id: UUID
    name: str
    kind: str | None
    maker: str | None
    model: str | None
    firmware: str | None
    battery: float | None
    reported_at: datetime | None
    registered_at: datetime
    last_seen_at: datetime | None
    retired_at: datetime | None
    quality: float | None
    suggestions: list[SuggestionView]


class DeviceList(BaseModel):
    """Every device, the last seen first."""

    items: list[DeviceView]


class WebhookView(BaseModel):
    """Where a device delivers to; `secret` is shown only when it is made."""

    id: UUID
    device_id: UUID
    url: str
    created_at: datetime
    revoked_at: datetime | None
    secret: str | None


class WebhookList(BaseModel):
    """Every webhook, the newest first."""

    items: list[WebhookView]


def device_view(state: DeviceState) -> DeviceView:
    """The device as it is answered."""
    own = DeviceView.model_fields.keys() - {"quality", "suggestions"}
    return DeviceView(
        **{name: getattr(state.device, name) for name in own},
        quality=state.quality,
        suggestions=[SuggestionView(kind=each.kind, text=each.text) for each in state.suggestions],
    )


@router.get("")
async def list_devices(request: Request, caller: Caller, services: Service, patient_id: PatientId = None) -> DeviceList:
    """Every device of the record, also those that are not used any more."""
    async with reading(request, caller, services, patient_id, STREAMED, needs=STREAMS) as (tx, whose):
        found = await devices.device_states(tx, whose, services.clock())
    return DeviceList(items=[device_view(each) for each in found])


@router.post("", status_code=201)
async def register_device(
    request: Request, caller: Caller, services: Service, body: NewDevice, patient_id: PatientId = None
) -> DeviceView:
    """Register a device; the same one again is the same device."""
    source, now = SourceDevice(**body.model_dump()), services.clock()
    async with writing(request, caller, services, patient_id, STREAMED, needs=STREAMS) as (tx, whose):
        found = await devices.register(tx, whose, source, actor_id=caller.account_id, now=now, new_id=services.new_id)
        return await _shown(tx, whose, found, now)


@router.patch("/{device_id}")
async def change_device(
    request: Request,
    caller: Caller,
    services: Service,
    device_id: UUID,
    body: DeviceChange,
    patient_id: PatientId = None,
) -> DeviceView:
    """Rename a device, or say that it is not used any more: what it measured stays, and its webhooks end."""
    now = services.clock()
    async with writing(request, caller, services, patient_id, STREAMED, needs=STREAMS) as (tx, whose):
        found = await devices.device(tx, whose, device_id)
        if body.name is not None:
            found = await devices.rename(tx, whose, device_id, body.name)
        if body.retired:
            found = await devices.retire(
                tx, whose, device_id, actor_id=caller.account_id, now=now, new_id=services.new_id
            )
        shown = await _shown(tx, whose, found, now)
    if body.retired:
        async with services.database.transaction(system_access("retire device")) as tx:
            await devices.revoke_webhooks_of(tx, whose, device_id, now)
    return shown


@router.post("/{device_id}/reports")
async def report_device(
    request: Request,
    caller: Caller,
    services: Service,
    device_id: UUID,
    body: DeviceReport,
    patient_id: PatientId = None,
) -> DeviceView:
    """Keep what a device says of its battery and firmware."""
    now = services.clock()
    async with writing(request, caller, services, patient_id, STREAMED, needs=STREAMS) as (tx, whose):
        found = await devices.report(
            tx,
            whose,
            device_id,
            battery=body.battery,
            firmware=body.firmware,
            at=now,
            actor_id=caller.account_id,
            new_id=services.new_id,
        )
        return await _shown(tx, whose, found, now)


@router.post("/{device_id}/webhooks", status_code=201)
async def open_webhook(request: Request, caller: Caller, services: Service, device_id: UUID) -> WebhookView:
    """Make an address and a secret for the device's deliveries; the secret is shown only now.

    Deliveries are signed as the Standard Webhooks specification says. Only the person whose record it is can do this.
    """
    access = access_for(request, _patient(caller), None, reads=STREAMED, writes=STREAMED)
    async with services.database.transaction(access) as tx:
        await devices.device(tx, caller.account_id, device_id)
    async with services.database.transaction(system_access("open webhook")) as tx:
        made = await services.webhooks.open(
            tx, caller.account_id, device_id, now=services.clock(), new_id=services.new_id
        )
    return _webhook(services, made)


@router.get("/webhooks/all")
async def list_webhooks(caller: Caller, services: Service) -> WebhookList:
    """Every webhook of the person, without its secret."""
    _patient(caller)
    async with services.database.transaction(system_access("list webhooks")) as tx:
        found = await devices.webhooks(tx, caller.account_id)
    return WebhookList(items=[_webhook(services, each) for each in found])


@router.delete("/webhooks/{hook_id}", status_code=204)
async def revoke_webhook(caller: Caller, services: Service, hook_id: UUID) -> None:
    """End a webhook: what is delivered to it from now on is refused."""
    _patient(caller)
    async with services.database.transaction(system_access("revoke webhook")) as tx:
        await devices.revoke_webhook(tx, caller.account_id, hook_id, services.clock())


async def _shown(tx: AsyncSession, patient_id: UUID, device: Device, now: datetime) -> DeviceView:
    [state] = await devices.device_states(tx, patient_id, now, only={device.id})
    return device_view(state)


def _patient(caller: Principal) -> Principal:
    if caller.role is not Role.PATIENT:
        raise NotAllowed("Only the person whose record it is connects devices.")
    return caller


def _webhook(services: Service, hook: Webhook) -> WebhookView:
    url = f"{services.settings.base_url}/v1/hooks/{hook.id}"
    return WebhookView(
        id=hook.id,
        device_id=hook.device_id,
        url=url,
        created_at=hook.created_at,
        revoked_at=hook.revoked_at,
        secret=hook.secret,
    )
