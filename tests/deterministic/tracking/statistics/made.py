"""Series made for the tests."""

from datetime import UTC, datetime, timedelta

import numpy as np

from vitasense.deterministic.tracking.statistics.series import Days, Floats

START = datetime(2026, 1, 5, tzinfo=UTC)  # a Monday
HOUR, DAY = 3600.0, 86400.0


def hourly(days: int, start: datetime = START) -> list[datetime]:
    return [start + timedelta(hours=hour) for hour in range(24 * days)]


def each_day(values: object) -> Days:
    numbers = np.asarray(values, dtype=np.float64)
    return Days(START.toordinal() + np.arange(len(numbers)), numbers)


def alike(rng: np.random.Generator, count: int, rho: float) -> Floats:
    """Gaussian noise of variance one whose neighbours correlate by rho."""
    noise = rng.normal(size=count)
    for i in range(1, count):
        noise[i] = rho * noise[i - 1] + np.sqrt(1 - rho**2) * noise[i]
    return noise
