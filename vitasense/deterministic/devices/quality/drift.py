"""Drift: the median difference of paired readings against the accuracy class of the metric."""

from dataclasses import dataclass
from statistics import median

import numpy as np

from vitasense.deterministic.devices.quality.batch import Batch, Bools, Drift, Floats, metric_of, seconds
from vitasense.deterministic.devices.quality.rules import Accuracy, quality_rules
from vitasense.deterministic.devices.quality.stream import Places, Stream
from vitasense.deterministic.platform.problems import InvalidInput


@dataclass(frozen=True, slots=True)
class _Pairs:
    at: Floats
    difference: Floats
    allowed: Floats
    since: list[int]  # for each pair the first one in the window that ends with it


def drifting(stream: Stream, usable: Bools, reference: Batch | None) -> tuple[Bools, Drift | None, str | None]:
    """Which samples came while the device was off, the last state, and why it is not known, if it is not.

    InvalidInput for a reference of a metric that is none for this one.
    """
    rule, found = quality_rules().drift, np.zeros(len(stream), dtype=np.bool_)
    accuracy = next((each for each in rule.classes if each.code == stream.metric.code), None)
    if accuracy is None:
        return found, None, quality_rules().drift_not_evaluated
    if reference is None:
        return found, None, "no readings of a reference were given"
    if reference.metric not in accuracy.references:
        raise InvalidInput(f"{reference.metric} is no reference for {stream.metric.name}.")
    pairs = _paired(stream, np.flatnonzero(stream.front & usable), reference, accuracy)
    states = [_state(pairs, last) for last in range(len(pairs.at))]
    if not any(number >= rule.at_least for number, _, _ in states):
        return found, None, f"there are not {rule.at_least} readings of the device near readings of the reference"
    off = np.array([number >= rule.at_least and abs(ratio) > 1 for number, ratio, _ in states])
    last = np.searchsorted(pairs.at, stream.at, "right") - 1
    recent = (last >= 0) & (stream.at - pairs.at[np.maximum(last, 0)] <= rule.window)
    found = recent & off[np.maximum(last, 0)]
    number, _, difference = states[-1]
    unit = stream.metric.unit
    return found, Drift(number, difference, _median_allowed(pairs, number), unit, accuracy.source), None


def _paired(stream: Stream, places: Places, reference: Batch, accuracy: Accuracy) -> _Pairs:
    """Each reading of the reference with the last sample before it, or else the first after it, near enough in time."""
    at, value = _readings(reference)
    device = stream.at[places]
    if not len(device) or not len(at):
        return _Pairs(np.empty(0), np.empty(0), np.empty(0), [])
    before = np.searchsorted(device, at, "right") - 1
    after = np.minimum(before + 1, len(device) - 1)
    near_before = (before >= 0) & (at - device[before] <= accuracy.pairing)
    near_after = (device[after] >= at) & (device[after] - at <= accuracy.pairing)
    chosen = np.where(near_before, before, after)
    near = near_before | near_after
    spans = np.floor(at[near] / accuracy.apart)
    keep = np.flatnonzero(near)[np.diff(spans, prepend=-np.inf) > 0]  # one for each span
    allowed = np.where(value < accuracy.below, accuracy.absolute, accuracy.relative * value)[keep]
    difference = stream.value[places][chosen[keep]] - value[keep]
    known_at = np.where(near_before, at, device[chosen])[keep]
    since = np.searchsorted(known_at, known_at - quality_rules().drift.window, "left")
    return _Pairs(known_at, difference, allowed, since.tolist())


def _readings(reference: Batch) -> tuple[Floats, Floats]:
    low, high = metric_of(reference).possible
    at = seconds(reference.at, len(reference.value), "at")
    value = reference.value.astype(np.float64)
    order = np.argsort(at, kind="stable")
    order = order[(value[order] >= low) & (value[order] <= high)]
    return at[order], value[order]


def _state(pairs: _Pairs, last: int) -> tuple[int, float, float]:
    """How many pairs count at this one; their median difference over what is allowed, and in the unit."""
    rule = quality_rules().drift
    span = slice(max(pairs.since[last], last + 1 - rule.most), last + 1)
    difference = pairs.difference[span]
    ratio = median((difference / pairs.allowed[span]).tolist())
    return len(difference), ratio, median(difference.tolist())


def _median_allowed(pairs: _Pairs, number: int) -> float:
    return median(pairs.allowed[-number:].tolist())
