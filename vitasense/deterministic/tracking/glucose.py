"""Continuous glucose in the published metrics: times in ranges, GMI, variation, risk indices, and their targets.

Time weighting. Each reading stands for the time until the next one, at most one sensor interval (the median distance
of the readings): a gap stands for nothing, doubled or denser readings are not counted twice, and with an even sensor the
shares are those of the readings. Of two readings of one time the later in the series holds.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from statistics import median

from vitasense.deterministic.platform.findings import Evidence, Status
from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.tracking.catalogue import device_metrics
from vitasense.deterministic.tracking.glucose_rules import CgmBook, People, TimeTarget, cgm_book
from vitasense.deterministic.tracking.glucose_swings import Timed, mage
from vitasense.deterministic.units import convert

GLUCOSE = "2339-0"  # LOINC code whose molar mass converts mmol/L
SENSOR = "99504-3"  # LOINC code of interstitial glucose, whose possible limits hold
LEAST = 2  # readings below which there is no interval
MINUTE, DAY = 60.0, 86400.0


@dataclass(frozen=True, slots=True)
class GlucoseReading:
    """One reading: aware time, number and UCUM unit (mg/dL or mmol/L)."""

    at: datetime
    value: float
    unit: str = "mg/dL"


@dataclass(frozen=True, slots=True)
class TargetResult:
    """One target: the percentage that was reached, whether it `met` the target, and the target in words."""

    name: str
    percent: float
    target: str
    met: bool


@dataclass(frozen=True, slots=True)
class Targets:
    """The judgement: `found` (some target is missed), `not_found` (all are met), or `not_evaluated` with the reason."""

    status: Status
    evidence: Evidence
    people: str | None = None
    results: tuple[TargetResult, ...] = ()
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class CgmReport:
    """The metrics of a period; glucose in mg/dL, shares in percent of the time that has readings.

    `active_percent` is the part of the period with readings, `days` its length. `cv` is SD / mean in percent, `gmi` and
    `ea1c` percent HbA1c, `lbgi`, `hbgi` and `gri` indices. `mage` is None without a stretch of 24 hours or a swing of
    more than one SD. `skipped` readings had a unit that does not convert, a value that no sensor gives, or the time of another reading.
    Times are in UTC.
    """

    count: int
    skipped: int
    first_at: datetime
    last_at: datetime
    days: float
    interval_minutes: float
    active_percent: float
    mean: float
    sd: float
    cv: float
    gmi: float
    ea1c: float
    below_54: float
    below_70: float
    in_range: float
    above_180: float
    above_250: float
    lbgi: float
    hbgi: float
    gri: float
    mage: float | None
    targets: Targets
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class _Series:
    """Readings with the seconds that each stands for."""

    points: Sequence[Timed]
    weights: Sequence[float]
    interval: float
    span: float

    @property
    def covered(self) -> float:
        return sum(self.weights)

    def mean_of(self, values: Sequence[float]) -> float:
        return sum(weight * value for weight, value in zip(self.weights, values, strict=True)) / self.covered

    def percent(self, target: TimeTarget) -> float:
        return 100 * self.mean_of([float(target.takes(point.value)) for point in self.points])


def cgm_report(
    readings: Sequence[GlucoseReading],
    *,
    people: People | None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> CgmReport | None:
    """The metrics of the readings from `since` (inclusive) to `until` (exclusive), and what the targets say of them.

    None with fewer than two usable readings. `people` says whose targets hold, None that it is not known: then, and
    with less than 70 % of the data of 14 days, the targets are not evaluated. Raises InvalidInput for a time without a
    zone.
    """
    if any(each.at.tzinfo is None for each in (*readings, *_bounds(since, until))):
        raise InvalidInput("A glucose reading needs a time with its zone.")
    asked = [each for each in readings if (since is None or each.at >= since) and (until is None or each.at < until)]
    points = _points(asked)
    if len(points) < LEAST:
        return None
    series = _series(points, since, until)
    return _report(series, len(asked) - len(points), _targets(series, people))


def _bounds(since: datetime | None, until: datetime | None) -> list[GlucoseReading]:
    return [GlucoseReading(at, 0) for at in (since, until) if at]


def _points(readings: Sequence[GlucoseReading]) -> list[Timed]:
    """The usable readings by time; of one time the last."""
    low, high = device_metrics()[SENSOR].possible
    usable = {each.at: mg for each in readings if (mg := _mg_per_dl(each)) is not None and low <= mg <= high}
    return [Timed(at.timestamp(), usable[at]) for at in sorted(usable)]


def _mg_per_dl(reading: GlucoseReading) -> float | None:
    try:
        return convert(reading.value, reading.unit, "mg/dL", GLUCOSE)
    except InvalidInput:
        return None


def _series(points: Sequence[Timed], since: datetime | None, until: datetime | None) -> _Series:
    steps = [after.at - before.at for before, after in pairwise(points)]
    interval = median(steps)
    weights = [*(min(step, interval) for step in steps), interval]
    start = since.timestamp() if since else points[0].at
    end = until.timestamp() if until else points[-1].at + interval
    return _Series(points, weights, interval, max(end - start, sum(weights)))


def _report(series: _Series, skipped: int, targets: Targets) -> CgmReport:
    book = cgm_book()
    mean, sd = _mean_and_sd(series)
    below_54, below_70 = (series.percent(_under(limit)) for limit in (book.ranges.very_low, book.ranges.low))
    above_180, above_250 = (series.percent(_beyond(limit)) for limit in (book.ranges.high, book.ranges.very_high))
    lbgi, hbgi = _risk(book, series)
    return CgmReport(
        count=len(series.points),
        skipped=skipped,
        first_at=datetime.fromtimestamp(series.points[0].at, UTC),
        last_at=datetime.fromtimestamp(series.points[-1].at, UTC),
        days=series.span / DAY,
        interval_minutes=series.interval / MINUTE,
        active_percent=100 * series.covered / series.span,
        mean=mean,
        sd=sd,
        cv=100 * sd / mean,
        gmi=book.gmi.intercept + book.gmi.slope * mean,
        ea1c=(mean + book.ea1c.intercept) / book.ea1c.slope,
        below_54=below_54,
        below_70=below_70,
        in_range=100 - below_70 - above_180,
        above_180=above_180,
        above_250=above_250,
        lbgi=lbgi,
        hbgi=hbgi,
        gri=_gri(book, below_54, below_70 - below_54, above_180 - above_250, above_250),
        mage=mage(series.points, book.mage),
        targets=targets,
        evidence=tuple(_evidence(book, key, source) for key, source in book.sources()),
    )


def _mean_and_sd(series: _Series) -> tuple[float, float]:
    values = [point.value for point in series.points]
    mean = series.mean_of(values)
    spread = series.mean_of([(value - mean) ** 2 for value in values])
    return mean, math.sqrt(spread * len(values) / (len(values) - 1))


def _under(limit: float) -> TimeTarget:
    return TimeTarget(key="under", name="under", below=limit)


def _beyond(limit: float) -> TimeTarget:
    return TimeTarget(key="beyond", name="beyond", over=limit)


def _risk(book: CgmBook, series: _Series) -> tuple[float, float]:
    """The low and the high blood glucose index."""
    rule = book.risk
    scaled = [rule.scale * (math.log(point.value) ** rule.power - rule.shift) for point in series.points]
    low = series.mean_of([rule.weight * value**2 if value < 0 else 0.0 for value in scaled])
    return low, series.mean_of([rule.weight * value**2 if value > 0 else 0.0 for value in scaled])


def _gri(book: CgmBook, very_low: float, low: float, high: float, very_high: float) -> float:
    rule = book.gri
    total = rule.very_low * very_low + rule.low * low + rule.high * high + rule.very_high * very_high
    return min(total, rule.most)


def _targets(series: _Series, people: People | None) -> Targets:
    book = cgm_book()
    if people is None:
        reason = "it is not known whose targets hold: they differ by kind of diabetes, age and pregnancy"
        return Targets(Status.NOT_EVALUATED, _evidence(book, "ranges", book.ranges.source), reason=reason)
    target = book.targets[people]
    evidence = _evidence(book, f"targets.{people}", f"{target.source}; {target.cv.source}")
    if reason := _too_little(book, series):
        return Targets(Status.NOT_EVALUATED, evidence, target.people, reason=reason)
    results = tuple(
        TargetResult(each.name, percent, each.words, each.met(percent))
        for each in target.times
        for percent in [series.percent(each)]
    )
    mean, sd = _mean_and_sd(series)
    variation = TargetResult(
        "coefficient of variation", 100 * sd / mean, f"{target.cv.most:g} % or less", 100 * sd / mean <= target.cv.most
    )
    missed = not all(each.met for each in (*results, variation))
    return Targets(Status.FOUND if missed else Status.NOT_FOUND, evidence, target.people, (*results, variation))


def _too_little(book: CgmBook, series: _Series) -> str | None:
    rule = book.sufficiency
    asked = f"targets take {100 * rule.active:g} % of the data of {rule.days} days"
    if series.covered < rule.active * rule.days * DAY:
        return f"there are {series.covered / DAY:.1f} days of readings, and {asked}"
    if series.covered < rule.active * series.span:
        return f"only {100 * series.covered / series.span:.0f} % of the time has readings, and {asked}"
    return None


def _evidence(book: CgmBook, key: str, source: str) -> Evidence:
    ref = f"tracking/cgm#{key}"
    return Evidence(kind="knowledge", ref=ref, version=book.version, label="Continuous glucose metrics", source=source)
