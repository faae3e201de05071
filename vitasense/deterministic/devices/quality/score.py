"""score: every rule over one batch, each sample judged by what came before it and by nothing that came after."""

from collections.abc import Iterable
from functools import cache
from math import prod

import numpy as np

from vitasense.deterministic.devices.quality.batch import BIT, Batch, Bits, Bools, Floats, Scores, names
from vitasense.deterministic.devices.quality.clock import clock_jumps
from vitasense.deterministic.devices.quality.drift import drifting
from vitasense.deterministic.devices.quality.possible import impossible, unworn
from vitasense.deterministic.devices.quality.rules import quality_rules
from vitasense.deterministic.devices.quality.runs import changed_too_fast, doubled, pauses, stuck
from vitasense.deterministic.devices.quality.stream import Stream, stream
from vitasense.deterministic.tracking import Flag


def score(
    batch: Batch, *, history: Batch | None = None, reference: Batch | None = None, heart_rate: Batch | None = None
) -> Scores:
    """Quality and flags of each sample, in the order of the batch.

    `history` are stored samples of the same stream with their flags: what came shortly before, and what lies around the
    times of the batch (a copy or a contradiction is known only by them). `reference` are readings of a better device;
    `heart_rate` is the pulse of the same device, for steps. Batches scored one after another, each with those before as
    its history, give what one call gives; a batch may be cut anywhere between two messages. A repeat is judged as the
    first was. InvalidInput for an unknown metric, columns of different lengths, or a sample without a time.
    """
    one = stream(batch, history)
    worn_off, no_worn = unworn(one, batch.device_kind, heart_rate)
    alone = impossible(one) & ~worn_off
    too_fast = changed_too_fast(one, ~(alone | worn_off))
    never = alone if too_fast is None else alone | too_fast
    staying, rhythm = stuck(one), pauses(one)
    off, drift, no_drift = drifting(one, ~(never | worn_off), reference)
    found = {
        Flag.IMPOSSIBLE: never,
        Flag.UNWORN: worn_off,
        Flag.DOUBLED: doubled(one),
        Flag.STUCK: staying,
        Flag.DRIFTING: off,
        Flag.AFTER_GAP: rhythm.gap,
        Flag.CLOCK_JUMP: clock_jumps(one, rhythm.usual),
        Flag.SELF_REPORTED: ~one.measured,
    }
    reasons = {
        Flag.IMPOSSIBLE: quality_rules().change_not_evaluated if too_fast is None else None,
        Flag.UNWORN: no_worn,
        Flag.STUCK: quality_rules().stuck_not_evaluated if staying is None else None,
        Flag.DRIFTING: no_drift,
        Flag.AFTER_GAP: None if (rhythm.gap | rhythm.usual).any() else "there are too few samples to know their rhythm",
        Flag.CLOCK_JUMP: "no times of arrival were given" if batch.received is None else None,
    }
    flags = _in_order(one, found)
    return Scores(quality_of(flags), flags, {flag: why for flag, why in reasons.items() if why}, drift)


def quality_of(flags: Bits) -> Floats:
    """The published number for flags as bits: the product of their factors."""
    return _table()[flags]


def explain(flags: Iterable[Flag]) -> str:
    """What lowers the quality, by how much and why, in words."""
    given = frozenset(flags)
    rules = [rule for rule in quality_rules().flags if rule.flag in given]
    if not rules:
        return "Nothing to object to (quality 1)."
    total = prod(rule.factor for rule in rules)
    parts = [f"{rule.flag.replace('_', ' ')}: {rule.says} (times {rule.factor:g})" for rule in rules]
    return f"Quality {total:.2g} of 1. " + "; ".join(parts) + "."


def _in_order(one: Stream, found: dict[Flag, Bools | None]) -> Bits:
    """The flags of the batch in its own order. A plain repeat has those of the first."""
    flags = np.zeros(len(one), dtype=np.uint8)
    for flag, where in found.items():
        if where is not None:
            flags |= where.astype(np.uint8) * np.uint8(BIT[flag])
    flags = np.where(one.judged, one.known, flags)
    repeats = ~one.lone & (one.value == one.value[one.first])
    flags[repeats] = flags[one.first[repeats]]
    arrived = np.empty_like(flags)
    arrived[one.place] = flags
    return arrived[one.old :]


@cache
def _table() -> Floats:
    factors = {rule.flag: rule.factor for rule in quality_rules().flags}
    products = [prod(factors[flag] for flag in names(mask)) for mask in range(1 << len(BIT))]
    return np.array(products, dtype=np.float64)
