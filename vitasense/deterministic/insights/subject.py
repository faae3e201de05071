"""About whom sentences speak: to the person, or to a reader of the person's record."""

from dataclasses import dataclass
from datetime import datetime

DAYS_OF_MONTH, DAYS_OF_YEAR = 30, 365


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose record it is, for the wording and for thresholds that depend on age and sex."""

    own: bool
    now: datetime
    age: float | None = None
    sex: str | None = None

    @property
    def whose(self) -> str:
        """ "your" or "the patient's"."""
        return "your" if self.own else "the patient's"

    @property
    def who(self) -> str:
        """ "you" or "the patient"."""
        return "you" if self.own else "the patient"

    def verb(self, for_you: str, for_patient: str) -> str:
        """ "you take" or "the patient takes"."""
        return f"{self.who} {for_you if self.own else for_patient}"

    def since_words(self, at: datetime) -> str:
        """ "today", "12 days ago", "5 months ago", "7 years ago": full units, by calendar day in the zone of `now`."""
        days = (self.now.date() - at.astimezone(self.now.tzinfo).date()).days
        if days < 0:
            return f"in {-days} days"
        if days >= 2 * DAYS_OF_YEAR:
            return f"{days // DAYS_OF_YEAR} years ago"
        if days >= 2 * DAYS_OF_MONTH:
            return f"{days // DAYS_OF_MONTH} months ago"
        return {0: "today", 1: "yesterday"}.get(days, f"{days} days ago")
