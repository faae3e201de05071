"""How much of a file is read at once and at all, and how text of a file may be kept. Our own choices, all of them."""

from vitasense.deterministic.devices.formats.parsed import LONGEST_ROW, BadRow
from vitasense.deterministic.platform.untrusted import shown

CHUNK = 1 << 16  # bytes read at once
LONGEST_LINE = 1 << 16  # characters of one line of a table or of NDJSON
LONGEST_NAME = 200  # characters of a device's name or of a note
LONGEST_KEY = 400  # characters of what is remembered while a file is read
LONGEST_UNIT = 64  # characters of a unit
JSON_BYTES = 32 << 20  # a JSON document is read as a whole; NDJSON has no such limit
KINDS_TOLD = 200  # different kinds that are counted by name when they are not taken

PACKED_BYTES = 8 << 30  # a zip that comes as a stream is put into a temporary file up to this size
UNPACKED_BYTES = 64 << 30  # the largest export.xml inside a zip
UNPACKED_ROUTES = 4 << 30  # all routes of a zip together
ROUTE_BYTES = 64 << 20  # one route
RATIO = 250  # unpacked bytes for each packed one: exports reach about 40, the densest deflate stream 1,032
RATIO_FROM = 16 << 20  # unpacked bytes below which the ratio is not looked at
ZIP_ENTRIES = 200_000

XML_PROLOGUE = 1 << 20  # bytes before the first element of an export
XML_TOKEN = 1 << 20  # bytes of one tag
XML_DEPTH = 32
XML_NAMES = 4096  # different names of elements and attributes


def kept(text: str, longest: int = LONGEST_ROW) -> str:
    """`text` as a database can hold it: no NUL, no half of a surrogate pair, at most `longest` characters."""
    cut = text[:longest]
    if cut.isascii() and "\x00" not in cut:
        return cut
    return cut.replace("\x00", "\N{SYMBOL FOR NULL}").encode("utf-8", "replace").decode("utf-8")


def word(text: str) -> str:
    """A name or note of a file on one line, without hidden characters, at most LONGEST_NAME long."""
    return shown(text[: 2 * LONGEST_NAME])[:LONGEST_NAME]


def quoted(text: str, longest: int = 60) -> str:
    """A piece of a file as it may stand in a reason."""
    told = shown(text[: 2 * longest])
    return f'"{told[:longest]}…"' if len(text) > longest else f'"{told}"'


def bad(place: str, reason: str, content: str = "") -> BadRow:
    """A BadRow whose content is safe to store."""
    return BadRow(place, reason, kept(content))
