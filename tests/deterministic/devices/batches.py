"""Batches of one device, small enough to read."""

from collections.abc import Sequence

import numpy as np

from vitasense.deterministic.devices.quality import Batch

START = 1_750_000_000.0
MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
HEART, SENSOR, METER, STEPS, WARMTH, SLEEP, SYSTOLIC = (
    "8867-4",
    "99504-3",
    "2339-0",
    "55423-8",
    "8310-5",
    "93832-4",
    "8480-6",
)


def batch(
    metric: str,
    values: Sequence[float],
    *,
    every: float = MINUTE,
    at: Sequence[float] | None = None,
    lasting: float | None = None,
    received: Sequence[float] | None = None,
    flags: Sequence[int] | None = None,
    kind: str | None = None,
) -> Batch:
    """Values so many seconds apart, or `at` these offsets from START."""
    offsets = [each * every for each in range(len(values))] if at is None else at
    times = START + np.array(offsets, dtype=float)
    return Batch(
        metric=metric,
        at=times,
        value=np.array(values, dtype=float),
        until=None if lasting is None else times + lasting,
        received=None if received is None else START + np.array(received, dtype=float),
        flags=None if flags is None else np.array(flags, dtype=np.uint8),
        device_kind=kind,
    )
