"""The ANSM thesaurus is read whole, its broken parts too: nothing is dropped, and what was read otherwise is told."""

from pathlib import Path

import pytest

from tests.deterministic.knowledge.formats.facts import edges, nodes, triples, written
from vitasense.deterministic.knowledge.facts import EdgeFact
from vitasense.deterministic.knowledge.formats.ansm import read
from vitasense.deterministic.knowledge.formats.ansm_severity import severity
from vitasense.deterministic.knowledge.schemas import Severity
from vitasense.deterministic.platform.problems import InvalidInput

CLASSES = '''<?xml version="1.0" encoding="utf-8" ?>
<CLASSES>
<CLASS name="STRONG EXAMPLE BLOCKERS " code="X01AA">
<SOURCE>
<CLINICAL_SOURCE>ANSM</CLINICAL_SOURCE>
<SOURCE_FILE>STRONG-EXAMPLE-BLOCKERS.html
</SOURCE_FILE>
</SOURCE>
<DRUG name="" rxnorm="9000001">
<DRUG name="Exampline" rxnorm="9000002">
<ATC code="C01CA04" />
<ATC code=""" />
<ATC code="for" />
</DRUG>
<DRUG name="Warfarin " rxnorm="11289">
<ATC code="B01AA03" />
</DRUG>
<DRUG name="" rxnorm="9000002">
</CLASS>
<CLASS name="PLAIN DIURETICS" code="C03">
<DRUG name="Exampluril" >
</DRUG>
</CLASS>
</CLASSES>
'''


def interaction(one: str, other: str, severity: str | None = "Precaution for use", comment: str = "") -> str:
    level = f"<SEVERITY>{severity}</SEVERITY>" if severity is not None else ""
    told = f"<COMMENT>{comment}</COMMENT>" if comment else ""
    return (
        f"<INTERACTION>\n<SOURCE>\n<SOURCE_FILE>1-X.html\n</SOURCE_FILE>\n</SOURCE>\n<DRUG1>\n{one}</DRUG1>\n"
        f"<DRUG2>\n{other}</DRUG2>\n<DESCRIPTION>The level\nrises &gt;2</DESCRIPTION>\n{level}{told}</INTERACTION>\n"
    )


def group(name: str, code: str = "") -> str:
    return f'<CLASS name="{name}" code="{code}" />'


def medicine(name: str, number: str = "", *codes: str) -> str:
    inside = "".join(f'<ATC code="{code}" />\n' for code in codes)
    return f'<DRUG name="{name}" rxcui="{number}">\n{inside}</DRUG>\n'


def thesaurus(folder: Path, *interactions: str, classes: str = CLASSES) -> Path:
    written(folder, "classes.xml", classes)
    written(folder, "tables.xml", f'<?xml version="1.0"?>\n<INTERACTIONS>\n{"".join(interactions)}</INTERACTIONS>\n')
    return folder


def only(folder: Path, severity: str | None, comment: str = "") -> EdgeFact:
    pair = interaction(medicine("warfarin"), medicine("Exampline"), severity, comment)
    (edge,) = edges(read(written(folder, "tables.xml", pair)))
    return edge


def test_members_are_read_where_the_tags_are_not_closed(tmp_path: Path) -> None:
    found = triples(read(thesaurus(tmp_path)))
    assert ("ingredient:exampline", "is_a", "class:ansm_strong_example_blockers") in found
    assert ("ingredient:warfarin", "is_a", "class:ansm_strong_example_blockers") in found
    assert ("ingredient:rxnorm_9000001", "is_a", "class:ansm_strong_example_blockers") in found
    assert ("ingredient:exampluril", "is_a", "class:ansm_plain_diuretics") in found
    assert len(found) == 4


def test_a_member_without_a_name_is_known_by_its_number_and_told(tmp_path: Path) -> None:
    facts = read(thesaurus(tmp_path))
    list(facts)
    told = {flaw.content: flaw.reason for flaw in facts.flaws}
    assert "neither a name nor a number that is known" in told["9000001"]
    assert "by its number it is Exampline" in told["9000002"]
    assert "Not each ATC code is one" in told["for"]


def test_a_medicine_without_a_number_has_that_of_its_name_elsewhere(tmp_path: Path) -> None:
    pair = interaction(medicine("Coumadinol", "11289"), medicine("Exampline"))
    other = interaction(medicine("Coumadinol"), medicine("Exampline"))
    assert {edge.source for edge in edges(read(thesaurus(tmp_path, pair, other)))[-2:]} == {"ingredient:warfarin"}


def test_numbers_and_codes_come_with_the_medicine(tmp_path: Path) -> None:
    found = nodes(read(thesaurus(tmp_path)))
    assert found["ingredient:warfarin"].codes == {"rxnorm": ("11289",), "atc": ("B01AA03",)}
    assert found["class:ansm_strong_example_blockers"].codes == {"ansm": ("X01AA",)}


