"""Plain tables: our long form, mappings, and everything that is wrong with tables."""

from datetime import UTC, datetime
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.deterministic.devices.formats.made import BERLIN, all_of, bad_rows, flowing, measured
from vitasense.deterministic.devices.formats import tables
from vitasense.deterministic.devices.formats.mapping import TableMapping, ValueColumn
from vitasense.deterministic.devices.formats.numerals import number
from vitasense.deterministic.devices.formats.parsed import BadRow, Measured
from vitasense.deterministic.platform.problems import InvalidInput

HEAD = "time,metric,value,unit,until,device,note\n"
AT = "2026-03-01T08:00:00+01:00"
WEIGHT = ValueColumn(column="Gewicht", metric="body weight", unit="kg")


def mapped(**given: object) -> TableMapping:
    return TableMapping.model_validate({"time": "Zeit", "values": [WEIGHT.model_dump()], **given})


def test_the_long_form_takes_codes_open_mhealth_names_and_catalogue_names() -> None:
    rows = (
        f"{AT},8867-4,61,/min,,Watch,at rest\n"
        f"{AT},heart_rate,62,bpm,,,\n"
        f"{AT},Body Temperature,98.6,F,,,\n"
        f"{AT},steps,300,count,2026-03-01T08:05:00+01:00,,\n"
    )
    pulse, again, warmth, steps = measured(all_of(tables.read, HEAD + rows))
    assert (pulse.metric, pulse.value, pulse.unit, pulse.note, pulse.device.name) == (
        "8867-4", 61, "/min", "at rest", "Watch",
    )  # fmt: skip
    assert (again.metric, again.unit, again.device.name) == ("8867-4", "/min", "unnamed device")
    assert (warmth.metric, warmth.unit) == ("8310-5", "[degF]")
    assert (steps.unit, steps.until) == ("{steps}", datetime(2026, 3, 1, 7, 5, tzinfo=UTC))
    assert [each.place for each in (pulse, again, warmth, steps)] == ["line 2", "line 3", "line 4", "line 5"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encoding_delimiter_and_line_ends_are_seen(encoding: str, delimiter: str, end: str) -> None:
    text = f"Time;Metric;Value;Unit{end}{AT};8867-4;61;/min{end}".replace(";", delimiter)
    (found,) = measured(all_of(tables.read, text.encode(encoding)))
    assert found.value == 61


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (f"{AT},8867-4,abc,/min,,,", '"abc" is not a number.'),
        (f"{AT},8867-4,,/min,,,", "The number is missing."),
        (f'{AT},8867-4,"1,234",/min,,,', "can be read in two ways"),
        (f'{AT},8867-4,"12,5",/min,,,', "can be read in two ways"),
        (f"{AT},8867-4,=1+2,/min,,,", "is a formula"),
        (f"{AT},8867-4,@SUM(A1),/min,,,", "is a formula"),
        (f"{AT},8867-4,1e999,/min,,,", "not finite"),
        (f"{AT},8867-4,inf,/min,,,", '"inf" is not a number.'),
        (f"{AT},8867-4,٦١,/min,,,", "is not a number."),
        (f"{AT},8867-4,61,,,,", "The unit is missing"),
        (f"{AT},8867-4,61,kg,,,", "is no unit for heart rate"),
        (f"{AT},718-7,61,/min,,,", "is not a measure that is taken"),
        (f"{AT},blood pressure,61,mmHg,,,", "Blood pressure is two numbers"),
        ("yesterday,8867-4,61,/min,,,", "is not a time of the form"),
        ("2026-03-01,8867-4,61,/min,,,", "a day without a time of day"),
        ("2026-02-30T08:00,8867-4,61,/min,,,", "of the calendar"),
        ("2026-03-29T02:30,8867-4,61,/min,,,", "did not exist in Europe/Berlin"),
        (f"{AT},8867-4,61,/min", "The row has 4 cells, the first line names 7 columns."),
        (f"{AT},8867-4,61,/min,,,,more", "The row has 8 cells"),
        (f"{AT},steps,5,count,2026-03-01T07:00:00+01:00,,", "It ends before it begins."),
        (f"{AT},8867-4,61,/m\x00in,,,", "NUL"),
        (f'{AT},8867-4,61,/min,,,"never closed', "A quotation mark in this row is never closed."),
        ("x" * 70_000, "longer than 65,536 characters"),
    ],
)
def test_a_bad_row_is_told_with_line_and_reason_and_the_rest_goes_on(row: str, reason: str) -> None:
    found = all_of(tables.read, f"{HEAD}{row}\n{AT},8867-4,61,/min,,,\n", BERLIN)
    (bad,) = bad_rows(found)
    assert reason in bad.reason
    assert bad.place == "line 2"
    assert bad.content
    assert "\x00" not in bad.content
    assert len(bad.content) <= 2000
    assert [each.place for each in measured(found)] == ["line 3"]


def test_a_quoted_cell_may_hold_the_delimiter_quotes_and_line_ends() -> None:
    (found, after) = measured(
        all_of(tables.read, f'{HEAD}{AT},8867-4,61,/min,,"A ""good"", watch","two\nlines"\n{AT},8867-4,62,/min,,,\n')
    )
    assert (found.device.name, found.note) == ('A "good", watch', "two lines")
    assert after.value == 62


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "empty"),
        ("\n\n", "empty"),
        ("time", "names no columns"),
        ("time,metric,value\n", 'no column "unit"'),
        ("time,metric,value,unit,Value\n", "twice"),
        ("\x00\x01,\x00", "NUL"),
    ],
)
def test_a_table_without_its_columns_is_refused(content: str, reason: str) -> None:
    with pytest.raises(InvalidInput, match=reason):
        all_of(tables.read, content)


