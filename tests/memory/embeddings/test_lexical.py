"""The embedder that needs nothing: other words for the same are near, and nothing that matters vanishes."""

import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vitasense.memory.embeddings import LexicalEmbedder, expanded, threshold
from vitasense.memory.embeddings.features import DIMENSIONS
from vitasense.memory.embeddings.lexical import vector


def near(left: str, right: str) -> float:
    return float(vector(left) @ vector(right))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("high blood pressure", "hypertension"),
        ("hypertension", "HTN"),
        ("heart attack in 2018", "myocardial infarction, 2018"),
        ("renal function", "kidneys"),
        ("my sugar", "blood glucose"),
        ("takes Advil", "ibuprofen"),
        ("haemoglobin", "hemoglobin"),
        ("diarrhoea", "the runs"),
        ("gallbladder was taken out", "cholecystectomy"),
        ("LDL", "bad cholesterol"),
        ("allergies", "allergic"),
    ],
)
def test_other_words_for_the_same_are_near(left: str, right: str) -> None:
    assert near(left, right) > 0.5


@pytest.mark.parametrize(
    ("wider", "narrower"),
    [
        ("blood thinner", "Eliquis"),
        ("painkiller", "ibuprofen"),
        ("antibiotic", "amoxicillin"),
        ("exercise", "swimming"),
        ("cholesterol", "atorvastatin"),
    ],
)
def test_a_kind_is_near_what_belongs_to_it_but_less_than_a_synonym(wider: str, narrower: str) -> None:
    assert 0.2 < near(wider, narrower) < 0.9


@pytest.mark.parametrize(
    ("slip", "meant"), [("metfromin", "metformin"), ("asthmma", "asthma"), ("diabtes", "diabetes")]
)
def test_a_slip_of_the_keys_is_near_the_word_that_was_meant(slip: str, meant: str) -> None:
    assert near(slip, meant) > 0.3


@pytest.mark.parametrize(("word", "other"), [("heard", "heart"), ("blond", "blood"), ("lever", "liver")])
def test_another_short_word_is_no_slip(word: str, other: str) -> None:
    assert near(word, other) < 0.3


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("I have a penicillin allergy", "I have no penicillin allergy"),
        ("I take metformin", "I don't take metformin"),
        ("aspirin 5 mg", "aspirin 50 mg"),
        ("pressure 120 over 80", "pressure 160 over 80"),
        ("She had a stroke", "She never had a stroke"),
    ],
)
def test_a_denial_and_a_number_make_a_difference(left: str, right: str) -> None:
    assert near(left, right) < 0.97


def test_a_denial_ends_with_its_clause() -> None:
    assert near("no fever, cough", "fever, cough") < near("no fever, cough", "no fever, cough") - 0.02
    assert near("no fever; cough", "no fever, but cough") > near("no fever; cough", "no fever and no cough")


@pytest.mark.parametrize("same", [("7.20", "7.2"), ("1,000", "1000"), ("7,5", "7.5")])
def test_one_number_written_in_two_ways_is_one(same: tuple[str, str]) -> None:
    assert near(*same) == pytest.approx(1)


def test_unrelated_texts_stay_under_the_threshold() -> None:
    least = threshold(LexicalEmbedder().space)
    assert near("Takes lisinopril 10 mg for hypertension", "Which film did I see on Sunday?") < least
    assert near("Broke the wrist skiing", "potassium") < least


@given(st.text(max_size=300))
def test_any_text_has_a_unit_vector(text: str) -> None:
    made = vector(text)
    assert made.dtype == np.float32
    assert made.shape == (DIMENSIONS,)
    assert float(np.linalg.norm(made)) == pytest.approx(1, abs=1e-5)


def test_another_process_makes_the_same_vectors_and_version() -> None:
    text = "No penicillin! 5 mg lisinopril since 2012, naïve café, metfromin"
    program = (
        "from vitasense.memory.embeddings import LexicalEmbedder\n"
        "from vitasense.memory.embeddings.lexical import vector\n"
        f"print(LexicalEmbedder().space.version, vector({text!r}).tobytes().hex())"
    )
    seeds = [os.environ | {"PYTHONHASHSEED": seed} for seed in ("1", "2")]
    said = [subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=env) for env in seeds]
    assert {each.stdout.strip() for each in said} == {
        f"{LexicalEmbedder().space.version} {vector(text).tobytes().hex()}"
    }


async def test_many_texts_are_embedded_in_order() -> None:
    texts = [f"text number {number}" for number in range(100)]
    made = await LexicalEmbedder().embed(texts)
    assert all(np.array_equal(one, vector(text)) for one, text in zip(made, texts, strict=True))
    assert await LexicalEmbedder().embed([]) == []


def test_a_question_is_expanded_term_by_term() -> None:
    pressure, pills, number = expanded("What are my high blood pressure pills, 10?")
    assert pressure[0] == "high blood pressure pills" or pressure[0] == "high blood pressure"
    assert {"hypertension", "htn"} <= set(expanded("high blood pressure")[0])
    assert "tablet" in pills or "blood pressure medicine" in pressure
    assert number == ["10"]
    assert expanded("What is it?") == []
    assert expanded("Advil")[0][0] == "advil"
    assert "ibuprofen" in expanded("Advil")[0]
    assert all(len(terms) <= 12 for terms in expanded("pain in my chest, dizzy and short of breath"))
