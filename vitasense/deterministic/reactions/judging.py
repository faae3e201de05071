"""Deciding about one reading: what guidelines say, what is usual for the person, and how far the value can be trusted."""

from vitasense.deterministic.insights import capital
from vitasense.deterministic.platform.findings import Status, Urgency, most_urgent
from vitasense.deterministic.reactions.limits import counted
from vitasense.deterministic.reactions.schemas import Situation, Verdict
from vitasense.deterministic.reactions.statements import compared, findings, set_limits, told
from vitasense.deterministic.tracking import Assessment, RangeVerdict

POOR = 0.5  # quality below which a value alone raises nothing but an emergency or something urgent
UNKNOWN_USUAL = 0.8  # confidence is lowered to this share when it is not known what is usual for the person
PRESSING = (Urgency.URGENT, Urgency.EMERGENCY)


def judge(situation: Situation) -> Verdict:
    """The verdict: raise an alarm, say that it is in range or as usual, ask, or be quiet and say why."""
    assessment, limit = situation.assessment, _by_range(situation)
    if limit is not None:
        return _outside_own(situation, limit) if limit.status is Status.FOUND else _within_own(situation, limit)
    if assessment is None or assessment.status is not Status.FOUND:
        return _unanswered(situation, assessment)
    if assessment.urgency is Urgency.SELF_CARE:
        return _calm(situation, assessment)
    return _out_of_range(situation, assessment)


def _by_range(situation: Situation) -> RangeVerdict | None:
    """What a range of one's own says where that goes before the guideline; None where the guideline decides."""
    found = counted(situation.reading, situation.assessment, situation.ranges)
    return found if found.by in ("patient", "provider") else None


def _out_of_range(situation: Situation, assessment: Assessment) -> Verdict:
    if held := _held_back(situation, assessment.urgency):
        return _quiet(situation, *held)
    if assessment.urgency not in PRESSING and _is_usual(situation):
        return _usual(situation, assessment)
    return _raised(situation, assessment)


def _held_back(situation: Situation, urgency: Urgency) -> tuple[str, str] | None:
    """Why nothing is said about a value that is out of range, and the rule's name of that. An emergency is always said."""
    pressing = urgency in PRESSING
    if urgency is Urgency.EMERGENCY:
        return None
    if situation.reading.quality < POOR and not pressing:
        return "the value may be wrong: measure again", "poor"
    if situation.at_rest is False:
        return "you were moving, and these limits are for people at rest", "moving"
    if not situation.confirmed:
        return "one value of a stream alone is waited for to be confirmed", "unconfirmed"
    if situation.at_rest is None and not pressing:
        return "it is not known whether you were at rest", "movement unknown"
    return None


def _raised(situation: Situation, assessment: Assessment) -> Verdict:
    watched = situation.reading.watched
    title = watched.titles.get(assessment.key or "", capital(f"{watched.name} {assessment.label}"))
    advice = assessment.advice or watched.advice.get(assessment.urgency)
    return Verdict(
        outcome="raise",
        title=title,
        text=f"{told(situation)} By the guideline that is {assessment.label}. {compared(situation)}".strip(),
        urgency=assessment.urgency,
        confidence=_confidence(situation),
        rule=f"reactions/watch#{watched.key}.{assessment.key}",
        findings=tuple(findings(situation, assessment)),
        advice=advice,
        check_minutes=watched.check.get(assessment.urgency),
        risk_label=_risk(situation, assessment) if watched.risk else None,
    )


def _usual(situation: Situation, assessment: Assessment) -> Verdict:
    watched = situation.reading.watched
    return Verdict(
        outcome="usual",
        title=capital(f"{watched.name} as usual for you"),
        text=f"{told(situation)} By the guideline that is {assessment.label}, and it is what is usual for you.",
        urgency=assessment.urgency,
        confidence=_confidence(situation),
        rule=f"reactions/watch#{watched.key}.{assessment.key}",
        findings=tuple(findings(situation, assessment)),
        risk_label=capital(assessment.label or "") if watched.risk else None,
    )


