"""Scores in sentences: continuous glucose, Life's Essential 8 and NEWS2, each with its parts and what is missing."""

from collections.abc import Sequence

from vitasense.deterministic.insights.days import Stretch, span_words
from vitasense.deterministic.insights.subject import Subject
from vitasense.deterministic.insights.wording import amount, capital, listed, number
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.findings import Evidence, Finding, Status, Value, not_evaluated
from vitasense.deterministic.tracking import CgmReport, HealthScore, News2

LABS = frozenset({Category.LABS})
MG = "mg/dL"
SENSOR = "99504-3"


def glucose_findings(report: CgmReport | None, days: int, subject: Subject) -> list[Finding]:
    """Time in range, GMI and the others over some days, and what the targets say of them."""
    if report is None:
        text = f"I cannot tell the time in range: there are no readings of a glucose sensor in the last {days} days."
        silent = not_evaluated("tracking.glucose", text, "fewer than two readings of a sensor", Category.LABS)
        return [silent.model_copy(update={"values": (Value(name="days", number=days),)})]
    return [_glucose(report, subject), _targets(report)]


def _glucose(report: CgmReport, subject: Subject) -> Finding:
    shares = {
        "in 70 to 180 mg/dL": report.in_range,
        "below 70 mg/dL": report.below_70,
        "below 54 mg/dL": report.below_54,
        "above 180 mg/dL": report.above_180,
        "above 250 mg/dL": report.above_250,
    }
    parts = listed([f"{_tenth(share)}% {name}" for name, share in shares.items()])
    zone = subject.now.tzinfo
    stretch = Stretch(report.first_at.astimezone(zone).date(), report.last_at.astimezone(zone).date())
    text = (
        f"{capital(subject.whose)} sensor glucose from {span_words(stretch)}, with data for "
        f"{_tenth(report.active_percent)}% of the time: {parts}. The mean was {amount(round(report.mean, 1), MG)}, the "
        f"glucose management indicator (GMI) {_tenth(report.gmi)}%, the variation {_tenth(report.cv)}%."
    )
    values = [_percent(name, share) for name, share in shares.items()]
    values += [_percent("data", report.active_percent), _percent("GMI", report.gmi), _percent("variation", report.cv)]
    values += [Value(name="mean glucose", number=round(report.mean, 1), unit=MG, code=SENSOR)]
    values += [Value(name="limit", number=limit, unit=MG) for limit in (54, 70, 180, 250)]
    values += [Value(name="first", at=report.first_at), Value(name="last", at=report.last_at)]
    evidence = Evidence(
        kind="record",
        ref=f"Series/{SENSOR}",
        version=f"{report.first_at:%Y-%m-%dT%H:%M}/{report.last_at:%Y-%m-%dT%H:%M}",
        label="Interstitial glucose",
        at=report.last_at,
    )
    return Finding(
        kind="tracking.glucose",
        text=text,
        status=Status.FOUND,
        values=tuple(values),
        evidence=(evidence, *report.evidence),
        categories=LABS,
    )


def _targets(report: CgmReport) -> Finding:
    targets = report.targets
    if targets.status is Status.NOT_EVALUATED:
        reason = targets.reason or "no target holds"
        text = f"Whether that meets the targets was not evaluated: {reason}."
        return not_evaluated("tracking.glucose_targets", text, reason, Category.LABS)
    missed = [each for each in targets.results if not each.met]
    said = listed([f"{each.name} ({_tenth(each.percent)}%, the target is {each.target})" for each in missed])
    text = f"Targets for {targets.people}: " + (f"not met for {said}." if missed else "all are met.")
    return Finding(
        kind="tracking.glucose_targets",
        text=text,
        status=targets.status,
        values=tuple(_percent(each.name, each.percent) for each in targets.results),
        evidence=(targets.evidence,),
        categories=LABS,
    )


def score_findings(score: HealthScore, subject: Subject) -> list[Finding]:
    """The score when all eight parts are known; otherwise that it is not evaluated, with the parts that are."""
    known = [each for each in score.parts if each.points is not None]
    told = [_whole(score, subject), *([_parts(score)] if known else [])]
    reasons = [f"{each.name}: {each.reason}" for each in score.parts if each.reason]
    if reasons:
        text = f"Missing – {'; '.join(reasons)}."
        told.append(not_evaluated("tracking.score_missing", text, "parts of it are not known"))
    return told


def _whole(score: HealthScore, subject: Subject) -> Finding:
    if score.score is None:
        reason = score.reason or "parts of it are not known"
        text = f"I cannot give a health score (Life's Essential 8) as a whole: {reason}."
        return not_evaluated("tracking.score", text, reason).model_copy(update={"values": (_eight(),)})
    text = (
        f"{capital(subject.whose)} health score (Life's Essential 8) is {number(round(score.score, 1))} out of 100"
        f" ({score.level})."
    )
    values = (Value(name="health score", number=round(score.score, 1)), Value(name="of", number=100), _eight())
    return Finding(kind="tracking.score", text=text, status=Status.FOUND, values=values, evidence=(score.evidence,))


def _parts(score: HealthScore) -> Finding:
    known = [(each.name, each.points) for each in score.parts if each.points is not None]
    text = f"The parts that are known, of 100 points each: {listed([f'{name} {points}' for name, points in known])}."
    values = [Value(name=name, number=points) for name, points in known]
    return Finding(
        kind="tracking.score_parts",
        text=text,
        status=Status.FOUND,
        values=(*values, Value(name="of", number=100)),
        evidence=(score.evidence,),
    )


def _eight() -> Value:
    return Value(name="parts", number=8)


def early_warning_findings(found: News2, evidence: Sequence[Evidence], subject: Subject) -> list[Finding]:
    """NEWS2 when all seven parameters are known, else which are missing; what the known ones give is told beside it."""
    parts = listed([_part(each.name, each.points, each.value, each.unit) for each in found.parts])
    values = [
        Value(name=each.name, number=each.value, unit=each.unit, at=each.at) for each in found.parts if each.value
    ]
    values += [Value(name=f"{each.name} points", number=each.points) for each in found.parts]
    values += [Value(name="score", number=found.score if found.score is not None else found.at_least)]
    if found.status is Status.NOT_EVALUATED:
        reason = found.reason or "it cannot be told"
        known = f" Known from the last hour: {parts}." if parts else ""
        text = f"I cannot give an early warning score (NEWS2): {reason}.{known}"
        silent = not_evaluated("tracking.early_warning", text, reason, Category.VITALS)
        return [silent.model_copy(update={"values": (*values, *_named_numbers())})]
    score = f"{found.score}" if found.score is not None else f"at least {found.at_least}"
    text = f"{capital(subject.whose)} early warning score (NEWS2) is {score} ({found.band}): {parts}. {found.response or ''}"
    return [
        Finding(
            kind="tracking.early_warning",
            text=text.strip(),
            status=found.status,
            values=(*values, *_named_numbers()),
            urgency=found.urgency,
            evidence=(*evidence, found.evidence),
            categories=frozenset({Category.VITALS}),
        )
    ]


def _part(name: str, points: int, value: float | None, unit: str | None) -> str:
    said = f"{name} {amount(value, unit or '')}" if value is not None else name
    return f"{said} ({points} {'point' if points == 1 else 'points'})"


def _named_numbers() -> tuple[Value, ...]:
    return (Value(name="NEWS", number=2),)


def _tenth(value: float) -> str:
    return number(round(value, 1))


def _percent(name: str, value: float) -> Value:
    return Value(name=name, number=round(value, 1), unit="%")
