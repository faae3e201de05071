"""What one sample alone says: outside what is possible, or from a device that nobody wore."""

import numpy as np

from vitasense.deterministic.devices.quality.batch import Batch, Bools, seconds
from vitasense.deterministic.devices.quality.rules import quality_rules
from vitasense.deterministic.devices.quality.stream import Stream

SECONDS_PER = {"h": 3600.0, "min": 60.0}


def unworn(stream: Stream, device_kind: str | None, heart_rate: Batch | None) -> tuple[Bools, str | None]:
    """Which samples came from a device off the body; and why that is not known, if it is not."""
    rules, code = quality_rules().unworn, stream.metric.code
    if code in rules.zero.codes:
        return stream.value == 0, None
    if code in rules.room_temperature.codes:
        if device_kind is None:
            return _none(stream), "the kind of the device is not known"
        on_skin = device_kind in rules.room_temperature.kinds
        return on_skin & (stream.value < rules.room_temperature.below), None
    if code in rules.zero_steps.codes:
        if heart_rate is None:
            return _none(stream), "no pulse of the same device was given"
        return _without_pulse(stream, heart_rate), None
    return _none(stream), "this kind of measurement does not tell whether the device was worn"


def impossible(stream: Stream) -> Bools:
    """Which values or intervals cannot be, looked at alone."""
    low, high = stream.metric.possible
    inside = (stream.value >= low) & (stream.value <= high)
    backwards = stream.until < stream.at
    return ~inside | backwards | _too_much(stream)


def _too_much(stream: Stream) -> Bools:
    lasting = stream.until - stream.at  # NaN for moments, which no comparison finds
    if stream.metric.kind == "duration":
        allowed = lasting / SECONDS_PER[stream.metric.unit] * (1 + quality_rules().duration.slack)
        return stream.value > allowed
    for rule in quality_rules().per_minute:
        if rule.code == stream.metric.code:
            return stream.value > rule.most * np.maximum(lasting / SECONDS_PER["min"], 1)
    return _none(stream)


def _without_pulse(stream: Stream, heart_rate: Batch) -> Bools:
    at = seconds(heart_rate.at, len(heart_rate.at), "at")
    order = np.argsort(at, kind="stable")
    beats = np.concatenate(([0], np.cumsum(heart_rate.value[order] > 0)))
    begin = np.searchsorted(at[order], stream.at, "left")
    end = np.searchsorted(at[order], np.where(np.isnan(stream.until), stream.at, stream.until), "left")
    return (stream.value == 0) & (end > begin) & (beats[np.maximum(end, begin)] == beats[begin])


def _none(stream: Stream) -> Bools:
    return np.zeros(len(stream), dtype=np.bool_)
