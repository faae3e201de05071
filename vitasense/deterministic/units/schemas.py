"""Spelling and Analyte: one row each of rules/units.yaml and rules/analytes.yaml; and why a conversion is refused."""

from fractions import Fraction
from typing import Literal

from pydantic import BaseModel, ConfigDict

from vitasense.deterministic.platform.problems import InvalidInput

Reason = Literal["quantity", "arbitrary", "annotation", "amount", "analyte"]


class UnknownUnit(InvalidInput):
    """The text is no UCUM expression and no other spelling of a unit."""


class NotComparable(InvalidInput):
    """Both units are known but no value of one says what it is in the other; `reason` says why.

    "quantity": other dimensions. "arbitrary": an arbitrary unit compares only with itself (UCUM 2.2, section 3.2).
    "annotation": they count or index different things. "amount": amounts of substance against plain numbers.
    "analyte": it takes the molar mass or charge of what is measured, and it was not given or has none.
    """

    def __init__(self, detail: str, reason: Reason) -> None:
        super().__init__(detail, reason=reason)
        self.reason = reason


class Spelling(BaseModel):
    """A unit that people say or records hold: its UCUM code, how it is read, and its other spellings."""

    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=False)

    code: str
    display: str
    words: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()


class Analyte(BaseModel):
    """What is measured: molar mass in g/mol, charges per molecule, or the two constants of the NGSP equation.

    `divides` tells that these are of the substance below the line, as creatinine in albumin per creatinine.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    source: str
    names: tuple[str, ...] = ()
    loinc: tuple[str, ...] = ()
    molar_mass: Fraction | None = None
    valence: int | None = None
    divides: bool = False
    ngsp_slope: Fraction | None = None
    ngsp_intercept: Fraction | None = None