def _calm(situation: Situation, assessment: Assessment) -> Verdict:
    watched = situation.reading.watched
    return Verdict(
        outcome="calm",
        title=capital(f"{watched.name} {assessment.label}"),
        text=f"{told(situation)} By the guideline that is {assessment.label}.",
        urgency=Urgency.SELF_CARE,
        confidence=_confidence(situation),
        rule=f"reactions/watch#{watched.key}.{assessment.key}",
        findings=tuple(findings(situation, assessment)),
    )


def _unanswered(situation: Situation, assessment: Assessment | None) -> Verdict:
    """Silence says why. What may still be urgent is asked about rather than left out."""
    reason = assessment.reason if assessment and assessment.reason else "there is no published limit for it here"
    pressing = assessment is not None and assessment.urgency in PRESSING
    quiet = _quiet(situation, reason, "not evaluated")
    if not pressing:
        return quiet
    watched = situation.reading.watched
    return Verdict(
        outcome="ask",
        title=capital(f"{watched.name} not judged"),
        text=f"{told(situation)} I cannot judge it: {reason}. It may be urgent: if you feel unwell, talk to a doctor now.",
        urgency=most_urgent(assessment.urgency) if assessment else Urgency.ROUTINE,
        confidence=quiet.confidence,
        rule=quiet.rule,
        reason=reason,
        check_minutes=watched.check.get(Urgency.URGENT),
    )


def _quiet(situation: Situation, reason: str, key: str) -> Verdict:
    watched = situation.reading.watched
    return Verdict(
        outcome="quiet",
        title=capital(f"{watched.name} not judged"),
        text=f"{told(situation)} It was not judged: {reason}.",
        urgency=Urgency.SELF_CARE,
        confidence=situation.reading.quality,
        rule=f"reactions/watch#{watched.key}.{key.replace(' ', '_')}",
        reason=reason,
    )


def _outside_own(situation: Situation, limit: RangeVerdict) -> Verdict:
    """Outside of a range that the person or a provider set."""
    assert limit.range is not None, "a range decided"
    watched, urgency = situation.reading.watched, limit.urgency
    if held := _held_back(situation, urgency):
        return _quiet(situation, *held)
    whose = "your doctor" if limit.by == "provider" else "you"
    words = set_limits(limit.range)
    return Verdict(
        outcome="raise",
        title=capital(f"{watched.name} {limit.place} the range set by {whose}"),
        text=f"{told(situation)} That is {limit.place} the range that {whose} set ({words}).",
        urgency=urgency,
        confidence=_confidence(situation),
        rule=f"reactions/watch#{watched.key}.own_range",
        findings=tuple(findings(situation, situation.assessment)),
        advice=watched.advice.get(urgency),
        check_minutes=watched.check.get(urgency),
    )


def _within_own(situation: Situation, limit: RangeVerdict) -> Verdict:
    assert limit.range is not None, "a range decided"
    watched = situation.reading.watched
    whose = "your doctor" if limit.by == "provider" else "you"
    words = set_limits(limit.range)
    return Verdict(
        outcome="calm",
        title=capital(f"{watched.name} within the range set by {whose}"),
        text=f"{told(situation)} That is within the range that {whose} set ({words}).",
        urgency=Urgency.SELF_CARE,
        confidence=_confidence(situation),
        rule=f"reactions/watch#{watched.key}.own_range",
        findings=tuple(findings(situation, situation.assessment)),
    )


def _is_usual(situation: Situation) -> bool:
    """Whether every part lies in what is usual for the person; what is not known is not usual."""
    return all(
        (usual := situation.usual.get(code)) is not None
        and usual.low is not None
        and usual.high is not None
        and usual.low <= sample.value <= usual.high
        for code, sample in situation.reading.parts.items()
    )


def _risk(situation: Situation, assessment: Assessment) -> str:
    known = all(usual.reason is None for usual in situation.usual.values())
    return "Elevated reading, to be confirmed" if known else capital(assessment.label or "")


def _confidence(situation: Situation) -> float:
    known = situation.usual and all(usual.reason is None for usual in situation.usual.values())
    return round(situation.reading.quality * (1.0 if known else UNKNOWN_USUAL), 3)
