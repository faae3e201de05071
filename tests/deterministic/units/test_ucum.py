"""UCUM expressions are read strictly, and UCUM's own tables are what stands in ours."""

import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import pytest

from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.units import convert, is_valid
from vitasense.deterministic.units.tables import atoms


@pytest.mark.parametrize(
    "text",
    [
        *("m", "kg", "/m", "m2", "m-2", "m+2", "m0", "10*3/uL", "10*-3", "10^9/L", "100", "2.m", "1.5.m", "007"),
        *("m/s/kg", "m.s2/(kg.mol)", "((m))", "/(m.s)", "4.[pi].10*-7.N/A2", "mL/(24.h)", "100/{cells}", "1{c}"),
        *("{a}", "{}", "{a}.rad2{b}", "g/(8.h){shift}", "mL/{hb}.m2", "U{25Cel}/L", "mg/g{creat}", "{1.73_m2}"),
        *("dar", "dam", "Gb", "cd", "Pa", "ph", "KiBy", "mm[H2O]", "k[iU]", "m[IU]/L", "[arb'U]", "[m/s2/Hz^(1/2)]"),
        *("Cel", "mCel", "2.Cel", "Cel{oral}", "dB[10.nV]", "[pH]"),
    ],
)
def test_an_expression_of_ucum_is_valid(text: str) -> None:
    assert is_valid(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", " m", "m ", "m s", "m\n", "m/", "m.", ".m", "//m", "m//s", "()", "(m", "m)", "(/m)", "(m)2", "m(s)"),
        *("0", "12h", "2m", "m2-1", "m--2", "m-", "10+3/uL", "m^2", "m**2", "1.5e3", "{a}m", "{a}{b}", "m{a}2"),
        *("m{a b}", "m{", "m}", "m{é}", "µg", "°C", "[m]", "mmHg", "mcg", "lbs", "iU", "Cal"),
        *("kh", "m[degF]", "kkg", "k%", "MIN", "mm[hg]", "[LB_AV]", "MG/DL", "CEL"),
        *("Cel2", "Cel/s", "/Cel", "[pH].L", "B[SPL].m", "Np-1"),
    ],
)
def test_anything_else_is_not(text: str) -> None:
    assert not is_valid(text)


@pytest.mark.parametrize("text", ["(" * 200 + "m" + ")" * 200, "10*999999999", "9" * 5000, "[pi]99." * 30 + "m"])
def test_what_would_take_forever_is_not_read(text: str) -> None:
    assert not is_valid(text)


@pytest.mark.parametrize(
    ("source", "target", "factor"),
    [
        ("/m.s", "s/m", 1),  # a leading solidus inverts only what follows it
        ("s/m.mg", "s.g/m", 0.001),  # from left to right
        ("s/(m.mg)", "s/m/g", 1000),
        ("2.5.m", "m", 10),  # the period multiplies
        ("cm3", "mL", 1),  # prefix and unit are raised together
        ("[ly]", "cm", 946073047258080000),
        ("4.[pi].10*-7.N", "N", 1.2566370614359173e-06),
    ],
)
def test_terms_are_evaluated_as_ucum_says(source: str, target: str, factor: float) -> None:
    assert convert(1, source, target) == factor


@pytest.mark.parametrize(
    ("value", "special", "size", "proper"),
    [
        (-40, "[degF]", -40, "Cel"),
        (80, "[degRe]", 100, "Cel"),
        (1000, "mCel", 274.15, "K"),
        (7, "[pH]", 100, "nmol/L"),
        (20, "dB", 100, "1"),
        (100, "dB[SPL]", 2, "Pa"),
        (3, "B[W]", 1, "kW"),
        (2, "[hp'_M]", 1e-6, "1"),
        (1, "[hp'_Q]", 2e-5, "1"),
        (8, "bit_s", 256, "1"),
        (100, "%[slope]", 45, "deg"),
        (100, "[p'diop]", 45, "deg"),
        (3, "[m/s2/Hz^(1/2)]", 9, "m2/s4/Hz"),
        (1e24, "B", 1, "YB"),
    ],
)
def test_special_units_convert_by_their_function(value: float, special: str, size: float, proper: str) -> None:
    assert convert(value, special, proper) == size
    assert convert(size, proper, special) == value


@pytest.mark.parametrize(
    ("value", "source", "target"),
    [
        (0, "mol/L", "[pH]"),
        (-1, "1", "dB"),
        (90, "deg", "%[slope]"),
        (-1, "[m/s2/Hz^(1/2)]", "m2/s4/Hz"),
        (1e6, "B", "1"),
    ],
)
def test_a_value_that_is_not_on_the_scale_is_refused(value: float, source: str, target: str) -> None:
    with pytest.raises(InvalidInput):
        convert(value, source, target)


def test_the_tables_are_those_of_ucum(shared_data: Callable[[str], Path]) -> None:
    space = {"u": "http://unitsofmeasure.org/ucum-essence"}
    root = ET.parse(shared_data("13_terminology/ucum/ucum-essence.xml")).getroot()
    table = atoms()
    prefixes = {one.attrib["Code"]: one for one in root.findall("u:prefix", space)}
    assert dict(table.prefixes) == {code: _value(one, space).attrib["value"] for code, one in prefixes.items()}
    told: dict[str, str] = {}
    for unit in root.findall("u:unit", space):
        value = _value(unit, space)
        function = value.find("u:function", space)
        shown = value.attrib if function is None else function.attrib
        told[unit.attrib["Code"]] = " ".join(shown[name] for name in ("name", "value", "Unit") if name in shown)
    ours = {**table.defined, **table.special}
    assert ours == {code: text for code, text in told.items() if code not in table.free}
    arbitrary = {unit.attrib["Code"] for unit in root.findall("u:unit", space) if "isArbitrary" in unit.attrib}
    base = {unit.attrib["Code"] for unit in root.findall("u:base-unit", space)}
    assert table.free == (base | arbitrary) - {"[IU]"}
    metric = {unit.attrib["Code"] for unit in root.findall("u:unit", space) if unit.attrib["isMetric"] == "yes"}
    assert table.metric == metric | base


def test_no_prefix_makes_an_atom_ambiguous() -> None:
    table = atoms()
    every = {*table.free, *table.defined, *table.special}
    prefixed = [prefix + atom for prefix in table.prefixes for atom in table.metric]
    assert len(set(prefixed)) == len(prefixed)
    assert not every & set(prefixed)


def _value(unit: ET.Element, space: dict[str, str]) -> ET.Element:
    found = unit.find("u:value", space)
    assert found is not None
    return found
