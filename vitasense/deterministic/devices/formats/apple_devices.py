"""The device behind a sample of an Apple Health export."""

import re
from functools import lru_cache

from vitasense.deterministic.devices.formats.apple_book import apple_book
from vitasense.deterministic.devices.formats.limits import LONGEST_KEY, word
from vitasense.deterministic.devices.formats.parsed import SourceDevice

APP = "app"
NAMELESS = "Apple Health"
_FIELD = re.compile(r"(?:^|, )(name|manufacturer|model|hardware|firmware|software|localIdentifier):")


def source_device(name: str, version: str, described: str) -> SourceDevice:
    """The device from the attributes sourceName, sourceVersion and device of a sample.

    The address in `<<HKDevice: 0x…>` is one of memory and no identity; what wrote the sample (`name`, which tells two
    watches apart) is the device's name. Without a description it was an app, unless the name says otherwise.
    """
    return _source_device(name[:LONGEST_KEY], version[:LONGEST_KEY], described[: 2 * LONGEST_KEY])


@lru_cache(maxsize=1024)
def _source_device(name: str, version: str, described: str) -> SourceDevice:
    told = _fields(described)
    named = word(name) or told.get("name") or NAMELESS
    return SourceDevice(
        name=named,
        maker=told.get("manufacturer"),
        model=told.get("hardware") or told.get("model"),
        external_id=told.get("localIdentifier"),
        firmware=told.get("software") or told.get("firmware") or word(version) or None,
        kind=_kind(" ".join((named, *told.values()))) or (None if told else APP),
    )


@lru_cache(maxsize=1024)
def is_sensor(device: SourceDevice) -> bool:
    """Whether a continuous glucose sensor or its app wrote it."""
    text = f"{device.name} {device.maker or ''} {device.model or ''}".casefold()
    return any(each in text for each in apple_book().sensors)


def _fields(described: str) -> dict[str, str]:
    """`<<HKDevice: 0x1>, name:Apple Watch, hardware:Watch2,4>` by its names; values may hold commas."""
    _, _, inside = described.removesuffix(">").partition(">, ")
    pieces = _FIELD.split(inside)
    told = ((key, word(value)) for key, value in zip(pieces[1::2], pieces[2::2], strict=False))
    return {key: value for key, value in told if value}


def _kind(text: str) -> str | None:
    text = text.casefold()
    return next((each.kind for each in apple_book().kinds if any(said in text for said in each.words)), None)
