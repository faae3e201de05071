"""Loads genes and guideline pairs once and finds them by gene or medicine."""

from functools import cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict

from vitasense.deterministic.genomics.schemas import Gene, GeneDrug, Guideline
from vitasense.deterministic.knowledge import ingredients, rulebook
from vitasense.deterministic.platform.findings import Evidence


class GeneFile(BaseModel):
    """rules/genes.yaml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    source: str
    entries: tuple[Gene, ...]


class GuidelineFile(BaseModel):
    """rules/guidelines.yaml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    source: str
    entries: tuple[Guideline, ...]


@cache
def gene_file() -> GeneFile:
    """The genes, read once."""
    return GeneFile.model_validate(_read("genes"))


@cache
def guideline_file() -> GuidelineFile:
    """The guideline pairs, read once."""
    return GuidelineFile.model_validate(_read("guidelines"))


def find_gene(name: str) -> Gene | None:
    """The gene of this symbol or alias, in any case and with or without a hyphen; None when it is not listed."""
    return _genes_by_name().get(_symbol(name))


def gene_symbols() -> tuple[str, ...]:
    """Every symbol and alias that `find_gene` knows, the longest first."""
    names = [name for gene in gene_file().entries for name in (gene.key, *gene.names)]
    return tuple(sorted(names, key=len, reverse=True))


def gene_for_drug(name: str) -> tuple[GeneDrug, ...]:
    """Every CPIC level A pair of a medicine (brand, generic or product); empty when it is unknown or has none."""
    keys = [part.drug.key for part in ingredients(name) if part.drug]
    return tuple(pair for key in keys for pair in _pairs_by_drug().get(key, ()))


def pairs_of_gene(gene: str) -> tuple[GeneDrug, ...]:
    """Every CPIC level A pair of a gene symbol."""
    return tuple(pair for pairs in _pairs_by_drug().values() for pair in pairs if pair.gene == gene)


def gene_evidence(gene: Gene) -> Evidence:
    """A pointer to what is said about a gene."""
    file = gene_file()
    return Evidence(
        kind="knowledge",
        ref=f"genomics/genes#{gene.key}",
        version=file.version,
        label=f"gene {gene.key}",
        source=gene.source or file.source,
    )


@cache
def _pairs_by_drug() -> dict[str, tuple[GeneDrug, ...]]:
    pairs: dict[str, tuple[GeneDrug, ...]] = {}
    for entry in guideline_file().entries:
        for key in entry.drugs:
            pairs[key] = (*pairs.get(key, ()), _pair(entry, key))
    return pairs


def _pair(entry: Guideline, drug_key: str) -> GeneDrug:
    name = rulebook().drugs[drug_key].name
    evidence = Evidence(
        kind="knowledge",
        ref=f"genomics/guidelines#{entry.key}",
        version=guideline_file().version,
        label=f"CPIC guideline {entry.guideline} for {entry.gene} and {name}",
        source=entry.source,
    )
    return GeneDrug(
        gene=entry.gene,
        drug=name,
        allele=entry.allele,
        affects=entry.affects,
        guideline=entry.guideline,
        meanings=entry.meanings,
        evidence=evidence,
    )


@cache
def _genes_by_name() -> dict[str, Gene]:
    return {_symbol(name): gene for gene in gene_file().entries for name in (gene.key, *gene.names)}


def _symbol(name: str) -> str:
    return "".join(c for c in name.casefold() if c.isalnum())


def _read(name: str) -> object:
    text = files("vitasense.deterministic.genomics").joinpath("rules", f"{name}.yaml").read_text("utf-8")
    return yaml.load(text, Loader=yaml.CSafeLoader)
