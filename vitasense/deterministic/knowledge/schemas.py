"""What the knowledge room knows: medicines, classes, interactions, roles, effects, genes and plain-language terms."""

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, computed_field, model_validator

from vitasense.deterministic.platform.findings import Evidence

ATC_CODE = r"^[A-Z]\d{2}([A-Z]([A-Z](\d{2})?)?)?$"


class Entry(BaseModel):
    """One entry of a rules file; `source` is set when it differs from the file's."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    source: str | None = None


class DrugClass(Entry):
    """A group of medicines; `use` completes "it …", `treats` names terms."""

    name: str
    plural: str
    use: str
    treats: tuple[str, ...] = ()


class Drug(Entry):
    """One active ingredient. `atc` are WHO ATC codes, `rxcui` is the RxNorm ingredient number."""

    label: str | None = None
    names: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()
    rxcui: str | None = Field(default=None, pattern=r"^\d+$")
    atc: tuple[str, ...] = ()
    classes: tuple[str, ...] = Field(min_length=1)
    use: str | None = None
    kind: Literal["medicine", "herb", "supplement", "food"] = "medicine"

    @computed_field
    @property
    def name(self) -> str:
        """The name a person reads."""
        return self.label or self.key.replace("_", " ")


class Everyday(Entry):
    """A kind of medicine as people call it: its WHO ATC groups, and the drug keys usually sold for it over the counter.

    `use` completes "it …".
    """

    use: str
    atc: tuple[Annotated[str, Field(pattern=ATC_CODE)], ...] = Field(min_length=1)
    usual: tuple[str, ...] = ()


class Combination(Entry):
    """A product with more than one ingredient; the key is its brand name."""

    ingredients: tuple[str, ...] = Field(min_length=2)
    names: tuple[str, ...] = ()


class Severity(StrEnum):
    """How much a pair matters; the first two interrupt a person, the others are told."""

    CONTRAINDICATED = "contraindicated"
    MAJOR = "major"
    MODERATE = "moderate"
    MINOR = "minor"

    @property
    def interrupts(self) -> bool:
        """Whether a person should be stopped and told before the next dose."""
        return self in (Severity.CONTRAINDICATED, Severity.MAJOR)


class Group(Entry):
    """Named members of interaction entries: drug keys, `class:key` or `group:key`."""

    name: str
    members: tuple[str, ...] = Field(min_length=1)


class Interaction(Entry):
    """Every pair of one left and one right member; `what` happens and what to do (`advice`)."""

    severity: Severity
    left: tuple[str, ...] = Field(min_length=1)
    right: tuple[str, ...] = Field(min_length=1)
    what: str
    advice: str


class Role(StrEnum):
    """What a medicine has to do with an enzyme or transporter; `activated_by` makes its working form."""

    SUBSTRATE = "substrate"
    ACTIVATED_BY = "activated_by"
    INHIBITS = "inhibits"
    INDUCES = "induces"


class ProteinRole(Entry):
    """The medicines with one role at one enzyme or transporter; `strength` as in FDA's table."""

    protein: str
    role: Role
    strength: Literal["strong", "moderate", "weak", "sensitive"] | None = None
    members: tuple[str, ...] = Field(min_length=1)


class Symptom(Entry):
    """What a medicine can make a person feel, see or fall ill with.

    `said` is how it reads after "can cause", where that is not its name; `condition` the term of a condition that it is.
    """

    name: str
    said: str | None = None
    names: tuple[str, ...] = ()
    condition: str | None = None


class HowOften(StrEnum):
    """How many of those who take a medicine have an effect, as in CIOMS's convention; rare has very rare in it."""

    COMMON = "common"
    UNCOMMON = "uncommon"
    RARE = "rare"
    UNKNOWN = "unknown"


class Effect(Entry):
    """What each of the members can cause. A serious effect says what to do (`advice`), and no other does."""

    members: tuple[str, ...] = Field(min_length=1)
    symptoms: tuple[str, ...] = Field(min_length=1)
    how_often: HowOften
    serious: bool = False
    advice: str | None = None

    @model_validator(mode="after")
    def _advises_when_serious(self) -> Self:
        if self.serious != bool(self.advice):
            raise ValueError(f"{self.key}: what is serious says what to do, and nothing else does")
        return self


class Nutrient(Entry):
    """A nutrient of which the body can have too little or too much."""

    name: str
    names: tuple[str, ...] = ()


class Change(Entry):
    """What each of the members lowers or raises: `of` are nodes, as `nutrient:key` or `lab:key`."""

    members: tuple[str, ...] = Field(min_length=1)
    of: tuple[str, ...] = Field(min_length=1)
    direction: Literal["lowers", "raises"]
    advice: str | None = None


class Guidance(Entry):
    """The medicines whose dose or choice goes by a gene, and `what` the gene decides."""

    gene: str
    members: tuple[str, ...] = Field(min_length=1)
    what: str


class Words(Entry):
    """Words of a product name that do not change which ingredient it is: forms and salts."""

    members: frozenset[str]


class TermValue(BaseModel):
    """A number that a term's text names, with its UCUM unit ("1" has none)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    number: float
    unit: str


class Term(Entry):
    """A word of medicine in plain language."""

    kind: Literal["lab", "vital", "condition", "concept", "test"]
    name: str
    names: tuple[str, ...] = ()
    text: str
    values: tuple[TermValue, ...] = ()


class Explanation(BaseModel):
    """What one entry of the room says of itself. `key` is what it is and its entry: `condition/gout`, `medicine/iron`.

    What it is: lab, vital, condition, concept or test for a term, group for a kind of medicine, else that of the drug.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    name: str
    names: tuple[str, ...] = ()
    text: str
    evidence: Evidence