def test_an_ambiguous_hour_is_taken_as_the_first() -> None:
    row = "2025-10-26T02:30:00,8867-4,61,/min,,,\n"
    (found,) = measured(all_of(tables.read, HEAD + row, BERLIN))
    assert found.at == datetime(2025, 10, 26, 0, 30, tzinfo=UTC)


def test_a_mapping_reads_a_persons_own_table() -> None:
    mapping = mapped(
        values=[WEIGHT, ValueColumn(column="Puls", metric="heart-rate", unit="bpm")],
        device="Gerät",
        note="Notiz",
        decimal=",",
        time_format="%d.%m.%Y %H:%M",
        encoding="windows-1252",
    )
    text = "Zeit;Gewicht;Puls;Gerät;Notiz\n01.03.2026 08:00;1.081,5;;Wäge;früh\n02.03.2026 08:00;80,5;61;;\n"
    found = all_of(partial(tables.read, mapping=mapping), text.encode("windows-1252"), BERLIN)
    assert [(each.metric, each.value, each.unit) for each in measured(found)] == [
        ("29463-7", 1081.5, "kg"),
        ("29463-7", 80.5, "kg"),
        ("8867-4", 61, "/min"),
    ]
    assert measured(found)[0].device.name == "Wäge"
    assert measured(found)[0].at == datetime(2026, 3, 1, 7, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("01.03.2026 08:00;", "The row has no value."),
        ("2026-03-01 08:00;80", "not a time of the form %d.%m.%Y %H:%M"),
        ("01.03.2026 08:00;80,5", '"Gewicht": "80,5" can be read in two ways'),
    ],
)
def test_a_bad_row_of_a_mapped_table_is_told(row: str, reason: str) -> None:
    mapping = mapped(time_format="%d.%m.%Y %H:%M")
    (found,) = bad_rows(all_of(partial(tables.read, mapping=mapping), f"Zeit;Gewicht\n{row}\n"))
    assert reason in found.reason


@pytest.mark.parametrize(
    "given",
    [
        {"values": []},
        {"values": [{"column": "x", "metric": "mood", "unit": "1"}]},
        {"values": [{"column": "x", "metric": "heart rate", "unit": "kg"}]},
        {"time_format": "%d.%m."},
        {"time_format": "%Y-%m-%d"},
        {"time_format": "%"},
        {"delimiter": "x"},
        {"encoding": "punycode"},
        {"more": 1},
    ],
)
def test_a_mapping_that_cannot_work_is_refused_when_it_is_made(given: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        mapped(**given)


def test_a_mapping_names_columns_that_are_not_there() -> None:
    with pytest.raises(InvalidInput, match='no column "Zeit"'):
        all_of(partial(tables.read, mapping=mapped()), "time,Gewicht\n")


def test_the_line_that_excel_writes_about_its_delimiter_is_understood() -> None:
    assert len(measured(all_of(tables.read, f"sep=;\ntime;metric;value;unit\n{AT};8867-4;61;/min\n"))) == 1


def test_a_line_of_many_megabytes_is_one_bad_row_and_is_not_held() -> None:
    pieces = [HEAD.encode(), *[b"x" * 1_000_000] * 30, f"\n{AT},8867-4,61,/min,,,\n".encode()]
    found = list(tables.read(flowing(iter(pieces)), zone=BERLIN))
    assert [each.place for each in found] == ["line 2", "line 3"]


@pytest.mark.parametrize(
    ("text", "decimal", "expected"),
    [
        ("1,234", ".", 1234), ("1,234", ",", 1.234), ("1.234.567,8", ",", 1234567.8), ("-0.5", None, -0.5),
        ("+3", None, 3), ("1e3", None, 1000), (" 12 ", None, 12), (".5", None, 0.5),
    ],
)  # fmt: skip
def test_a_declared_decimal_sign_settles_what_a_comma_is(text: str, decimal: str | None, expected: float) -> None:
    assert number(text, decimal) == expected  # type: ignore[arg-type]


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300), st.booleans(), st.booleans())
def test_no_bytes_give_anything_else_than_rows_or_a_clear_refusal(content: bytes, headed: bool, wide: bool) -> None:
    mapping = mapped() if wide else None
    head = (b"Zeit,Gewicht\n" if wide else HEAD.encode()) if headed else b""
    try:
        found = all_of(partial(tables.read, mapping=mapping), head + content)
    except InvalidInput:
        return
    for each in found:
        assert isinstance(each, Measured | BadRow)
        if isinstance(each, BadRow):
            assert "\x00" not in each.content
            each.content.encode()


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(max_size=12), min_size=7, max_size=7))
def test_no_cells_give_anything_else_than_rows(cells: list[str]) -> None:
    quoted = ",".join('"' + cell.replace('"', '""') + '"' for cell in cells)
    found = all_of(tables.read, (HEAD + quoted + "\n").encode("utf-8", "replace"))
    assert all(isinstance(each, Measured | BadRow) for each in found)
