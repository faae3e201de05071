"""All-day monitoring in FIT files: steps, distance and heart rate (FIT SDK, monitoring file, accumulated fields).

Steps and metres are counted for each kind of activity from local midnight on. The increments of all kinds together are
given for the time since the count last grew, so that no two intervals of a device overlap.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from vitasense.deterministic.devices.formats import codes
from vitasense.deterministic.devices.formats.fit_activity import NO_HEART_RATE
from vitasense.deterministic.devices.formats.fit_device import step_activities
from vitasense.deterministic.devices.formats.fit_messages import Clock, Message
from vitasense.deterministic.devices.formats.parsed import Measured, Parsed, SourceDevice
from vitasense.deterministic.devices.formats.untaken import Untaken
from vitasense.deterministic.devices.formats.wall_clock import day_of

TIMED = frozenset({"monitoring", "monitoring_info", "event"})  # messages whose timestamps are the device's clock
SHORT_CLOCK = 1 << 16  # timestamp_16 has the lower 16 bits of the seconds
FIT_EPOCH = datetime(1989, 12, 31, tzinfo=UTC)  # FIT protocol, date_time
A_MOMENT = timedelta(microseconds=1)
UNKNOWN_START = (
    "the file begins within a day, so what was counted before its first reading is not in it: "
    "import the earlier file too"
)
CLOCK_BACK = "the device's clock went back"
WENT_BACK = "the count went back within a day, so what was counted between is not known"


class _Days:
    """Local days of the device: by the offset that the file states, else by the person's zone."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._offset: timedelta | None = None
        self._began: datetime | None = None

    def state(self, info: Message) -> None:
        """What monitoring_info says: when the file begins and how local time differs from UTC."""
        at, local = info.values.get("timestamp"), info.values.get("local_timestamp")
        if isinstance(at, datetime) and isinstance(local, datetime):
            self._offset = local - at
            self._began = self._began or at

    def began_by(self, moment: datetime) -> bool:
        return self._began is not None and self._began <= moment

    def day(self, at: datetime) -> date:
        """The day that counts until `at` belong to: at midnight sharp it is the day that ends."""
        before = at - A_MOMENT
        local = before + self._offset if self._offset is not None else before.astimezone(self._clock.zone)
        return local.date()

    def midnight(self, day: date) -> datetime:
        if self._offset is None:
            return day_of(day, self._clock.zone)[0]
        return datetime(day.year, day.month, day.day, tzinfo=UTC) - self._offset


class _Count:
    """One accumulated measure of the part: what it grew by, in intervals that follow one another."""

    def __init__(self, metric: str, unit: str, what: str, untaken: Untaken) -> None:
        self._metric, self._unit, self._what, self._untaken = metric, unit, what, untaken
        self._day: date | None = None
        self._is_whole = False  # whether the day was seen from its midnight on
        self._last = dict[str, float]()
        self._since: datetime | None = None
        self._waiting: tuple[datetime, float, str] | None = None

    def take(
        self, kind: str, value: float, now: datetime, place: str, days: _Days
    ) -> Iterator[tuple[datetime, datetime, float, str]]:
        """What is sure once `now` is reached: begin, end, amount and place of an interval."""
        if self._waiting is not None and self._waiting[0] != now:
            yield from self.rest()
        day = days.day(now)
        if self._day is not None and day < self._day:
            self._untaken.add(self._what, place, CLOCK_BACK)
            return
        if day != self._day:
            self._begin(now, days)
        grown = self._grown(kind, value, place)
        if grown > 0:
            waiting = self._waiting[1] if self._waiting is not None else 0.0
            self._waiting = now, waiting + grown, place

    def rest(self) -> Iterator[tuple[datetime, datetime, float, str]]:
        """What waits for further kinds of activity at the same moment."""
        if self._waiting is None or self._since is None:
            return
        (now, amount, place), self._waiting = self._waiting, None
        if now > self._since:
            yield self._since, now, amount, place
            self._since = now
        else:
            self._untaken.add(self._what, place, CLOCK_BACK)

    def measured(self, device: SourceDevice, interval: tuple[datetime, datetime, float, str]) -> Measured:
        first, last, amount, place = interval
        return Measured(device, self._metric, first, amount, self._unit, last, place)

    def _begin(self, now: datetime, days: _Days) -> None:
        day = days.day(now)
        midnight = days.midnight(day)
        self._is_whole = self._day is not None or days.began_by(midnight)
        self._day, self._last = day, {}
        self._since = midnight if self._is_whole else now

    def _grown(self, kind: str, value: float, place: str) -> float:
        before = self._last.get(kind, 0.0 if self._is_whole else None)
        self._last[kind] = value
        if before is None or value < before:
            if value:
                self._untaken.add(self._what, place, UNKNOWN_START if before is None else WENT_BACK)
            return 0.0
        return value - before


def monitoring(found: list[Message], device: SourceDevice, clock: Clock, is_damaged: bool) -> Iterator[Parsed]:
    """Steps, metres and heart rates in the order of the file."""
    del is_damaged
    days, untaken = _Days(clock), Untaken()
    steps = _Count(codes.STEPS, codes.STEP_COUNT, "steps", untaken)
    metres = _Count(codes.WALKED, "m", "distance", untaken)
    now: datetime | None = None
    for message in found:
        if message.name not in TIMED:
            continue
        now, place = _now(message, now), message.place
        if message.name == "monitoring_info":
            days.state(message)
        elif message.name == "monitoring" and now is None:
            untaken.add("monitoring", place, "the readings have no time")
        elif message.name == "monitoring" and now is not None:
            yield from _heart_rate(message, device, now, place)
            for count, value in ((steps, _steps(message)), (metres, message.number("distance"))):
                kind = message.text("activity_type")
                if value is not None and kind in step_activities():
                    taken = count.take(kind, value, now, place, days)
                    yield from (count.measured(device, interval) for interval in taken)
    for count in (steps, metres):
        yield from (count.measured(device, interval) for interval in count.rest())
    yield from untaken.rows()


def _now(message: Message, last: datetime | None) -> datetime | None:
    """The time of a message: its own, or the last one moved on to its lower 16 bits."""
    at = message.values.get("timestamp")
    if isinstance(at, datetime):
        return at
    short = message.raw.get("timestamp_16")
    if last is None or short is None:
        return last
    seconds = int((last - FIT_EPOCH).total_seconds())
    return last + timedelta(seconds=(short - seconds) % SHORT_CLOCK)


def _heart_rate(message: Message, device: SourceDevice, at: datetime, place: str) -> Iterator[Measured]:
    beats = message.number("heart_rate")
    if beats is not None and beats not in NO_HEART_RATE:
        yield Measured(device, codes.HEART_RATE, at, beats, codes.PER_MINUTE, place=place)


def _steps(message: Message) -> float | None:
    """The file counts steps; only the profile's scale makes cycles (two steps) of them."""
    raw = message.raw.get("steps", message.raw.get("cycles"))
    return None if raw is None else float(raw)
