"""What the graph is made of: nodes and typed edges, each edge with its sentence, source, evidence level and period."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Self

from vitasense.deterministic.knowledge.schemas import Drug, Severity


class NodeKind(StrEnum):
    """What a node stands for; a drug is a product or brand, an ingredient its active substance (herbs too).

    A lab is anything that is measured, vital signs and other tests too.
    """

    DRUG = "drug"
    INGREDIENT = "ingredient"
    CLASS = "class"
    ENZYME = "enzyme"
    TRANSPORTER = "transporter"
    GENE = "gene"
    CONDITION = "condition"
    SYMPTOM = "symptom"
    LAB = "lab"
    FOOD = "food"
    NUTRIENT = "nutrient"


class Relation(StrEnum):
    """How one node stands to another; read as "source relation target".

    `activated_by`: an enzyme makes the working form of a medicine, which works less when the enzyme is held back.
    """

    IS_A = "is_a"
    CONTAINS = "contains"
    USED_FOR = "used_for"
    SUBSTRATE = "substrate"
    ACTIVATED_BY = "activated_by"
    INHIBITS = "inhibits"
    INDUCES = "induces"
    INTERACTS = "interacts"
    CONTRAINDICATED = "contraindicated"
    CAUSES = "causes"
    CHANGES = "changes"
    GUIDED_BY = "guided_by"


class Level(StrEnum):
    """How well an edge is supported, the best first. `inferred` was worked out and is never told as documented."""

    GUIDELINE = "guideline"
    LABEL = "label"
    COMPENDIUM = "compendium"
    STUDY = "study"
    REVIEWED = "reviewed"
    INFERRED = "inferred"

    @classmethod
    def of(cls, origin: str) -> Self:
        """The level of a rule that rests on this publication."""
        words = origin.casefold()
        if "guideline" in words:
            return cls("guideline")
        return cls("label") if "label" in words else cls("compendium")


@dataclass(frozen=True, slots=True)
class NodeFact:
    """A node. `key` is its kind and its own name ("ingredient:warfarin"); `codes` by system ("rxnorm", "atc", "hgnc")."""

    key: str
    name: str
    names: tuple[str, ...] = ()
    codes: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])

    @property
    def kind(self) -> NodeKind:
        """What it stands for."""
        return NodeKind(self.key.partition(":")[0])


@dataclass(frozen=True, slots=True)
class EdgeFact:
    """An edge. `says` is its clause in words ("clarithromycin strongly inhibits CYP3A4"), `ref` the entry it came from.

    `severity`, `what` and `advice` are set for interactions and contraindications, `sentence` where it was read in a text.
    `strength` is that of an inhibitor, inducer or substrate, as in FDA's table; of an effect it says
    how often: common, uncommon or rare.
    """

    source: str
    relation: Relation
    target: str
    says: str
    origin: str
    ref: str
    level: Level
    severity: Severity | None = None
    what: str | None = None
    advice: str | None = None
    strength: str | None = None
    sentence: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None


Fact = NodeFact | EdgeFact


def key_of(drug: Drug) -> str:
    """The key of a medicine's node; foods are nodes of a kind of their own."""
    return f"{NodeKind.FOOD if drug.kind == 'food' else NodeKind.INGREDIENT}:{drug.key}"
