"""The ATC index becomes a tree of classes with substances at its ends, from a table or from XML."""

from pathlib import Path

import pytest

from tests.deterministic.knowledge.formats.facts import nodes, triples, written
from vitasense.deterministic.knowledge.formats.atc import read
from vitasense.deterministic.platform.problems import InvalidInput

ROWS = [
    ("C", "CARDIOVASCULAR SYSTEM"),
    ("C09", "AGENTS ACTING ON THE RENIN-ANGIOTENSIN SYSTEM"),
    ("C09A", "ACE INHIBITORS, PLAIN"),
    ("C09AA", "ACE inhibitors, plain"),
    ("C09AA03", "lisinopril"),
    ("C09AA03", "lisinopril"),
    ("C09AA99", "examplopril"),
    ("C09B", "ACE INHIBITORS, COMBINATIONS"),
    ("C09BB", "ACE inhibitors and calcium channel blockers"),
    ("C09BB03", "lisinopril and amlodipine"),
    ("C09BA", "ACE inhibitors and diuretics"),
    ("C09BA03", "lisinopril and diuretics"),
]


def table(rows: list[tuple[str, str]], delimiter: str = ",", head: str = "ATC code,ATC level name,DDD,U,Adm.R") -> str:
    lines = [head.replace(",", delimiter)]
    return "\n".join([*lines, *(delimiter.join((code, f'"{name}"', "10", "mg", "O")) for code, name in rows)])


def test_classes_of_four_levels_hang_together(tmp_path: Path) -> None:
    found = triples(read(written(tmp_path, "atc.csv", table(ROWS))))
    assert ("class:atc_c09", "is_a", "class:atc_c") in found
    assert ("class:atc_c09a", "is_a", "class:atc_c09") in found
    assert ("class:atc_c09aa", "is_a", "class:atc_c09a") in found
    assert ("ingredient:lisinopril", "is_a", "class:atc_c09aa") in found
    assert len(found) == len(set(found))


def test_a_substance_has_its_code_and_a_class_its_name_in_quiet_letters(tmp_path: Path) -> None:
    found = nodes(read(written(tmp_path, "atc.csv", table(ROWS))))
    assert found["class:atc_c09a"].name == "ACE inhibitors, plain"
    assert found["ingredient:examplopril"].codes == {"atc": ("C09AA99",)}


def test_a_name_of_several_substances_is_a_product_with_parts_only_where_all_are_known(tmp_path: Path) -> None:
    found = triples(read(written(tmp_path, "atc.csv", table(ROWS))))
    assert ("drug:atc_c09bb03", "contains", "ingredient:lisinopril") in found
    assert ("drug:atc_c09bb03", "contains", "ingredient:amlodipine") in found
    assert ("drug:atc_c09ba03", "is_a", "class:atc_c09ba") in found
    assert not any(source == "drug:atc_c09ba03" and relation == "contains" for source, relation, _ in found)


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_other_delimiters_and_column_names_are_the_same_table(tmp_path: Path, delimiter: str) -> None:
    plain = list(read(written(tmp_path, "one", table(ROWS))))
    other = list(read(written(tmp_path, "two", table(ROWS, delimiter, "atc_code,atc_name,ddd,uom,adm_r"))))
    assert nodes(plain) == nodes(other)
    assert triples(plain) == triples(other)


def test_the_xml_of_the_index_is_the_same(tmp_path: Path) -> None:
    inside = "".join(f"<z:row ATCCode='{code}' Name='{name}' Comment=''/>" for code, name in ROWS)
    text = f"<?xml version='1.0'?><xml xmlns:z='#RowsetSchema'><data>{inside}</data></xml>"
    plain = list(read(written(tmp_path, "one.csv", table(ROWS))))
    assert triples(read(written(tmp_path, "atc.xml", text))) == triples(plain)


def test_what_is_no_code_has_no_name_or_no_class_above_it_is_told(tmp_path: Path) -> None:
    facts = read(written(tmp_path, "atc.csv", table([*ROWS, ("X9", "odd"), ("C09AA98", "-"), ("D01AA01", "strayed")])))
    assert "ingredient:strayed" in nodes(facts)
    assert [(flaw.place, flaw.reason) for flaw in facts.flaws] == [
        ("atc.csv line 14", "This is no ATC code."),
        ("atc.csv line 15", "The code has no name."),
        ("atc.csv line 16", "The class D01AA above it is not in the file."),
    ]


def test_one_code_with_two_names_keeps_the_first_and_is_told(tmp_path: Path) -> None:
    facts = read(written(tmp_path, "atc.csv", table([*ROWS, ("C09AA03", "something else")])))
    assert "ingredient:something_else" not in nodes(facts)
    assert "already has the name" in facts.flaws[0].reason


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("atc.csv", "patient,weight\n1,70\n", "Needed are"),
        ("atc.csv", "", "empty"),
        ("atc.xml", "<a><b></a>", "line 1"),
        ("atc.xml", "<!DOCTYPE a [<!ENTITY b 'c'>]><a ATCCode='C' Name='&b;'/>", "entities"),
        ("atc.xml", "<root><row ATCCode='C01AA05' DDD='0.25'/></root>", "ATCCode and Name"),
    ],
)
def test_another_file_is_refused_with_what_was_expected(tmp_path: Path, name: str, text: str, told: str) -> None:
    with pytest.raises(InvalidInput, match=told):
        next(read(written(tmp_path, name, text)))
