"""The words that the statements of this folder share."""

from collections.abc import Iterable

from sqlalchemy import Row

from vitasense.deterministic.platform.events.schemas import Event

COLUMNS = (
    *("id", "type", "version", "patient_id", "actor_id", "occurred_at", "recorded_at"),
    *("causation_id", "correlation_id", "payload"),
)
EVENT = ", ".join(f"e.{name}" for name in COLUMNS)

OF_TYPES = "(cast(:types as text[]) is null or e.type = any(cast(:types as text[])))"
# Not `not exists`: joined with the whole inbox it would be slow where statistics are missing.
UNNOTED = "(select true from app.inbox n where n.consumer = :consumer and n.event_id = e.id) is null"
REACHED = "coalesce((select reached from app.relay where consumer = :consumer), 0)"


def is_open(inbox: str) -> str:
    """Neither handled nor given up."""
    return f"{inbox}.consumer = :consumer and {inbox}.handled_at is null and {inbox}.parked_at is null"


def is_due(inbox: str) -> str:
    """To be done now: never tried, or its wait is over."""
    return f"{is_open(inbox)} and ({inbox}.retry_at is null or {inbox}.retry_at <= statement_timestamp())"


def held(of: str) -> str:
    """Whether `of` (something with key and seq) is one that failed and waits, or comes after such a one of its key."""
    return f"app.is_held(:consumer, {of}.key, {of}.seq)"


def event_of(row: Row[tuple[object, ...]]) -> Event:
    """The event of a row with the columns of `EVENT`."""
    return Event(**{name: getattr(row, name) for name in COLUMNS})


def listed(types: Iterable[str] | None) -> list[str] | None:
    """The types as a parameter; None is every type."""
    return None if types is None else sorted(types)
