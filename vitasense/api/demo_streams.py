"""What the watch of the demo's Maria measured: invented steps, sleep and heart rate variability of four months."""

import random
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from vitasense.deterministic.devices import Measured, SourceDevice

WATCH = SourceDevice("Maria's watch", kind="watch", maker="Example", model="Band 2", external_id="demo-1")
STEPS, SLEEP, VARIABILITY = "55423-8", "93832-4", "80404-7"
DAYS = 120
AWAKE = range(7, 22)
SHORTER = 10  # the last nights are shorter than before: something to notice


def watched(now: datetime, zone: ZoneInfo) -> Iterator[Measured]:
    """The same for the same day: hourly steps while awake, one sleep and one variability for each night."""
    today = now.astimezone(zone).date()
    for ago in range(DAYS, 0, -1):
        day = today - timedelta(days=ago)
        chance = random.Random(day.toordinal())  # noqa: S311 - an invented person, not a secret
        for hour in AWAKE:
            begins = datetime.combine(day, time(hour), zone)
            steps = max(0, round(chance.gauss(520 if day.weekday() < 5 else 380, 240)))
            yield Measured(WATCH, STEPS, begins, float(steps), "{steps}", begins + timedelta(hours=1))
        hours = round(chance.gauss(5.9 if ago <= SHORTER else 7.1, 0.4), 2)
        woke = datetime.combine(day, time(6, 30), zone)
        yield Measured(WATCH, SLEEP, woke - timedelta(hours=hours), hours, "h", woke)
        yield Measured(WATCH, VARIABILITY, woke, float(round(chance.gauss(38, 5))), "ms")
