"""Times as whole microseconds since 1970-01-01 UTC, as columns hold them."""

from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

Moments = NDArray[np.int64]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
HOUR = 3_600_000_000
NO_END = int(np.iinfo(np.int64).min)
"""What stands in a column of ends for a number of one moment."""


def microseconds(at: datetime) -> int:
    """The aware time as microseconds; exact."""
    return (at - EPOCH) // MICROSECOND


def moment(value: int) -> datetime:
    """The time of these microseconds, in UTC."""
    return EPOCH + timedelta(microseconds=int(value))
