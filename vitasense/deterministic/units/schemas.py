"""Unit and Analyte: one row each of rules/units.yaml and rules/analytes.yaml."""

from fractions import Fraction

from pydantic import BaseModel, ConfigDict


class Unit(BaseModel):
    """A UCUM unit; `base = value * factor + offset` in the base of its `kind`, and only one kind converts."""

    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=False)

    code: str
    display: str
    kind: str
    factor: Fraction
    offset: Fraction = Fraction(0)
    words: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()


class Analyte(BaseModel):
    """What is measured: molar mass in g/mol, charges per molecule, or the two constants of the NGSP equation."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    source: str
    loinc: tuple[str, ...] = ()
    molar_mass: Fraction | None = None
    valence: int | None = None
    ngsp_slope: Fraction | None = None
    ngsp_intercept: Fraction | None = None
