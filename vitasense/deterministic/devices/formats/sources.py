"""The device of rows that name it only, or not at all."""

from functools import lru_cache

from vitasense.deterministic.devices.formats.limits import LONGEST_KEY, word
from vitasense.deterministic.devices.formats.parsed import SourceDevice

UNNAMED = SourceDevice("unnamed device")


def source_named(name: str) -> SourceDevice:
    """The device of this name; UNNAMED when there is nothing to read in it."""
    return _source_named(name[:LONGEST_KEY])


@lru_cache(maxsize=1024)
def _source_named(name: str) -> SourceDevice:
    named = word(name)
    return SourceDevice(named) if named else UNNAMED
