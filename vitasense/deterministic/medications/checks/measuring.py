"""The value of one laboratory test as rules can use it, or why there is none."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from vitasense.deterministic.medications.rulebook import Rule, Rules, read_rules
from vitasense.deterministic.medications.schemas import Measured, Person
from vitasense.deterministic.platform.findings import Evidence, Value
from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.units import convert, display_unit

_AHEAD = timedelta(days=1)  # clocks and time zones differ; a value of the day after tomorrow is a mistake
_DIGITS = 4  # significant digits told; a record's own number never has more that matter
_DIGITS_CONVERTED = 3  # of a number that we converted


class Measurement(Rule):
    """A laboratory test: its LOINC codes, the unit of the rules, and for how many `days` a value is used.

    `units` are other spellings of the same number. A value that is not from `low` to `high` is an error of entry. `upper`
    is the upper limit of normal by which multiples are counted. `term` is its key among the terms of the knowledge room,
    where that is another one.
    """

    name: str
    term: str | None = None
    loinc: tuple[str, ...]
    unit: str
    units: frozenset[str] = frozenset()
    analyte: str | None = None
    low: float
    high: float
    upper: float | None = None
    days: int
    because: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A value in the unit of the rules. `said` is as a person reads it, `how` where it was worked out from.

    `in_place_of` is True for an eGFR that stands for a creatinine clearance that is not known.
    """

    of: Measurement
    number: float
    said: str
    at: datetime
    values: tuple[Value, ...]
    evidence: tuple[Evidence, ...]
    how: str = ""
    in_place_of: bool = False


@dataclass(frozen=True, slots=True)
class Lack:
    """Why there is no value: `missing` when nothing is recorded, else `said` tells what is wrong with what is."""

    of: Measurement
    said: str = ""

    @property
    def missing(self) -> bool:
        """Whether there is nothing at all."""
        return not self.said


@cache
def tests() -> Rules[Measurement]:
    """The entries of `rules/measurements.yaml`."""
    return read_rules("measurements", Measurement)


def recorded(key: str, person: Person) -> Reading | Lack:
    """The newest value of the test in the record. A value that is too old or in an unknown unit is a Lack that says so."""
    of = tests()[key]
    found = [(person.measured[code], code) for code in of.loinc if code in person.measured] if person.measured else []
    if not found:
        return Lack(of)
    measured, code = max(found, key=_moment)
    return _usable(of, measured, code, person)


def day(at: datetime) -> str:
    """ "19 November 2026"."""
    return f"{at.day} {at:%B %Y}"


def amount(number: float, unit: str, digits: int = _DIGITS) -> str:
    """ "5.8 mmol/L", "7.2%"; with at most so many significant digits."""
    told = f"{number:.{digits}g}" if abs(number) < 10**digits else f"{number:.0f}"
    words = display_unit(unit)
    return f"{told}{'' if words == '%' else ' '}{words}".strip()


def _moment(found: tuple[Measured, str]) -> datetime:
    return found[0].at


def _usable(of: Measurement, measured: Measured, code: str, person: Person) -> Reading | Lack:
    if told := _too_old(of, measured, person) or _ahead(measured, person):
        return Lack(of, told)
    try:
        number = _converted(of, measured)
    except InvalidInput:
        return Lack(of, f"was given in a unit that I cannot use here (“{measured.unit}”)")
    if not of.low <= number <= of.high:
        return Lack(of, f"of {amount(measured.value, measured.unit)} on {day(measured.at)} cannot be right")
    value = Value(name=of.name, number=number, unit=of.unit, at=measured.at, code=code)
    return Reading(
        of,
        number,
        _said(of, measured, number),
        measured.at,
        (value,),
        (measured.evidence,) if measured.evidence else (),
    )


def _said(of: Measurement, measured: Measured, number: float) -> str:
    """In the unit of the record, with what that is in the unit of the rules where the number is another one."""
    if display_unit(of.unit) == of.name:
        return f"{number:.{_DIGITS}g}"
    if measured.value == number or _as_it_is(of, measured):
        return amount(number, of.unit)
    return f"{amount(measured.value, measured.unit)} ({amount(number, of.unit, _DIGITS_CONVERTED)})"


def _as_it_is(of: Measurement, measured: Measured) -> bool:
    return measured.unit == of.unit or measured.unit in of.units


def _too_old(of: Measurement, measured: Measured, person: Person) -> str:
    if person.now - measured.at <= timedelta(days=of.days):
        return ""
    return f"is of {day(measured.at)}, and I use it for {of.days} days only"


def _ahead(measured: Measured, person: Person) -> str:
    return f"bears a date that is yet to come ({day(measured.at)})" if measured.at > person.now + _AHEAD else ""


def _converted(of: Measurement, measured: Measured) -> float:
    """The number in the unit of the rules. Raises InvalidInput for a unit that cannot be converted."""
    if _as_it_is(of, measured):
        return measured.value
    return convert(measured.value, measured.unit, of.unit, of.analyte)
