"""Files of releases: read whole and cleaned, or refused with a typed error."""

import hashlib
from pathlib import Path

import pytest

from vitasense.deterministic.knowledge.facts import NodeFact
from vitasense.deterministic.knowledge.releases import read_release
from vitasense.deterministic.knowledge.releases.reading import gathered
from vitasense.deterministic.platform.problems import InvalidInput, NotFound, Problem, TooLarge

HEAD = "source,relation,target,says,reference,severity\n"
ROW = "warfarin,interacts,ingredient: blorbixol,They meet,Tester 2026,major\n"


def a_file(folder: Path, text: str, name: str = "own.csv") -> Path:
    file = folder / name
    file.write_text(text)
    return file


def test_a_file_gives_its_facts_its_digest_and_the_name_of_the_file_as_version(tmp_path: Path) -> None:
    file = a_file(tmp_path, HEAD + ROW)
    found = read_release(" CSV ", file)
    assert (found.kind, found.name, found.version) == ("csv", "csv", "own")
    assert [edge.target for edge in found.edges] == ["ingredient:blorbixol"]
    assert found.digest == hashlib.sha256(file.read_bytes()).digest()
    assert read_release("csv", file, name="ours", version="3").version == "3"


def test_the_same_fact_twice_is_one_and_names_and_codes_of_a_node_come_together() -> None:
    twice = [NodeFact("drug:x", "X", ("y",), {"rxnorm": ("1",)}), NodeFact("drug:x", "Z", (), {"rxnorm": ("2",)})]
    nodes, _ = gathered([*twice, *twice], 10)
    assert nodes == [NodeFact("drug:x", "X", ("y", "Z"), {"rxnorm": ("1", "2")})]


def test_hidden_characters_and_line_breaks_are_taken_out(tmp_path: Path) -> None:
    row = 'warfarin,interacts,ingredient: blorbixol,"They\x1f me\u200bet\nat night",Tester 2026,major\n'
    [edge] = read_release("csv", a_file(tmp_path, HEAD + row)).edges
    assert edge.says == "They meet at night"


@pytest.mark.parametrize(
    ("kind", "text", "error"),
    [
        ("csv", "", InvalidInput),
        ("csv", "<xml/>", InvalidInput),
        ("csv", HEAD, InvalidInput),
        ("ansm", HEAD + ROW, InvalidInput),
        ("rxnorm", HEAD + ROW, InvalidInput),
        ("nonsense", HEAD + ROW, InvalidInput),
    ],
)
def test_what_is_empty_or_not_of_its_kind_is_refused(
    tmp_path: Path, kind: str, text: str, error: type[Problem]
) -> None:
    with pytest.raises(error):
        read_release(kind, a_file(tmp_path, text))


def test_what_is_not_there_or_too_large_is_refused(tmp_path: Path) -> None:
    file = a_file(tmp_path, HEAD + ROW)
    with pytest.raises(NotFound):
        read_release("csv", tmp_path / "nothing.csv")
    with pytest.raises(TooLarge, match="bytes"):
        read_release("csv", file, most_bytes=10)
    with pytest.raises(TooLarge, match="facts"):
        read_release("csv", file, most_facts=2)
    with pytest.raises(InvalidInput):
        read_release("csv", file, name=" \u200b")


def test_a_folder_has_one_digest_that_depends_on_every_file_and_its_name(tmp_path: Path) -> None:
    first = a_file(tmp_path, HEAD + ROW)
    before = read_release("csv", tmp_path).digest
    assert read_release("csv", tmp_path).digest == before
    first.rename(tmp_path / "other.csv")
    assert read_release("csv", tmp_path).digest != before
