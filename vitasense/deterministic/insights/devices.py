"""Devices in sentences: which there are, when they were heard of, how good their data is, which one counts."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from vitasense.deterministic import tracking
from vitasense.deterministic.devices import Device, DeviceState
from vitasense.deterministic.insights.moments import at_words
from vitasense.deterministic.insights.subject import Subject
from vitasense.deterministic.insights.wording import capital, counted, day, listed, number
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.findings import Evidence, Finding, Status, Value, not_evaluated
from vitasense.deterministic.platform.untrusted import shown
from vitasense.deterministic.tracking import Flag, SampleMarks

WINDOW = timedelta(days=7)  # the days that data quality is told of
VITALS = frozenset({Category.VITALS})
_PERCENT = 100
_FLAGS = {
    Flag.IMPOSSIBLE: "cannot be right",
    Flag.UNWORN: "were taken while it was not worn",
    Flag.DOUBLED: "came twice",
    Flag.STUCK: "repeat one number again and again",
    Flag.DRIFTING: "are too far from another device",
    Flag.AFTER_GAP: "come right after a gap",
    Flag.CLOCK_JUMP: "have a wrong time",
    Flag.SELF_REPORTED: "were typed in, not measured",
}


def device_list(found: Sequence[Device], subject: Subject) -> list[Finding]:
    """Every device that is in use."""
    used = [each for each in found if each.retired_at is None]
    if not used:
        text = f"No device is registered in {subject.whose} record."
        return [Finding(kind="device.list", text=text, status=Status.NOT_FOUND, categories=VITALS)]
    return [_found("device.list", f"{_named(each)}: {_seen(each, subject)}.", each, _times(each)) for each in used]


def state_finding(state: DeviceState, subject: Subject) -> list[Finding]:
    """Whether a device works, as far as it can be told: last heard of, battery, data of the last week, what to do."""
    device = state.device
    words = [_seen(device, subject), *_battery(device, subject), _week(state)]
    values = [*_times(device), *_shares(state)]
    told = _found("device.status", f"{_named(device)}: {'; '.join(words)}.", device, values, _confidence(state))
    todo = [_suggested(each.text, each.numbers, device) for each in state.suggestions]
    if device.retired_at is None and not todo and state.samples == 0 and device.last_seen_at is None:
        text = f"Whether {shown(device.name)} works cannot be told: nothing came from it yet."
        return [told, not_evaluated("device.status", text, "nothing came from it", Category.VITALS)]
    return [told, *todo]


def quality_finding(device: Device, marks: Sequence[SampleMarks], what: str, since_days: int) -> Finding:
    """How good the data of one device was, and what was objected to."""
    count = sum(mark.count for mark in marks)
    if not count:
        text = f"{_named(device)}: no {what} came from it in the last {since_days} days."
        values = (Value(name="days", number=since_days),)
        return Finding(kind="device.quality", text=text, status=Status.NOT_FOUND, values=values, categories=VITALS)
    quality = sum(mark.quality * mark.count for mark in marks) / count
    objections = _objections(marks, count)
    said = listed([words for words, _ in objections]) if objections else "nothing was objected to"
    text = (
        f"{_named(device)}: {what}, {counted(count, 'value')} in the last {since_days} days, of a quality of "
        f"{number(_percent(quality))}% on average; {said}."
    )
    values = [Value(name="values", number=count), Value(name="days", number=since_days), _share("quality", quality)]
    values += [_share(words, share) for words, share in objections]
    return _found("device.quality", text, device, values, min(1.0, quality))


def priority_finding(order: Sequence[Device], what: str, *, chosen: bool) -> Finding:
    """Which device counts where several measured the same."""
    if not order:
        text = f"No device is registered that {what} could come from."
        return Finding(kind="device.priority", text=text, status=Status.NOT_FOUND, categories=VITALS)
    first, rest = order[0], order[1:]
    whose = "the order that was chosen" if chosen else "the usual order of kinds of device"
    text = f"For {what}, {shown(first.name)} counts first, by {whose}"
    text += f"; then {listed([shown(each.name) for each in rest])}." if rest else "."
    text += " What two of them measured at the same time counts once." if rest else ""
    evidence = tuple(device_evidence(each) for each in order)
    return Finding(kind="device.priority", text=text, status=Status.FOUND, evidence=evidence, categories=VITALS)


def device_evidence(device: Device) -> Evidence:
    """The device as evidence."""
    version = (device.reported_at or device.registered_at).isoformat()
    at = device.last_seen_at or device.registered_at
    return Evidence(kind="record", ref=f"Device/{device.id}", version=version, label=shown(device.name), at=at)


def _found(kind: str, text: str, device: Device, values: Sequence[Value], confidence: float = 1.0) -> Finding:
    return Finding(
        kind=kind,
        text=text,
        status=Status.FOUND,
        values=tuple(values),
        confidence=confidence,
        evidence=(device_evidence(device),),
        categories=VITALS,
    )


def _named(device: Device) -> str:
    kind = f" ({device.kind})" if device.kind and device.kind not in device.name.lower() else ""
    return capital(f"{shown(device.name)}{kind}")


def _seen(device: Device, subject: Subject) -> str:
    if device.retired_at:
        return f"retired on {day(device.retired_at)}"
    if device.last_seen_at is None:
        return "nothing came from it yet"
    at = device.last_seen_at
    return f"its last value is of {at_words(at, subject)} ({subject.since_words(at)})"


def _battery(device: Device, subject: Subject) -> list[str]:
    if device.battery is None:
        return ["its battery is not known"]
    at = f" on {at_words(device.reported_at, subject)}" if device.reported_at else ""
    return [f"its battery was at {number(_percent(device.battery))}%{at}"]


def _week(state: DeviceState) -> str:
    if state.quality is None:
        return f"no values in the last {WINDOW.days} days"
    values = counted(state.samples, "value")
    return f"{values} in the last {WINDOW.days} days, of a quality of {number(_percent(state.quality))}% on average"


def _times(device: Device) -> list[Value]:
    named = {"last value": device.last_seen_at, "reported": device.reported_at, "retired": device.retired_at}
    return [Value(name=name, at=at) for name, at in named.items() if at]


def _shares(state: DeviceState) -> list[Value]:
    values = [Value(name="values", number=state.samples), Value(name="days", number=WINDOW.days)]
    if state.device.battery is not None:
        values.append(_share("battery", state.device.battery))
    return [*values, _share("quality", state.quality)] if state.quality is not None else values


def _confidence(state: DeviceState) -> float:
    return 1.0 if state.quality is None else min(1.0, state.quality)


def _suggested(text: str, numbers: Mapping[str, float], device: Device) -> Finding:
    values = [Value(name=name, number=value) for name, value in numbers.items()]
    values += [_share(name, value) for name, value in numbers.items() if 0 <= value <= 1]
    return _found("device.suggestion", text, device, values)


def _objections(marks: Sequence[SampleMarks], count: int) -> list[tuple[str, float]]:
    found: list[tuple[str, float]] = []
    for flag, words in _FLAGS.items():
        share = sum(mark.count for mark in marks if flag in mark.flags) / count
        if share:
            found.append((f"{number(_percent(share))}% {words}", share))
    return sorted(found, key=lambda each: -each[1])


def _percent(share: float) -> float:
    return float(f"{_PERCENT * share:.2g}") if share < 1 else float(_PERCENT)


def _share(name: str, share: float) -> Value:
    return Value(name=name, number=_percent(share), unit="%")


def in_order(found: Sequence[Device], order: Sequence[UUID], of: Sequence[UUID]) -> list[Device]:
    """The devices in use that measured it, in the order in which they count."""
    by_id = {each.id: each for each in found if each.retired_at is None and each.id in set(of)}
    return [by_id[each] for each in order if each in by_id]


def measures(code: str) -> str:
    """What a device measures, by its LOINC code, in plain words."""
    known = tracking.device_metrics().get(code)
    return known.name if known else "data"
