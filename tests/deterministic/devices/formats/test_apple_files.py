"""Files of Apple Health: whole, broken, packed, hostile and large."""

import tracemalloc
from collections.abc import Iterator
from zipfile import ZIP_BZIP2

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.deterministic.devices.formats.made import BERLIN, all_of, bad_rows, flowing, measured, workouts
from tests.deterministic.devices.formats.made_apple import DTD, GPX, START, export, packed, quantity, workout_with_route
from vitasense.deterministic.devices.formats import apple, apple_zip
from vitasense.deterministic.devices.formats.parsed import BadRow, Measured, RoutePoint, Workout
from vitasense.deterministic.platform.problems import InvalidInput


def test_a_document_type_that_is_declared_wrongly_does_no_harm() -> None:
    wrong = DTD.replace("locale CDATA #REQUIRED\n>", 'locale CDATA #REQUIRED\n <!ELEMENT Broken "')
    assert len(measured(all_of(apple.read, export(quantity("StepCount", "7", "count"), wrong)))) == 1


@pytest.mark.parametrize(
    "entity",
    [
        '<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">',
        '<!ENTITY file SYSTEM "file:///etc/passwd">',
        '<!ENTITY % outside SYSTEM "http://127.0.0.1/x.dtd"> %outside;',
    ],
)
def test_declared_entities_are_refused(entity: str) -> None:
    with pytest.raises(InvalidInput, match="declares entities"):
        all_of(apple.read, export("&a;", DTD.replace("]>", f"{entity}]>")))


def test_a_document_type_elsewhere_is_not_followed() -> None:
    outside = '<!DOCTYPE HealthData SYSTEM "http://127.0.0.1:9/x.dtd">'
    assert len(measured(all_of(apple.read, export(quantity("StepCount", "7", "count"), outside)))) == 1


def test_an_entity_that_nobody_declared_ends_the_reading_there() -> None:
    found = all_of(apple.read, export(quantity("StepCount", "7", "count") + '<Record type="&x;"/>'))
    assert len(measured(found)) == 1
    assert "damaged here" in bad_rows(found)[0].reason


@pytest.mark.parametrize("content", ["", "hello", "<gpx/>", "<HealthDataset/>", "\x00" * 100, "<HealthDat"])
def test_what_is_no_export_is_refused_with_what_to_send(content: str) -> None:
    with pytest.raises(InvalidInput, match=r"Send export.zip"):
        all_of(apple.read, content)


@pytest.mark.parametrize("cut", [20, 60, 200])
def test_a_file_that_ends_in_the_middle_gives_what_came_before_and_says_so(cut: int) -> None:
    whole = export("\n".join(quantity("StepCount", str(number), "count") for number in range(3000)))
    found = all_of(apple.read, whole[:-cut])
    assert 2990 <= len(measured(found)) <= 3000
    assert "ends in the middle" in bad_rows(found)[-1].reason


def test_tags_without_end_and_nesting_without_end_are_refused() -> None:
    with pytest.raises(InvalidInput, match="not formed as Apple"):
        all_of(apple.read, export(f'<Record type="{"x" * 3_000_000}"/>'))
    with pytest.raises(InvalidInput, match="nested deeper"):
        all_of(apple.read, export("<a>" * 50))
    with pytest.raises(InvalidInput, match="not formed as Apple"):
        all_of(apple.read, export("".join(f"<e{number}/>" for number in range(60_000))))
    with pytest.raises(InvalidInput, match="no Apple Health export"):
        all_of(apple.read, f"<!-- {'x' * 3_000_000} -->" + export(""))


def test_the_zip_gives_the_export_inside_it() -> None:
    xml = export(quantity("StepCount", "7", "count")).encode()
    content = packed({"apple_health_export/export_cda.xml": b"<x/>", "apple_health_export/export.xml": xml})
    assert len(measured(all_of(apple.read, content))) == 1
    renamed = packed({"apple_health_export/exportar.xml": xml, "apple_health_export/export_cda.xml": b"<x/>"})
    assert len(measured(all_of(apple.read, renamed))) == 1
    assert len(measured(list(apple.read(flowing(iter([content[:50], content[50:]])), zone=BERLIN)))) == 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (packed({"readme.txt": b"x"}), "no export.xml in the zip"),
        (packed({"a/b/c/export.xml": b"x"}), "no export.xml in the zip"),
        (packed({"export.xml": b"x"}, ZIP_BZIP2), "packed in an unusual way"),
        (packed({"export.xml": b"x" * 1000})[:-30], "damaged or cut off"),
        (b"PK\x03\x04" + b"x" * 100, "damaged or cut off"),
    ],
    ids=["no export", "too deep", "bzip2", "cut off", "no zip"],  # the bytes have the time of their making
)
def test_a_zip_without_a_readable_export_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(InvalidInput, match=reason):
        all_of(apple.read, content)


