"""Genomics: what a person's genes mean for their medicines, by CPIC guidelines."""

from vitasense.deterministic.genomics.guidelines import (
    find_gene,
    gene_file,
    gene_for_drug,
    gene_symbols,
    guideline_file,
)
from vitasense.deterministic.genomics.observations import results_from_observations
from vitasense.deterministic.genomics.schemas import Gene, GeneDrug, GeneResult, Meaning
from vitasense.deterministic.genomics.service import drug_response, gene_facts

__all__ = [
    "Gene",
    "GeneDrug",
    "GeneResult",
    "Meaning",
    "drug_response",
    "find_gene",
    "gene_facts",
    "gene_file",
    "gene_for_drug",
    "gene_symbols",
    "guideline_file",
    "results_from_observations",
]
