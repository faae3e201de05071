"""What a reading counts as: by a range of one's own where that goes first, else by the guideline."""

from collections.abc import Sequence

from vitasense.deterministic.platform.findings import Status, Urgency
from vitasense.deterministic.reactions.schemas import Reading
from vitasense.deterministic.tracking import Assessment, Measured, PersonalRange, RangeVerdict, decide_range


def counted(reading: Reading, assessment: Assessment | None, ranges: Sequence[PersonalRange]) -> RangeVerdict:
    """What counts for the part of the reading that is the most urgent."""
    found = [
        decide_range(code, Measured(sample.value, sample.unit), sample.at, ranges=ranges, guideline=assessment)
        for code, sample in reading.parts.items()
    ]
    return max(found, key=lambda each: each.urgency.rank)


def is_out(verdict: RangeVerdict) -> bool:
    """Whether it is known to be out of range."""
    return verdict.status is Status.FOUND and verdict.urgency is not Urgency.SELF_CARE


def is_in(verdict: RangeVerdict) -> bool:
    """Whether it is known to be in range; what was not evaluated is neither in nor out."""
    return verdict.status is Status.NOT_FOUND or (
        verdict.status is Status.FOUND and verdict.urgency is Urgency.SELF_CARE
    )
