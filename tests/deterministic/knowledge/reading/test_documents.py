"""Files are read as text within limits; what cannot be read says what to do."""

import json
from pathlib import Path

import pytest

from tests.deterministic.knowledge.reading.pdfs import pdf
from vitasense.deterministic.knowledge.reading import Source, candidates, documents, text_of
from vitasense.deterministic.knowledge.reading import pdf as pdf_module
from vitasense.deterministic.platform.problems import InvalidInput, NotFound, TooLarge

LINES = (
    "7 DRUG INTERACTIONS",
    "",
    "Concomitant use of warfarin with an NSAID may increase the risk of bleed-",
    "ing in older patients.",
)


def written(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def test_text_and_markdown_are_read_as_they_stand(tmp_path: Path) -> None:
    assert text_of(written(tmp_path, "a.txt", "\ufeffWarfarin é".encode())).text == "Warfarin é"
    assert text_of(written(tmp_path, "a.md", b"# Warfarin")).text == "# Warfarin"


def test_a_pdf_is_read_page_by_page_and_parted_words_are_joined(tmp_path: Path) -> None:
    text = text_of(written(tmp_path, "label.pdf", pdf(LINES, ["Second page about digoxin levels."]))).text
    assert "risk of bleeding in older patients." in text
    assert text.index("NSAID") < text.index("Second page")


def test_what_a_pdf_states_becomes_a_candidate(tmp_path: Path) -> None:
    text = text_of(written(tmp_path, "label.pdf", pdf(LINES))).text
    (found,) = candidates(text, source=Source("label.pdf", ("warfarin",)))
    assert (found.subject.key, found.object.key) == ("ingredient:warfarin", "class:nsaid")
    assert text[found.start : found.end] == found.sentence


def test_one_label_of_openfda_is_read_under_its_headings(tmp_path: Path) -> None:
    label = {
        "set_id": "a",
        "openfda": {"brand_name": ["COUMADIN"], "substance_name": ["WARFARIN SODIUM"]},
        "drug_interactions": ["Avoid use with miconazole."],
    }
    one = written(tmp_path, "one.json", json.dumps({"results": [label]}).encode())
    document = text_of(one)
    assert document.names == ("coumadin", "WARFARIN SODIUM")
    assert document.text == "DRUG INTERACTIONS\n\nAvoid use with miconazole."
    two = written(tmp_path, "two.json", json.dumps({"results": [label, label]}).encode())
    with pytest.raises(InvalidInput, match="more than one label"):
        text_of(two)


def test_hidden_characters_are_no_part_of_the_text(tmp_path: Path) -> None:
    assert text_of(written(tmp_path, "a.txt", "war\u200bfarin\u202e".encode())).text == "warfarin"


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.docx", b"PK", r"\.txt, \.md, \.pdf, \.json"),
        ("a.txt", b"\xff\xfe\x00", "UTF-8"),
        ("a.txt", b"a\x00b", "NUL"),
        ("a.txt", b" 1 2 3 ", "no words"),
        ("a.pdf", b"%PDF-1.4 broken", "damaged"),
        ("a.pdf", pdf([], []), "pictures of pages"),
        ("a.json", b"{}", "results"),
        ("a.json", b'{"results": []}', "no label"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_to_do(tmp_path: Path, name: str, content: bytes, told: str) -> None:
    with pytest.raises(InvalidInput, match=told):
        text_of(written(tmp_path, name, content))


def test_a_missing_a_large_and_a_long_file_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NotFound):
        text_of(tmp_path / "none.txt")
    monkeypatch.setattr(pdf_module, "MOST_PAGES", 1)
    with pytest.raises(TooLarge, match="2 pages"):
        text_of(written(tmp_path, "a.pdf", pdf(LINES, LINES)))
    monkeypatch.setattr(documents, "LARGEST", 10)
    with pytest.raises(TooLarge, match="larger than"):
        text_of(written(tmp_path, "a.txt", b"x" * 20))


def test_an_upload_is_read_by_the_kind_it_had(tmp_path: Path) -> None:
    assert text_of(written(tmp_path, "upload", b"Warfarin"), ".txt").text == "Warfarin"
