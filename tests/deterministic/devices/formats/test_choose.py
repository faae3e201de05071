"""Which reader a file gets: by what it shows, by its name, or by what a person chose."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.deterministic.devices.formats.made import UTC, all_of
from tests.deterministic.devices.formats.made_apple import export, packed
from tests.deterministic.devices.formats.test_cgm import CLARITY, view
from vitasense.deterministic.devices.formats.choose import FORMATS, HEAD, format_of, reader_of
from vitasense.deterministic.devices.formats.parsed import BadRow, Measured, Workout
from vitasense.deterministic.platform.problems import InvalidInput, TooLarge

ROW = '{"metric": "8867-4", "at": "2026-03-01T08:00:00Z", "value": 61, "unit": "/min"}'


@pytest.mark.parametrize(
    ("name", "head", "kind"),
    [
        ("export.zip", packed({"apple_health_export/export.xml": b"<HealthData/>"}), "apple"),
        ("export.xml", export("").encode(), "apple"),
        ("x", b'\xef\xbb\xbf<?xml version="1.0"?><gpx xmlns="http://www.topografix.com/GPX/1/1">', "gpx"),
        ("x.xml", b"<?xml version='1.0'?><!-- hi --><TrainingCenterDatabase xmlns='x'>", "tcx"),
        ("x", b"\x0e\x20\x8b\x08\x00\x00\x00\x00.FIT", "fit"),
        ("x.fit", b"\x0c\x10", "fit"),
        ("x.csv", CLARITY.encode(), "dexcom"),
        ("x.csv", b"\xef\xbb\xbf" + CLARITY.encode(), "dexcom"),
        ("x.csv", view().encode(), "libre"),
        ("x.csv", b",id,time,gl\n", "cgm"),
        ("x.csv", b'"id";"time";"gl"\n', "cgm"),
        ("x.csv", b"time,metric,value,unit\n", "csv"),
        ("x.txt", "Time\tMetric\tValue\tUnit\n".encode("utf-16"), "csv"),
        ("x.json", f"[{ROW}]".encode(), "json"),
        ("x.json", f'{{"observations": [{ROW}]}}'.encode(), "json"),
        ("x", f"{ROW}\n{ROW}\n".encode(), "ndjson"),
        ("x.ndjson", ROW.encode(), "ndjson"),
        ("weight.csv", b'Date,"Weight (kg)","Fat mass (kg)",Comments\n', "withings"),
        ("bp.csv", b'Date,"Heart rate",Systolic,Diastolic,Comments\n', "withings"),
        ("raw_tracker_steps.csv", b"start,duration,value\n", "withings"),
        ("steps-2024-01-01.json", b'[{"dateTime": "01/01/24 00:00:00", "value": "0"}]', "fitbit"),
        ("derived.json", b'{"Data Source": "x", "Data Points": []}', "googlefit"),
        ("x.json", b'{"status": 0, "body": {"updatetime": 1, "measuregrps": []}}', "withings"),
    ],
)
def test_a_file_shows_its_kind(name: str, head: bytes, kind: str) -> None:
    assert format_of(name, head[:HEAD]) == kind


@pytest.mark.parametrize("vendor", ["fitbit", "googlefit", "ihealth"])
def test_every_public_file_of_a_vendor_is_known(vendor: str, shared_data: Callable[[str], Path]) -> None:
    folder = shared_data(f"10_wearables/vendor_json/{vendor}")
    kinds = {path.name: format_of(path.name, path.read_bytes()[:HEAD]) for path in folder.glob("*.json")}
    assert kinds
    assert set(kinds.values()) == {vendor}, kinds


@pytest.mark.parametrize(
    ("name", "head"),
    [("x", b""), ("x.txt", b"hello"), ("x.csv", b"a,b,c\n1,2,3\n"), ("x.xml", b"<html/>"), ("x.png", b"\x89PNG\r\n")],
)
def test_an_unknown_file_is_refused_and_the_kinds_are_named(name: str, head: bytes) -> None:
    with pytest.raises(InvalidInput, match="apple, fitbit, googlefit"):
        reader_of(name, head)


def test_a_kind_may_be_chosen_by_name() -> None:
    assert reader_of("x", b"", " Dexcom ") is FORMATS["dexcom"]
    with pytest.raises(InvalidInput, match="There are: apple"):
        reader_of("x", b"", "excel")


def test_the_name_of_a_file_reaches_the_vendors_that_tell_by_it_what_they_count() -> None:
    content = b'[{"dateTime": "01/01/24 08:00:00", "value": "12"}]'
    for kind in (None, "fitbit"):
        (found,) = all_of(reader_of("steps-2024-01-01.json", content, kind), content)
        assert isinstance(found, Measured)
        assert (found.metric, found.value) == ("55423-8", 12)


@pytest.mark.parametrize("kind", sorted(FORMATS))
def test_every_kind_has_a_reader_that_refuses_what_it_cannot_read(kind: str) -> None:
    try:
        found = all_of(FORMATS[kind], b"\x00\x01 nothing of the kind", UTC)
    except (InvalidInput, TooLarge):
        return
    assert found
    assert all(isinstance(each, BadRow) for each in found)


@settings(max_examples=300, deadline=None)
@given(
    st.text(max_size=10),
    st.binary(max_size=200),
    st.sampled_from([b"", b"{", b"[", b"<", b"PK\x03\x04", b"id,time,gl\n"]),
)
def test_no_file_gives_anything_else_than_rows_or_a_clear_refusal(name: str, content: bytes, start: bytes) -> None:
    try:
        found = all_of(reader_of(name, start + content), start + content)
    except InvalidInput:
        return
    assert all(isinstance(each, Measured | Workout | BadRow) for each in found)
