"""The gene and guideline files keep their own promises."""

import re

import pytest

from vitasense.deterministic.genomics import find_gene, gene_file, gene_for_drug, guideline_file
from vitasense.deterministic.knowledge import rulebook


def test_keys_are_unique_and_sources_name_author_and_year() -> None:
    genes, pairs = gene_file().entries, guideline_file().entries
    assert len({gene.key for gene in genes}) == len(genes)
    assert len({pair.key for pair in pairs}) == len(pairs)
    for pair in pairs:
        author, year = pair.guideline.rsplit(" ", 1)
        assert re.fullmatch(r"20\d{2}", year)
        assert author in pair.source and year in pair.source


def test_every_gene_is_explained_and_used_and_every_drug_is_known() -> None:
    pairs = guideline_file().entries
    assert {pair.gene for pair in pairs} == {gene.key for gene in gene_file().entries}
    assert all(key in rulebook().drugs.entries for pair in pairs for key in pair.drugs)


def test_no_pair_is_listed_twice_and_no_result_has_two_meanings() -> None:
    listed = [(pair.gene, pair.allele, key) for pair in guideline_file().entries for key in pair.drugs]
    assert len(set(listed)) == len(listed) >= 60
    for pair in guideline_file().entries:
        results = [result for meaning in pair.meanings for result in meaning.results]
        assert len(set(results)) == len(results), pair.key
        assert all(result == result.casefold() for result in results)


@pytest.mark.parametrize(
    ("drug", "gene", "guideline"),
    [
        ("Plavix 75 mg", "CYP2C19", "Lee 2022"),
        ("codeine", "CYP2D6", "Crews 2021"),
        ("simvastatin", "SLCO1B1", "Cooper-DeHoff 2022"),
        ("capecitabine", "DPYD", "Amstutz 2018"),
        ("abacavir", "HLA-B", "Martin 2014"),
        ("azathioprine", "NUDT15", "Relling 2019"),
    ],
)
def test_well_known_pairs_are_listed(drug: str, gene: str, guideline: str) -> None:
    assert (gene, guideline) in {(pair.gene, pair.guideline) for pair in gene_for_drug(drug)}


@pytest.mark.parametrize("name", ["cyp2c19", "CYP2C19", "hla b", "HLA-B", "MTRNR1"])
def test_a_gene_is_found_in_any_spelling(name: str) -> None:
    assert find_gene(name) is not None


def test_an_unlisted_gene_is_not_guessed() -> None:
    assert find_gene("CYP2C") is None
    assert find_gene("") is None
