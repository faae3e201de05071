"""What a sample's predecessors say: too fast a change, a value that stays, a longer pause than usual."""

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from vitasense.deterministic.devices.quality.batch import Bools, Floats
from vitasense.deterministic.devices.quality.rules import Change, quality_rules
from vitasense.deterministic.devices.quality.stream import Places, Stream
from vitasense.deterministic.tracking import Flag


@dataclass(frozen=True, slots=True)
class Pauses:
    """Before each sample of the stream's front: was it a gap, and was its length one that could be judged and is usual."""

    gap: Bools
    usual: Bools


def changed_too_fast(stream: Stream, usable: Bools) -> Bools | None:
    """Which samples are too far from the last good one before them; None when no limit is known for the metric."""
    rule = next((each for each in quality_rules().change if each.code == stream.metric.code), None)
    if rule is None:
        return None
    found = stream.knows(Flag.IMPOSSIBLE)
    for part in _sequences(stream, usable & ~found):
        found[part[_jumps(stream.at[part], stream.value[part], stream.judged[part], rule)]] = True
    return found


def stuck(stream: Stream) -> Bools | None:
    """Which samples repeat one value for too long; None when the metric may."""
    rule = next((each for each in quality_rules().stuck if each.code == stream.metric.code), None)
    if rule is None:
        return None
    found = np.zeros(len(stream), dtype=np.bool_)
    for part in _sequences(stream, stream.lone):
        at, value, here = stream.at[part], stream.value[part], np.arange(len(part))
        start = _starts((value[1:] != value[:-1]) | (np.diff(at) < 0), len(part))
        long = (here - start + 1 >= rule.samples) & (at - at[start] >= rule.lasting)
        before = np.maximum.accumulate(np.where(stream.knows(Flag.STUCK)[part], here, -1))
        found[part] = (long | (before >= start)) & (value != 0)
    return found


def pauses(stream: Stream) -> Pauses:
    """The gaps of the front: pauses far above the median of those before. Too few before are neither gap nor usual."""
    rule = quality_rules().gap
    front = np.flatnonzero(stream.front)
    gap, usual = (np.zeros(len(stream), dtype=np.bool_) for _ in range(2))
    every = np.diff(stream.at[front])
    steps = np.flatnonzero(every > 0)
    lengths = every[steps]
    judged = np.arange(len(lengths)) >= rule.at_least
    long = judged & (lengths > rule.longer_than) & (lengths > rule.times * _least_before(lengths, rule.of_last))
    places = np.flatnonzero(long)
    long[places] = lengths[places] > rule.times * _medians_before(lengths, places, rule.of_last)
    gap[front[steps[long] + 1]] = True
    usual[front[steps[judged & ~long] + 1]] = True
    return Pauses(gap, usual)


def doubled(stream: Stream) -> Bools:
    """Which samples contradict the first of their moment, or share value and time with a neighbour that came before."""
    found = ~stream.lone & (stream.value != stream.value[stream.first])
    front = np.flatnonzero(stream.front)
    if np.isnan(stream.until).all() or not len(front):
        return found
    late = np.flatnonzero(stream.lone & stream.measured & ~stream.front)
    after = np.searchsorted(stream.at[front], stream.at[late], "left")
    pairs = [(front[back:], front[:-back]) for back in (1, 2)]
    pairs += [(late, front[np.clip(after + step, 0, len(front) - 1)]) for step in (-1, 0)]
    for new, old in pairs:
        found[new] |= _shared(stream, new, old)
    return found


def _shared(stream: Stream, new: Places, old: Places) -> Bools:
    common = np.minimum(stream.until[new], stream.until[old]) - np.maximum(stream.at[new], stream.at[old])
    shorter = np.minimum(stream.until[new] - stream.at[new], stream.until[old] - stream.at[old])
    alike = (stream.value[new] == stream.value[old]) & (stream.value[new] != 0)
    return alike & (common > 0) & (common >= quality_rules().doubled.overlap * shorter)


def _sequences(stream: Stream, wanted: Bools) -> tuple[Places, Places]:
    wanted = wanted & stream.lone & stream.measured
    return np.flatnonzero(wanted & stream.front), np.flatnonzero(wanted & ~stream.front)


def _starts(new: Bools, count: int) -> Places:
    return np.maximum.accumulate(np.concatenate(([0], np.where(new, np.arange(1, count), 0)))[:count])


def _jumps(at: Floats, value: Floats, judged: Bools, rule: Change) -> Bools:
    found = np.zeros(len(at), dtype=np.bool_)
    passed = np.diff(at)
    far = np.abs(np.diff(value)) > rule.at_once + rule.per_minute * passed / 60
    suspects = np.flatnonzero(far & (passed >= 0) & (passed <= rule.within)) + 1
    if not len(suspects):
        return found
    times, values, fixed = at.tolist(), value.tolist(), judged.tolist()
    settled = 0
    for suspect in suspects.tolist():
        if suspect < settled:
            continue
        settled = _recovered(times, values, fixed, suspect, rule)
        found[suspect:settled] = True
        settled += 1
    return found


def _recovered(times: list[float], values: list[float], fixed: list[bool], suspect: int, rule: Change) -> int:
    """The first place from the suspect on that agrees with the good sample before it."""
    good, here = suspect - 1, suspect
    while here < len(times) and not fixed[here]:
        passed = times[here] - times[good]
        allowed = rule.at_once + rule.per_minute * passed / 60
        if not 0 <= passed <= rule.within or abs(values[here] - values[good]) <= allowed:
            break
        here += 1
    return here


def _least_before(lengths: Floats, last: int) -> Floats:
    least = np.full(len(lengths), np.inf)
    for back in range(1, min(last, len(lengths) - 1) + 1):
        np.minimum(least[back:], lengths[:-back], out=least[back:])
    return least


def _medians_before(lengths: Floats, places: Places, last: int) -> Floats:
    padded = np.concatenate((np.full(last, np.nan), lengths))
    if not len(places):
        return np.empty(0)
    windows = sliding_window_view(padded, last)[places]
    early = places < last
    found = np.empty(len(places))
    found[~early] = np.median(windows[~early], axis=1)
    found[early] = np.nanmedian(windows[early], axis=1) if early.any() else 0
    return found
