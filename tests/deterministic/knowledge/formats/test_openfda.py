"""Labels of openFDA become products with their ingredients; their sections are text and no edges."""

import json
import tracemalloc
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from tests.deterministic.knowledge.formats.facts import edges, nodes, triples, written
from vitasense.deterministic.knowledge.facts import Level
from vitasense.deterministic.knowledge.formats.openfda import labels, read
from vitasense.deterministic.platform.problems import InvalidInput

SET_ID = "0d65fd30-7b64-11e2-b92a-0800200c9a66"


def label(set_id: str = SET_ID, **fields: object) -> dict[str, object]:
    openfda = {"brand_name": ["EXAMPLOR"], "generic_name": ["WARFARIN SODIUM"], "rxcui": ["855333"]}
    plain: dict[str, object] = {"set_id": set_id, "effective_time": "20250101", "openfda": openfda}
    return plain | {"drug_interactions": ["7 DRUG INTERACTIONS NSAIDs raise the risk of bleeding."]} | fields


def file(folder: Path, *found: object, name: str = "label.json") -> Path:
    return written(folder, name, json.dumps({"meta": {"results": {"total": len(found)}}, "results": list(found)}))


def test_a_label_is_a_product_with_its_ingredients(tmp_path: Path) -> None:
    facts = list(read(file(tmp_path, label())))
    product = nodes(facts)["drug:spl_0d65fd30_7b64_11e2_b92a_0800200c9a66"]
    assert (product.name, product.codes) == ("examplor", {"spl": (SET_ID,), "rxnorm": ("855333",)})
    (edge,) = edges(facts)
    assert (edge.target, edge.level) == ("ingredient:warfarin", Level.LABEL)
    assert edge.ref == f"label.json entry 1, set id {SET_ID}, effective 20250101"


def test_several_ingredients_are_several_edges(tmp_path: Path) -> None:
    listed = {"brand_name": ["Both"], "substance_name": ["AMLODIPINE BESYLATE", "EXAMPLINE"]}
    joined = {"brand_name": ["Two"], "generic_name": ["lisinopril and hydrochlorothiazide"]}
    found = triples(read(file(tmp_path, label(openfda=listed), label("other", openfda=joined))))
    assert [target for _, _, target in found] == [
        "ingredient:amlodipine",
        "ingredient:exampline",
        "ingredient:lisinopril",
        "ingredient:hydrochlorothiazide",
    ]


def test_sections_are_text_with_their_names(tmp_path: Path) -> None:
    (found,) = labels(file(tmp_path, label(contraindications=["One.", "Two."], package_label=["x"])))
    assert [(section.name, section.text) for section in found.sections] == [
        ("contraindications", "One.\n\nTwo."),
        ("drug_interactions", "7 DRUG INTERACTIONS NSAIDs raise the risk of bleeding."),
    ]
    assert (found.id, found.name, found.ingredients) == (SET_ID, "examplor", ("WARFARIN SODIUM",))


def test_a_label_without_ingredients_and_an_entry_that_is_none_are_told(tmp_path: Path) -> None:
    facts = read(file(tmp_path, label(openfda={}), 7, label("good")))
    assert len(edges(facts)) == 1
    assert [flaw.place for flaw in facts.flaws] == ["label.json entry 1", "entry 2"]


def test_a_zip_of_a_release_is_read(tmp_path: Path) -> None:
    file(tmp_path, label())
    packed = tmp_path / "drug-label-0001-of-0013.json.zip"
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        archive.write(tmp_path / "label.json", "drug-label-0001-of-0013.json")
    assert triples(read(packed)) == triples(read(tmp_path / "label.json"))


def test_a_large_release_is_read_in_little_memory(tmp_path: Path) -> None:
    many = [label(f"id-{number}", warnings=["x" * 20_000]) for number in range(1000)]
    path = file(tmp_path, *many)
    del many
    tracemalloc.start()
    count = sum(1 for _ in read(path))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 2001
    assert peak < path.stat().st_size / 10


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "no list “results”"),
        ('{"error": {"code": "NOT_FOUND"}}', "Expected was drug labels of openFDA"),
        ('{"results": [{"set_id": "a"', "breaks at entry 1"),
        ('{"results": []}', "nothing in this file"),
        ('{"results": [{"a": ' + "[" * 5000, "nested too deeply"),
    ],
)
def test_another_or_a_broken_file_is_refused(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(InvalidInput, match=told):
        list(read(written(tmp_path, "label.json", text)))


def test_what_stood_before_a_break_was_given(tmp_path: Path) -> None:
    whole = file(tmp_path, label("one"), label("two")).read_text()
    facts = read(written(tmp_path, "cut.json", whole[:-40]))
    given = [next(facts) for _ in range(3)]
    assert len(edges(given)) == 1
    with pytest.raises(InvalidInput, match="breaks at entry 2"):
        next(facts)
