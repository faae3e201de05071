"""Tools of the devices specialist: which there are, whether they work, how good their data is, which one counts."""

import re
from collections.abc import Sequence
from datetime import timedelta

from vitasense.deterministic import devices, insights, tracking
from vitasense.deterministic.devices import Device
from vitasense.deterministic.intake import EntityType, IntentName, Reading, metric
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.findings import Finding, Status, not_evaluated
from vitasense.tools.context import Call
from vitasense.tools.health import subject
from vitasense.tools.tool import Arguments, Nothing, ReadTool, once
from vitasense.tools.tracking import STREAMED, VITALS, codes_of

WEEK = timedelta(days=7)
SEASON = timedelta(days=90)  # a device that measured it within this time can count for it
# Words of people → kinds of device as their makers' files say them (devices/formats/parsed.py).
KINDS = {
    "watch": ("watch",),
    "smartwatch": ("watch",),
    "smart watch": ("watch",),
    "band": ("band", "watch"),
    "wristband": ("band", "watch"),
    "fitness band": ("band", "watch"),
    "tracker": ("band", "watch"),
    "fitness tracker": ("band", "watch"),
    "phone": ("phone",),
    "scale": ("scale",),
    "scales": ("scale",),
    "cuff": ("cuff",),
    "blood pressure monitor": ("cuff",),
    "thermometer": ("thermometer",),
    "oximeter": ("oximeter",),
    "cgm": ("cgm",),
    "sensor": ("cgm",),
    "glucometer": ("glucose meter",),
    "meter": ("glucose meter",),
    "strap": ("chest strap",),
    "ring": ("ring",),
    "bike computer": ("bike computer",),
}
_KIND = re.compile(rf"\b({'|'.join(sorted(KINDS, key=len, reverse=True))})\b", re.IGNORECASE)
_EVERY = re.compile(r"\b(?:all|any|every|each|devices|sensors|trackers|wearables|gadgets)\b", re.IGNORECASE)


class Named(Arguments):
    """Which devices, by the words of people for their kind; every one when none was said."""

    kinds: tuple[str, ...] = ()


class Quality(Named):
    """The data of which measurement (LOINC), or of which devices."""

    code: str | None = None


class Counting(Arguments):
    """Which device counts for a measurement (LOINC)."""

    code: str | None = None


def _named(reading: Reading) -> Sequence[Named]:
    return [Named(kinds=_kinds(reading))]


def _kinds(reading: Reading) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(each.lower() for each in _KIND.findall(reading.text)))
    return () if _EVERY.search(reading.text) and not found else found


def _quality(reading: Reading) -> Sequence[Quality]:
    return [Quality(kinds=_kinds(reading), code=_code(reading))]


def _code(reading: Reading) -> str | None:
    return next(iter(codes_of(reading, EntityType.VITAL, EntityType.LAB)), None)


def _counting(reading: Reading) -> Sequence[Counting]:
    return [Counting(code=_code(reading))]


def _streams(code: str) -> list[str]:
    """The codes of a measurement that devices take, panels by their parts."""
    found = metric(code)
    wanted = (*found.members, *found.codes, found.code) if found else (code,)
    return [each for each in dict.fromkeys(wanted) if each in tracking.device_metrics()]


async def _list(call: Call, _: Nothing) -> Sequence[Finding]:
    return insights.device_list(await devices.devices(call.tx, call.patient_id), subject(call))


async def _status(call: Call, asked: Named) -> Sequence[Finding]:
    about = subject(call)
    states = await devices.device_states(call.tx, call.patient_id, call.now)
    meant = [each for each in states if _is_meant(each.device, asked.kinds, call.reading.text)]
    if not meant:
        return _none_of(asked.kinds, [each.device for each in states], call)
    return [finding for each in meant for finding in insights.state_finding(each, about)]


def _is_meant(device: Device, kinds: Sequence[str], text: str) -> bool:
    """One of a kind that was said, or called by its name; without both every one that is in use."""
    words = {word for word in re.findall(r"\w{4,}", device.name.lower()) if word not in KINDS}
    if words & set(re.findall(r"\w{4,}", text.lower())):
        return True
    wanted = {kind for said in kinds for kind in KINDS.get(said, ())}
    if not kinds:
        return device.retired_at is None
    return device.retired_at is None and (device.kind in wanted or any(said in device.name.lower() for said in kinds))


