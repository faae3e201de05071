"""What devices and apps measured, coming in: rows, files, signed deliveries, and the rows that could not be taken."""

import asyncio
import hashlib
from collections.abc import Iterator
from io import BytesIO
from typing import Annotated, BinaryIO
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, File, Form, Header, Query, Request, UploadFile
from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

from vitasense.api.backpressure import NotBehind
from vitasense.api.deps import Caller, PatientId, Service, access_for, zone_of
from vitasense.api.tracked import reading, writing
from vitasense.deterministic import devices
from vitasense.deterministic.auth import STREAMED
from vitasense.deterministic.devices import Delivery, Reader, Rejected, Report
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.problems import InvalidInput

router = APIRouter(prefix="/v1/observations", tags=["devices"])
files = APIRouter(prefix="/v1/observations", tags=["devices"])

FORMAT = Query(description="What the file is, when its name and first bytes do not tell: see the message of a refusal.")
MAPPING = (
    "For a plain table: JSON with `time`, `values` ([{column, metric, unit}]) and, if there are such columns, `until`, "
    "`device`, `note`; also `time_format`, `delimiter`, `decimal`, `encoding`."
)
STREAMS = frozenset({Category.VITALS})  # devices and what came in are shared as vitals
_BY_TYPE = {"application/json": "json", "application/x-ndjson": "ndjson", "text/csv": "csv"}
_ROWS: list[JsonValue] = [
    {"metric": "8867-4", "at": "2026-11-03T07:30:00+01:00", "value": 61, "unit": "/min"},
    {"metric": "blood pressure", "at": "2026-11-03T07:30:00+01:00", "systolic": 128, "diastolic": 81, "unit": "mm[Hg]"},
]
_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": {"$ref": "#/components/schemas/ObservationRows"}},
            "application/x-ndjson": {"schema": {"type": "string"}},
            "text/csv": {
                "schema": {"type": "string"},
                "example": "time,metric,value,unit\n2026-11-03T07:30:00Z,8867-4,61,/min",
            },
        },
    }
}


