"""Genes and variants in the notations of laboratories."""

import pytest

from vitasense.deterministic.intake import Entity, EntityType, Variant, read


def variants(text: str) -> tuple[Entity, ...]:
    return tuple(one for one in read(text).entities if one.variant)


@pytest.mark.parametrize(
    ("text", "said", "name", "variant"),
    [
        ("CYP2C19 *2/*17", "*2/*17", "CYP2C19 *2/*17", Variant(kind="star", gene="CYP2C19", alleles=("*2", "*17"))),
        ("TPMT*3A", "*3A", "TPMT *3A", Variant(kind="star", gene="TPMT", alleles=("*3A",))),
        ("HLA-B*57:01", "*57:01", "HLA-B *57:01", Variant(kind="star", gene="HLA-B", alleles=("*57:01",))),
        ("rs4244285", "rs4244285", "rs4244285", Variant(kind="rsid", gene="CYP2C19", rsid="rs4244285")),
        ("rs1800562(A;G)", "rs1800562(A;G)", "rs1800562", Variant(kind="rsid", gene="HFE", rsid="rs1800562", alleles=("A", "G"))),
        ("CFTR c.1521_1523delCTT", "c.1521_1523delCTT", "CFTR c.1521_1523delCTT", Variant(kind="hgvs", gene="CFTR", hgvs="c.1521_1523delCTT")),
        ("BRCA1 c.68_69delAG", "c.68_69delAG", "BRCA1 c.68_69delAG", Variant(kind="hgvs", gene="BRCA1", hgvs="c.68_69delAG")),
        ("APC c.3920T>A", "c.3920T>A", "APC c.3920T>A", Variant(kind="hgvs", gene="APC", hgvs="c.3920T>A")),
        ("APOE e3/e4", "e3/e4", "APOE e3/e4", Variant(kind="named", gene="APOE", alleles=("e3", "e4"))),
        ("MTHFR C677T", "C677T", "MTHFR C677T", Variant(kind="named", gene="MTHFR", alleles=("C677T",))),
        ("factor V Leiden", "factor V Leiden", "F5", Variant(kind="named", gene="F5", rsid="rs6025")),
    ],
)  # fmt: skip
def test_each_notation_is_a_variant_with_its_gene(text: str, said: str, name: str, variant: Variant) -> None:
    (found,) = variants(text)
    assert (found.text, found.name, found.variant) == (said, name, variant)
    assert text[found.start : found.end] == said


@pytest.mark.parametrize(
    ("text", "zygosity"),
    [
        ("heterozygous for factor V Leiden", "heterozygous"),
        ("MTHFR C677T homozygous", "homozygous"),
        ("BRCA2 c.5946delT carrier", "carrier"),
        ("one copy of APOE e4", "heterozygous"),
    ],
)
def test_the_number_of_copies_is_kept(text: str, zygosity: str) -> None:
    (found,) = variants(text)
    assert found.variant and found.variant.zygosity == zygosity


@pytest.mark.parametrize(
    "text", ["* 2 eggs", "call extension e4", "vitamin B12 and C677T shirts", "APP update", "my cat"]
)
def test_what_only_looks_like_a_variant_is_none(text: str) -> None:
    assert variants(text) == ()
    assert read(text).of_type(EntityType.GENE) == ()


def test_numbers_of_a_notation_are_no_values() -> None:
    assert read("CYP2D6 *4/*4").of_type(EntityType.VITAL, EntityType.LAB, EntityType.DOSE) == ()
