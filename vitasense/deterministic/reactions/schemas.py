"""What a decision is made from, and what it says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from vitasense.deterministic.platform.findings import Evidence, Finding, Urgency, Value
from vitasense.deterministic.reactions.watchlist import Watched
from vitasense.deterministic.tracking import Assessment, PersonalRange, Sample

Outcome = Literal["raise", "calm", "usual", "quiet", "ask"]
"""`raise` an alarm; `calm`: in range; `usual`: out of range, as it is for this person; `quiet`: nothing may be said, with
the reason; `ask`: the person knows what the service cannot."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The parts of one reading, by LOINC code, taken together at `at`."""

    watched: Watched
    parts: Mapping[str, Sample]

    @property
    def at(self) -> datetime:
        """When it was taken."""
        return max(sample.at for sample in self.parts.values())

    @property
    def quality(self) -> float:
        """The lowest quality of its parts."""
        return min(sample.quality for sample in self.parts.values())

    @property
    def by_device(self) -> bool:
        """Whether a device sent it; else it is of the record."""
        return any(sample.by_device for sample in self.parts.values())


@dataclass(frozen=True, slots=True)
class Usual:
    """What is usual for the person, 95 % of their values, or why that is not known; `basis` says of what time."""

    low: float | None = None
    high: float | None = None
    days: int = 0
    basis: str = ""
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """What the last 30 days did, with the numbers that the words tell; `words` is None when nothing can be said."""

    words: str | None
    reason: str | None = None
    values: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything that a decision about one reading is made from."""

    reading: Reading
    assessment: Assessment | None
    usual: Mapping[str, Usual]
    course: Mapping[str, Course]
    ranges: Sequence[PersonalRange]
    calm_in_a_row: int
    confirmed: bool
    at_rest: bool | None
    stream: bool
    alarm_open: bool
    evidence: tuple[Evidence, ...]
    local_at: datetime


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided about a reading, in words, with what to do."""

    outcome: Outcome
    title: str
    text: str
    urgency: Urgency
    confidence: float
    rule: str
    reason: str | None = None
    findings: tuple[Finding, ...] = field(default_factory=tuple[Finding, ...])
    advice: str | None = None
    check_minutes: int | None = None
    risk_label: str | None = None