class ObservationRows(BaseModel):
    """Rows to take. Each has metric, at, value and unit; perhaps until, note, device, self_reported.

    A blood pressure has systolic and diastolic in place of value. Open mHealth data points may stand among them.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [{"observations": _ROWS}]})

    observations: list[dict[str, object]]


class RejectedView(BaseModel):
    """A row that could not be taken: where it stood, why, and what it said."""

    id: UUID
    delivery_id: UUID
    place: str
    reason: str
    content: str


class ReportView(BaseModel):
    """What became of a delivery; `rejected` rows are kept for repair, `examples` are the first of them.

    `closed` samples are of days that are kept as sums only; `low_quality` ones are kept and count less or not at all.
    """

    delivery_id: UUID
    new: int
    changed: int
    unchanged: int
    closed: int
    rejected: int
    workouts: int
    low_quality: int
    by_metric: dict[str, int]
    devices: list[UUID]
    examples: list[RejectedView]
    repeated: bool


class RejectedPage(BaseModel):
    """Open rows and the id to go on after."""

    items: list[RejectedView]
    next: UUID | None


def report_view(report: Report) -> ReportView:
    """The report as it is answered."""
    plain = {name: getattr(report, name) for name in ReportView.model_fields if name != "examples"}
    return ReportView(**plain, examples=[rejected_view(each) for each in report.examples])


def rejected_view(each: Rejected) -> RejectedView:
    """A rejected row as it is answered."""
    return RejectedView(
        id=each.id, delivery_id=each.delivery_id, place=each.place, reason=each.reason, content=each.content
    )


@router.post("", openapi_extra=_BODY)
async def send_observations(
    request: Request,
    caller: Caller,
    services: Service,
    _: NotBehind,
    device_id: UUID | None = None,
    patient_id: PatientId = None,
    idempotency_key: Annotated[str | None, Header(max_length=200)] = None,
) -> ReportView:
    """Take observations as JSON, NDJSON or CSV; the same ones again change nothing.

    Good rows are stored, bad ones are kept with line and reason. Metrics are LOINC codes or Open mHealth names, units
    UCUM codes, times carry their offset.
    """
    kind = _BY_TYPE.get(request.headers.get("content-type", "").partition(";")[0].strip().lower())
    if kind is None:
        raise InvalidInput(f"Send the rows as one of {', '.join(_BY_TYPE)}.")
    access = access_for(request, caller, patient_id, reads=STREAMED, writes=STREAMED)
    body = await _body(request)
    zone = await zone_of(services, access)
    content = hashlib.sha256(repr((kind, zone.key, str(device_id))).encode() + body).digest()
    named = Delivery(f"key:{idempotency_key}", "api", device_id, content)
    delivery = named if idempotency_key else Delivery(f"sha256:{content.hex()}", "api", device_id)
    rows = _reader(kind)(BytesIO(body), zone=zone)
    return report_view(await services.ingest.take(access, rows, delivery))


@files.post("/files")
async def import_device_file(
    request: Request,
    caller: Caller,
    services: Service,
    _: NotBehind,
    file: Annotated[UploadFile, File(description="An export of a device or an app.")],
    format: Annotated[str | None, FORMAT] = None,  # noqa: A002 - the word that people look for
    mapping: Annotated[str | None, Form(max_length=20_000, description=MAPPING)] = None,
    device_id: UUID | None = None,
    patient_id: PatientId = None,
) -> ReportView:
    """Take a file of a device or an app: Apple Health, Fitbit, Google Fit, Withings, iHealth, FIT, GPX, TCX, CGM, CSV.

    It is read as it comes and never held in memory. The same file again changes nothing.
    """
    access = access_for(request, caller, patient_id, reads=STREAMED, writes=STREAMED)
    zone = await zone_of(services, access)
    name = file.filename or ""
    delivery = await asyncio.to_thread(
        *(devices.file_delivery, file.file, zone),
        name=name,
        kind=format,
        mapping=mapping,
        device_id=device_id,
    )
    rows = _opened(file.file, name, format, mapping, zone)
    return report_view(await services.ingest.take(access, rows, delivery))


@router.get("/rejected")
async def list_rejected(
    request: Request,
    caller: Caller,
    services: Service,
    patient_id: PatientId = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    after: UUID | None = None,
) -> RejectedPage:
    """The rows that could not be taken and are still open."""
    async with reading(request, caller, services, patient_id, STREAMS) as (tx, whose):
        found = await devices.rejected(tx, whose, limit=limit, after=after)
    return RejectedPage(
        items=[rejected_view(each) for each in found], next=found[-1].id if len(found) == limit else None
    )


@router.post("/rejected/{row_id}/mend", openapi_extra=_BODY)
async def mend_rejected(
    request: Request, caller: Caller, services: Service, row_id: UUID, patient_id: PatientId = None
) -> ReportView:
    """Take the right row in place of one that could not be taken.

    The row is closed when nothing of what is sent is rejected; what is rejected is told and not kept a second time.
    """
    kind = _BY_TYPE.get(request.headers.get("content-type", "").partition(";")[0].strip().lower(), "json")
    access = access_for(request, caller, patient_id, reads=STREAMED, writes=STREAMED)
    async with writing(request, caller, services, patient_id, STREAMS) as (tx, whose):
        device_id = await devices.delivering_device(tx, whose, await devices.rejected_row(tx, whose, row_id))
    body = await _body(request)
    rows = _reader(kind)(BytesIO(body), zone=await zone_of(services, access))
    attempt = f"mend:{row_id}:{services.new_id()}"
    report = await services.ingest.take(access, rows, Delivery(attempt, "mend", device_id))
    async with services.database.transaction(access) as tx:
        if report.rejected:
            await devices.drop_delivery(tx, whose, report.delivery_id, services.clock())
        elif report.new + report.changed + report.unchanged + report.closed:
            await devices.mended(tx, whose, row_id, services.clock())
    return report_view(report)


@router.delete("/rejected/{row_id}", status_code=204)
async def drop_rejected(
    request: Request, caller: Caller, services: Service, row_id: UUID, patient_id: PatientId = None
) -> None:
    """Throw a row away that could not be taken."""
    async with writing(request, caller, services, patient_id, STREAMS) as (tx, whose):
        await devices.drop_rejected(tx, whose, row_id, services.clock())


async def _body(request: Request) -> bytes:
    body = await request.body()
    if not body.strip():
        raise InvalidInput("There is nothing in the body: send rows.")
    return body


def _reader(kind: str) -> Reader:
    return devices.FORMATS[kind]


def _opened(
    stream: BinaryIO, name: str, kind: str | None, mapping: str | None, zone: ZoneInfo
) -> Iterator[devices.Parsed]:
    if mapping is not None:
        return devices.read_table(stream, zone=zone, mapping=_mapping(mapping))
    head = stream.read(devices.HEAD)
    stream.seek(0)
    if not head:
        raise InvalidInput("The file is empty.")
    return devices.reader_of(name, head, kind)(stream, zone=zone)


def _mapping(told: str) -> devices.TableMapping:
    try:
        return devices.TableMapping.model_validate_json(told)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise InvalidInput(f"The mapping cannot be used: {place}: {first['msg']}") from error
