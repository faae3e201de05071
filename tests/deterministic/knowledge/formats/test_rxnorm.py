"""An RxNorm release becomes ingredients, salts, brands and products; what it suppresses stays out."""

from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from tests.deterministic.knowledge.formats.facts import edges, nodes, triples, written
from vitasense.deterministic.knowledge.formats.rxnorm import read
from vitasense.deterministic.platform.problems import InvalidInput, NotFound


def concept(number: str, kind: str, name: str, *, source: str = "RXNORM", code: str = "", suppressed: str = "N") -> str:
    return "|".join([number, "ENG", *[""] * 9, source, kind, code or number, name, "", suppressed, "", ""])


def relation(one: str, says: str, other: str, suppressed: str = "N") -> str:
    """`one` has the relation to `other`: it stands in the second place of the row."""
    return "|".join([other, "", "CUI", "RO", one, "", "CUI", says, "", "", "RXNORM", "", "", "", suppressed, "", ""])


def attribute(number: str, name: str, value: str) -> str:
    return "|".join([number, "", "", "", "CUI", "", "", "", name, "MTHSPL", value, "N", "", ""])


CONCEPTS = [
    concept("36567", "IN", "simvastatin"),
    concept("36567", "SY", "simvastatine"),
    concept("36567", "IN", "simvastatin", source="ATC", code="C10AA01"),
    concept("36567", "PT", "Simvastatin", source="MTHSPL"),
    concept("901", "IN", "examplinib"),
    concept("902", "PIN", "examplinib mesylate"),
    concept("196503", "BN", "Zocor"),
    concept("316672", "SCDC", "simvastatin 10 MG"),
    concept("314231", "SCD", "simvastatin 10 MG Oral Tablet"),
    concept("104490", "SBD", "simvastatin 10 MG Oral Tablet [Zocor]"),
    concept("999", "BN", "Oldbrand", suppressed="O"),
    concept("777", "SCD", "orphan 1 MG Oral Tablet"),
]
RELATIONS = [
    relation("196503", "tradename_of", "36567"),
    relation("36567", "has_tradename", "196503"),
    relation("902", "form_of", "901"),
    relation("316672", "has_ingredient", "36567"),
    relation("314231", "consists_of", "316672"),
    relation("104490", "tradename_of", "314231"),
    relation("104490", "has_ingredient", "196503"),
    relation("999", "tradename_of", "36567"),
]


def release(folder: Path, concepts: list[str] | None = None, relations: list[str] | None = None) -> Path:
    written(folder, "RXNCONSO.RRF", "\n".join(concepts or CONCEPTS) + "\n")
    written(folder, "RXNREL.RRF", "\n".join(relations or RELATIONS) + "\n")
    written(folder, "RXNSAT.RRF", attribute("901", "UNII_CODE", "AB12CD34EF") + "\n")
    return folder


def test_ingredients_salts_brands_and_products_are_nodes_with_their_numbers(tmp_path: Path) -> None:
    found = nodes(read(release(tmp_path)))
    assert found["ingredient:simvastatin"].codes == {"rxnorm": ("36567",), "atc": ("C10AA01",)}
    assert "simvastatine" in found["ingredient:simvastatin"].names
    assert found["ingredient:examplinib"].codes == {"rxnorm": ("901",), "unii": ("AB12CD34EF",)}
    assert found["drug:zocor"].codes == {"rxnorm": ("196503",)}
    assert found["drug:rxnorm_314231"].name == "simvastatin 10 MG Oral Tablet"


def test_what_contains_what_follows_the_components(tmp_path: Path) -> None:
    found = triples(read(release(tmp_path)))
    assert ("drug:zocor", "contains", "ingredient:simvastatin") in found
    assert ("ingredient:examplinib_mesylate", "is_a", "ingredient:examplinib") in found
    assert ("drug:rxnorm_314231", "contains", "ingredient:simvastatin") in found
    assert ("drug:rxnorm_104490", "contains", "ingredient:simvastatin") in found
    assert ("drug:rxnorm_104490", "is_a", "drug:rxnorm_314231") in found
    assert ("drug:rxnorm_104490", "is_a", "drug:zocor") in found
    assert len(found) == len(set(found)) == 6


def test_a_suppressed_term_stays_out_with_its_relations(tmp_path: Path) -> None:
    facts = list(read(release(tmp_path)))
    assert "drug:oldbrand" not in nodes(facts)
    assert not any("oldbrand" in edge.source for edge in edges(facts))


def test_a_product_without_ingredients_is_told(tmp_path: Path) -> None:
    facts = read(release(tmp_path))
    list(facts)
    assert [(flaw.place, flaw.content) for flaw in facts.flaws] == [("RXCUI 777", "orphan 1 MG Oral Tablet")]


def test_a_damaged_row_is_told_with_its_line_and_the_rest_is_read(tmp_path: Path) -> None:
    facts = read(release(tmp_path, [CONCEPTS[0], "36567|ENG|broken", *CONCEPTS[1:]]))
    assert "ingredient:simvastatin" in nodes(facts)
    assert facts.flaws[0].place == "RXNCONSO.RRF line 2"
    assert "18 were expected" in facts.flaws[0].reason


def test_a_zip_is_read_as_its_folder_is(tmp_path: Path) -> None:
    folder = tmp_path / "rrf"
    folder.mkdir()
    release(folder)
    packed = tmp_path / "RxNorm_full.zip"
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for file in folder.iterdir():
            archive.write(file, f"rrf/{file.name}")
    assert list(read(packed)) == list(read(folder))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    written(tmp_path, "RXNCONSO.RRF", CONCEPTS[0])
    with pytest.raises(InvalidInput, match=r"RXNREL\.RRF is missing"):
        next(read(tmp_path))
    with pytest.raises(NotFound):
        read(tmp_path / "nowhere")


def test_another_table_of_that_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="folder or zip with RXNCONSO"):
        next(read(release(tmp_path, ["a,b,c"], ["a,b,c"])))
