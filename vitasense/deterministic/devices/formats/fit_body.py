"""Scales and cuffs in FIT files."""

from collections.abc import Iterator

from vitasense.deterministic.devices.formats import codes
from vitasense.deterministic.devices.formats.fit_messages import Clock, Message, named
from vitasense.deterministic.devices.formats.limits import bad
from vitasense.deterministic.devices.formats.parsed import Measured, Parsed, SourceDevice

STILL_WEIGHING = 65534  # raw weight while the scale is not done (FIT profile, type weight: "calculating")
SCALE = (
    ("weight", codes.WEIGHT, "kg"),
    ("percent_fat", codes.BODY_FAT, "%"),
    ("bmi", codes.BODY_MASS_INDEX, codes.BODY_MASS_UNIT),
)
CUFF = (
    ("systolic_pressure", codes.SYSTOLIC, codes.PRESSURE),
    ("diastolic_pressure", codes.DIASTOLIC, codes.PRESSURE),
    ("heart_rate", codes.HEART_RATE, codes.PER_MINUTE),
)


def body(found: list[Message], device: SourceDevice, clock: Clock, is_damaged: bool) -> Iterator[Parsed]:
    """Weights, body fat and blood pressures. In a file of several people nobody can say whose each number is."""
    del is_damaged
    people = {message.raw.get("message_index", 0) for message in named(found, "user_profile")}
    for name, fields in (("weight_scale", SCALE), ("blood_pressure", CUFF)):
        for message in named(found, name):
            place = message.place
            if len(people) > 1:
                yield bad(place, "The file is of several people: it may belong to another user of the device.")
            elif (fault := _fault(message)) is not None:
                yield bad(place, fault)
            else:
                yield from _measured(message, fields, device, clock, place)


def _fault(message: Message) -> str | None:
    status = message.values.get("status")
    if message.name == "blood_pressure" and status not in {None, "no_error"}:
        return "The cuff reports an error with this measurement: measure again."
    if message.raw.get("weight") == STILL_WEIGHING:
        return "The scale was not done weighing."
    return None


def _measured(
    message: Message, fields: tuple[tuple[str, str, str], ...], device: SourceDevice, clock: Clock, place: str
) -> Iterator[Parsed]:
    at = clock.at(message.values.get("timestamp"))
    if at is None:
        yield bad(place, "The measurement has no time.")
        return
    for field, metric, unit in fields:
        if value := message.number(field):
            yield Measured(device, metric, at, value, unit, place=place)
