"""Moments as a person reads them: the day and the time of the person's own clock."""

from datetime import datetime

from vitasense.deterministic.insights.subject import Subject
from vitasense.deterministic.insights.wording import day


def at_words(at: datetime, subject: Subject) -> str:
    """ "19 November 2026 at 14:05", in the zone of the one who asks."""
    local = at.astimezone(subject.now.tzinfo)
    return f"{day(local)} at {local:%H:%M}"
