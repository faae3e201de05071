"""Laboratory results in sentences: the latest of each test, those outside their range first."""

from collections.abc import Sequence

from vitasense.deterministic.insights.subject import Subject
from vitasense.deterministic.insights.wording import amount, capital, counted, day, number
from vitasense.deterministic.platform.findings import Finding, Status, Urgency, Value, not_evaluated
from vitasense.deterministic.records import Result

MOST_RESULTS = 15
ACT_ON_CRITICAL = "The laboratory marked it as critical: if nobody has talked to you about it yet, call a doctor today."
CRITICAL = frozenset({"HH", "LL", "AA"})  # the laboratory's own panic values (HL7 v3 ObservationInterpretation)
OUTSIDE = ("H", "HH", "L", "LL", "A", "AA", "HU", "LU")  # HL7 v3 ObservationInterpretation codes of an abnormal result


def result_findings(found: Sequence[Result], subject: Subject) -> list[Finding]:
    """The latest result of each test that is outside its range, then the others; and how many have no range."""
    latest = latest_of_each(found)
    if not latest:
        text = capital(f"no laboratory result is in {subject.whose} record.")
        return [Finding(kind="results.none", text=text, status=Status.NOT_FOUND)]
    outside = [each for each in latest if is_outside(each)]
    inside = [each for each in latest if is_outside(each) is False]
    unknown = [each for each in latest if is_outside(each) is None]
    return [
        _headline(latest, outside, subject),
        *(result_finding("results.outside", each) for each in outside),
        *(result_finding("results.inside", each) for each in inside[:MOST_RESULTS]),
        *_without_range(unknown),
    ]


def latest_of_each(found: Sequence[Result]) -> list[Result]:
    """The newest result of each test, the newest tests first; panels are taken apart."""
    newest: dict[str, Result] = {}
    for each in sorted(_apart(found), key=_moment):
        newest[each.code or each.name] = each
    return sorted(newest.values(), key=_moment, reverse=True)


def is_outside(each: Result) -> bool | None:
    """Whether the result lies outside the range that came with it; None when that cannot be told."""
    if each.interpretation in OUTSIDE:
        return True
    if each.value is None or each.comparator or (each.low is None and each.high is None):
        return False if each.interpretation == "N" else None
    return (each.low is not None and each.value < each.low) or (each.high is not None and each.value > each.high)


def result_finding(kind: str, each: Result) -> Finding:
    """One result with its range, if it has one."""
    values = [Value(name=each.name, number=each.value, text=each.text, unit=each.unit, at=each.at, code=each.code)]
    values += [
        Value(name=f"{each.name} range {side}", number=bound, unit=each.unit)
        for side, bound in (("low", each.low), ("high", each.high))
        if bound is not None
    ]
    critical = each.interpretation in CRITICAL
    return Finding(
        kind=kind,
        text=f"{result_words(each)} {ACT_ON_CRITICAL}" if critical else result_words(each),
        status=Status.FOUND,
        values=tuple(values),
        urgency=Urgency.URGENT if critical else Urgency.ROUTINE,
        evidence=(each.evidence,),
    )


def result_words(each: Result) -> str:
    """ "LDL cholesterol: 148 mg/dL on 19 November 2024, above its range (up to 100 mg/dL)." """
    told = amount(each.value, each.unit or "") if each.value is not None else each.text or "no value"
    when = f" on {day(each.at)}" if each.at else ""
    return f"{each.name}: {each.comparator or ''}{told}{when}{_range_words(each)}."


def _range_words(each: Result) -> str:
    if each.value is None or (each.low is None and each.high is None):
        return {True: ", marked as abnormal", False: ", marked as normal", None: ""}[is_outside(each)]
    below = each.low is not None and each.value < each.low
    above = each.high is not None and each.value > each.high
    verdict = "below" if below else "above" if above else "within"
    unit = each.unit or ""
    if each.low is None:
        span = f"up to {amount(each.high or 0, unit)}"
    elif each.high is None:
        span = f"from {amount(each.low, unit)}"
    else:
        span = f"{number(each.low)} to {amount(each.high, unit)}"
    return f", {verdict} its range ({span})"


def _headline(latest: Sequence[Result], outside: Sequence[Result], subject: Subject) -> Finding:
    counts = f"{subject.whose} record has the results of {counted(len(latest), 'test')}"
    judged = [each for each in latest if is_outside(each) is not None]
    if outside:
        told = f"; {counted(len(outside), 'latest result is', 'latest results are')} outside the range that came with the test."
    elif judged:
        told = f"; of the {len(judged)} that came with a range, no latest result is outside it."
    else:
        told = "; none came with a range."
    return Finding(
        kind="results.count",
        text=capital(counts + told),
        status=Status.FOUND,
        values=(
            Value(name="tests", number=len(latest)),
            Value(name="tests with a range", number=len(judged)),
            Value(name="outside their range", number=len(outside)),
        ),
        evidence=tuple(each.evidence for each in latest),
    )


def _without_range(unknown: Sequence[Result]) -> list[Finding]:
    if not unknown:
        return []
    names = ", ".join(each.name for each in unknown[:MOST_RESULTS])
    text = f"I cannot say whether these are in range, because the record gives no range: {names}."
    return [not_evaluated("results.no_range", text, "no reference range in the record")]


def _apart(found: Sequence[Result]) -> list[Result]:
    return [part for each in found for part in (each.components or (each,))]


def _moment(each: Result) -> float:
    return each.at.timestamp() if each.at else 0.0
