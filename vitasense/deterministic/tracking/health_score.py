"""Life's Essential 8 of the American Heart Association: eight parts of 0 to 100 points, and their mean when all are there."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from vitasense.deterministic.platform.findings import Evidence, Status
from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.tracking.assessment import Measured
from vitasense.deterministic.tracking.health_score_rules import Scale, Smoking, points, score_book
from vitasense.deterministic.units import convert

PARTS = ("diet", "physical activity", "nicotine", "sleep", "weight", "cholesterol", "glucose", "blood pressure")


@dataclass(frozen=True, slots=True)
class HealthInputs:
    """What the parts are made of; None is not known, which is never taken for good or bad.

    `mepa` is the score of the 16-item Mediterranean eating pattern screener; minutes are of a usual week; `sleep_hours`
    the mean of a night; `years_since_quit` of a former smoker; `non_hdl` a cholesterol (total less HDL); `glucose` was
    taken fasting. `lipid_medicine` and `pressure_medicine` say whether the value is reached with medicines.
    """

    mepa: float | None = None
    moderate_minutes: float | None = None
    vigorous_minutes: float | None = None
    smoking: Smoking | None = None
    years_since_quit: float | None = None
    smoke_indoors: bool | None = None
    sleep_hours: float | None = None
    bmi: Measured | None = None
    non_hdl: Measured | None = None
    lipid_medicine: bool | None = None
    diabetes: bool | None = None
    fasting_glucose: Measured | None = None
    hba1c: Measured | None = None
    systolic: Measured | None = None
    diastolic: Measured | None = None
    pressure_medicine: bool | None = None


@dataclass(frozen=True, slots=True)
class ScorePart:
    """One part: its points, `note` on how they came about, or the reason why there are none."""

    name: str
    points: int | None = None
    note: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class HealthScore:
    """`found` with the score (0 to 100, higher is better) and its level when all eight parts are known.

    Otherwise `not_evaluated` as a whole, with the parts that are known, the names of the `missing` ones and the reason.
    """

    status: Status
    evidence: Evidence
    parts: tuple[ScorePart, ...] = ()
    score: float | None = None
    level: str | None = None
    missing: tuple[str, ...] = ()
    reason: str | None = None


class _NoPointsError(Exception):
    """A part that cannot be told, with the reason."""


def health_score(given: HealthInputs, *, age_years: float | None, pregnant: bool | None = None) -> HealthScore:
    """The parts and, when all eight are known, their unweighted mean. For adults of 20 years and older, not in pregnancy.

    An unknown pregnancy is taken for none.
    """
    book = score_book()
    evidence = Evidence(
        kind="knowledge",
        ref="tracking/health_score#life_essential_8",
        version=book.version,
        label="Life's Essential 8",
        source=book.source,
    )
    if age_years is None or age_years < book.from_age or pregnant:
        reason = f"the score is for people of {book.from_age} years and older, and not for pregnancy"
        return HealthScore(Status.NOT_EVALUATED, evidence, reason=reason)
    parts = tuple(_part(name, how, given) for name, how in zip(PARTS, _HOW, strict=True))
    missing = tuple(part.name for part in parts if part.points is None)
    if missing:
        reason = f"not evaluated as a whole, missing: {', '.join(missing)}"
        return HealthScore(Status.NOT_EVALUATED, evidence, parts, missing=missing, reason=reason)
    score = sum(part.points or 0 for part in parts) / len(parts)
    level = next(each.key for each in book.levels if each.below is None or score < each.below)
    return HealthScore(Status.FOUND, evidence, parts, score, level)


def _part(name: str, how: Callable[[HealthInputs], tuple[int, str | None]], given: HealthInputs) -> ScorePart:
    try:
        found, note = how(given)
    except _NoPointsError as reason:
        return ScorePart(name, reason=str(reason))
    return ScorePart(name, found, note)


def _on(scale: Scale, value: float, what: str) -> int:
    low, high = scale.possible
    if not low <= value <= high:
        raise _NoPointsError(f"{value:g} is no possible {what}")
    found = points(scale.bands, value)
    if found is None:
        raise _NoPointsError(f"the table has no points for this {what}")
    return found


def _in_unit(scale: Scale, measured: Measured, what: str) -> float:
    try:
        return convert(measured.value, measured.unit, scale.unit, scale.analyte)
    except InvalidInput as problem:
        raise _NoPointsError(f"{what}: {problem.detail}") from None


def _less(found: int, off: int, treated: bool | None, what: str) -> tuple[int, str | None]:
    """The points with those taken off that a treatment costs; unknown treatment leaves them unknown."""
    if treated is None and found:
        raise _NoPointsError(f"it is not known whether there are medicines for {what}")
    return (max(found - off, 0), f"{off} points less for treatment") if treated else (found, None)


def _diet(given: HealthInputs) -> tuple[int, str | None]:
    if given.mepa is None:
        raise _NoPointsError("no score of eating habits (MEPA) is known")
    return _on(score_book().diet, given.mepa, "MEPA score"), None


def _activity(given: HealthInputs) -> tuple[int, str | None]:
    if given.moderate_minutes is None and given.vigorous_minutes is None:
        raise _NoPointsError("the minutes of activity in a week are not known")
    rule = score_book().activity
    minutes = (given.moderate_minutes or 0) + rule.vigorous_counts * (given.vigorous_minutes or 0)
    found = _on(rule, minutes, "number of minutes in a week")
    full = max(band.points for band in rule.bands)
    if None in (given.moderate_minutes, given.vigorous_minutes) and found < full:
        raise _NoPointsError("only moderate or only vigorous minutes are known")
    return found, None


def _nicotine(given: HealthInputs) -> tuple[int, str | None]:
    rule = score_book().nicotine
    if given.smoking is None:
        raise _NoPointsError("smoking is not known")
    key: str = given.smoking
    if key == "former":
        if given.years_since_quit is None or given.years_since_quit < 0:
            raise _NoPointsError("it is not known when smoking ended")
        one, five = rule.recent_years
        key = "former_1" if given.years_since_quit < one else "former_5" if given.years_since_quit < five else "former"
    found = rule.points[key]
    if found and given.smoke_indoors is None:
        raise _NoPointsError("it is not known whether somebody smokes indoors at home")
    off = rule.indoor_smoke if found and given.smoke_indoors else 0
    return found - off, f"{off} points less for smoke at home" if off else None


def _sleep(given: HealthInputs) -> tuple[int, str | None]:
    if given.sleep_hours is None:
        raise _NoPointsError("the hours of sleep are not known")
    return _on(score_book().sleep, given.sleep_hours, "number of hours"), None


def _weight(given: HealthInputs) -> tuple[int, str | None]:
    rule = score_book().weight
    if given.bmi is None:
        raise _NoPointsError("the body mass index is not known")
    value = _in_unit(rule, given.bmi, "body mass index")
    if rule.judged_from is not None and rule.possible[0] <= value < rule.judged_from:
        raise _NoPointsError(f"below {rule.judged_from:g} kg/m2 a clinician decides whether the weight is healthy")
    return _on(rule, value, "body mass index"), None


def _lipids(given: HealthInputs) -> tuple[int, str | None]:
    rule = score_book().lipids
    if given.non_hdl is None:
        raise _NoPointsError("the cholesterol that is not HDL is not known")
    value = _in_unit(rule, given.non_hdl, "cholesterol")
    return _less(_on(rule, value, "cholesterol"), rule.treated, given.lipid_medicine, "cholesterol")


def _glucose(given: HealthInputs) -> tuple[int, str | None]:
    rule = score_book().glucose
    if given.diabetes is None:
        raise _NoPointsError("it is not known whether there is diabetes")
    if given.hba1c is not None:
        scale = rule.hba1c_diabetes if given.diabetes else rule.hba1c
        return _on(scale, _in_unit(scale, given.hba1c, "HbA1c"), "HbA1c"), "by HbA1c"
    if given.diabetes:
        raise _NoPointsError("with diabetes it takes the HbA1c")
    if given.fasting_glucose is None:
        raise _NoPointsError("neither HbA1c nor fasting glucose is known")
    value = _in_unit(rule.fasting, given.fasting_glucose, "fasting glucose")
    return _on(rule.fasting, value, "fasting glucose"), "by fasting glucose"


def _pressure(given: HealthInputs) -> tuple[int, str | None]:
    rule = score_book().pressure
    if given.systolic is None or given.diastolic is None:
        raise _NoPointsError("it takes both values of the blood pressure")
    halves = [
        _on(scale, _in_unit(scale, measured, "blood pressure"), "blood pressure")
        for bands, measured in ((rule.systolic, given.systolic), (rule.diastolic, given.diastolic))
        for scale in [Scale(bands=bands, possible=rule.possible, unit=rule.unit)]
    ]
    return _less(min(halves), rule.treated, given.pressure_medicine, "blood pressure")


_HOW: Sequence[Callable[[HealthInputs], tuple[int, str | None]]] = (
    _diet,
    _activity,
    _nicotine,
    _sleep,
    _weight,
    _lipids,
    _glucose,
    _pressure,
)
