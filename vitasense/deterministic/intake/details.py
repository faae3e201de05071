"""What is said about a finding: amounts, times, how a medicine is taken, how a complaint runs, which variant it is."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

TimeUnit = Literal["min", "h", "d", "wk", "mo", "a"]
Side = Literal["left", "right", "both"]
Meal = Literal["fasting", "before meal", "after meal", "before bed", "random"]
Position = Literal["sitting", "standing", "lying"]
Activity = Literal["rest", "exercise"]
Flag = Literal["low", "normal", "high", "critical", "abnormal"]
FoodTiming = Literal["with food", "before food", "after food", "empty stomach"]
Status = Literal["taking", "stopped", "missed", "planned"]
Severity = Literal["mild", "moderate", "severe", "worst ever"]
Trend = Literal["better", "worse", "unchanged"]
VariantKind = Literal["star", "rsid", "hgvs", "named"]
Zygosity = Literal["heterozygous", "homozygous", "carrier"]

# Gregorian means: 365.25 days a year, a twelfth of it a month.
DAYS: dict[TimeUnit, float] = {"min": 1 / 1440, "h": 1 / 24, "d": 1, "wk": 7, "mo": 30.4375, "a": 365.25}


class Frozen(BaseModel):
    """A value that never changes and has no field that nobody declared."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Period(Frozen):
    """A span of time in the zone of `now`: `start` inclusive, `end` exclusive, None where it is open.

    Both are None when the text could not be placed: `now` was not given, or `doubt` says what is wrong with the date.
    `place` is where `text` stands in the message that said it.
    """

    start: datetime | None = None
    end: datetime | None = None
    text: str
    place: tuple[int, int] | None = None
    doubt: str | None = None


class Amount(Frozen):
    """A number with its UCUM unit, None when no unit was said."""

    value: float
    unit: str | None = None


class Duration(Frozen):
    """How long: `value` in the UCUM unit `unit`, and the words."""

    value: float
    unit: TimeUnit
    text: str


class Range(Frozen):
    """From `low` to `high`, None where open (">90" has no high); the second pair is the diastolic pressure."""

    low: float | None = None
    high: float | None = None
    second_low: float | None = None
    second_high: float | None = None


class Frequency(Frozen):
    """How often, as in HL7 FHIR R4 Timing: `count` times every `period` (to `period_max`) of `period_unit`.

    `code` is the abbreviation of HL7 GTSAbbreviation (BID, Q6H, QOD …), `when` are EventTiming codes (MORN, HS, AC …),
    `days` are days of the week (mon … sun), and `counts` is how many at each time of a scheme such as 1-0-1.
    `count` is None when it was not said how many.
    """

    text: str
    code: str | None = None
    count: float | None = None
    period: float | None = None
    period_max: float | None = None
    period_unit: TimeUnit | None = None
    when: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    counts: tuple[float, ...] = ()

    @property
    def per_day(self) -> float | None:
        """How often a day; None when the words leave it open."""
        if self.count is None or not self.period or self.period_max is not None or self.period_unit is None:
            return None
        return self.count / (self.period * DAYS[self.period_unit])


class Dosage(Frozen):
    """How a medicine is taken, as far as it was said.

    `strength` is what one tablet or capsule holds, `dose` what is taken at a time when it was said as an amount; how
    many tablets stands in the entity's `quantity`. `start` and `stop` are when it began and ended or will.
    """

    dose: Amount | None = None
    strength: Amount | None = None
    changed_from: Amount | None = None
    form: str | None = None
    route: str | None = None
    frequency: Frequency | None = None
    as_needed: bool = False
    food: FoodTiming | None = None
    tapering: bool = False
    status: Status | None = None
    start: Period | None = None
    stop: Period | None = None
    duration: Duration | None = None


class Circumstances(Frozen):
    """Under which circumstances a value was measured."""

    meal: Meal | None = None
    meal_name: str | None = None
    position: Position | None = None
    site: str | None = None
    side: Side | None = None
    activity: Activity | None = None


class Site(Frozen):
    """A part of the body, by its plain name, and its side."""

    name: str
    side: Side | None = None


class Course(Frozen):
    """How a complaint is and runs: `score` is of 10, `since` when it began, `frequency` how often it comes."""

    severity: Severity | None = None
    score: float | None = None
    onset: Literal["sudden", "gradual"] | None = None
    since: Period | None = None
    duration: Duration | None = None
    trend: Trend | None = None
    pattern: Literal["constant", "intermittent"] | None = None
    frequency: Frequency | None = None


class Variant(Frozen):
    """A variant as laboratories write it.

    `kind` is a star allele, an rs number of dbSNP, an HGVS description, or a name in use (C677T, e4, factor V Leiden);
    `gene` is the HGNC symbol when it was said or the table knows it; `alleles` are those said of the two copies.
    """

    kind: VariantKind
    gene: str | None = None
    rsid: str | None = None
    hgvs: str | None = None
    alleles: tuple[str, ...] = Field(default=(), max_length=4)
    zygosity: Zygosity | None = None
