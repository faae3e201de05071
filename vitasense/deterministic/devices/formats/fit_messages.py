"""FIT messages as plain values, and the moments of their timestamps."""

import io
import struct
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from vitasense.deterministic.devices.formats.wall_clock import moment_of
from vitasense.deterministic.platform.problems import InvalidInput

Value = int | float | str | datetime
# Everything that the decoder raises for bytes that are no FIT messages, beside its own errors.
FAULTS = (struct.error, ValueError, KeyError, IndexError, TypeError, AttributeError, AssertionError, ArithmeticError)
WANTED = frozenset(
    {
        "file_id", "device_info", "user_profile", "activity", "session", "record",
        "monitoring_info", "monitoring", "event", "weight_scale", "blood_pressure",
    }
)  # fmt: skip
MOST_MESSAGES = 1_000_000  # of one part; ten days of one record a second
# CRC-16 of the FIT protocol, "CRC calculation": four bits at a time.
_CRC = (
    0x0000, 0xCC01, 0xD801, 0x1400, 0xF001, 0x3C00, 0x2800, 0xE401,
    0xA001, 0x6C00, 0x7800, 0xB401, 0x5000, 0x9C01, 0x8801, 0x4400,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Message:
    """One message: its name in the profile, its values scaled to the profile's units, and as they stand in the file.

    Only fields of the profile are here. Fields that an app defined itself can have the same names with other meanings.
    """

    name: str
    values: dict[str, Value]
    raw: dict[str, int]
    index: int = 0

    @property
    def place(self) -> str:
        """Where in its part the message stands."""
        return f"message {self.index}"

    def number(self, field: str) -> float | None:
        """The number of a field; None when the device gave none."""
        value = self.values.get(field)
        return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None

    def text(self, field: str) -> str | None:
        """The word of a field; None when there is none."""
        value = self.values.get(field)
        return value if isinstance(value, str) and value else None


def checksum(data: bytes) -> int:
    """The FIT protocol's CRC-16 of `data`."""
    found, table = 0, _table()
    for byte in data:
        found = (found >> 8) ^ table[(found ^ byte) & 0xFF]
    return found


def messages(part: bytes) -> tuple[list[Message], str | None]:
    """The whole messages of one part, and what ended the reading before its end (None when nothing did)."""
    fitdecode = _decoder()
    found = list[Message]()
    reader = fitdecode.FitReader(
        io.BytesIO(part), check_crc=fitdecode.CrcCheck.DISABLED, error_handling=fitdecode.ErrorHandling.IGNORE
    )
    try:
        for index, frame in enumerate(reader):
            if index > MOST_MESSAGES:
                return found, f"more than {MOST_MESSAGES:,} messages"
            if isinstance(frame, fitdecode.FitDataMessage) and frame.name in WANTED:
                found.append(_message(frame, index))
    except fitdecode.FitError as error:
        return found, type(error).__name__
    except FAULTS as error:
        return found, type(error).__name__
    return found, None


class Clock:
    """Moments of one part's timestamps.

    A device whose clock was not set counts seconds since it was switched on. Then the message `activity`, which has
    that count and the local time together, is the anchor (FIT profile: local_timestamp is "used to convert activity
    timestamps to local time").
    """

    def __init__(self, found: list[Message], zone: ZoneInfo) -> None:
        self.zone = zone
        self.fault: str | None = None
        self._anchor: tuple[float, datetime] | None = None
        for message in found:
            local, since = message.values.get("local_timestamp"), message.values.get("timestamp")
            if message.name == "activity" and isinstance(local, datetime) and isinstance(since, int | float):
                self._set(local, float(since))

    def at(self, value: Value | None) -> datetime | None:
        """The moment of a timestamp, UTC; None when there is none or nothing says when the device was switched on."""
        if isinstance(value, datetime):
            return value
        if self._anchor is None or not isinstance(value, int | float):
            return None
        since, moment = self._anchor
        return moment + timedelta(seconds=value - since)

    def _set(self, local: datetime, since: float) -> None:
        try:
            self._anchor = since, moment_of(local.replace(tzinfo=None), self.zone)
        except InvalidInput as problem:
            self.fault = problem.detail


def named(found: list[Message], name: str) -> list[Message]:
    """The messages of one name, in the order of the file."""
    return [message for message in found if message.name == name]


def _message(frame: Any, index: int) -> Message:
    values, raw = dict[str, Value](), dict[str, int]()
    for field in frame.fields:
        if field.field_def is not None and field.field_def.is_dev:
            continue
        if isinstance(field.value, int | float | str | datetime) and field.name not in values:
            values[str(field.name)] = field.value
            if isinstance(field.raw_value, int):
                raw[str(field.name)] = field.raw_value
    return Message(str(frame.name), values, raw, index)


@cache
def _table() -> tuple[int, ...]:
    return tuple(_byte(byte) for byte in range(256))


def _byte(byte: int) -> int:
    low = _CRC[byte & 0xF]
    return (low >> 4) ^ _CRC[(low ^ (byte >> 4)) & 0xF]


def _decoder() -> Any:
    import fitdecode  # noqa: PLC0415

    return fitdecode
