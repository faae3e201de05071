"""What the beginning of a file gives away about its kind."""

import json
import re

HEAD = 4096  # bytes that are looked at

_XML = (("HealthData", "apple"), ("gpx", "gpx"), ("TrainingCenterDatabase", "tcx"))
_ELEMENT = re.compile(r"<(?:!DOCTYPE\s+)?(?:[A-Za-z0-9_.-]{1,40}:)?(HealthData|gpx|TrainingCenterDatabase)[\s>\[]")
# Names of members that only this vendor's documents have, as far as openmhealth/shimmer and the vendors show them.
_JSON = (
    ("fitbit", ('"activities-', '"logId"', '"minuteData"', '"minutesAsleep"', '"restingHeartRate"', '"dateTime"')),
    (
        "googlefit",
        (
            '"startTimeNanos"',
            '"minStartTimeNs"',
            '"dataSourceId"',
            '"originDataSourceId"',
            '"Data Points"',
            '"fitValue"',
        ),
    ),
    ("withings", ('"measuregrps"', '"updatetime"', '"hr_average"', '"sleep_score"')),
    ("ihealth", tuple(f'"{each}DataList"' for each in ("BP", "BG", "BO", "Weight", "AR", "SR", "SPORT"))),
)
_EMPTY = re.compile(r'^\s*\{\s*"(sleep|activities|weight|fat)"\s*:')  # Fitbit's answers without an entry
_OWN = ('"observations"', '"metric"', '"schema_id"', '"effective_time_frame"')
_DEXCOM, _LIBRE = "YYYY-MM-DDThh:mm:ss", "Device Timestamp"
_WITHINGS = {"weight (kg)", "weight (lb)", "height (m)", "systolic"}  # beside Date, in the download's README
_WITHINGS_RAW = {"start", "duration", "value"}
_COLUMNS = re.compile(r"""["']?[,;\t|]["']?""")


def kind_of(name: str, head: bytes) -> str | None:
    """The name of the format, or None when nothing tells it. `name` is the file's, `head` its first HEAD bytes."""
    ending = name.lower().rpartition(".")[2]
    if head.startswith(b"PK\x03\x04"):
        return "apple"
    if head[8:12] == b".FIT":  # FIT protocol, file header: bytes 8 to 11
        return "fit"
    text = _text(head)
    shape = text.lstrip("\ufeff \t\r\n")[:1]
    if shape == "<":
        found = _ELEMENT.search(text)
        return dict(_XML)[found.group(1)] if found else None
    if shape and shape in "{[":
        return _json(text, ending)
    return _table(text) or ("fit" if ending == "fit" else None)


def _json(text: str, ending: str) -> str:
    if ending in ("ndjson", "jsonl") or _is_lines(text):
        return "ndjson"
    if any(sign in text for sign in _OWN):
        return "json"
    vendor = next((kind for kind, signs in _JSON if any(sign in text for sign in signs)), None)
    return vendor or ("fitbit" if _EMPTY.match(text) else "json")


def _is_lines(text: str) -> bool:
    first, end, second = text.strip("\ufeff \t\r\n").partition("\n")
    if not end or not second.startswith("{"):
        return False
    try:
        return isinstance(json.loads(first), dict)
    except (ValueError, RecursionError):
        return False


def _table(text: str) -> str | None:
    lines = [line for line in text.lstrip("\ufeff").splitlines() if line.strip()]
    if any(_LIBRE in line for line in lines[:5]):
        return "libre"
    if lines and _DEXCOM in lines[0]:
        return "dexcom"
    columns = {each.strip(" \"'").lower() for each in _COLUMNS.split(lines[0])} if lines else set[str]()
    if {"id", "time", "gl"} <= columns:
        return "cgm"
    if {"time", "metric", "value", "unit"} <= columns:
        return "csv"
    return "withings" if columns == _WITHINGS_RAW or ("date" in columns and columns & _WITHINGS) else None


def _text(head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", "replace")
    return head.decode("utf-8", "replace")
