"""Genes that change what medicines do, what a guideline says about each pair, and a person's results."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from vitasense.deterministic.platform.findings import Evidence, Urgency
from vitasense.deterministic.platform.untrusted import RecordText


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Gene(_Frozen):
    """A pharmacogene; `what` completes "this gene …"."""

    key: str
    names: tuple[str, ...] = ()
    what: str
    source: str | None = None


class Meaning(_Frozen):
    """What some results mean for a medicine; `results` are in lower case."""

    results: tuple[str, ...] = Field(min_length=1)
    text: str
    urgency: Urgency


class Guideline(_Frozen):
    """One CPIC recommendation for a gene and the medicines it treats alike; `allele` marks HLA pairs."""

    key: str
    gene: str
    allele: str | None = None
    drugs: tuple[str, ...] = Field(min_length=1)
    affects: str
    guideline: str
    source: str
    meanings: tuple[Meaning, ...] = ()


class GeneDrug(_Frozen):
    """One gene-drug pair of CPIC level A: `drug` is the medicine's name, `guideline` first author and year."""

    gene: str
    drug: str
    allele: str | None
    affects: str
    guideline: str
    meanings: tuple[Meaning, ...]
    evidence: Evidence


class GeneResult(_Frozen):
    """One laboratory result for a gene: `genotype` like *1/*2, `phenotype` like poor metabolizer; one may be missing."""

    gene: str
    genotype: RecordText | None
    phenotype: RecordText | None
    at: datetime | None
    evidence: Evidence
