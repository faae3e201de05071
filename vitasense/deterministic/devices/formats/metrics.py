"""Which measure of the catalogue a word or code names."""

from functools import cache

from vitasense.deterministic.devices.formats.limits import quoted
from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.tracking import DeviceMetric, device_metrics

# The same measure counted in moles (LOINC 2.78): taken as the one in mass that the catalogue keeps.
IN_MOLES = {"15074-8": "2339-0", "105272-9": "99504-3"}
SYSTOLIC, DIASTOLIC = "8480-6", "8462-4"
BLOOD_GLUCOSE, SENSOR_GLUCOSE = "2339-0", "99504-3"
PANEL = frozenset({"blood pressure", "85354-9"})  # LOINC 85354-9, blood pressure panel: one row, two numbers


def metric_of(code: str) -> DeviceMetric:
    """The catalogue's measure for a LOINC code. Raises InvalidInput when it is not taken from devices."""
    found = device_metrics().get(IN_MOLES.get(code, code))
    if found is None:
        raise InvalidInput(f"{quoted(code)} is not a measure that is taken from devices.")
    return found


def metric_code(name: str) -> str:
    """The LOINC code that a code, an Open mHealth name or the catalogue's name stands for.

    Raises InvalidInput for a name that is not known, and for the blood pressure, which is two numbers.
    """
    key = _key(name)
    if key in PANEL:
        raise InvalidInput("Blood pressure is two numbers: give systolic blood pressure and diastolic blood pressure.")
    code = _names().get(key)
    if code is None:
        raise InvalidInput(f"{quoted(name)} is not a measure that is taken: use its LOINC code or its name.")
    return code


def is_pressure(name: str) -> bool:
    """Whether the name means the systolic and diastolic pressure together."""
    return _key(name) in PANEL


@cache
def _names() -> dict[str, str]:
    found = dict(zip(IN_MOLES, IN_MOLES, strict=True))
    for metric in device_metrics().values():
        for name in (metric.code, metric.name, metric.omh):
            if name:
                found.setdefault(_key(name), metric.code)
    return found


def _key(name: str) -> str:
    """Codes as they are; words without regard to case, hyphens and underscores."""
    name = name.strip()
    return name if name[:1].isdigit() else " ".join(name.casefold().replace("-", " ").replace("_", " ").split())
