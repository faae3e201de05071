"""Whatever UCUM can express: there and back is where it began, and other dimensions never compare."""

from collections.abc import Mapping

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.units import NotComparable, comparable, convert
from vitasense.deterministic.units.grammar import parse
from vitasense.deterministic.units.tables import atoms

_NEAR = 1e-12
Dimension = frozenset[tuple[str, int]]


def _dimension(text: str) -> Dimension:
    return frozenset(parse(text).dimension.items())


def _groups() -> Mapping[Dimension, list[str]]:
    table = atoms()
    plain = sorted({*table.defined, *table.free})
    prefixed = [prefix + atom for prefix in ("k", "m", "u", "da") for atom in plain if atom in table.metric]
    groups: dict[Dimension, list[str]] = {}
    for symbol in (*plain, *prefixed):
        # Amounts of substance have rules of their own, which test_units.py tells.
        if not {"mol", "eq"} & {*parse(symbol).above, *parse(symbol).below}:
            groups.setdefault(_dimension(symbol), []).append(symbol)
    return groups


_BY_DIMENSION = _groups()
_SYMBOLS = [symbol for group in _BY_DIMENSION.values() for symbol in group]
_VALUES = st.floats(min_value=1e-6, max_value=1e6)
# Units on a scale with values that it tells apart.
_SCALES = {
    "[degF]": "K",
    "Cel": "K",
    "[degRe]": "[degF]",
    "[pH]": "umol/L",
    "dB": "1",
    "Np": "B",
    "dB[SPL]": "Pa",
    "dB[W]": "kW",
    "bit_s": "%",
    "[hp'_X]": "1",
    "[hp'_Q]": "[ppm]",
    "%[slope]": "deg",
    "[p'diop]": "rad",
    "[m/s2/Hz^(1/2)]": "m2/s4/Hz",
    "dB[uV]": "dB[mV]",
}


@st.composite
def _pairs(draw: st.DrawFn) -> tuple[str, str]:
    parts: list[tuple[str, str]] = []
    for _ in range(draw(st.integers(1, 3))):
        group = draw(st.sampled_from(list(_BY_DIMENSION.values())))
        power = draw(st.sampled_from(["", "-1", "2"]))
        parts.append((draw(st.sampled_from(group)) + power, draw(st.sampled_from(group)) + power))
    order = draw(st.permutations(parts))
    return ".".join(one for one, _ in parts), ".".join(other for _, other in order)


@given(_VALUES, _pairs())
def test_there_and_back_is_identity(value: float, pair: tuple[str, str]) -> None:
    try:
        there = convert(value, *pair)
    except NotComparable:
        raise
    except InvalidInput:
        there = 0.0  # beyond what a double holds
    assume(1e-290 < there < 1e290)
    assert convert(there, pair[1], pair[0]) == pytest.approx(value, rel=_NEAR, abs=0)


@given(st.floats(min_value=0.01, max_value=40), st.sampled_from(sorted(_SCALES.items())))
def test_there_and_back_is_identity_on_every_scale(value: float, pair: tuple[str, str]) -> None:
    assert convert(convert(value, *pair), pair[1], pair[0]) == pytest.approx(value, rel=1e-11, abs=0)


@given(st.floats(min_value=0.01, max_value=1e4), st.sampled_from(["glucose", "LDL", "BUN", "2160-0", "calcium"]))
def test_there_and_back_is_identity_by_analyte(value: float, analyte: str) -> None:
    there = convert(value, "mg/dL", "umol/L", analyte)
    assert convert(there, "umol/L", "mg/dL", analyte) == pytest.approx(value, rel=_NEAR)


@given(st.floats(min_value=3, max_value=20))
def test_there_and_back_is_identity_for_hba1c(value: float) -> None:
    assert convert(convert(value, "%", "mmol/mol", "a1c"), "mmol/mol", "%", "a1c") == pytest.approx(value, rel=_NEAR)


@given(st.sampled_from(_SYMBOLS), st.sampled_from(_SYMBOLS), st.sampled_from(["", "2", "-1"]))
def test_other_dimensions_never_compare(one: str, other: str, power: str) -> None:
    assume(_dimension(one + power) != _dimension(other))
    with pytest.raises(NotComparable):
        convert(1, one + power, other)


@given(_VALUES, st.sampled_from(_SYMBOLS), st.sampled_from(_SYMBOLS))
def test_comparable_says_whether_it_converts(value: float, one: str, other: str) -> None:
    if comparable(one, other):
        convert(value, one, other)
    else:
        with pytest.raises(NotComparable):
            convert(value, one, other)


@given(st.text(alphabet="mkgLdClIU[]{}()./*^+-0123 %'", max_size=12))
def test_any_text_is_a_unit_or_refused(text: str) -> None:
    try:
        convert(1, text, "kg")
    except InvalidInput:
        return
    assert comparable(text, "kg")
