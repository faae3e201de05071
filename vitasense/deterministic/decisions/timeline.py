"""The timeline in plain words: one line for each thing that happened."""

import base64
import binascii
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.decisions import repository
from vitasense.deterministic.decisions.schemas import TimelineEntry
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.findings import Urgency
from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.platform.untrusted import shown
from vitasense.deterministic.units import display_unit

LONGEST_PAGE = 200
_BEGINNINGS: Mapping[tuple[str, str], str] = {
    ("alarm", "raised"): "Alert",
    ("alarm", "acknowledged"): "Alert acknowledged",
    ("alarm", "snoozed"): "Alert put off",
    ("alarm", "escalated"): "Alert still waits for an answer",
    ("alarm", "cleared"): "Alert over",
    ("alarm", "stale"): "Alert out of date",
    ("action", "recommend"): "Recommendation",
    ("action", "notify_provider"): "Care team told",
    ("action", "suggest_goal"): "Goal suggested",
    ("task", "open"): "Asked of you",
    ("task", "done"): "Done",
    ("task", "dismissed"): "Set aside",
    ("task", "expired"): "Not done in time",
    ("goal", "suggested"): "Goal suggested",
    ("goal", "active"): "Goal set",
    ("goal", "refused"): "Goal refused",
    ("goal", "reached"): "Goal reached",
    ("goal", "ended"): "Goal ended",
    ("risk", ""): "Risk profile",
}


async def timeline(
    tx: AsyncSession,
    patient_id: UUID,
    since: datetime,
    until: datetime,
    limit: int = 50,
    cursor: str | None = None,
    *,
    newest_first: bool = True,
) -> list[TimelineEntry]:
    """What happened from `since` to before `until`, at most `limit` entries from the place of `cursor` on.

    Of what happened at one moment the reading comes first, then decision, alert, recommendation, task, risk and goal.
    Only what the reader may see is in it: a provider's without a grant is empty. Raises InvalidInput for a page of none
    or of more than 200, for a time without zone, and for a cursor of elsewhere.
    """
    if not 0 < limit <= LONGEST_PAGE:
        raise InvalidInput(f"A page has from 1 to {LONGEST_PAGE} entries.")
    if since.tzinfo is None or until.tzinfo is None:
        raise InvalidInput("The period has no time zone.")
    at, rank, place = _place(cursor) if cursor else (None, None, None)
    values = {"since": since, "until": until, "at": at, "rank": rank, "place": place, "limit": limit}
    rows = await repository.timeline_rows(tx, values | {"patient": patient_id}, newest_first=newest_first)
    return [_entry(row) for row in rows]


def _entry(row: Row[Any]) -> TimelineEntry:
    figures = " / ".join(map(_figure, row.figures or []))
    beginning = _BEGINNINGS.get((row.kind, row.state), "")
    return TimelineEntry(
        at=row.at,
        kind=row.kind,
        title=shown(": ".join(part for part in (beginning, row.title) if part)),
        text=shown(" ".join(part for part in (row.words, figures) if part)),
        ref=row.ref,
        correlation_id=row.correlation_id,
        urgency=Urgency(row.urgency) if row.urgency else None,
        category=Category(row.category),
        cursor=_cursor(row.at, row.rank, row.place),
    )


def _figure(value: Mapping[str, object]) -> str:
    number, unit = value.get("number"), value.get("unit")
    said = "" if number is None else f"{cast('float', number):.10g}"
    parts = (said, display_unit(str(unit)) if unit and said else "", str(value.get("text") or ""))
    return " ".join(part for part in parts if part)


def _cursor(at: datetime, rank: int, place: str) -> str:
    return base64.urlsafe_b64encode(json.dumps([at.isoformat(), rank, place]).encode()).decode().rstrip("=")


def _place(word: str) -> tuple[datetime, int, str]:
    try:
        at, rank, place = cast("list[Any]", json.loads(base64.urlsafe_b64decode(word + "=" * (-len(word) % 4))))
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None or not isinstance(rank, int) or not isinstance(place, str) or "\0" in place:
            raise ValueError
        return moment, rank, place
    except (ValueError, TypeError, binascii.Error, RecursionError, OverflowError):
        raise InvalidInput("The cursor is not one of this service: start again from the first page.") from None
