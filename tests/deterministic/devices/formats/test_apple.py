"""Apple Health exports: what is taken, in which units and times, and what is told."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.deterministic.devices.formats.made import BERLIN, all_of, bad_rows, measured, workouts
from tests.deterministic.devices.formats.made_apple import PHONE, START, TIMES, export, quantity, sleep
from vitasense.deterministic.devices.formats import apple
from vitasense.deterministic.devices.formats.parsed import SourceDevice


def test_the_public_export_gives_its_two_records_and_its_workout(shared_data: Callable[[str], Path]) -> None:
    found = all_of(apple.read, shared_data("10_wearables/apple_health/export.xml").read_bytes())
    mass, pulse = measured(found)
    assert (mass.metric, mass.value, mass.unit, mass.place) == ("39156-5", 22.5312, "kg/m2", "line 4")
    assert not mass.self_reported
    assert (pulse.metric, pulse.value, pulse.unit) == ("8867-4", 72, "/min")
    assert pulse.at == datetime(2018, 9, 10, 9, 28, 55, tzinfo=UTC)
    assert pulse.device == SourceDevice("Apple Watch", "Apple", "Watch2,4", None, "4.3.1", None, "watch")
    (run,) = workouts(found)
    assert (run.sport, round(run.distance_m or 0), round(run.energy_kcal or 0, 3)) == ("running", 800, 48.745)
    assert run.ended_at - run.started_at == timedelta(minutes=5, seconds=11)
    assert [row.reason for row in bad_rows(found)] == [
        "workout routes: 1 entry: the routes are files of their own: import export.zip as a whole to have them"
    ]


@pytest.mark.parametrize(
    ("kind", "value", "unit", "expected"),
    [
        ("HeartRate", "61", "count/min", ("8867-4", 61, "/min")),
        ("OxygenSaturation", "0.97", "%", ("59408-5", 97, "%")),
        ("BodyFatPercentage", "0.29", "%", ("41982-0", 29, "%")),
        ("BloodPressureSystolic", "121", "mmHg", ("8480-6", 121, "mm[Hg]")),
        ("BodyTemperature", "98.6", "degF", ("8310-5", 98.6, "[degF]")),
        ("BodyTemperature", "37", "degC", ("8310-5", 37, "Cel")),
        ("BodyMass", "150", "lb", ("29463-7", 150, "[lb_av]")),
        ("Height", "5.9", "ft", ("8302-2", 5.9, "[ft_i]")),
        ("BloodGlucose", "5.5", "mmol&lt;180.15588000005408&gt;/L", ("2339-0", 5.5, "mmol/L")),
        ("BloodGlucose", "99", "mg/dL", ("2339-0", 99, "mg/dL")),
        ("StepCount", "300", "count", ("55423-8", 300, "{steps}")),
        ("DistanceWalkingRunning", "0.2", "mi", ("55430-3", 0.2, "[mi_i]")),
        ("ActiveEnergyBurned", "12.5", "Cal", ("55424-6", 12.5, "kcal")),
        ("ActiveEnergyBurned", "50", "kJ", ("55424-6", 50, "kJ")),
        ("AppleExerciseTime", "5", "min", ("55411-3", 5, "min")),
        ("HeartRateVariabilitySDNN", "43.2", "ms", ("80404-7", 43.2, "ms")),
    ],
)
def test_a_quantity_has_its_code_and_its_ucum_unit(
    kind: str, value: str, unit: str, expected: tuple[str, float, str]
) -> None:
    (found,) = measured(all_of(apple.read, export(quantity(kind, value, unit))))
    assert (found.metric, found.value, found.unit) == expected
    assert (found.at, found.until) == (START, START + timedelta(minutes=5))
    assert found.device == SourceDevice("Ada's iPhone", firmware="17.1", kind="phone")


def test_a_glucose_of_a_sensors_app_is_interstitial() -> None:
    found = measured(
        all_of(apple.read, export(quantity("BloodGlucose", "99", "mg/dL", source='sourceName="Dexcom G7"')))
    )
    assert [(each.metric, each.device.kind) for each in found] == [("99504-3", "cgm")]


def test_what_a_person_typed_and_what_the_file_says_of_it_is_kept() -> None:
    inside = '<MetadataEntry key="HKWasUserEntered" value="1"/><MetadataEntry key="HKBloodGlucoseMealTime" value="1"/>'
    (found,) = measured(all_of(apple.read, export(quantity("BloodGlucose", "99", "mg/dL", inside))))
    assert found.self_reported
    assert found.note == "before a meal"


def test_stages_of_sleep_are_sleep_and_time_in_bed_is_not() -> None:
    stages = ("InBed", "AsleepCore", "AsleepDeep", "AsleepREM", "Awake", "AsleepUnspecified", "Asleep")
    found = all_of(apple.read, export("".join(map(sleep, stages))))
    codes = [each.metric for each in measured(found)]
    assert codes == ["93832-4", "93830-8", "93832-4", "93831-6", "93832-4", "93829-0", "93832-4", "93832-4"]
    assert {(each.unit, round(each.value, 6), each.until) for each in measured(found)} == {
        ("h", round(5 / 60, 6), START + timedelta(minutes=5))
    }
    assert [row.reason.split(":")[0] for row in bad_rows(found)] == [
        "sleep, HKCategoryValueSleepAnalysisInBed",
        "sleep, HKCategoryValueSleepAnalysisAwake",
    ]


def test_records_in_a_correlation_are_not_taken_twice() -> None:
    record = quantity("BloodPressureSystolic", "121", "mmHg")
    body = (
        f'{record}<Correlation type="HKCorrelationTypeIdentifierBloodPressure" {PHONE} {TIMES}>{record}</Correlation>'
    )
    assert len(all_of(apple.read, export(body))) == 1


def test_kinds_without_a_measure_are_counted_and_told_once() -> None:
    found = all_of(apple.read, export(quantity("BasalEnergyBurned", "1", "kcal") * 1234 + "<ClinicalRecord/>"))
    reasons = [row.reason for row in bad_rows(found)]
    assert reasons[0] == "HKQuantityTypeIdentifierBasalEnergyBurned: 1,234 entries: this service has no measure for it"
    assert len(found) == 2


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (quantity("HeartRate", "fast", "count/min"), '"fast" is not a number.'),
        (quantity("HeartRate", "nan", "count/min"), '"nan" is not a number.'),
        (quantity("HeartRate", "1e400", "count/min"), "The number is not finite."),
        (quantity("HeartRate", "", "count/min"), "The number is missing."),
        (quantity("HeartRate", "60", "kg"), '"kg" is no unit for heart rate, which is kept in /min.'),
        (quantity("HeartRate", "60", "furlong"), 'The unit "furlong" is not known.'),
        (quantity("HeartRate", "60", "count/min", times='endDate=""'), '"" is not a time'),
        (
            quantity("HeartRate", "60", "count/min", times='startDate="2024-13-01 08:00:00 +0100"'),
            "not a date and time",
        ),
        (quantity("HeartRate", "60", "count/min", times='startDate="0001-01-01 00:00:00 +0000"'), "The year 1 cannot"),
        (
            quantity(
                "HeartRate",
                "60",
                "count/min",
                times=f'{TIMES.split(" end", maxsplit=1)[0]} endDate="2024-02-01 08:00:00 +0100"',
            ),
            "It ends before it begins.",
        ),
        (sleep("AsleepREM", 'startDate="2024-03-01 08:00:00 +0100"'), "The sleep ends when it begins."),
    ],
)
def test_a_bad_record_is_told_with_its_line_and_the_rest_goes_on(record: str, reason: str) -> None:
    found = all_of(apple.read, export(f"{record}\n{quantity('StepCount', '7', 'count')}"))
    (row,), (steps,) = bad_rows(found), measured(found)
    assert reason in row.reason
    assert row.place == "line 11"
    assert row.content.startswith("<Record type=")
    assert steps.value == 7


def test_a_time_without_offset_is_the_persons_own_and_an_hour_that_never_was_is_refused() -> None:
    record = quantity("HeartRate", "60", "count/min", times='startDate="2024-07-01 08:00:00"')
    never = quantity("HeartRate", "60", "count/min", times='startDate="2024-03-31 02:30:00"')
    found = all_of(apple.read, export(f"{record}\n{never}"), BERLIN)
    assert measured(found)[0].at == datetime(2024, 7, 1, 6, tzinfo=UTC)
    assert "did not exist in Europe/Berlin" in bad_rows(found)[0].reason


def test_a_newer_workout_has_its_totals_in_statistics_and_those_of_its_parts_are_not_added() -> None:
    kind = "HKQuantityTypeIdentifier"
    body = f"""<Workout workoutActivityType="HKWorkoutActivityTypeTraditionalStrengthTraining" {PHONE} {TIMES}>
      <MetadataEntry key="HKElevationAscended" value="1250 cm"/>
      <WorkoutActivity uuid="1" {TIMES}><WorkoutStatistics type="{kind}ActiveEnergyBurned" sum="9" unit="kcal"/></WorkoutActivity>
      <WorkoutStatistics type="{kind}ActiveEnergyBurned" sum="120" unit="Cal"/>
      <WorkoutStatistics type="{kind}BasalEnergyBurned" sum="20" unit="Cal"/>
      <WorkoutStatistics type="{kind}HeartRate" average="120" unit="count/min"/>
      <WorkoutStatistics type="{kind}DistanceCycling" sum="2.5" unit="km"/></Workout>"""
    (found,) = workouts(all_of(apple.read, export(body)))
    assert (found.sport, found.energy_kcal, found.distance_m, found.ascent_m) == ("strength training", 120, 2500, 12.5)


@pytest.mark.parametrize(("kind", "sport"), [("TableTennis", "table tennis"), ("Walking", "walking"), ("", "other")])
def test_sports_are_plain_words(kind: str, sport: str) -> None:
    body = f'<Workout workoutActivityType="HKWorkoutActivityType{kind}" {PHONE} {TIMES} totalDistance="0.0"/>'
    (found,) = workouts(all_of(apple.read, export(body)))
    assert (found.sport, found.distance_m) == (sport, None)


def test_a_workout_with_a_broken_total_is_told() -> None:
    body = f'<Workout workoutActivityType="HKWorkoutActivityTypeYoga" {PHONE} {TIMES} totalDistance="-1" totalDistanceUnit="km"/>'
    (row,) = bad_rows(all_of(apple.read, export(body)))
    assert "negative" in row.reason