def _none_of(kinds: Sequence[str], known: Sequence[Device], call: Call) -> list[Finding]:
    if not kinds or not known:
        return insights.device_list(known, subject(call))
    text = f"No {insights.listed(list(kinds))} is registered in {subject(call).whose} record."
    told = Finding(kind="device.status", text=text, status=Status.NOT_FOUND, categories=VITALS)
    return [told, *insights.device_list(known, subject(call))]


async def _data_quality(call: Call, asked: Quality) -> Sequence[Finding]:
    metrics = _streams(asked.code) if asked.code else list(tracking.device_metrics())
    if not metrics:
        text = "No device measures that, so I cannot say how good its data is."
        return [not_evaluated("device.quality", text, "not measured by devices", Category.VITALS)]
    known = await devices.devices(call.tx, call.patient_id)
    meant = [each for each in known if _is_meant(each, asked.kinds, call.reading.text)]
    if not meant:
        return _none_of(asked.kinds, known, call)
    marks = await tracking.sample_marks(call.tx, call.patient_id, call.now - WEEK, metrics)
    what = insights.measures(metrics[0]) if asked.code else "data"
    sending = {mark.device_id for mark in marks}
    shown = [each for each in meant if each.id in sending or asked.kinds] or meant
    return [_of_device(each, [mark for mark in marks if mark.device_id == each.id], what) for each in shown]


def _of_device(device: Device, marks: Sequence[tracking.SampleMarks], what: str) -> Finding:
    return insights.quality_finding(device, marks, what, WEEK.days)


async def _priority(call: Call, asked: Counting) -> Sequence[Finding]:
    code = next(iter(_streams(asked.code)), None) if asked.code else None
    if code is None:
        text = 'I need to know for which measurement, for example: "Which device counts for steps?"'
        return [not_evaluated("device.priority", text, "no measurement in the message", Category.VITALS)]
    known = await devices.devices(call.tx, call.patient_id)
    marks = await tracking.sample_marks(call.tx, call.patient_id, call.now - SEASON, [code])
    sending = [mark.device_id for mark in marks] or [each.id for each in known]
    order = await tracking.device_order(call.tx, call.patient_id, code)
    chosen = await tracking.priorities(call.tx, call.patient_id)
    by_person = code in chosen or tracking.ALL_METRICS in chosen
    what = insights.measures(code)
    return [insights.priority_finding(insights.in_order(known, order, sending), what, chosen=by_person)]


LIST = ReadTool(
    name="devices",
    description="The devices of the person and when each was last heard of.",
    arguments=Nothing,
    intents=frozenset({IntentName.DEVICES_LIST}),
    plan=once,
    reads=VITALS,
    needs=VITALS,
    run=_list,
)
STATUS = ReadTool(
    name="device_status",
    description="Whether devices work: last value, battery, quality of the last week, and what to do for them.",
    arguments=Named,
    intents=frozenset({IntentName.DEVICES_STATUS}),
    plan=_named,
    admits=lambda asked, _: set(asked.kinds) <= KINDS.keys(),
    reads=STREAMED,
    needs=VITALS,
    run=_status,
)
QUALITY = ReadTool(
    name="data_quality",
    description="How good the data of devices was in the last week, of a measurement by LOINC code or of all.",
    arguments=Quality,
    intents=frozenset({IntentName.DEVICES_QUALITY}),
    plan=_quality,
    admits=lambda asked, _: set(asked.kinds) <= KINDS.keys() and (asked.code is None or metric(asked.code) is not None),
    reads=STREAMED,
    needs=VITALS,
    run=_data_quality,
)
PRIORITY = ReadTool(
    name="device_priority",
    description="Which device counts for a measurement, by LOINC code, when several measured it.",
    arguments=Counting,
    intents=frozenset({IntentName.DEVICES_PRIORITY}),
    plan=_counting,
    admits=lambda asked, _: asked.code is None or metric(asked.code) is not None,
    reads=STREAMED,
    needs=VITALS,
    run=_priority,
)

TOOLS = (LIST, STATUS, QUALITY, PRIORITY)
