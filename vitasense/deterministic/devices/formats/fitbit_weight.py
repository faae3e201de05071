"""In which unit a Fitbit file's weights are: kilograms, pounds or stones, as the person's account is set.

The file has no unit, but mostly a body mass index beside each weight: together they say how tall the person is in each
reading of the unit, and only one reading gives the height of a grown person.
"""

import math
from statistics import median

from vitasense.deterministic.devices.formats.json_files import above_zero, node
from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.units import convert

UNITS = ("kg", "[lb_av]", "[stone_av]")
# Metres. Mean heights of adults are 1.49 to 1.84 with standard deviations of about 0.07 (NCD Risk Factor Collaboration,
# eLife 2016;5:e13410, men and women of 200 countries). Up to 2.05 a height in kg cannot be an adult's height in pounds,
# which would be under 1.40.
SHORTEST, TALLEST = 1.40, 2.05
# A child's pounds could be an adult's kilograms, but then of a very thin one: from 17 on it is not "moderate thinness"
# of an adult (WHO Technical Report Series 854, 1995), and more than most children have. Below, nothing is told.
THINNEST = 17.0


def weight_unit(rows: list[object]) -> str | None:
    """The UCUM unit of all weights of the file; None when it cannot be told."""
    known = [both for row in rows if (both := _weight_and_index(row)) is not None]
    if not known or median(index for _, index in known) < THINNEST:
        return None
    height = math.sqrt(median(weight / index for weight, index in known))
    fitting = [unit for unit in UNITS if SHORTEST <= height * math.sqrt(convert(1.0, unit, "kg")) <= TALLEST]
    return fitting[0] if len(fitting) == 1 else None


def _weight_and_index(row: object) -> tuple[float, float] | None:
    found = node(row)
    try:
        weight, index = (above_zero(found, "weight"), above_zero(found, "bmi")) if found else (None, None)
    except InvalidInput:
        return None
    return (weight, index) if weight and index else None