def test_an_interaction_is_one_edge_with_its_words_and_its_line(tmp_path: Path) -> None:
    pair = interaction(group("PLAIN DIURETICS", "C03"), medicine("Exampline"), "Precaution for use", "Watch.")
    edge = edges(read(thesaurus(tmp_path, pair)))[-1]
    assert (edge.source, edge.target) == ("class:ansm_plain_diuretics", "ingredient:exampline")
    assert (edge.severity, edge.what, edge.advice) == (Severity.MODERATE, "The level rises >2", "Watch.")
    assert edge.ref == "tables.xml line 3"


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("CONTRAINDICATION", Severity.CONTRAINDICATED),
        ("C0NTRAINDICATION", Severity.CONTRAINDICATED),
        ("CONTRANDICATION", Severity.CONTRAINDICATED),
        ("Contra-indication:", Severity.CONTRAINDICATED),
        ("Contraindication with:", Severity.CONTRAINDICATED),
        ("Contre-indication", Severity.CONTRAINDICATED),
        ("Not recommeded", Severity.MAJOR),
        ("Nor recommended with:", Severity.MAJOR),
        ("Association DÉCONSEILLÉE", Severity.MAJOR),
        ("Precautions for use.", Severity.MODERATE),
        ("Precaution of use", Severity.MODERATE),
        ("Précaution d'emploi", Severity.MODERATE),
        ("Tale into account", Severity.MINOR),
        ("A prendre en compte", Severity.MINOR),
        ("Contraindication - Not recommended - Precaution for use", Severity.CONTRAINDICATED),
        ("Precaution for use; not recommended above 20 mg", Severity.MAJOR),
        ("With doses of examplin > 20 mg/week", None),
        ("Not contraindicated", None),
        ("", None),
    ],
)
def test_the_published_levels_are_found_in_strings_with_errors(text: str, level: Severity | None) -> None:
    assert severity(text) is level


def test_what_stands_beside_the_level_is_kept(tmp_path: Path) -> None:
    assert only(tmp_path, "Contraindication with:", "high doses").advice == "Contraindication with: high doses"
    assert only(tmp_path, "CONTRANDICATION", "Wait.").advice == "Wait."


@pytest.mark.parametrize("level", ["With doses above 20 mg", None])
def test_a_severity_that_is_no_level_or_is_missing_keeps_the_interaction(tmp_path: Path, level: str | None) -> None:
    facts = read(written(tmp_path, "t.xml", interaction(medicine("warfarin"), medicine("Exampline"), level)))
    (edge,) = edges(facts)
    assert edge.severity is None
    assert edge.advice == level
    assert "everity" in facts.flaws[0].reason


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Strong Example Blockers", ""),
        ("OTHER STRONG EXAMPLE BLOCKERS ", "X01AA"),
        ("POTENT EXAMPLE BLOCKERS", "X01AA"),
        ("STRONG EXAMPEL BLOCKERS", "Z9"),
        ("BLOCKERS OF THE STRONG EXAMPLE", "Z9"),
    ],
)
def test_a_class_is_found_however_the_tables_write_it(tmp_path: Path, name: str, code: str) -> None:
    facts = list(read(thesaurus(tmp_path, interaction(group(name, code), medicine("warfarin")))))
    assert edges(facts)[-1].source == "class:ansm_strong_example_blockers"
    assert sum(key.startswith("class:") for key in nodes(facts)) == 2


def test_a_class_without_a_list_of_members_stays_and_is_told(tmp_path: Path) -> None:
    facts = read(thesaurus(tmp_path, *[interaction(group("UNHEARD OF THINGS", "Q"), medicine("warfarin"))] * 2))
    assert "class:ansm_unheard_of_things" in nodes(facts)
    assert [flaw.content for flaw in facts.flaws if "No members" in flaw.reason] == ["UNHEARD OF THINGS"]


def test_an_interaction_that_is_not_closed_ends_where_the_next_begins(tmp_path: Path) -> None:
    one = interaction(medicine("warfarin"), medicine("Exampline")).replace("</INTERACTION>", "")
    assert len(edges(read(written(tmp_path, "tables.xml", one * 2 + one)))) == 3


def test_an_interaction_without_a_side_is_told(tmp_path: Path) -> None:
    facts = read(thesaurus(tmp_path, interaction("", medicine("Exampline"))))
    list(facts)
    assert any("nothing on one of its sides" in flaw.reason for flaw in facts.flaws)


def test_either_file_alone_is_read(tmp_path: Path) -> None:
    thesaurus(tmp_path, interaction(group("PLAIN DIURETICS", "C03"), medicine("Exampline")))
    assert len(edges(read(tmp_path / "classes.xml"))) == 4
    assert triples(read(tmp_path / "tables.xml")) == [
        ("class:ansm_plain_diuretics", "interacts", "ingredient:exampline")
    ]


@pytest.mark.parametrize("text", ["", "<html><p>Page</p></html>", '{"results": []}'])
def test_another_file_is_refused_with_what_was_expected(tmp_path: Path, text: str) -> None:
    with pytest.raises(InvalidInput, match="XML of the ANSM thesaurus"):
        next(read(written(tmp_path, "t.xml", text)))
