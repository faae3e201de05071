"""A kind of medicine in a question is the one that is taken, the usual ones that are sold, or left open with what is known."""

from datetime import UTC, datetime

from vitasense.deterministic.intake import read
from vitasense.deterministic.medications import Medicine, Person
from vitasense.deterministic.platform.findings import Status, Urgency
from vitasense.tools import medicine_kinds

PERSON = Person(now=datetime(2026, 11, 29, tzinfo=UTC), conditions=(), allergies=(), age_years=50)


def test_the_one_that_is_taken_is_meant() -> None:
    reading = read("Can I have ibuprofen with my blood thinner?")
    taken = [Medicine("Apixaban 5 mg tablet"), Medicine("metformin")]
    assert medicine_kinds.meant(["ibuprofen", "blood thinner"], taken, reading, None) == (
        ["ibuprofen", "Apixaban 5 mg tablet"],
        [],
    )
    assert medicine_kinds.meant(["blood thinner"], [Medicine("metformin")], reading, None) == ([], ["blood thinner"])


def test_the_usual_ones_are_each_held_against_the_rest() -> None:
    told = medicine_kinds.told("painkiller", [Medicine("warfarin")], PERSON, None)
    against = [each.text.partition(":")[0] for each in told if each.urgency is Urgency.URGENT]
    assert against == ["Ibuprofen", "Naproxen", "Aspirin"]
    assert all(each.evidence for each in told if each.status is Status.FOUND)


def test_what_no_member_goes_badly_with_is_said_of_those_that_were_looked_at() -> None:
    told = medicine_kinds.told("antihistamine", [Medicine("metformin")], PERSON, None)
    assert not [each for each in told if each.urgency.rank > Urgency.ROUTINE.rank]
    nothing = [each for each in told if each.status is Status.NOT_FOUND]
    assert [each.text.startswith("Of cetirizine, loratadine") for each in nothing] == [True]


def test_a_kind_that_needs_a_prescription_stays_open_with_what_is_known_of_some() -> None:
    told = medicine_kinds.told("blood thinner", [Medicine("aspirin", origin="asked")], PERSON, None)
    assert [each.status for each in told] == [Status.NOT_EVALUATED, Status.FOUND]
    assert "warfarin" in told[1].text
    assert told[1].urgency is Urgency.URGENT
    assert medicine_kinds.told("blood thinner", [Medicine("loratadine", origin="asked")], PERSON, None)[1:] == []


def test_what_is_known_of_some_is_quieter_for_what_is_taken() -> None:
    (_, found) = medicine_kinds.told("antibiotic", [Medicine("atorvastatin")], PERSON, None)
    assert found.urgency is Urgency.ROUTINE


def test_what_is_asked_about_beside_a_kind_is_not_told_of_each_member() -> None:
    told = medicine_kinds.told(
        "painkiller", [Medicine("ibuprofen", origin="asked"), Medicine("lisinopril")], PERSON, None
    )
    assert not [each for each in told if each.text.startswith("Ibuprofen:")]
    assert not [each for each in told if each.text.startswith("Acetaminophen:")]


def test_a_kind_of_the_message_before_is_left_where_a_medicine_is_named() -> None:
    before = read("Which painkiller can my mother have? She takes warfarin.")
    reading = read("And paracetamol?", previous=before)
    names, kinds = medicine_kinds.meant(["painkiller", "warfarin", "paracetamol"], [], reading, None)
    assert "paracetamol" in names
    assert kinds == []


def test_a_member_that_no_list_knows_was_not_checked() -> None:
    told = medicine_kinds.told("cough medicine", [Medicine("lisinopril")], PERSON, None)
    silent = [each.text for each in told if each.status is Status.NOT_EVALUATED]
    assert any("guaifenesin" in text for text in silent)
    assert not any("guaifenesin" in each.text for each in told if each.status is Status.NOT_FOUND)


def test_what_is_known_of_some_is_not_told_of_a_use_that_does_not_reach_the_body() -> None:
    gel = Medicine("diclofenac", route="topical", origin="asked")
    assert medicine_kinds.told("blood thinner", [gel], PERSON, None)
