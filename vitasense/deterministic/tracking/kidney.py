"""How well the kidneys work, estimated from creatinine: the two equations that guidelines and labels use."""

from dataclasses import dataclass
from typing import Literal

from vitasense.deterministic.platform.problems import InvalidInput

ADULT_YEARS = 18  # both equations were developed in adults


@dataclass(frozen=True, slots=True)
class _Sexed:
    """The constants of the CKD-EPI 2021 equation for one sex."""

    kappa: float
    alpha: float
    factor: float


_CKD_EPI: dict[Literal["female", "male"], _Sexed] = {
    "female": _Sexed(0.7, -0.241, 1.012),
    "male": _Sexed(0.9, -0.302, 1.0),
}
_ABOVE_KAPPA, _EACH_YEAR, _SCALE = -1.200, 0.9938, 142.0
_COCKCROFT_GAULT_FEMALE = 0.85


def ckd_epi_2021(creatinine: float, age_years: float, sex: Literal["female", "male"]) -> float:
    """The estimated glomerular filtration rate in mL/min/1.73 m², from serum creatinine in mg/dL.

    Inker LA et al., New creatinine- and cystatin C-based equations to estimate GFR without race, N Engl J Med
    2021;385:1737-1749, Table S10. Raises InvalidInput below 18 years and for a creatinine that is not above zero.
    """
    _check(creatinine, age_years)
    of = _CKD_EPI[sex]
    ratio = creatinine / of.kappa
    return _SCALE * min(ratio, 1) ** of.alpha * max(ratio, 1) ** _ABOVE_KAPPA * _EACH_YEAR**age_years * of.factor


def cockcroft_gault(creatinine: float, age_years: float, sex: Literal["female", "male"], weight_kg: float) -> float:
    """The creatinine clearance in mL/min, from serum creatinine in mg/dL and the actual body weight in kg.

    Cockcroft DW and Gault MH, Prediction of creatinine clearance from serum creatinine, Nephron 1976;16:31-41.
    Raises InvalidInput below 18 years, from 140 years, and for a creatinine or weight that is not above zero.
    """
    _check(creatinine, age_years)
    if weight_kg <= 0 or age_years >= 140:
        raise InvalidInput("Weight must be above zero and age below 140 years.")
    whole = (140 - age_years) * weight_kg / (72 * creatinine)
    return whole * (_COCKCROFT_GAULT_FEMALE if sex == "female" else 1)


def _check(creatinine: float, age_years: float) -> None:
    if age_years < ADULT_YEARS:
        raise InvalidInput("These equations hold for adults only.")
    if creatinine <= 0:
        raise InvalidInput("Creatinine must be above zero.")
