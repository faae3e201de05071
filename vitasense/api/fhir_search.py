"""Search parameters of FHIR R4, as far as they are supported; any other is refused, for it would widen the answer."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlencode
from uuid import UUID

from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.records import Filter, moment

USUAL_COUNT, MOST = 50, 200
SEARCH = frozenset({"code", "category", "date", "_id", "_count", "cursor"})
WHOSE = frozenset({"patient", "subject", "patient_id", "_format"})
NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks for: whose record, which resources, which page."""

    patient_id: UUID | None = None
    codes: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    ids: tuple[UUID, ...] | None = None
    since: datetime | None = None
    until: datetime | None = None
    count: int = USUAL_COUNT
    cursor: str | None = None
    given: tuple[tuple[str, str], ...] = field(default=())

    def filter(self, resource_type: str) -> Filter:
        """Which resources of the type."""
        return Filter(
            types=[resource_type],
            ids=self.ids,
            codes=self.codes,
            tagged=self.categories,
            since=self.since,
            until=self.until,
        )

    def url(self, address: str, cursor: str | None) -> str:
        """The address of a page of this search."""
        given = [*self.given, *([("cursor", cursor)] if cursor else [])]
        return f"{address}?{urlencode(given)}" if given else address


def asked_of(parameters: Sequence[tuple[str, str]], allowed: frozenset[str] | set[str] = SEARCH) -> Asked:
    """What the parameters ask for. Raises InvalidInput for one that is not supported or cannot be understood."""
    once: dict[str, str] = {}
    dates: list[str] = []
    for name, value in parameters:
        if name not in allowed | WHOSE:
            raise InvalidInput(f"The parameter {name[:40]!r} is not supported here.")
        if name == "date":
            dates.append(value)
        elif once.setdefault(name, value) != value:
            raise InvalidInput(f"The parameter {name!r} may be given once; separate alternatives by commas.")
    since, until = _period(dates)
    return Asked(
        patient_id=_patient([once[name] for name in ("patient", "subject", "patient_id") if name in once]),
        codes=_alternatives(once.get("code")),
        categories=tuple(token.rpartition("|")[2] for token in _alternatives(once.get("category"))),
        ids=tuple(_id(word) for word in _alternatives(once["_id"])) if "_id" in once else None,
        since=since,
        until=until,
        count=_count(once.get("_count")),
        cursor=once.get("cursor"),
        given=tuple((name, value) for name, value in parameters if name != "cursor"),
    )


def _alternatives(value: str | None) -> tuple[str, ...]:
    return tuple(part for part in (value or "").split(",") if part)


def _patient(given: Sequence[str]) -> UUID | None:
    try:
        found = {UUID(value.removeprefix("Patient/")) for value in given}
    except ValueError:
        raise InvalidInput("The patient must be an id of this service: Patient/<uuid>.") from None
    if len(found) > 1:
        raise InvalidInput("One search is about one patient.")
    return next(iter(found), None)


def _id(word: str) -> UUID:
    try:
        return UUID(word)
    except ValueError:
        return NOBODY  # no resource has it: an id of another form finds nothing


def _count(value: str | None) -> int:
    if value is None:
        return USUAL_COUNT
    if not value.isdecimal() or int(value) < 1:
        raise InvalidInput("_count must be a number from 1 on.")
    return min(int(value), MOST)


def _period(dates: Sequence[str]) -> tuple[datetime | None, datetime | None]:
    since: datetime | None = None
    until: datetime | None = None
    for value in dates:
        first, last = _limits(value)
        since = max(filter(None, [since, first]), default=None)
        until = min(filter(None, [until, last]), default=None)
    return since, until


def _limits(value: str) -> tuple[datetime | None, datetime | None]:
    """From (inclusive) and to (exclusive) of one date with its prefix (FHIR R4, search, 3.1.1.4.5)."""
    prefix, rest = (value[:2], value[2:]) if value[:2].isalpha() else ("eq", value)
    found = moment(rest)
    if found is None:
        raise InvalidInput("A date must be written as in FHIR, as in ge2025-01-31.")
    begin, end = found.at.astimezone(UTC), found.end.astimezone(UTC)
    match prefix:
        case "eq":
            return begin, end
        case "ge":
            return begin, None
        case "gt" | "sa":
            return end, None
        case "le":
            return None, end
        case "lt" | "eb":
            return None, begin
        case _:
            raise InvalidInput("A date's prefix must be one of eq, ge, gt, le, lt, sa, eb.")
