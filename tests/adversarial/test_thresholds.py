"""Values that a doctor would not leave until the next visit."""

import pytest

from vitasense.deterministic.platform.findings import Urgency
from vitasense.deterministic.tracking import Measured, assess


@pytest.mark.parametrize(("systolic", "diastolic"), [(70, 40), (89, 62), (85, 82), (60, 50)])
def test_a_pressure_as_in_shock_is_urgent_and_never_called_high(systolic: float, diastolic: float) -> None:
    values = {"8480-6": Measured(systolic, "mm[Hg]"), "8462-4": Measured(diastolic, "mm[Hg]")}
    found = assess(values, age_years=50)
    assert found
    assert (found.key, found.urgency) == ("very_low", Urgency.URGENT)
