"""What a person could do for a device: charge it, connect it again, wear it, set its clock, calibrate or replace it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from vitasense.deterministic.devices.quality import Drift
from vitasense.deterministic.devices.quality.rules import Share, quality_rules
from vitasense.deterministic.devices.schemas import Device
from vitasense.deterministic.platform.untrusted import shown
from vitasense.deterministic.tracking import Flag
from vitasense.deterministic.units import display_unit


class SuggestionKind(StrEnum):
    """What to do."""

    CHARGE = "charge"
    RE_PAIR = "re_pair"
    WEAR = "wear"
    SET_CLOCK = "set_clock"
    CALIBRATE = "calibrate"
    REPLACE = "replace"


@dataclass(frozen=True, slots=True)
class RecentQuality:
    """The samples of a device in the last days (rules: `suggest.days`): how many, how many with each flag, and its drift."""

    samples: int
    flagged: Mapping[Flag, int] = field(default_factory=dict[Flag, int])
    drift: Drift | None = None

    def share(self, flag: Flag) -> float:
        """The share of the samples with this flag; 0.0 when there are none."""
        return self.flagged.get(flag, 0) / self.samples if self.samples else 0.0


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One thing to do: plain words, the numbers behind it, and the entry of the rules that says so."""

    kind: SuggestionKind
    text: str
    numbers: Mapping[str, float]
    rule: str
    version: str


def recent_quality(flags: Iterable[frozenset[Flag]], drift: Drift | None = None) -> RecentQuality:
    """The flags of each sample of the last days, counted."""
    given = list(flags)
    return RecentQuality(len(given), Counter(flag for each in given for flag in each), drift)


def suggestions(device: Device, recent: RecentQuality, *, now: datetime) -> list[Suggestion]:
    """What to do for this device now, the most useful first. Nothing for a retired one.

    An empty list says that nothing was found among what could be looked at: see `not_evaluated`.
    """
    if device.retired_at is not None:
        return []
    charge = _charge(device, now)
    silent = None if charge else _re_pair(device, now)
    found = [charge, silent, *_by_flags(device, recent)]
    return [each for each in found if each is not None]


def not_evaluated(device: Device, recent: RecentQuality, *, now: datetime) -> Mapping[SuggestionKind, str]:
    """Which suggestions could not be looked for, and why."""
    few = f"only {recent.samples} readings in the last {quality_rules().suggest.days} days"
    missing: dict[SuggestionKind, str] = {}
    if _battery(device, now) is None:
        missing[SuggestionKind.CHARGE] = "its battery is not known"
    if device.last_seen_at is None:
        missing[SuggestionKind.RE_PAIR] = "it has not sent anything yet"
    if recent.drift is None and Flag.DRIFTING not in recent.flagged:
        missing[SuggestionKind.CALIBRATE] = "it was not compared with another device"
    if recent.samples < quality_rules().suggest.at_least:
        by_flags = ("WEAR", "SET_CLOCK", "CALIBRATE", "REPLACE")
        missing |= {SuggestionKind[name]: few for name in by_flags if SuggestionKind[name] not in missing}
    return missing


def _battery(device: Device, now: datetime) -> float | None:
    if device.battery is None or device.reported_at is None:
        return None
    fresh = now - device.reported_at <= timedelta(days=quality_rules().suggest.battery_known_for_days)
    silent_since = device.last_seen_at is not None and device.last_seen_at <= device.reported_at
    return device.battery if fresh or silent_since else None  # nothing since: what it last said is how it stopped


def _charge(device: Device, now: datetime) -> Suggestion | None:
    battery = _battery(device, now)
    if battery is None or battery > quality_rules().suggest.charge.battery:
        return None
    text = f"The battery of {shown(device.name)} was at {battery:.0%}. Please charge it, or put in new batteries."
    return _made(SuggestionKind.CHARGE, text, {"battery": battery}, "charge")


def _re_pair(device: Device, now: datetime) -> Suggestion | None:
    if device.last_seen_at is None:
        return None
    rule = quality_rules().suggest.re_pair
    days = rule.days_used_at_times if device.kind in rule.kinds_used_at_times else rule.days
    silent = now - device.last_seen_at
    if not timedelta(days=days) < silent <= timedelta(days=rule.not_after_days):
        return None
    text = f"Nothing has come from {shown(device.name)} for {silent.days} days. If you still use it, connect it again."
    return _made(SuggestionKind.RE_PAIR, text, {"days_silent": silent.days}, "re_pair")


def _by_flags(device: Device, recent: RecentQuality) -> list[Suggestion | None]:
    rules, name = quality_rules().suggest, shown(device.name)
    if recent.samples < rules.at_least:
        return []
    span = f"in the last {rules.days} days"
    impossible, stuck, clock = (recent.share(flag) for flag in (Flag.IMPOSSIBLE, Flag.STUCK, Flag.CLOCK_JUMP))
    found = [
        _flagged(SuggestionKind.SET_CLOCK, recent, Flag.CLOCK_JUMP, rules.set_clock, "set_clock",
                 f"The clock of {name} was wrong for {clock:.0%} of its readings {span}. "
                 "Please check its date, time and time zone."),
        _flagged(SuggestionKind.CALIBRATE, recent, Flag.DRIFTING, rules.calibrate, "calibrate",
                 f"{_drift(name, recent.drift)} Please calibrate it or have it checked. "
                 "Until then, check important readings with another device."),
        _flagged(SuggestionKind.REPLACE, recent, Flag.IMPOSSIBLE, rules.replace_impossible, "replace_impossible",
                 f"{impossible:.0%} of the readings of {name} {span} cannot be right. "
                 "Check how it sits. If that does not help, it may need to be replaced."),
        _flagged(SuggestionKind.REPLACE, recent, Flag.STUCK, rules.replace_stuck, "replace_stuck",
                 f"{name} showed the same number again and again: {stuck:.0%} of its readings {span}. "
                 "Start it again. If that does not help, it may need to be replaced."),
    ]  # fmt: skip
    return [_wear(device, recent, span), *found]


def _wear(device: Device, recent: RecentQuality, span: str) -> Suggestion | None:
    rule = quality_rules().suggest.wear
    if device.kind is not None and device.kind not in rule.kinds:
        return None
    share = recent.share(Flag.UNWORN)
    text = f"{shown(device.name)} was off your body for {share:.0%} of its readings {span}. Wear it more to see more."
    return _flagged(SuggestionKind.WEAR, recent, Flag.UNWORN, rule, "wear", text)


def _flagged(
    kind: SuggestionKind, recent: RecentQuality, flag: Flag, rule: Share, key: str, text: str
) -> Suggestion | None:
    share = recent.share(flag)
    if share < rule.share:
        return None
    numbers: dict[str, float] = {"share": share, "samples": recent.samples}
    if flag is Flag.DRIFTING and recent.drift:
        numbers |= {"median_difference": recent.drift.median_difference, "pairs": recent.drift.pairs}
    return _made(kind, text, numbers, key)


def _drift(name: str, drift: Drift | None) -> str:
    if drift is None:
        return f"{name} reads too far from the device that it was compared with."
    off = abs(drift.median_difference)
    where = "higher" if drift.median_difference > 0 else "lower"
    unit = display_unit(drift.unit)
    return (
        f"{name} reads about {off:.3g} {unit} {where} than the device that it was compared with ({drift.pairs} times)."
    )


def _made(kind: SuggestionKind, text: str, numbers: Mapping[str, float], key: str) -> Suggestion:
    return Suggestion(kind, text, numbers, f"devices/quality#suggest.{key}", quality_rules().version)
