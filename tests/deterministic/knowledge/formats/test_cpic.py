"""CPIC's pairs become edges from a medicine to the gene that guides its use."""

import json
from pathlib import Path

import pytest

from tests.deterministic.knowledge.formats.facts import edges, nodes, triples, written
from vitasense.deterministic.knowledge.facts import Level
from vitasense.deterministic.knowledge.formats.cpic import read
from vitasense.deterministic.platform.problems import InvalidInput

HEAD = "Gene,Drug,Guideline,CPIC Level,CPIC Level Status,PharmGKB Level of Evidence,PGx on FDA Label,CPIC Publications (PMID)"
CLOPIDOGREL = (
    "CYP2C19,clopidogrel,https://cpicpgx.org/guidelines/clopidogrel/,A,Final,1A,Actionable PGx,21716271;23698643"
)


def table(folder: Path, *rows: str, head: str = HEAD) -> Path:
    return written(folder, "cpicPairs.csv", "\n".join([head, *rows]))


def test_a_pair_is_an_edge_with_its_level_and_guideline(tmp_path: Path) -> None:
    facts = list(read(table(tmp_path, CLOPIDOGREL)))
    (edge,) = edges(facts)
    assert (edge.source, edge.relation, edge.target) == ("ingredient:clopidogrel", "guided_by", "gene:cyp2c19")
    assert (edge.level, edge.what) == (Level.GUIDELINE, "CPIC level A, Final")
    assert edge.advice == "https://cpicpgx.org/guidelines/clopidogrel/"
    assert edge.ref == "cpicPairs.csv line 2, PMID 21716271;23698643"
    assert nodes(facts)["gene:cyp2c19"].codes == {"hgnc": ("CYP2C19",)}


def test_a_pair_without_a_guideline_is_what_studies_show(tmp_path: Path) -> None:
    (edge,) = edges(read(table(tmp_path, "CYP2D6,examplopram,,B/C,Provisional,3,,")))
    assert edge.level is Level.STUDY
    assert edge.says == "the use of examplopram is guided by CYP2D6 (CPIC level B/C)"


def test_a_date_above_the_columns_and_more_columns_do_no_harm(tmp_path: Path) -> None:
    head = "Date last updated: 2025-10-01\nGene,Drug,Drug RxNorm ID,Drug ATC IDs,Guideline,CPIC Level,CPIC Level Status"
    (edge,) = edges(read(table(tmp_path, "CYP2C9,warfarin,11289,B01AA03,url,A,Final", head=head)))
    assert edge.source == "ingredient:warfarin"
    assert edge.ref == "cpicPairs.csv line 3"


def test_the_json_of_the_service_is_the_same(tmp_path: Path) -> None:
    pair = {"genesymbol": "CYP2C19", "drugname": "clopidogrel", "guidelinename": "CYP2C19 and Clopidogrel"}
    rows = [pair | {"cpiclevel": "A", "citations": ["21716271"]}, pair | {"cpiclevel": "A", "removed": True}]
    facts = read(written(tmp_path, "pairs.json", json.dumps(rows)))
    assert triples(facts) == [("ingredient:clopidogrel", "guided_by", "gene:cyp2c19")]
    assert [(flaw.place, flaw.reason) for flaw in facts.flaws] == [("pairs.json entry 2", "CPIC took this pair back.")]


def test_rows_that_cannot_be_are_told_with_their_line(tmp_path: Path) -> None:
    facts = read(table(tmp_path, CLOPIDOGREL, "not a gene,x,,A,,,,", "CYP2D6,,,A,,,,", "CYP2D6,codeine,,Z,,,,"))
    assert len(edges(facts)) == 1
    assert [flaw.place for flaw in facts.flaws] == [f"cpicPairs.csv line {number}" for number in (3, 4, 5)]


def test_another_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="gene or genesymbol"):
        next(read(written(tmp_path, "x.csv", "a,b\n1,2\n")))
