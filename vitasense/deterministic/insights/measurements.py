"""Measurements in sentences: the last one and what thresholds say of it, and what a series did over time."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic import tracking
from vitasense.deterministic.insights.sources import evidence_of, trust, with_doubt
from vitasense.deterministic.insights.subject import Subject
from vitasense.deterministic.insights.wording import amount, capital, counted, day, listed, month, number
from vitasense.deterministic.intake import Metric, metric
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.findings import Evidence, Finding, Status, Urgency, Value, not_evaluated
from vitasense.deterministic.tracking import Assessment, Measured, Sample
from vitasense.deterministic.units import display_unit

STALE = timedelta(days=365)  # an older value says little about today; our own choice, told in the sentence
MOST_POINTS = 12  # values spelled out in a reply; a longer series is told by its ends and its middle
MOST_VALUES = 500  # values that a finding carries; a stream of a device has tens of thousands
BLOOD_PRESSURE = "85354-9"  # LOINC panel


async def latest_measurement(tx: AsyncSession, patient_id: UUID, code: str, subject: Subject) -> list[Finding]:
    """The newest value of a measurement (LOINC code, or a panel's) and what adult thresholds or its own range say."""
    wanted = _wanted(code)
    codes = _all_codes(wanted)
    parts = _same_record(await tracking.latest(tx, patient_id, codes), codes)
    if not parts:
        return [_nothing_recorded(wanted, subject)]
    evidence = await evidence_of(tx, patient_id, wanted.name, parts)
    told = Finding(
        kind="measurement.latest",
        text=with_doubt(_latest_words(wanted, parts, subject), parts),
        status=Status.FOUND,
        values=tuple(_value(wanted, sample) for sample in parts),
        confidence=trust(parts),
        evidence=evidence,
    )
    if subject.now - parts[0].at > STALE:
        return [told, _stale(wanted)]
    return [told, *_judged(wanted, parts, subject, evidence)]


async def measurement_history(
    tx: AsyncSession, patient_id: UUID, code: str, since: datetime | None, until: datetime | None, subject: Subject
) -> list[Finding]:
    """What each part of a measurement did between two times: its values when few, its ends, range and middle."""
    wanted = _wanted(code)
    findings: list[Finding] = []
    for part in _parts(wanted):
        samples = await _series(tx, patient_id, part, since, until)
        if samples:
            findings.extend(await _history(tx, patient_id, part, samples, subject))
    if findings:
        return findings
    newest = _same_record(await tracking.latest(tx, patient_id, _all_codes(wanted)), _all_codes(wanted))
    evidence = await evidence_of(tx, patient_id, wanted.name, newest)
    return [
        _nothing_between(wanted, since, until, subject),
        *([_older(wanted, newest, evidence, subject)] if newest else []),
    ]


def _wanted(code: str) -> Metric:
    return metric(code) or Metric(code=code, name=f"measurement {code}", category="vitals", codes=(code,))


def _parts(wanted: Metric) -> list[Metric]:
    return [_wanted(code) for code in wanted.members] or [wanted]


def _all_codes(wanted: Metric) -> list[str]:
    return [code for part in _parts(wanted) for code in (part.codes or (part.code,))]


def _same_record(newest: Mapping[str, Sample], codes: Sequence[str]) -> list[Sample]:
    """The newest sample with the others that belong to the same record, in the order of the codes."""
    if not newest:
        return []
    last = max(newest.values(), key=lambda sample: sample.at)
    ordered = [newest[code] for code in codes if code in newest]
    return [sample for sample in ordered if (sample.record_id, sample.at) == (last.record_id, last.at)]


async def _series(
    tx: AsyncSession, patient_id: UUID, part: Metric, since: datetime | None, until: datetime | None
) -> list[Sample]:
    """The samples of the code that has most of them: codes of one measurement are not mixed in one series."""
    found = [await tracking.series(tx, patient_id, code, since, until) for code in part.codes or (part.code,)]
    return max(found, key=len)


def _value(wanted: Metric, sample: Sample) -> Value:
    name = next((part.name for part in _parts(wanted) if sample.metric in (part.code, *part.codes)), wanted.name)
    return Value(name=name, number=sample.value, unit=sample.unit, at=sample.at, code=sample.metric)


def _together(samples: Sequence[Sample]) -> str:
    """ "142/88 mmHg" for a pair in one unit, else each amount."""
    units = {sample.unit for sample in samples}
    if len(samples) > 1 and len(units) == 1:
        return f"{'/'.join(number(sample.value) for sample in samples)} {display_unit(units.pop())}"
    return listed([amount(sample.value, sample.unit) for sample in samples])


def _latest_words(wanted: Metric, parts: Sequence[Sample], subject: Subject) -> str:
    at = parts[0].at
    return capital(
        f"{subject.whose} last {wanted.name} was {_together(parts)}, on {day(at)} ({subject.since_words(at)})."
    )


def _stale(wanted: Metric) -> Finding:
    text = f"I cannot say whether the {wanted.name} is all right now: that value is more than a year old."
    return not_evaluated("measurement.assessment", text, "the newest value is more than a year old")


def _judged(wanted: Metric, parts: Sequence[Sample], subject: Subject, evidence: tuple[Evidence, ...]) -> list[Finding]:
    """What the published thresholds say; without one, what the laboratory's own range says; else that nothing does."""
    measured = {sample.metric: Measured(sample.value, sample.unit) for sample in parts}
    assessment = tracking.assess(measured, age_years=subject.age, sex=subject.sex)
    if assessment is not None:
        return [_assessed(wanted, parts, assessment, evidence)]
    return [_in_own_range(wanted, sample, evidence) for sample in parts]


def _assessed(
    wanted: Metric, parts: Sequence[Sample], assessment: Assessment, evidence: tuple[Evidence, ...]
) -> Finding:
    if assessment.status is not Status.FOUND or assessment.label is None:
        reason = assessment.reason or "no threshold applies"
        return not_evaluated("measurement.assessment", f"I cannot say whether that is all right: {reason}.", reason)
    text = f"{_together(parts)} is {assessment.label} by the thresholds for {assessment.people}. {_advice(assessment)}"
    return Finding(
        kind="measurement.assessment",
        text=text.strip(),
        status=Status.FOUND,
        values=(Value(name=f"{wanted.name} class", text=assessment.label),),
        urgency=assessment.urgency,
        evidence=(*evidence, assessment.evidence),
    )


def _advice(assessment: Assessment) -> str:
    if assessment.advice:
        return assessment.advice
    if assessment.urgency is Urgency.EMERGENCY:
        return "Call your local emergency number now if this value is from now."
    if assessment.urgency is Urgency.URGENT:
        return (
            "If this value is from now, rest for a few minutes and measure again. If it stays so, or you feel unwell, "
            "get medical help today; with chest pain, trouble breathing, weakness or confusion call emergency services."
        )
    if assessment.urgency is Urgency.ROUTINE:
        return "One value alone is not a diagnosis. It is worth raising at the next visit."
    return "One value alone says little; the course over time says more."


def _in_own_range(wanted: Metric, sample: Sample, evidence: tuple[Evidence, ...]) -> Finding:
    name = _value(wanted, sample).name
    if sample.low is None and sample.high is None:
        text = f"I cannot say whether that {name} is all right: the record gives no normal range for it."
        return not_evaluated("measurement.range", text, "no reference range in the record")
    verdict = _verdict(sample)
    bounds = [
        Value(name=f"{name} range {side}", number=bound, unit=sample.unit)
        for side, bound in (("low", sample.low), ("high", sample.high))
        if bound is not None
    ]
    return Finding(
        kind="measurement.range",
        text=f"That is {verdict} the range given with the result ({_range_words(sample)}).",
        status=Status.FOUND,
        values=tuple(bounds),
        evidence=evidence,
    )


def _verdict(sample: Sample) -> str:
    if sample.low is not None and sample.value < sample.low:
        return "below"
    if sample.high is not None and sample.value > sample.high:
        return "above"
    return "within"


def _range_words(sample: Sample) -> str:
    if sample.low is None:
        return f"up to {amount(sample.high or 0, sample.unit)}"
    if sample.high is None:
        return f"from {amount(sample.low, sample.unit)}"
    return f"{number(sample.low)} to {amount(sample.high, sample.unit)}"


async def _history(
    tx: AsyncSession, patient_id: UUID, part: Metric, samples: list[Sample], subject: Subject
) -> list[Finding]:
    summary = tracking.trend(samples)
    assert summary is not None, "there are samples"
    evidence = await evidence_of(tx, patient_id, part.name, samples)
    values = [_value(part, sample) for sample in _worth_telling(samples)]
    values += [Value(name=f"{part.name} median", number=summary.median, unit=summary.unit)]
    values += [Value(name=f"number of {part.name} values", number=len(samples))]
    if summary.not_comparable:
        text = f"{counted(summary.not_comparable, 'value')} of {part.name} cannot be compared: another kind of unit."
        skipped = [not_evaluated("measurement.history", text, "unit does not convert")]
    else:
        skipped = []
    told = Finding(
        kind="measurement.history",
        text=with_doubt(_history_words(part, samples, summary, subject), samples),
        status=Status.FOUND,
        values=tuple(values),
        confidence=trust(samples),
        evidence=evidence,
    )
    return [told, *skipped, *_range_of_last(part, samples[-1], evidence[-1:])]


def _worth_telling(samples: list[Sample]) -> list[Sample]:
    """All of them; of a long stream the ends, the lowest and the highest."""
    if len(samples) <= MOST_VALUES:
        return samples
    by_value = sorted(samples, key=lambda sample: sample.value)
    return list({id(each): each for each in (samples[0], by_value[0], by_value[-1], samples[-1])}.values())


def _history_words(part: Metric, samples: list[Sample], summary: tracking.Trend, subject: Subject) -> str:
    if len(samples) == 1:
        only = samples[0]
        return capital(
            f"{subject.whose} record has one {part.name}: {amount(only.value, only.unit)}, on {day(only.at)}."
        )
    span = f"from {month(summary.first.at)} to {month(summary.last.at)}"
    words = f"{subject.whose} record has {counted(summary.n, 'value')} of {part.name} {span}"
    if len(samples) <= MOST_POINTS and not summary.not_comparable:
        words += f": {listed([number(s.value) for s in samples])} {display_unit(summary.unit)}. "
        words += f"The last is of {day(summary.last.at)}. "
    else:
        words += f". The first was {amount(summary.first.value, summary.first.unit)} ({day(summary.first.at)}), "
        words += f"the last {amount(summary.last.value, summary.last.unit)} ({day(summary.last.at)}). "
    words += f"The lowest was {amount(summary.minimum, summary.unit)}, "
    words += (
        f"the highest {amount(summary.maximum, summary.unit)}, the middle value {amount(summary.median, summary.unit)}."
    )
    return capital(words)


def _range_of_last(part: Metric, last: Sample, evidence: tuple[Evidence, ...]) -> list[Finding]:
    if last.low is None and last.high is None:
        return []
    finding = _in_own_range(part, last, evidence)
    return [
        finding.model_copy(update={"text": finding.text.replace("That is", f"The last value of {part.name} is", 1)})
    ]


def _nothing_recorded(wanted: Metric, subject: Subject) -> Finding:
    text = capital(f"there is no {wanted.name} in {subject.whose} record, so I cannot say anything about it.")
    return Finding(
        kind="measurement.latest", text=text, status=Status.NOT_FOUND, categories=frozenset({Category(wanted.category)})
    )


def _older(wanted: Metric, newest: Sequence[Sample], evidence: tuple[Evidence, ...], subject: Subject) -> Finding:
    return Finding(
        kind="measurement.history",
        text=_latest_words(wanted, newest, subject),
        status=Status.FOUND,
        values=tuple(_value(wanted, sample) for sample in newest),
        evidence=evidence,
    )


def _nothing_between(wanted: Metric, since: datetime | None, until: datetime | None, subject: Subject) -> Finding:
    span = f" from {day(since)} on" if since else ""
    if since and until:
        span = f" between {day(since)} and {day(until)}"
    elif until:
        span = f" before {day(until)}"
    text = capital(f"{subject.whose} record has no value of {wanted.name}{span}.")
    values = tuple(Value(name=name, at=at) for name, at in (("since", since), ("until", until)) if at)
    return Finding(kind="measurement.history", text=text, status=Status.NOT_FOUND, values=values)
