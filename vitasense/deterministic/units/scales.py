"""The functions of special units, from a value on the scale to a value in the proper unit and back.

Source: UCUM 2.2, section 3.1 and the tables of section 4, where a scale reads r = f(m / u). Logarithms are taken in
30 decimal digits and rounded once, at the end. Tangents are the machine's, so their results are shown in 15 digits.
"""

import math
from collections.abc import Mapping
from decimal import Context, Decimal
from fractions import Fraction
from types import MappingProxyType

from vitasense.deterministic.platform.problems import InvalidInput

# r = m / u - shift: the ice point in kelvin, and the same distance in fifths of 9 and of 4 kelvin.
SHIFTS: Mapping[str, Fraction] = MappingProxyType(
    {"Cel": Fraction("273.15"), "degF": Fraction("459.67"), "degRe": Fraction("218.52")}
)
_DIGITS = Context(prec=30)
_E = _DIGITS.exp(Decimal(1))
# r = factor * log(m / u) to the base; homeopathic potencies count dilutions of 10, 100, 1,000 and 50,000.
_LOGARITHMS: Mapping[str, tuple[int, Decimal]] = MappingProxyType(
    {
        "ln": (1, _E),
        "lg": (1, Decimal(10)),
        "lgTimes2": (2, Decimal(10)),
        "ld": (1, Decimal(2)),
        "pH": (-1, Decimal(10)),
        "hpX": (-1, Decimal(10)),
        "hpC": (-1, Decimal(100)),
        "hpM": (-1, Decimal(1000)),
        "hpQ": (-1, Decimal(50000)),
    }
)
# r = 100 * tan(angle): both are of the angle itself, whether UCUM writes it in radians or in degrees.
TANGENTS = frozenset({"tanTimes100", "100tan"})
_HIGHEST = 1100  # a double ends at 2^1024


def proper(function: str, value: Fraction, unit: Fraction) -> Fraction:
    """The size in base units of `value` on a scale whose proper unit has the size `unit`.

    Raises InvalidInput for a value that the scale does not have, or that is beyond what a number can hold.
    """
    if function in SHIFTS:
        return (value + SHIFTS[function]) * unit
    if function in TANGENTS:
        return Fraction(math.atan(value / 100))
    if function == "sqrt":
        return _not_negative(value) ** 2 * unit
    factor, base = _LOGARITHMS[function]
    exponent = _decimal(value / factor)
    if abs(exponent) > _HIGHEST:
        raise InvalidInput("The value is beyond what a number can hold.")
    return Fraction(_DIGITS.power(base, exponent)) * unit


def special(function: str, size: Fraction, unit: Fraction) -> Fraction:
    """The value on a scale, whose proper unit has the size `unit`, of a size in base units.

    Raises InvalidInput for a size that the scale cannot show: a logarithm or root of what is not positive, a slope
    of a right angle or more.
    """
    if function in SHIFTS:
        return size / unit - SHIFTS[function]
    if function in TANGENTS:
        if abs(size) >= math.pi / 2:
            raise InvalidInput("A slope is of an angle below 90 degrees.")
        return 100 * Fraction(math.tan(size))
    if function == "sqrt":
        return Fraction(_DIGITS.sqrt(_decimal(_not_negative(size / unit))))
    if size <= 0:
        raise InvalidInput("Only a value above zero has a level on a logarithmic scale.")
    factor, base = _LOGARITHMS[function]
    return factor * Fraction(_DIGITS.divide(_DIGITS.ln(_decimal(size / unit)), _DIGITS.ln(base)))


def shown(value: Fraction) -> Fraction:
    """The value in 15 significant digits, the most that every double keeps."""
    return Fraction(f"{float(value):.15g}")


def _decimal(value: Fraction) -> Decimal:
    return _DIGITS.divide(Decimal(value.numerator), Decimal(value.denominator))


def _not_negative(value: Fraction) -> Fraction:
    if value < 0:
        raise InvalidInput("A root is of a value that is not negative.")
    return value
