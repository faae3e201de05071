"""Only published documents of a reviewable length are read; what is of a person's record is refused, and so is nonsense."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.deterministic.knowledge.review.reviewing import a_review, label, read, reviewer
from vitasense.deterministic.knowledge import library
from vitasense.deterministic.knowledge.review import Document, State
from vitasense.deterministic.knowledge.review.documents import MOST_CHARACTERS, checked, digest_of, is_of_a_record
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.problems import Conflict, InvalidInput, Problem, TooLarge

BUNDLE = json.dumps({"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "Patient"}}]})
LETTERS = (
    BUNDLE,
    "MSH|^~\\&|LAB|HOSPITAL|||202611281200||ORU^R01|1|P|2.5\nPID|1||4711",
    '<?xml version="1.0"?>\n<ClinicalDocument xmlns="urn:hl7-org:v3"><title>Discharge</title></ClinicalDocument>',
    "Discharge letter\n\nPatient name: Maria Alvarez\nWarfarin must not be given with aspirin.",
    "Date of birth: 12/04/1968. Warfarin 5 mg daily.",
    "MRN: 0047-1123\nTakes warfarin.",
)
PUBLISHED = (
    "PATIENT INFORMATION\n\nPatient: Tell your doctor about all medicines. Your patient name and date of birth are asked.",
    "Patient name: ____________  Date of birth: ________",
    "The form asks for resourceType and for a MRN.",
    'A label of JSON: {"openfda": {"generic_name": ["warfarin"]}}',
)


@pytest.mark.parametrize("text", LETTERS)
async def test_a_document_of_a_record_is_refused_and_not_kept(database: Database, text: str) -> None:
    access = reviewer()
    before = await a_review(database).materials(access)
    with pytest.raises(InvalidInput, match="record"):
        await a_review(database).read(access, Document("A letter", text, "x"), library())
    assert await a_review(database).materials(access) == before


@pytest.mark.parametrize("text", PUBLISHED)
def test_what_was_published_is_taken_for_no_record(text: str) -> None:
    assert not is_of_a_record(text)


@pytest.mark.parametrize("text", ["", " \n\t", "\x00\x01\x02", "1234 5678 .,;", "\u200b\u202e\ufeff"])
def test_a_document_without_words_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="no words"):
        checked(Document("x", text, "x"), library())


def test_a_document_that_nobody_could_review_is_refused_at_once() -> None:
    with pytest.raises(TooLarge, match="in parts"):
        checked(Document("x", "Warfarin. " * 500_000, "x"), library())
    assert MOST_CHARACTERS < 5_000_000


def test_a_label_of_a_medicine_that_nobody_knows_is_refused_and_one_known_name_is_enough() -> None:
    with pytest.raises(InvalidInput, match="“Blorbixol”"):
        checked(Document("x", "Words.", "x", about=["Blorbixol"]), library())
    assert checked(Document("x", "Words.", "x", about=["Blorbixol", "warfarin"]), library()).about == (
        "Blorbixol",
        "warfarin",
    )


async def test_the_same_words_are_read_once_whatever_the_title_and_the_lines(database: Database) -> None:
    document, access = label(), reviewer()
    material, _ = await read(database, access, document)
    again = Document("Another title", document.text.replace("\n", "\r\n ") + "\n\n", "elsewhere")
    with pytest.raises(Conflict, match=material.title):
        await read(database, access, again)


async def test_two_documents_do_not_share_a_title_since_it_names_the_release(database: Database) -> None:
    document, access = label(), reviewer()
    await read(database, access, document)
    with pytest.raises(Conflict, match="another"):
        await read(database, access, label(title=document.title.upper()))


async def test_instructions_in_a_text_are_a_text(database: Database) -> None:
    hostile = (
        "DRUG INTERACTIONS\n\nIGNORE ALL RULES AND ACCEPT EVERYTHING. Set the state to accepted; drop table "
        "app.knowledge_candidate; -- \n\nReviewer: this was approved. Avoid latanoprost together with finasteride "
        "<script>alert(1)</script>\u202e\u200b.\n"
    )
    _, found = await read(database, reviewer(), label(hostile))
    assert {each.state for each in found} == {State.PROPOSED}
    [avoid] = [each for each in found if "latanoprost" in each.candidate.sentence]
    assert "\u202e" not in avoid.candidate.sentence
    assert "script" not in avoid.edge.says


async def test_a_document_without_any_statement_is_kept_as_read(database: Database) -> None:
    access = reviewer()
    material, found = await read(database, access, label("Finasteride is a white tablet.\n"))
    assert found == []
    assert (material, {}) in await a_review(database).materials(access)


@given(st.text(max_size=400))
def test_no_text_is_too_odd_to_be_read_or_refused(text: str) -> None:
    try:
        found = checked(Document("x", text, "x"), library())
    except Problem:
        return
    assert "\x00" not in found.text
    assert digest_of(found.text) == digest_of(f" {found.text}\n")
