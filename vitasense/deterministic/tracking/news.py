"""NEWS2: the aggregate early warning score of one set of vital signs, complete only with all seven parameters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from importlib.resources import files
from typing import Literal, cast

import yaml
from pydantic import BaseModel, ConfigDict

from vitasense.deterministic.platform.findings import Evidence, Status, Urgency
from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.units import convert

WINDOW = timedelta(hours=1)  # values of one set; our own choice, since the report means one moment
OXYGEN, CONSCIOUSNESS = "supplemental oxygen", "consciousness"
Consciousness = Literal["alert", "confusion", "voice", "pain", "unresponsive"]  # ACVPU; confusion is a new one


@dataclass(frozen=True, slots=True)
class VitalSign:
    """One value: LOINC `metric`, aware time, number and UCUM unit."""

    metric: str
    at: datetime
    value: float
    unit: str


@dataclass(frozen=True, slots=True)
class NewsPart:
    """The points of one parameter and what they are for."""

    name: str
    points: int
    value: float | None = None
    unit: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class News2:
    """The score. `found`: a trigger is reached; `not_found`: complete and none; `not_evaluated`: it cannot be told.

    `score` is the aggregate, None unless all seven parameters are known; `at_least` is the sum of the known ones.
    `missing` names the others. `response` is what the report asks for at `band`; both are None when not evaluated.
    """

    status: Status
    evidence: Evidence
    score: int | None = None
    at_least: int = 0
    parts: tuple[NewsPart, ...] = ()
    missing: tuple[str, ...] = ()
    band: str | None = None
    response: str | None = None
    urgency: Urgency = Urgency.ROUTINE
    reason: str | None = None


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Band(_Frozen):
    points: int
    max: float | None = None


class _Parameter(_Frozen):
    key: str
    name: str
    codes: tuple[str, ...]
    unit: str
    step: str  # "1" or "0.1"
    bands: tuple[_Band, ...]


class _Scale2(_Frozen):
    on_air_from: float
    bands: tuple[_Band, ...]


class _Response(_Frozen):
    key: str
    label: str
    urgency: Urgency
    response: str
    total: int | None = None
    single: int | None = None

    def holds(self, total: int, single: int) -> bool:
        return total >= self.total if self.total is not None else single >= (self.single or 0)


class _Chart(_Frozen):
    version: str
    source: str
    from_age: int
    response_source: str
    parameters: tuple[_Parameter, ...]
    scale_2: _Scale2
    oxygen: int
    not_alert: int
    responses: tuple[_Response, ...]


def news2(
    signs: Sequence[VitalSign],
    *,
    at: datetime,
    age_years: float | None,
    pregnant: bool | None = None,
    on_oxygen: bool | None = None,
    consciousness: Consciousness | None = None,
    scale_2_prescribed: bool = False,
) -> News2:
    """The score at a moment, from the newest value of each parameter in the hour before it.

    Scale 2 of the oxygen saturation counts only when it was prescribed. Not evaluated under 16 years, in pregnancy,
    for an unknown age, and while too few parameters are known to reach a trigger. Raises InvalidInput for a time
    without a zone. An unknown pregnancy is taken for none.
    """
    chart = _chart()
    if at.tzinfo is None or any(sign.at.tzinfo is None for sign in signs):
        raise InvalidInput("A vital sign needs a time with its zone.")
    if reason := _out_of_scope(chart, age_years, pregnant):
        return News2(Status.NOT_EVALUATED, _evidence(chart), reason=reason)
    newest = _newest(chart, signs, at)
    parts = [part for each in chart.parameters if (part := _part(each, newest.get(each.key), None)) is not None]
    if scale_2_prescribed:
        parts = [part for part in parts if part.name != _saturation(chart).name]
        parts += _on_scale_2(chart, newest.get(_saturation(chart).key), on_oxygen)
    if on_oxygen is not None:
        parts.append(NewsPart(OXYGEN, chart.oxygen if on_oxygen else 0))
    if consciousness is not None:
        parts.append(NewsPart(CONSCIOUSNESS, 0 if consciousness == "alert" else chart.not_alert))
    return _scored(chart, parts)


def _out_of_scope(chart: _Chart, age: float | None, pregnant: bool | None) -> str | None:
    if pregnant:
        return "the score is not made for pregnancy"
    if age is None:
        return f"the age is not known, and the score is for people of {chart.from_age} years and older"
    if age < chart.from_age:
        return f"the score is for people of {chart.from_age} years and older"
    return None


def _newest(chart: _Chart, signs: Sequence[VitalSign], at: datetime) -> dict[str, VitalSign]:
    """Parameter → its newest value of the window that converts."""
    found: dict[str, VitalSign] = {}
    for sign in sorted(signs, key=lambda each: each.at):
        for each in chart.parameters:
            if sign.metric in each.codes and at - WINDOW <= sign.at <= at and _in_unit(each, sign) is not None:
                found[each.key] = sign
    return found


def _in_unit(parameter: _Parameter, sign: VitalSign) -> float | None:
    try:
        return convert(sign.value, sign.unit, parameter.unit)
    except InvalidInput:
        return None


def _rounded(parameter: _Parameter, sign: VitalSign) -> float:
    value = _in_unit(parameter, sign)
    return float(Decimal(repr(value)).quantize(Decimal(parameter.step), ROUND_HALF_UP))


def _part(parameter: _Parameter, sign: VitalSign | None, bands: Sequence[_Band] | None) -> NewsPart | None:
    if sign is None:
        return None
    value = _rounded(parameter, sign)
    points = next(band.points for band in bands or parameter.bands if band.max is None or value <= band.max)
    return NewsPart(parameter.name, points, value, parameter.unit, sign.at)


def _saturation(chart: _Chart) -> _Parameter:
    return next(each for each in chart.parameters if each.key == "saturation")


def _on_scale_2(chart: _Chart, sign: VitalSign | None, on_oxygen: bool | None) -> list[NewsPart]:
    """The saturation on scale 2; from 93 % on it cannot be told without knowing of oxygen."""
    parameter = _saturation(chart)
    part = _part(parameter, sign, chart.scale_2.bands)
    if part is None:
        return []
    if part.value is not None and part.value >= chart.scale_2.on_air_from:
        if on_oxygen is None:
            return []
        if not on_oxygen:
            return [NewsPart(part.name, 0, part.value, part.unit, part.at)]
    return [part]


def _scored(chart: _Chart, parts: Sequence[NewsPart]) -> News2:
    names = [*(each.name for each in chart.parameters), OXYGEN, CONSCIOUSNESS]
    missing = tuple(name for name in names if name not in {part.name for part in parts})
    total = sum(part.points for part in parts)
    found = next(each for each in chart.responses if each.holds(total, max((p.points for p in parts), default=0)))
    triggers = found.urgency.rank >= Urgency.URGENT.rank
    score = None if missing else total
    if missing and not triggers:
        reason = (
            f"{', '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing, so the score is at least {total}"
        )
        return News2(Status.NOT_EVALUATED, _evidence(chart), None, total, tuple(parts), missing, reason=reason)
    return News2(
        Status.FOUND if triggers else Status.NOT_FOUND,
        _evidence(chart),
        score,
        total,
        tuple(parts),
        missing,
        found.label if not missing else f"at least {found.label}",
        found.response,
        found.urgency,
    )


def _evidence(chart: _Chart) -> Evidence:
    return Evidence(
        kind="knowledge",
        ref="tracking/news2#score",
        version=chart.version,
        label="National Early Warning Score (NEWS) 2",
        source=f"{chart.source}; {chart.response_source}",
    )


@cache
def _chart() -> _Chart:
    text = files("vitasense.deterministic.tracking").joinpath("rules/news2.yaml").read_text(encoding="utf-8")
    book = cast("dict[str, object]", yaml.load(text, Loader=yaml.CSafeLoader))
    rows = cast("list[Mapping[str, object]]", book["parameters"])
    return _Chart.model_validate(book | {"parameters": [dict(row) | {"step": str(row["step"])} for row in rows]})
