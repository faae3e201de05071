"""Levels that changed and stayed so, and hours that were unlike those of the weeks before."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from vitasense.deterministic import tracking
from vitasense.deterministic.insights import amount, day
from vitasense.deterministic.platform.findings import Evidence, Finding, Status, Urgency, Value
from vitasense.deterministic.reactions.noticed import Noticed
from vitasense.deterministic.reactions.occasion import Occasion
from vitasense.deterministic.tracking import Change, Incident, Watch

# LOINC codes, our own choice: resting heart rate, heart rate variability, sleep by the day; heart rate, oxygen saturation
# and breathing rate by the hour.
LEVELS = ("40443-4", "80404-7", "93832-4")
HOURLY = ("8867-4", "59408-5", "9279-1")
LOOKED_AT = timedelta(days=180)
HOURS_LOOKED_AT = timedelta(days=50)  # four weeks that are remembered, before them what the thresholds are made of
HOURS = 24 * 51
NEW = timedelta(days=21)  # a change is told while it is so new: it takes a week of days to be seen at all
LATELY = timedelta(hours=26)  # what was unusual since the last look of a day
LARGE = 20  # values from here on are told as whole numbers
ADVICE = "This says that it changed, not why. If you feel unwell, tell your doctor."


async def levels(occasion: Occasion) -> list[Noticed]:
    """The newest change of each level, while it is new."""
    zone = (await tracking.person_settings(occasion.tx, occasion.patient_id, occasion.default_zone)).zone
    found = [await _level(occasion, metric, zone) for metric in LEVELS]
    return [each for each in found if each]


async def _level(occasion: Occasion, metric: str, zone: ZoneInfo) -> Noticed | None:
    today = occasion.now.astimezone(zone).date()
    days = await tracking.day_values(
        occasion.tx, occasion.patient_id, metric, today - LOOKED_AT, today, timezone=occasion.default_zone
    )
    complete = [each for each in days if each.day < today]
    times = [datetime(each.day.year, each.day.month, each.day.day, 12, tzinfo=UTC) for each in complete]
    found = tracking.changes(times, [each.value for each in complete]) if complete else ()
    newest = found[-1] if isinstance(found, tuple) and found else None
    if newest is None or occasion.now - newest.at > NEW:
        return None
    return _changed(metric, newest, len(complete), tracking.confidence(each.quality for each in complete))


def _changed(metric: str, change: Change, days: int, sure: float) -> Noticed | None:
    """None where the two levels are the same number to a person."""
    known = tracking.device_metrics()[metric]
    before, after = (_rounded(each) for each in (change.level_before, change.level_after))
    if before == after:
        return None
    way = "higher" if after > before else "lower"
    text = (
        f"Your {known.name} has been {way} since {day(change.at)}: "
        f"half of the days at or above {amount(after, known.unit)} since then, {amount(before, known.unit)} before."
    )
    values = tuple(
        Value(name=name, number=number, unit=known.unit, code=metric)
        for name, number in (("before", before), ("after", after))
    )
    finding = _finding("reaction.change", text, metric, f"{known.name}, {days} days", str(days), values)
    title, rule = f"Your {known.name} changed", f"tracking/statistics#changes.{metric}"
    return Noticed(f"change.{metric}", rule, title, ADVICE, finding, known.category, change.at, sure)


async def unusual(occasion: Occasion) -> list[Noticed]:
    """What was unlike the weeks before since the last look, with the false alarms that tracking/statistics states."""
    zone = (await tracking.person_settings(occasion.tx, occasion.patient_id, occasion.default_zone)).zone
    found = [await _incident(occasion, metric, zone) for metric in HOURLY]
    return [each for each in found if each]


async def _incident(occasion: Occasion, metric: str, zone: ZoneInfo) -> Noticed | None:
    since = occasion.now - HOURS_LOOKED_AT
    chart = await tracking.chart(occasion.tx, occasion.patient_id, metric, since, occasion.now, most=HOURS)
    if not chart.points:
        return None
    watch = tracking.incidents([each.at for each in chart.points], [each.value for each in chart.points], zone=zone)
    lately = (
        [each for each in watch.incidents if occasion.now - each.until <= LATELY] if isinstance(watch, Watch) else []
    )
    sure = tracking.confidence(each.quality for each in chart.points)
    return _unlike(metric, max(lately, key=lambda each: abs(each.spreads)), zone, sure) if lately else None


def _unlike(metric: str, incident: Incident, zone: ZoneInfo, sure: float) -> Noticed:
    known = tracking.device_metrics()[metric]
    way = "higher" if incident.spreads > 0 else "lower"
    begins, ends = incident.since.astimezone(zone), incident.until.astimezone(zone)
    text = (
        f"Your {known.name} was {way} than in the weeks before at such times, "
        f"from {day(begins)}, {begins:%H:%M}, to {day(ends)}, {ends:%H:%M}."
    )
    values = tuple(Value(name=name, at=at, code=metric) for name, at in (("from", begins), ("to", ends)))
    label = f"{known.name}, {HOURS_LOOKED_AT.days} days"
    finding = _finding("reaction.unusual", text, metric, label, begins.isoformat(), values)
    title, rule = f"Your {known.name} was unusual", f"tracking/statistics#anomalies.{metric}"
    return Noticed(f"unusual.{metric}", rule, title, ADVICE, finding, known.category, incident.since, sure)


def _finding(kind: str, text: str, metric: str, label: str, version: str, values: tuple[Value, ...]) -> Finding:
    return Finding(
        kind=kind,
        text=text,
        status=Status.FOUND,
        values=values,
        urgency=Urgency.SELF_CARE,
        evidence=(Evidence(kind="record", ref=f"Series/{metric}", version=version, label=label),),
        categories=frozenset({tracking.device_metrics()[metric].category}),
    )


def _rounded(value: float) -> float:
    return round(value) if abs(value) >= LARGE else round(value, 1)
