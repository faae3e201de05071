"""Units: all of UCUM, its words, and conversions that refuse what cannot be compared.

The parser and the exact arithmetic are our own, over UCUM's tables as data: docs/decisions/0004-units.md says why.
"""

from vitasense.deterministic.units.schemas import NotComparable, UnknownUnit
from vitasense.deterministic.units.service import (
    canonical_unit,
    comparable,
    convert,
    display_unit,
    is_valid,
    unit_words,
)

__all__ = [
    "NotComparable",
    "UnknownUnit",
    "canonical_unit",
    "comparable",
    "convert",
    "display_unit",
    "is_valid",
    "unit_words",
]
