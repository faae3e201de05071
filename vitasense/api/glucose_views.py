"""The report on continuous glucose as it is answered: each metric with its target, or why there is none."""

from collections.abc import Iterator
from datetime import datetime
from typing import Literal

from vitasense.api.tracking_views import CgmMetricView, CgmView
from vitasense.deterministic.platform.findings import Status
from vitasense.deterministic.tracking import CgmReport

People = Literal["standard", "older_high_risk", "pregnancy_type_1"]
TOO_FEW = "there are fewer than two readings of a sensor in this time"
NO_TARGET = "there is no target for this metric"
MG, PERCENT = "mg/dL", "%"

# Member of the report → its name, as the targets name it, and its UCUM unit.
METRICS: dict[str, tuple[str, str | None]] = {
    "in_range": ("time in 70 to 180 mg/dL", PERCENT),
    "below_70": ("time below 70 mg/dL", PERCENT),
    "below_54": ("time below 54 mg/dL", PERCENT),
    "above_180": ("time above 180 mg/dL", PERCENT),
    "above_250": ("time above 250 mg/dL", PERCENT),
    "mean": ("mean glucose", MG),
    "sd": ("standard deviation", MG),
    "cv": ("coefficient of variation", PERCENT),
    "gmi": ("glucose management indicator", PERCENT),
    "ea1c": ("HbA1c estimated from the mean", PERCENT),
    "mage": ("mean amplitude of glycaemic excursions", MG),
    "lbgi": ("low blood glucose index", None),
    "hbgi": ("high blood glucose index", None),
    "gri": ("glycaemia risk index", None),
}
NO_SWING = "there is no stretch of 24 hours of readings, or no swing of more than one standard deviation in it"


def report_view(report: CgmReport | None, since: datetime, until: datetime) -> CgmView:
    """The report with every metric; without one every metric says that it was not evaluated."""
    if report is None:
        return _nothing(since, until)
    return CgmView(
        status=report.targets.status,
        reason=report.targets.reason,
        since=since,
        until=until,
        people=report.targets.people,
        count=report.count,
        skipped=report.skipped,
        first_at=report.first_at,
        last_at=report.last_at,
        days=report.days,
        interval_minutes=report.interval_minutes,
        active_percent=report.active_percent,
        metrics=list(_metrics(report)),
        evidence=[report.targets.evidence, *report.evidence],
    )


def _nothing(since: datetime, until: datetime) -> CgmView:
    metrics = [
        CgmMetricView(
            key=key, name=name, value=None, unit=unit, target=None, status=Status.NOT_EVALUATED, reason=TOO_FEW
        )
        for key, (name, unit) in METRICS.items()
    ]
    none = dict.fromkeys(("people", "first_at", "last_at", "days", "interval_minutes", "active_percent"))
    return CgmView(
        status=Status.NOT_EVALUATED,
        reason=TOO_FEW,
        since=since,
        until=until,
        count=0,
        skipped=0,
        metrics=metrics,
        evidence=[],
        **none,
    )


def _metrics(report: CgmReport) -> Iterator[CgmMetricView]:
    targets = {each.name: each for each in report.targets.results}
    for key, (name, unit) in METRICS.items():
        value: float | None = getattr(report, key)
        target = targets.pop(name, None)
        status = Status.NOT_EVALUATED if target is None else Status.NOT_FOUND if target.met else Status.FOUND
        reason = _reason(report, value) if target is None else None
        said = target.target if target else None
        yield CgmMetricView(key=key, name=name, value=value, unit=unit, target=said, status=status, reason=reason)
    for name, target in targets.items():  # ranges of their own, as in pregnancy
        status = Status.NOT_FOUND if target.met else Status.FOUND
        key = name.replace(" mg/dL", "").replace(" ", "_")
        yield CgmMetricView(
            key=key, name=name, value=target.percent, unit=PERCENT, target=target.target, status=status, reason=None
        )


def _reason(report: CgmReport, value: float | None) -> str:
    if value is None:
        return NO_SWING
    return report.targets.reason or NO_TARGET
