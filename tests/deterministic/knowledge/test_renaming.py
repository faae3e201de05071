"""A name is written anew with what stands beside it, and is then read as the one that was put in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vitasense.deterministic.knowledge import resolve
from vitasense.deterministic.knowledge.names import ingredients, written_names
from vitasense.deterministic.knowledge.renaming import renamed


@pytest.mark.parametrize(
    ("written", "name", "anew"),
    [
        ("Lisinoprl 10 mg", "lisinopril", "lisinopril 10 mg"),
        ("metformn XR 500 mg", "metformin", "metformin XR 500 mg"),
        ("metoprolal succinate er 50 mg", "metoprolol", "metoprolol succinate er 50 mg"),
        ("cefuroxim axetil 250", "cefuroxime axetil", "cefuroxime axetil 250"),
        ("Lisinoprl (Zestril) 10 mg", "lisinopril", "lisinopril (Zestril) 10 mg"),
        ("vitmin d3 1000 iu", "vitamin D3", "vitamin D3 1000 iu"),
        ("losec mups xyz", "Losec", "Losec"),
        ("", "Losec", "Losec"),
    ],
)
def test_dose_form_and_salt_stay(written: str, name: str, anew: str) -> None:
    assert renamed(written, name) == anew


@given(st.text(max_size=40), st.sampled_from(sorted(written_names().values())))
def test_it_is_always_read_as_the_name_that_was_put_in(written: str, name: str) -> None:
    meant = [part.drug for part in ingredients(name)]
    assert [part.drug for part in ingredients(renamed(written, name))] == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("lisinoprl 10 mg", ("lisinopril 10 mg",)),
        ("lisinoprl/hydrochlorothiazid 20/12.5 mg", ("lisinopril / hydrochlorothiazid 20/12.5 mg",)),
        ("lamictil 25 mg", ("Lamictal 25 mg", "Lamisil 25 mg", "Largactil 25 mg")),
        ("tramadol 50 mg + warfarinol", ("tramadol 50 mg + warfarin", "tramadol 50 mg + Marinol")),
        ("tramadol + warfarinol + lamictil", ()),
        ("lisinopril 10 mg", ()),
        ("blorfoxil", ()),
    ],
)
def test_what_may_be_meant_is_the_whole_name_that_would_be_written(written: str, meant: tuple[str, ...]) -> None:
    assert resolve(written).meant == meant
