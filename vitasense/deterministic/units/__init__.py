"""Units: UCUM codes, their words, and conversions that refuse what cannot be compared."""

from vitasense.deterministic.units.service import (
    canonical_unit,
    convert,
    display_unit,
    unit_words,
)

__all__ = ["canonical_unit", "convert", "display_unit", "unit_words"]
