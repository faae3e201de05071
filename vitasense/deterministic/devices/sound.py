"""Devices as files name them, so that they can be registered: a name that is none must not cost the rows."""

from dataclasses import replace

from vitasense.deterministic.devices.formats.parsed import SourceDevice
from vitasense.deterministic.devices.registry import LONGEST_NAME
from vitasense.deterministic.platform.untrusted import shown

UNNAMED = "Unnamed device"


def sound(source: SourceDevice) -> SourceDevice:
    """The same device with a name that can be shown, and no battery that is no share of 1."""
    name = " ".join(shown(source.name).split())[:LONGEST_NAME].strip()
    battery = source.battery if source.battery is not None and 0 <= source.battery <= 1 else None
    if name == source.name and battery == source.battery:
        return source
    return replace(source, name=name or UNNAMED, battery=battery)
