"""Apple Health: export.xml, or export.zip with it and the routes of workouts."""

from collections.abc import Iterator
from typing import BinaryIO
from zoneinfo import ZoneInfo

from vitasense.deterministic.devices.formats import gpx
from vitasense.deterministic.devices.formats.apple_xml import elements
from vitasense.deterministic.devices.formats.apple_zip import AppleZip, apple_zip
from vitasense.deterministic.devices.formats.parsed import Parsed, RoutePoint, Workout
from vitasense.deterministic.devices.formats.streams import peeked
from vitasense.deterministic.platform.problems import InvalidInput

ZIP = b"PK\x03\x04"


def read(stream: BinaryIO, *, zone: ZoneInfo) -> Iterator[Parsed]:
    """Measurements and workouts of an export, in flat memory, and BadRows for what could not be taken.

    Times carry their offset in exports; `zone` is for those that do not. Kinds without a measure are counted and told
    in one BadRow each, at the end. Raises InvalidInput when the file is no export, and for a zip that unpacks without end.
    """
    head, whole = peeked(stream, len(ZIP))
    if head != ZIP:
        yield from elements(whole, zone=zone)
        return
    with apple_zip(_rewound(stream, whole)) as package:
        with package.export() as export:
            yield from elements(export, zone=zone, routes=lambda path: _way(package, path, zone))


def _rewound(stream: BinaryIO, whole: BinaryIO) -> BinaryIO:
    try:
        stream.seek(-len(ZIP), 1)
    except (AttributeError, OSError, ValueError):
        return whole
    return stream


def _way(package: AppleZip, path: str, zone: ZoneInfo) -> tuple[RoutePoint, ...]:
    with package.route(path) as stream:
        try:
            found = [each for each in gpx.read(stream, zone=zone) if isinstance(each, Workout)]
        except EOFError:
            raise InvalidInput("its file is damaged.") from None
    return tuple(point for each in found for point in each.route)
