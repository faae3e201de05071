"""A candidate says who does what to whom, in which sentence, how sure and how grave, and can be kept as JSON."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vitasense.deterministic.knowledge.facts import Relation
from vitasense.deterministic.knowledge.reading import Candidate, Effect, Mechanism, Source, candidates
from vitasense.deterministic.knowledge.reading.sentences import Part
from vitasense.deterministic.knowledge.schemas import Severity

WORDS = st.sampled_from(
    [
        "warfarin",
        "aspirin",
        "NSAIDs",
        "may",
        "increase",
        "reduce",
        "the",
        "levels of",
        "drugs that prolong",
        "inhibitors of",
        "CYP3A4",
        "not",
        "no",
        "avoid",
        "with",
        "and",
        "should be",
        "contraindicated",
        "or",
        "(e.g.,",
        ")",
        ";",
        ",",
        ".",
        ":",
        "\n\n",
        "DRUG INTERACTIONS",
        "7.1",
        "concomitant use of",
        "heart failure",
        "potassium",
    ]
)


def only(text: str, *names: str, part: Part = Part.INTERACTIONS) -> Candidate:
    (found,) = candidates(text, source=Source("test", names, part))
    return found


def test_the_one_whose_level_changes_is_the_object() -> None:
    found = only("Cimetidine raises the plasma concentration of metformin.", "metformin")
    assert (found.subject.key, found.object.key) == ("ingredient:cimetidine", "ingredient:metformin")
    assert (found.effect, found.mechanism) == (Effect.RAISES, Mechanism.PHARMACOKINETIC)


def test_a_lower_clearance_raises_the_level() -> None:
    assert only("Cimetidine reduces the clearance of metformin.", "metformin").effect is Effect.RAISES


def test_an_effect_on_the_body_is_no_matter_of_levels() -> None:
    found = only("Ibuprofen may blunt the blood pressure lowering effect of lisinopril.", "lisinopril")
    assert (found.effect, found.mechanism) == (Effect.LOWERS, Mechanism.PHARMACODYNAMIC)


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        ("Concomitant use of cisapride is contraindicated.", Severity.CONTRAINDICATED),
        ("Do not use with cisapride.", Severity.CONTRAINDICATED),
        ("Avoid concomitant use of cisapride.", Severity.MAJOR),
        ("Concomitant use of cisapride is not recommended.", Severity.MAJOR),
        ("Reduce the dose when given with cisapride.", Severity.MODERATE),
        ("Monitor patients who take cisapride.", Severity.MODERATE),
        ("Cisapride increases its plasma levels.", None),
    ],
)
def test_what_the_words_ask_for_is_the_severity(text: str, severity: Severity | None) -> None:
    assert only(text, "ketoconazole").severity is severity


def test_the_sentence_and_its_place_are_those_of_the_text() -> None:
    text = "DRUG INTERACTIONS\n\nFirst words.  Avoid use of Coumadin with\nmiconazole.\n"
    found = only(text, "warfarin", part=Part.OTHER)
    assert text[found.start : found.end] == found.sentence == "Avoid use of Coumadin with\nmiconazole."
    assert text[found.object.start : found.object.end] == found.object.text == "miconazole"
    assert found.section == "DRUG INTERACTIONS"


def test_a_label_s_own_medicine_is_meant_where_it_is_not_named() -> None:
    found = only("Concomitant use of miconazole is contraindicated.", "Coumadin", "warfarin")
    assert found.is_implicit
    assert (found.subject.text, found.subject.key) == ("Coumadin", "ingredient:warfarin")


def test_a_label_that_says_whose_it_is_needs_no_names() -> None:
    text = (
        "Drug Label for drug brand Coumadin, containing warfarin.\n\nDRUG INTERACTIONS\n\nAvoid use with miconazole.\n"
    )
    assert candidates(text, source=Source("test"))[0].subject.key == "ingredient:warfarin"


def test_without_a_subject_both_sides_stand_in_the_sentence() -> None:
    text = "Fluconazole and voriconazole increase the effect of warfarin. Avoid use with miconazole."
    found = candidates(text, source=Source("article", (), Part.INTERACTIONS))
    assert {(each.subject.key, each.object.key) for each in found} == {
        ("ingredient:fluconazole", "ingredient:warfarin"),
        ("ingredient:voriconazole", "ingredient:warfarin"),
    }


def test_a_kind_in_words_has_no_key_and_less_confidence() -> None:
    described = only("Avoid concomitant use of drugs that prolong the QT interval.", "sotalol")
    named = only("Avoid concomitant use of cisapride.", "sotalol")
    assert (described.object.kind, described.object.key) == ("described", None)
    assert described.confidence < named.confidence


def test_an_unsure_and_an_untested_pair_are_no_statement() -> None:
    text = "Use with cisapride has not been studied. It is not known whether it interacts with terfenadine."
    assert candidates(text, source=Source("test", ("sotalol",), Part.INTERACTIONS)) == []


def test_enzymes_have_roles_and_their_denial_is_told() -> None:
    text = "Ticagrelor is metabolized by CYP3A4. It is a weak inhibitor of P-glycoprotein. Ticagrelor does not induce CYP2D6."
    found = candidates(text, source=Source("test", ("ticagrelor",), Part.PHARMACOLOGY))
    assert [(each.relation, each.object.key, each.is_absent) for each in found] == [
        (Relation.SUBSTRATE, "enzyme:cyp3a4", False),
        (Relation.INHIBITS, "transporter:p_gp", False),
        (Relation.INDUCES, "enzyme:cyp2d6", True),
    ]


def test_another_medicine_s_role_is_its_own() -> None:
    text = "Rifampin, a strong inducer of CYP3A4, lowers exposure. Inhibitors of CYP3A4 raise it."
    found = candidates(text, source=Source("test", ("ticagrelor",), Part.PHARMACOLOGY))
    roles = [each for each in found if each.relation is not Relation.INTERACTS]
    assert [(each.subject.key, each.relation) for each in roles] == [("ingredient:rifampin", Relation.INDUCES)]


def test_illnesses_and_measurements_of_the_own_medicine_are_told() -> None:
    text = "Contraindicated in patients with heart failure. Lisinopril may cause hyperkalemia and may increase serum potassium."
    found = candidates(text, source=Source("test", ("lisinopril",), Part.CONTRAINDICATIONS))
    assert [(each.relation, each.object.key) for each in found] == [
        (Relation.CONTRAINDICATED, "condition:heart_failure"),
        (Relation.CAUSES, "condition:hyperkalemia"),
        (Relation.CHANGES, "lab:potassium"),
    ]


def test_a_candidate_comes_back_from_json_as_it_was() -> None:
    found = only("Avoid concomitant use of strong CYP3A4 inhibitors.", "simvastatin")
    assert Candidate.of_json(json.loads(json.dumps(found.as_json()))) == found


@given(st.lists(WORDS, max_size=60))
def test_any_text_gives_candidates_that_stand_in_it(words: list[str]) -> None:
    text = " ".join(words)
    for found in candidates(text, source=Source("test", ("warfarin",), Part.INTERACTIONS)):
        assert text[found.start : found.end] == found.sentence
        assert 0 <= found.confidence <= 1
        for end in (found.subject, found.object):
            assert end.start == end.end or text[end.start : end.end] == end.text
