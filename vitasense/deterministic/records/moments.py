"""FHIR dates and times with their precision; a missing part is never made up without saying so."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

Precision = Literal["year", "month", "day", "time"]

_DATE_TIME = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d)(?P<time>T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?)?)?"
)
FIRST_YEAR, LAST_YEAR = 1000, 9998  # what Python and PostgreSQL both hold in every zone


@dataclass(frozen=True, slots=True)
class Moment:
    """A date or time as FHIR writes it: `at` is its beginning, in UTC where no zone was given."""

    at: datetime
    precision: Precision

    @property
    def end(self) -> datetime:
        """The first moment after it: of the next year, month, day, or the same instant plus a second."""
        if self.precision == "year":
            return self.at.replace(year=self.at.year + 1)
        if self.precision == "month":
            return (self.at + timedelta(days=32)).replace(day=1)
        return self.at + (timedelta(days=1) if self.precision == "day" else timedelta(seconds=1))


def moment(text: str | None) -> Moment | None:
    """The moment that a FHIR date, dateTime or instant names; None when it is none, or outside 1000 to 9998."""
    match = _DATE_TIME.fullmatch(text or "")
    if match is None or not FIRST_YEAR <= int(match["year"]) <= LAST_YEAR:
        return None
    try:
        return _moment(match)
    except ValueError:
        return None


def _moment(match: re.Match[str]) -> Moment:
    if match["time"]:
        return Moment(datetime.fromisoformat(match.group()), "time")
    precision: Precision = "day" if match["day"] else "month" if match["month"] else "year"
    return Moment(datetime(int(match["year"]), int(match["month"] or 1), int(match["day"] or 1), tzinfo=UTC), precision)
