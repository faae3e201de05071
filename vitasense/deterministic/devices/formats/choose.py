"""Which reader a file needs, by the name a person chose or by what the file shows."""

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from types import MappingProxyType
from typing import BinaryIO, Protocol, cast
from zoneinfo import ZoneInfo

from vitasense.deterministic.devices.formats.limits import quoted
from vitasense.deterministic.devices.formats.parsed import Parsed
from vitasense.deterministic.devices.formats.signs import HEAD as HEAD
from vitasense.deterministic.devices.formats.signs import kind_of
from vitasense.deterministic.platform.problems import InvalidInput


class Reader(Protocol):
    """Reads a file lazily. Nothing is raised before the first row is asked for.

    `zone` is the person's, for times without an offset. Raises InvalidInput when the file is not what it should be; a
    bad row becomes a BadRow and the rest goes on.
    """

    def __call__(self, stream: BinaryIO, *, zone: ZoneInfo) -> Iterator[Parsed]: ...


def _loaded(module: str, function: str = "read", **told: str) -> Reader:
    """The reader of a module that is imported when the first file of its kind comes: start-up time counts."""

    def read(stream: BinaryIO, *, zone: ZoneInfo) -> Iterator[Parsed]:
        found = cast("Callable[..., Iterator[Parsed]]", getattr(import_module(f"{__package__}.{module}"), function))
        return found(stream, zone=zone, **told)

    return read


FORMATS: Mapping[str, Reader] = MappingProxyType(
    {
        "apple": _loaded("apple"),
        "fitbit": _loaded("fitbit"),
        "googlefit": _loaded("googlefit"),
        "withings": _loaded("withings"),
        "ihealth": _loaded("ihealth"),
        "fit": _loaded("fit"),
        "gpx": _loaded("gpx"),
        "tcx": _loaded("tcx"),
        "dexcom": _loaded("dexcom"),
        "libre": _loaded("libre"),
        "libre-day-first": _loaded("libre", "read_day_first"),
        "libre-month-first": _loaded("libre", "read_month_first"),
        "cgm": _loaded("cgm"),
        "csv": _loaded("tables"),
        "json": _loaded("json_rows", "read_json"),
        "ndjson": _loaded("json_rows", "read_ndjson"),
    }
)


_TOLD_BY_NAME = frozenset({"fitbit", "withings"})


def format_of(name: str, head: bytes) -> str:
    """The name in FORMATS of a file's kind, from its name and its first HEAD bytes. Raises InvalidInput when unknown."""
    kind = kind_of(name, head[:HEAD])
    if kind is None:
        raise InvalidInput(
            f"What kind of file this is cannot be told. Name it: {', '.join(FORMATS)}. "
            "A plain table needs the columns time, metric, value and unit, or a mapping of its columns."
        )
    return kind


def reader_of(name: str, head: bytes, kind: str | None = None) -> Reader:
    """The reader for a file: of the kind that a person chose, else by its name and its first HEAD bytes.

    Some vendors say only in a file's name what its numbers are, so it is handed on. Raises InvalidInput that names the
    kinds, for one that is not read and for a file that shows none.
    """
    chosen = kind.strip().lower() if kind is not None else format_of(name, head)
    if chosen not in FORMATS:
        raise InvalidInput(f"{quoted(chosen)} is no kind of file that is read. There are: {', '.join(FORMATS)}.")
    return _loaded(chosen, name=name) if chosen in _TOLD_BY_NAME else FORMATS[chosen]
