"""What a check is made from: the medicines, and what is known of the person who takes them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from vitasense.deterministic.platform.findings import Evidence

Origin = Literal["prescribed", "over_the_counter", "supplement", "herb", "food", "asked", "said"]
Sex = Literal["female", "male"]
Who = Literal["you", "they", "the patient"]


@dataclass(frozen=True, slots=True)
class Dose:
    """How much is taken each time (`amount` in the UCUM `unit`: "mg", "{tbl}") and how often a day.

    `per_day` is the mean for schedules that are not daily; `most_per_day` the limit of what is taken as needed.
    """

    amount: float
    unit: str
    per_day: float | None = None
    most_per_day: float | None = None


@dataclass(frozen=True, slots=True)
class Medicine:
    """One thing that is taken or asked about, by its name as written ("Simvastatin 20 MG Oral Tablet").

    `dose` is None when it is not known; `route` is an intake route ("oral", "topical") or None. `asked`: it is taken
    already, and the question is about it. Beside what is asked about, what is taken is not told of by itself.
    """

    name: str
    dose: Dose | None = None
    route: str | None = None
    origin: Origin = "said"
    evidence: Evidence | None = None
    asked: bool = False

    @property
    def is_asked(self) -> bool:
        """Whether the question is about it, taken or only thought of."""
        return self.asked or self.origin == "asked"

    @property
    def is_looked_at(self) -> bool:
        """Whether it is asked about, or a food that is."""
        return self.is_asked or self.origin == "food"


@dataclass(frozen=True, slots=True)
class Stated:
    """A condition or allergy as the record or the person has it. `codes` by system URI or short name."""

    name: str
    codes: Mapping[str, str] = field(default_factory=dict[str, str])
    high_risk: bool = False
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """The latest value of one laboratory test or vital sign: a number in a UCUM unit, and when it was true."""

    value: float
    unit: str
    at: datetime
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True)
class Eaten:
    """Food or drink of the food log: its name, how many of the last `days` days it was taken on."""

    name: str
    days_taken: int
    days: int
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of the person. None always means "not known or not shared", an empty tuple "none is recorded".

    `who` is how the person is spoken of: to themselves, to somebody who asks for another, or to those who treat them.
    `measured` is by LOINC code; `pregnant` and `breastfeeding` are None when nobody said it. `weeks` of pregnancy.
    """

    now: datetime
    age_years: float | None = None
    sex: Sex | None = None
    weight_kg: float | None = None
    pregnant: bool | None = None
    weeks: float | None = None
    breastfeeding: bool | None = None
    conditions: tuple[Stated, ...] | None = None
    allergies: tuple[Stated, ...] | None = None
    measured: Mapping[str, Measured] | None = None
    eaten: tuple[Eaten, ...] | None = None
    who: Who = "you"

    @property
    def own(self) -> bool:
        """Whether the person asks for themselves."""
        return self.who == "you"


class Kind:
    """The kinds of the findings of a check."""

    NAME = "drug_name"
    INTERACTION = "drug_interaction"
    LOAD = "interaction_load"
    DUPLICATION = "drug_duplication"
    FOOD = "drug_food"
    ALCOHOL = "drug_alcohol"
    CONDITION = "drug_condition"
    ALLERGY = "drug_allergy"
    LABORATORY = "drug_laboratory"
    PREGNANCY = "drug_pregnancy"
    BREASTFEEDING = "drug_breastfeeding"
    CHILD = "drug_child"
    OLDER = "drug_older_person"
    MAXIMUM = "maximum_dose"
