"""Units of device files, and values in the unit that the catalogue keeps."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vitasense.deterministic.devices.formats.parsed import Measured, SourceDevice
from vitasense.deterministic.devices.formats.units import normalised
from vitasense.deterministic.platform.problems import InvalidInput

DEVICE = SourceDevice("x")
AT = datetime(2026, 3, 1, tzinfo=UTC)


def of(metric: str, value: float, unit: str) -> Measured:
    return Measured(DEVICE, metric, AT, value, unit)


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        (("15074-8", 5.5, "mmol/L"), ("2339-0", 99.0858, "mg/dL")),
        (("2339-0", 5.5, "mmol/L"), ("2339-0", 99.0858, "mg/dL")),
        (("105272-9", 10, "mmol/L"), ("99504-3", 180.156, "mg/dL")),
        (("99504-3", 120, "mg/dL"), ("99504-3", 120, "mg/dL")),
        (("29463-7", 100, "[lb_av]"), ("29463-7", 45.359237, "kg")),
        (("8310-5", 98.6, "[degF]"), ("8310-5", 37, "Cel")),
        (("55430-3", 1, "[mi_i]"), ("55430-3", 1609.344, "m")),
        (("59408-5", 0.97, "1"), ("59408-5", 97, "%")),
        (("8480-6", 16, "kPa"), ("8480-6", 120.0102, "mm[Hg]")),
        (("93832-4", 420, "min"), ("93832-4", 7, "h")),
        (("8867-4", 61, "{beats}/min"), ("8867-4", 61, "/min")),
        (("55423-8", 300, "count"), ("55423-8", 300, "{steps}")),
        (("8302-2", 1.8, "m"), ("8302-2", 180, "cm")),
    ],
)
def test_values_come_in_the_catalogues_unit(given_: tuple[str, float, str], expected: tuple[str, float, str]) -> None:
    found = normalised(of(*given_))
    assert (found.metric, found.unit) == (expected[0], expected[2])
    assert found.value == pytest.approx(expected[1], rel=1e-6)


@pytest.mark.parametrize(
    ("given_", "reason"),
    [
        (("8867-4", 61, "kg"), "no unit for heart rate"),
        (("8867-4", 61, "furlongs"), "not known"),
        (("8867-4", 61, ""), "unit is missing"),
        (("8867-4", float("nan"), "/min"), "not finite"),
        (("8867-4", float("inf"), "/min"), "not finite"),
        (("718-7", 14, "g/dL"), "not a measure"),
        (("55423-8", 5, "kg"), "no unit for steps"),
        (("8867-4", 61, "x" * 100_000), "not known"),
    ],
)
def test_what_cannot_be_kept_is_refused(given_: tuple[str, float, str], reason: str) -> None:
    with pytest.raises(InvalidInput, match=reason):
        normalised(of(*given_))


@given(st.text(max_size=20), st.floats())
def test_no_unit_gives_anything_else_than_a_finite_number_or_a_refusal(unit: str, value: float) -> None:
    try:
        found = normalised(of("29463-7", value, unit))
    except InvalidInput:
        return
    assert found.unit == "kg"
    assert abs(found.value) < float("inf")
