"""Activities of a FIT file: sessions become workouts with their routes, records give the heart rate."""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import datetime, timedelta

from vitasense.deterministic.devices.formats import codes
from vitasense.deterministic.devices.formats.fit_messages import Clock, Message, named
from vitasense.deterministic.devices.formats.limits import bad
from vitasense.deterministic.devices.formats.parsed import Measured, Parsed, RoutePoint, SourceDevice, Workout
from vitasense.deterministic.devices.formats.sports import sport_of
from vitasense.deterministic.devices.formats.untaken import Untaken

SEMICIRCLES = 180.0 / (1 << 31)  # degrees (FIT profile, units of positions)
NORTHMOST = 90.0
NO_HEART_RATE = frozenset({0.0, 255.0})  # what devices write without a strap or on an unworn wrist
Trace = list[tuple[datetime, RoutePoint]]


def activity(found: list[Message], device: SourceDevice, clock: Clock, is_damaged: bool) -> Iterator[Parsed]:
    """Heart rates in the order of the file, then the workouts. A cut file may have lost the sessions: that is told."""
    untaken, trace = Untaken(), Trace()
    why = clock.fault or "the device's clock was not set, and the file does not say when it was switched on"
    records = named(found, "record")
    for record in records:
        at = clock.at(record.values.get("timestamp"))
        if at is None:
            untaken.add("records", record.place, why)
            continue
        yield from _heart_rate(record, device, at)
        _add_point(trace, record, at, untaken)
    sessions = named(found, "session")
    if records and not sessions and is_damaged:
        untaken.add("workout", "the end", "its summary is missing, so there is no workout and no route")
    yield from untaken.rows()
    yield from _workouts(sessions, trace, device, clock)


def _heart_rate(record: Message, device: SourceDevice, at: datetime) -> Iterator[Measured]:
    beats = record.number("heart_rate")
    if beats is not None and beats not in NO_HEART_RATE:
        yield Measured(device, codes.HEART_RATE, at, beats, codes.PER_MINUTE, place=record.place)


def _add_point(trace: Trace, record: Message, at: datetime, untaken: Untaken) -> None:
    north, east = record.number("position_lat"), record.number("position_long")
    if north is None or east is None:
        return
    latitude, longitude = north * SEMICIRCLES, east * SEMICIRCLES
    if abs(latitude) > NORTHMOST:
        untaken.add("position", record.place, "the latitude is beyond the poles")
        return
    height = record.number("enhanced_altitude")
    height = record.number("altitude") if height is None else height
    trace.append((at, RoutePoint(latitude, longitude, height, at)))


def _workouts(sessions: list[Message], trace: Trace, device: SourceDevice, clock: Clock) -> Iterator[Parsed]:
    timed = [(session, clock.at(session.values.get("start_time"))) for session in sessions]
    routes = _routes(trace, sorted(began for _, began in timed if began is not None))
    for session, began in timed:
        if began is None:
            yield bad(session.place, "The workout has no time, so it is left out.")
            continue
        route = tuple(routes.pop(began, ()))
        yield _workout(session, device, (began, _end(session, began, clock)), route)


def _routes(trace: Trace, begins: list[datetime]) -> dict[datetime, list[RoutePoint]]:
    """The points of each session by its begin: those until the next one begins."""
    found = dict[datetime, list[RoutePoint]]()
    if begins:
        for at, point in trace:
            found.setdefault(begins[max(bisect_right(begins, at) - 1, 0)], []).append(point)
    return found


def _end(message: Message, began: datetime, clock: Clock) -> datetime:
    """The elapsed time counts, pauses included; `timestamp` is only when the session was saved."""
    elapsed = message.number("total_elapsed_time")
    saved = clock.at(message.values.get("timestamp"))
    if elapsed is not None and elapsed >= 0:
        return began + timedelta(seconds=elapsed)
    return max(saved, began) if saved is not None else began


def _workout(
    message: Message,
    device: SourceDevice,
    when: tuple[datetime, datetime],
    route: tuple[RoutePoint, ...],
) -> Workout:
    """A total of zero metres or kilocalories is what devices without that sensor write: it is left out."""
    began, ended = when
    return Workout(
        device,
        sport_of(message.text("sub_sport"), message.text("sport")),
        began,
        ended,
        external_id=f"{device.external_id}-{began:%Y%m%dT%H%M%SZ}" if device.external_id else None,
        distance_m=message.number("total_distance") or None,
        energy_kcal=message.number("total_calories") or None,
        ascent_m=message.number("total_ascent"),
        descent_m=message.number("total_descent"),
        route=route,
        place=message.place,
    )
