"""Measured values: circumstances, ranges, readings in a row, laboratory flags and ranges, the locale, and doubts."""

from datetime import UTC, datetime

import pytest

from vitasense.deterministic.intake import Circumstances, Entity, EntityType, Range, read

NOW = datetime(2026, 11, 23, 10, 30, tzinfo=UTC)  # a Monday
MEASURED = (EntityType.VITAL, EntityType.LAB)


def measured(text: str, locale: str | None = None) -> tuple[Entity, ...]:
    return read(text, now=NOW, locale=locale).of_type(*MEASURED)


def only(text: str, locale: str | None = None) -> Entity:
    (found,) = measured(text, locale)
    return found


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("sugar 6.8 after lunch", Circumstances(meal="after meal", meal_name="lunch")),
        ("glucose 5.2 fasting", Circumstances(meal="fasting")),
        ("my sugar before bed was 7.4", Circumstances(meal="before bed")),
        ("BP 122/80 sitting, left arm", Circumstances(position="sitting", site="arm", side="left")),
        ("pulse 62 resting", Circumstances(activity="rest")),
        ("heart rate 138 after running", Circumstances(activity="exercise")),
        ("temp 37.1 C in the right ear", Circumstances(site="ear", side="right")),
    ],
)
def test_circumstances_are_typed(text: str, told: Circumstances) -> None:
    assert only(text).circumstances == told


def test_each_reading_keeps_its_own_circumstances_and_time() -> None:
    lying, standing = measured("BP 130/80 lying yesterday and 110/70 standing today")
    assert (lying.circumstances, standing.circumstances) == (
        Circumstances(position="lying"),
        Circumstances(position="standing"),
    )
    assert [one.when and one.when.text for one in (lying, standing)] == ["yesterday", "today"]


@pytest.mark.parametrize(
    ("text", "spread"),
    [
        ("sugars between 5.5 and 7.2", Range(low=5.5, high=7.2)),
        ("pulse 60-75", Range(low=60, high=75)),
        ("temp from 37.5 to 38.4", Range(low=37.5, high=38.4)),
        ("BP 130-140 over 80-90", Range(low=130, high=140, second_low=80, second_high=90)),
        ("eGFR >90", Range(low=90)),
        ("CRP < 5 mg/L", Range(high=5)),
    ],
)
def test_a_range_is_no_single_value(text: str, spread: Range) -> None:
    found = only(text)
    assert (found.range, found.value, found.doubt) == (spread, None, None)


def test_a_change_has_the_value_that_it_ends_with() -> None:
    assert only("A1c went from 8.1 to 7.0").value == 7.0


def test_readings_in_a_row_are_one_each() -> None:
    assert [one.value for one in measured("pulse 72, 75 and 80")] == [72, 75, 80]
    assert [one.value for one in measured("pulse 72 and 2 eggs")] == [72]


@pytest.mark.parametrize(
    ("text", "flag", "reference"),
    [
        ("HbA1c 7.2 % (4-6)", None, Range(low=4, high=6)),
        ("potassium 5.9 H (3.5-5.1)", "high", Range(low=3.5, high=5.1)),
        ("ferritin 9 ng/mL low, reference 30 to 400", "low", Range(low=30, high=400)),
        ("LDL 3.4 mmol/L [<3.0]", None, Range(high=3)),
        ("magnesium 0.65 mmol/L (0.70-1.00) L", "low", Range(low=0.7, high=1)),
        ("PSA 9 ng/mL critical", "critical", None),
        ("alt 88, normal is up to 40", None, Range(high=40)),
        ("is my LDL of 4.2 too high?", None, None),
    ],
)
def test_flag_and_reference_range_are_what_was_printed(text: str, flag: str | None, reference: Range | None) -> None:
    found = only(text)
    assert (found.flag, found.reference) == (flag, reference)


def test_chemical_symbols_are_labs_before_a_number_only() -> None:
    assert [(one.name, one.value) for one in measured("Na 136, K: 4.4")] == [("sodium", 136), ("potassium", 4.4)]
    assert measured("K, see you. I am a Na fan") == ()


@pytest.mark.parametrize(
    ("text", "locale", "value", "unit"),
    [
        ("I weigh 181", "en-US", 181, "[lb_av]"),
        ("I weigh 81", "en-GB", 81, "kg"),
        ("temp 99.1", "en-US", 99.1, "[degF]"),
        ("glucose 25", "en_GB", 25, "mmol/L"),
        ("potassium 4,3", "de-DE", 4.3, "mmol/L"),
        ("8.250 steps", "de", 8250, "{steps}"),
        ("8,250 steps", "en-US", 8250, "{steps}"),
    ],
)
def test_the_locale_decides_unit_and_decimal_mark(text: str, locale: str, value: float, unit: str) -> None:
    found = only(text, locale)
    assert (found.value, found.unit, found.doubt) == (value, unit, None)


@pytest.mark.parametrize(
    ("text", "locale", "reason"),
    [
        ("BP 14/9", None, "outside what is possible"),
        ("BP 45/120", None, "upper number should be higher"),
        ("sugar 950 mmol/L", None, "outside what is possible"),
        ("weight 820 kg", None, "outside what is possible"),
        ("SpO2 940", None, "outside what is possible"),
        ("heart rate 7.2", None, "outside what is possible"),
        ("temp 98", None, "not in °C"),
        ("temp 98", "de-DE", "not in °C"),
        ("I weigh 96", None, "could be kg or lb"),
        ("I weigh 96", "xx-YY", "could be kg or lb"),
        ("creatinine 7.5 kg", None, "not a unit for creatinine"),
        ("pulse 70 on 31/02/2026", None, "no such date"),
        ("pulse 70 on 03/04/2026", None, "either way round"),
        ("pulse 70 at 25:10", None, "no such time"),
    ],
)
def test_what_cannot_be_or_is_ambiguous_is_kept_and_says_why(text: str, locale: str | None, reason: str) -> None:
    found = only(text, locale)
    assert found.value is not None
    assert reason in (found.doubt or "")


@pytest.mark.parametrize("text", ["temp 37", "temp 98.6 F", "glucose 142", "WBC 11.2 x10^9/L", "platelets 250,000"])
def test_what_can_only_be_one_thing_is_not_doubted(text: str) -> None:
    assert only(text).doubt is None
