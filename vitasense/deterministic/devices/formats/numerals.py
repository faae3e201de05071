"""Numbers as tables write them: nothing is guessed about a comma."""

import math
import re
from typing import Literal

from vitasense.deterministic.devices.formats.limits import quoted
from vitasense.deterministic.platform.problems import InvalidInput

Decimal = Literal[".", ","]

_PLAIN = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?", re.ASCII)
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?", re.ASCII)
_FORMULA = re.compile(r"[=@]|[+-][^0-9.,]")
_SWAP = str.maketrans(".,", ",.")


def number(text: str, decimal: Decimal | None = None) -> float:
    """The number a cell holds. Raises InvalidInput with the reason.

    With `decimal` given the other sign may separate thousands ("1.234,5" with ","). Without it a comma is refused,
    because "1,234" is a thousand in one country and one in the next.
    """
    text = text.strip()
    if _FORMULA.match(text):
        raise InvalidInput(f"{quoted(text)} is a formula, not a number: save the table with its values.")
    if decimal is None and "," in text:
        raise InvalidInput(f"{quoted(text)} can be read in two ways: say whether the comma is the decimal sign.")
    plain = text.translate(_SWAP) if decimal == "," else text
    if decimal is not None and _GROUPED.fullmatch(plain):
        plain = plain.replace(",", "")
    if not _PLAIN.fullmatch(plain):
        raise InvalidInput(f"{quoted(text)} is not a number." if text else "The number is missing.")
    return finite(float(plain))


def finite(value: float) -> float:
    """`value`, if it is finite; else InvalidInput."""
    if not math.isfinite(value):
        raise InvalidInput("The number is not finite.")
    return value


def numeric(value: object, member: str) -> float:
    """A JSON number as float. Raises InvalidInput for anything else; true is no number, and neither is "5"."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidInput(f"{quoted(member)} is missing." if value is None else f"{quoted(member)} is not a number.")
    try:
        return finite(float(value))
    except OverflowError:
        raise InvalidInput(f"{quoted(member)} is larger than a number can be.") from None