def test_a_zip_that_is_damaged_inside_gives_what_came_before() -> None:
    xml = export("\n".join(quantity("StepCount", str(number), "count") for number in range(20_000))).encode()
    content = bytearray(packed({"export.xml": xml}))
    at = len(content) * 3 // 4
    content[at : at + 40] = bytes(40)
    found = all_of(apple.read, bytes(content))
    assert len(measured(found)) > 1000
    assert bad_rows(found)


def test_a_zip_bomb_is_refused_early(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = packed({"export.xml": export("").encode()[:-14] + b" " * 40_000_000})
    with pytest.raises(InvalidInput, match="far more than an export"):
        all_of(apple.read, bomb)
    monkeypatch.setattr(apple_zip, "UNPACKED_BYTES", 1000)
    with pytest.raises(InvalidInput, match="far more than an export"):
        all_of(apple.read, packed({"export.xml": export(" " * 2000).encode()}))


def test_the_routes_inside_the_zip_belong_to_their_workouts() -> None:
    xml = export(workout_with_route("/workout-routes/a.gpx") + workout_with_route("/workout-routes/none.gpx")).encode()
    folder = "apple_health_export"
    found = all_of(apple.read, packed({f"{folder}/export.xml": xml, f"{folder}/workout-routes/a.gpx": GPX}))
    first, second = workouts(found)
    assert [point.latitude for point in first.route] == [52.5, 52.6]
    assert first.route[0] == RoutePoint(52.5, 13.4, 34.0, START)
    assert second.route == ()
    assert bad_rows(found)[0].reason == "The route of this workout cannot be read: its file is not in the zip."


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/workout-routes/bad.gpx", "workout-routes/bad.gpx"),
        ("../../etc/passwd", "etc/passwd"),
        ("workout-routes/", "workout-routes/x.gpx"),
    ],
)
def test_a_route_that_cannot_be_read_leaves_the_workout(path: str, name: str) -> None:
    xml = export(workout_with_route(path)).encode()
    found = all_of(apple.read, packed({"export.xml": xml, name: b"broken"}))
    assert len(workouts(found)) == len(bad_rows(found)) == 1


def large(megabytes: int) -> Iterator[bytes]:
    """An export of so many megabytes, made while it is read."""
    yield export("").encode().removesuffix(b"\n</HealthData>\n")
    watch = 'sourceName="Watch" device="&lt;&lt;HKDevice: 0x1&gt;, name:Apple Watch, model:Watch&gt;"'
    record = quantity("HeartRate", "61", "count/min", source=watch) + "\n"
    piece = (record * 200).encode()
    for _ in range(megabytes * 1_000_000 // len(piece)):
        yield piece
    yield b"</HealthData>"


def peak(megabytes: int) -> tuple[int, int]:
    tracemalloc.start()
    count = sum(1 for _ in apple.read(flowing(large(megabytes)), zone=BERLIN))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return count, most


def test_memory_does_not_grow_with_the_export() -> None:
    peak(1)
    small, most_small = peak(4)
    count, most = peak(40)
    assert count > 9 * small > 90_000
    assert most < 4_000_000
    assert most < 1.5 * most_small


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["", "zip", "export", "record"]))
def test_no_bytes_give_anything_else_than_rows_or_a_clear_refusal(content: bytes, around: str) -> None:
    if around == "zip":
        content = packed({"export.xml": content})
    elif around == "export":
        content = export("").encode().replace(b"\n</", content + b"\n</")
    elif around == "record":
        content = export(quantity("StepCount", "@@", "count")).encode().replace(b"@@", content)
    try:
        found = all_of(apple.read, content)
    except InvalidInput:
        return
    assert all(isinstance(each, Measured | Workout | BadRow) for each in found)


words = st.text(st.characters(codec="utf-8", exclude_characters='<>&"\x00'), max_size=30)


@settings(max_examples=200, deadline=None)
@given(words, words, words, words)
def test_no_attributes_give_anything_else_than_rows(value: str, unit: str, start: str, device: str) -> None:
    body = quantity("BloodGlucose", value, unit, source=f'device="{device}"', times=f'startDate="{start}"')
    for each in all_of(apple.read, export(body)):
        assert isinstance(each, Measured | BadRow)
        if isinstance(each, BadRow):
            each.content.encode()
