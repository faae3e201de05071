"""The API's rows as JSON and NDJSON, and data points of Open mHealth among them."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.deterministic.devices.formats.made import BERLIN, all_of, bad_rows, measured, workouts
from vitasense.deterministic.devices.formats import json_rows
from vitasense.deterministic.devices.formats.json_rows import read_json, read_ndjson
from vitasense.deterministic.devices.formats.parsed import BadRow, Measured, Workout
from vitasense.deterministic.platform.problems import InvalidInput, TooLarge

AT = "2026-03-01T08:00:00+01:00"
START = datetime(2026, 3, 1, 7, tzinfo=UTC)
PULSE = {"metric": "8867-4", "at": AT, "value": 61, "unit": "/min"}
FRAME = {"date_time": AT}
HOUR = {"time_interval": {"start_date_time": AT, "end_date_time": "2026-03-01T09:00:00+01:00"}}


def point(schema: str, body: dict[str, object], frame: object = FRAME, **header: object) -> dict[str, object]:
    return {
        "header": {"id": "1", "schema_id": {"namespace": "omh", "name": schema, "version": "2.0"}, **header},
        "body": {"effective_time_frame": frame, **body},
    }


@pytest.mark.parametrize("document", [[PULSE], {"observations": [PULSE]}, PULSE])
def test_a_list_an_envelope_and_one_row_are_read(document: object) -> None:
    (found,) = measured(all_of(read_json, json.dumps(document)))
    assert (found.metric, found.value, found.unit, found.at, found.place) == ("8867-4", 61, "/min", START, "item 0")


def test_every_line_of_ndjson_is_a_row_and_a_broken_line_is_told() -> None:
    content = "\n".join([json.dumps(PULSE), "{", "[1]", json.dumps({**PULSE, "value": 62}), ""])
    found = all_of(read_ndjson, content)
    assert [each.value for each in measured(found)] == [61, 62]
    assert [(row.place, row.content) for row in bad_rows(found)] == [("line 2", "{"), ("line 3", "[1]")]


def test_a_blood_pressure_is_one_row_and_two_measurements() -> None:
    row = {"metric": "blood pressure", "systolic": 145, "diastolic": 95, "unit": "mm[Hg]", "at": AT, "note": "sitting"}
    found = measured(all_of(read_json, json.dumps([row])))
    assert [(each.metric, each.value, each.note) for each in found] == [
        ("8480-6", 145, "sitting"),
        ("8462-4", 95, "sitting"),
    ]
    del row["diastolic"]
    (bad,) = all_of(read_json, json.dumps([row]))
    assert isinstance(bad, BadRow)
    assert bad.reason == '"diastolic" is missing.'


def test_optional_members_are_kept() -> None:
    row = {
        **PULSE,
        "metric": "steps",
        "unit": "count",
        "until": "2026-03-01T08:05:00+01:00",
        "device": "Watch",
        "self_reported": True,
    }
    (found,) = measured(all_of(read_json, json.dumps([row])))
    assert (found.until, found.device.name, found.self_reported) == (START + timedelta(minutes=5), "Watch", True)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"value": "61"}, '"value" is not a number.'),
        ({"value": True}, '"value" is not a number.'),
        ({"value": None}, '"value" is missing.'),
        ({"value": 10**400}, "larger than a number can be"),
        ({"unit": "kg"}, "is no unit for heart rate"),
        ({"unit": None}, '"unit" is missing.'),
        ({"unit": "cal", "metric": "energy burned"}, "calories and for kilocalories"),
        ({"metric": "mood"}, "is not a measure that is taken"),
        ({"metric": 8867}, '"metric" is not a text.'),
        ({"metric": "blood pressure"}, "in place of value"),
        ({"at": 1740812400}, '"at" is not a text.'),
        ({"at": "2026-03-29T02:30:00"}, "did not exist"),
        ({"until": AT}, "It ends before it begins."),
        ({"self_reported": 1}, "neither true nor false"),
        ({"patient": "x"}, 'A row has no "patient"'),
    ],
)
def test_a_bad_row_is_told_and_the_rest_goes_on(change: dict[str, object], reason: str) -> None:
    found = all_of(read_json, json.dumps([{**PULSE, **change}, PULSE]), BERLIN)
    (bad,) = bad_rows(found)
    assert reason in bad.reason
    assert bad.place == "item 0"
    assert len(measured(found)) == 1


@pytest.mark.parametrize("content", ["", "{", "5", '"x"', "[NaN]", '{"observations": 5}', "[" * 100_000, "\xff"])
def test_what_is_no_json_of_rows_is_refused(content: str) -> None:
    with pytest.raises(InvalidInput):
        all_of(read_json, content)


def test_a_document_too_large_to_read_as_a_whole_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_rows, "JSON_BYTES", 100)
    with pytest.raises(TooLarge, match="NDJSON"):
        all_of(read_json, " " * 101)


@pytest.mark.parametrize(
    ("schema", "body", "expected"),
    [
        ("heart-rate", {"heart_rate": {"value": 61, "unit": "beats/min"}}, [("8867-4", 61, "/min")]),
        (
            "blood-pressure",
            {
                "systolic_blood_pressure": {"value": 145, "unit": "mmHg"},
                "diastolic_blood_pressure": {"value": 95, "unit": "mmHg"},
            },
            [("8480-6", 145, "mm[Hg]"), ("8462-4", 95, "mm[Hg]")],
        ),
        ("oxygen-saturation", {"oxygen_saturation": {"value": 97, "unit": "%"}}, [("59408-5", 97, "%")]),
        ("respiratory-rate", {"respiratory_rate": {"value": 14, "unit": "breaths/min"}}, [("9279-1", 14, "/min")]),
        ("body-temperature", {"body_temperature": {"value": 37, "unit": "C"}}, [("8310-5", 37, "Cel")]),
        ("body-weight", {"body_weight": {"value": 150, "unit": "lb"}}, [("29463-7", 150, "[lb_av]")]),
        ("body-height", {"body_height": {"value": 70, "unit": "in"}}, [("8302-2", 70, "[in_i]")]),
        ("body-mass-index", {"body_mass_index": {"value": 22, "unit": "kg/m2"}}, [("39156-5", 22, "kg/m2")]),
        ("body-fat-percentage", {"body_fat_percentage": {"value": 20, "unit": "%"}}, [("41982-0", 20, "%")]),
        ("step-count", {"step_count": 300}, [("55423-8", 300, "1")]),
        ("step-count", {"step_count": {"value": 300, "unit": "steps"}}, [("55423-8", 300, "{steps}")]),
        ("calories-burned", {"kcal_burned": {"value": 30, "unit": "kcal"}}, [("55424-6", 30, "kcal")]),
        ("sleep-duration", {"sleep_duration": {"value": 7, "unit": "h"}}, [("93832-4", 7, "h")]),
        ("blood-glucose", {"blood_glucose": {"value": 99, "unit": "mg/dL"}}, [("2339-0", 99, "mg/dL")]),
        (
            "blood-glucose",
            {"blood_glucose": {"value": 5.5, "unit": "mmol/L"}, "specimen_source": "interstitial fluid"},
            [("99504-3", 5.5, "mmol/L")],
        ),
    ],
)
def test_data_points_of_open_mhealth_are_measurements(
    schema: str, body: dict[str, object], expected: list[tuple[str, float, str]]
) -> None:
    found = measured(all_of(read_json, json.dumps([point(schema, body, HOUR)])))
    units = [each.unit.replace("{steps}", "1") if schema == "step-count" else each.unit for each in found]
    assert [(each.metric, each.value) for each in found] == [(code, value) for code, value, _ in expected]
    assert units == [unit.replace("{steps}", "1") if schema == "step-count" else unit for _, _, unit in expected]
    assert found[0].until == START + timedelta(hours=1)


def test_an_interval_may_have_a_duration_and_a_source_may_be_a_person() -> None:
    frame = {"time_interval": {"end_date_time": AT, "duration": {"value": 30, "unit": "min"}}}
    body: dict[str, object] = {
        "blood_glucose": {"value": 99, "unit": "mg/dL"},
        "temporal_relationship_to_meal": "fasting",
    }
    source = {"source_name": "A meter", "modality": "self-reported"}
    (found,) = measured(
        all_of(read_json, json.dumps([point("blood-glucose", body, frame, acquisition_provenance=source)]))
    )
    assert (found.at, found.until) == (START - timedelta(minutes=30), START)
    assert (found.device.name, found.self_reported, found.note) == ("A meter", True, "fasting")


def test_an_activity_of_open_mhealth_is_a_workout() -> None:
    body: dict[str, object] = {
        "activity_name": "Walking",
        "distance": {"value": 1.5, "unit": "mi"},
        "kcal_burned": {"value": 90, "unit": "kcal"},
    }
    (found,) = workouts(all_of(read_json, json.dumps([point("physical-activity", body, HOUR)])))
    assert (found.sport, round(found.distance_m or 0, 1), found.energy_kcal) == ("walking", 2414.0, 90)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (point("ambient-temperature", {}), "is not taken"),
        (point("heart-rate", {}), '"heart_rate" is missing'),
        (point("heart-rate", {"heart_rate": {"value": 61, "unit": "kg"}}), "is no unit"),
        (point("heart-rate", {"heart_rate": {"value": 61, "unit": "beats/min"}}, {}), '"time_interval" is missing'),
        (
            point("heart-rate", {"heart_rate": {"value": 61, "unit": "beats/min"}, "descriptive_statistic": "maximum"}),
            "no measurement",
        ),
        (
            point("blood-glucose", {"blood_glucose": {"value": 99, "unit": "mg/dL"}, "specimen_source": "urine"}),
            'Glucose in "urine"',
        ),
        (
            point(
                "step-count",
                {"step_count": 5},
                {"time_interval": {"start_date_time": AT, "duration": {"value": 1e30, "unit": "h"}}},
            ),
            "longer than a calendar",
        ),
        (point("physical-activity", {"activity_name": "Walking"}), "the interval in which it was"),
        ({"header": {}, "body": {}}, '"schema_id" is missing'),
    ],
)
def test_a_data_point_that_cannot_be_taken_is_told(row: dict[str, object], reason: str) -> None:
    (bad,) = all_of(read_json, json.dumps([row]))
    assert isinstance(bad, BadRow)
    assert reason in bad.reason


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10) | st.sampled_from([AT, "8867-4"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
members = st.fixed_dictionaries({}, optional=dict.fromkeys([*json_rows.MEMBERS, "header", "body"], values))
headers = st.builds(
    point,
    st.sampled_from(["heart-rate", "step-count", "physical-activity", "blood-glucose"]),
    st.dictionaries(
        st.sampled_from(["heart_rate", "step_count", "activity_name", "distance", "blood_glucose"]), values
    ),
    values,
)


@settings(max_examples=200, deadline=None)
@given(st.lists(members | headers | values, max_size=3), st.booleans())
def test_no_json_gives_anything_else_than_rows_or_a_clear_refusal(rows: list[object], lines: bool) -> None:
    content = "\n".join(map(json.dumps, rows)) if lines else json.dumps(rows)
    try:
        found = all_of(read_ndjson if lines else read_json, content)
    except InvalidInput:  # a number of JSON that is not finite
        return
    for each in found:
        assert isinstance(each, Measured | Workout | BadRow)
        if isinstance(each, BadRow):
            (each.content + each.reason).encode()


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300), st.booleans())
def test_no_bytes_give_anything_else_than_rows_or_a_clear_refusal(content: bytes, lines: bool) -> None:
    try:
        found = all_of(read_ndjson if lines else read_json, content)
    except InvalidInput:
        return
    assert all(isinstance(each, Measured | Workout | BadRow) for each in found)
