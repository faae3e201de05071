"""Misspelt names of medicines are read as what was meant, or stay unknown; a made-up name is never resolved."""

from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vitasense.deterministic.knowledge import drug_names, resolve
from vitasense.deterministic.knowledge.spelling import Speller, misspelt

NAMES = {
    name: (name,)
    for name in ("ibuprofen", "warfarin", "hydroxyzine", "hydralazine", "clonidine", "clonazepam", "simvastatin",
                 "metformin", "zocor", "vitamin d", "vitamin c", "insulin glargine", "amoxicillin", "celebrex")
}  # fmt: skip
ONE_WORD = sorted(name for name in drug_names() if " " not in name)
SYLLABLES = ("blor", "xan", "qui", "zel", "tru", "vax", "mip", "dro", "fen", "gul")
ENDINGS = ("bixol", "turamab", "trizole", "vapril", "dronex", "lutinib")


def speller() -> Speller:
    """A speller of a few names, two of which are confused with each other, and one word that is no name."""
    alike = {"hydroxyzine": frozenset({"hydralazine"}), "hydralazine": frozenset({"hydroxyzine"})}
    return Speller(NAMES, ["diabetes"], alike, frozenset({"warfare"}))


def keys(name: str) -> list[str]:
    """The keys of what a name is resolved to."""
    return [part.drug.key for part in resolve(name).ingredients if part.drug]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("ibuprofin", "ibuprofen"),
        ("ibuprohpen", "ibuprofen"),
        ("wrafarn", "warfarin"),
        ("metphormin", "metformin"),
        ("simvistatine", "simvastatin"),
        ("insuline glargin", "insulin glargine"),
        ("zcoor", "zocor"),
        ("amxicilin", "amoxicillin"),
    ],
)
def test_a_name_with_two_letters_wrong_is_read_as_what_was_meant(written: str, meant: str) -> None:
    assert speller().correct(written) == meant


@pytest.mark.parametrize("written", ["hydroxazine", "hydralyzine", "hydroxalazine"])
def test_between_two_names_nothing_is_guessed(written: str) -> None:
    assert speller().correct(written) is None
    assert {*speller().near(written)} >= {"hydroxyzine", "hydralazine"}


@pytest.mark.parametrize(
    "written", ["warfarinol", "simvastatin forte plus", "ibuprofenx", "xwarfarin", "warfarinibuprofen", "celebrexx"]
)
def test_a_known_name_with_more_is_another_name_and_only_suggested(written: str) -> None:
    assert speller().correct(written) is None


def test_a_short_name_is_mended_only_when_two_letters_are_exchanged() -> None:
    assert speller().correct("zcoor") == "zocor"
    assert [speller().correct(written) for written in ("zoor", "zocot", "zoccor")] == [None, None, None]


@pytest.mark.parametrize("written", ["vitamin q", "vitamin 4", "vitamin"])
def test_a_single_letter_or_number_of_a_name_is_never_mended(written: str) -> None:
    assert speller().correct(written) is None


@pytest.mark.parametrize(("written", "meant"), [("warfarinn", "warfarin"), ("celebrexx", None), ("zocorr", None)])
def test_a_last_letter_hit_twice_is_mended_where_words_have_it_twice(written: str, meant: str | None) -> None:
    assert speller().correct(written) == meant


def test_in_running_text_a_misspelt_ordinary_word_is_no_medicine() -> None:
    assert misspelt("metphormin") == "metformin"
    assert misspelt("insuline") == "insulin"
    assert [misspelt(word) for word in ("slured", "mornig", "toppl", "steven", "ibuprofen", "morphing")] == [None] * 6


@pytest.mark.parametrize("written", ["warfare", "diabetes", "diabetis"])
def test_ordinary_words_and_words_of_medicine_are_no_names(written: str) -> None:
    assert speller().correct(written) is None


@pytest.mark.parametrize("name", ["blorbixol", "xanturamab", "levotrizole", "warfarinol", "simvastatin forte plus"])
def test_a_made_up_name_is_never_resolved(name: str) -> None:
    found = resolve(name)
    assert found.how == "unknown"
    assert not any(part.drug for part in found.ingredients)


@pytest.mark.parametrize("name", ["alclofenac", "satraplatin", "prolactin", "butobarbital", "phenindamine"])
def test_a_real_substance_that_the_room_does_not_know_is_no_misspelt_medicine(name: str) -> None:
    assert resolve(name).how != "corrected"


@given(st.lists(st.sampled_from(SYLLABLES), min_size=2, max_size=3), st.sampled_from(ENDINGS))
def test_syllables_before_an_ending_of_generics_are_no_medicine(syllables: list[str], ending: str) -> None:
    assert resolve("".join(syllables) + ending).how == "unknown"


@given(st.sampled_from(ONE_WORD), st.sampled_from(("x", "q", "zz", "forte", "ol", "ex", " gold")))
def test_no_known_name_resolves_with_letters_added(name: str, tail: str) -> None:
    found = resolve(name + tail)
    assert found.how != "corrected"
    assert found.how == "unknown" or any(f"{name} {tail.strip()}" == known for known in drug_names())


@given(st.text(max_size=60))
def test_any_text_has_one_answer_and_is_given_back(name: str) -> None:
    found = resolve(name)
    assert found.written == name.strip()
    assert (found.read_as is None) == (found.how == "unknown")
    assert found.how == "unknown" or all(part.drug for part in found.ingredients)


def test_an_exact_name_needs_no_note_and_a_corrected_one_is_always_shown() -> None:
    exact, corrected = resolve("Simvastatin 20 MG Oral Tablet"), resolve("simvastatn 20 mg")
    assert (exact.how, exact.note, exact.suggestions) == ("exact", None, ())
    assert (corrected.how, corrected.read_as) == ("corrected", "simvastatin")
    assert corrected.note == "I read “simvastatn 20 mg” as simvastatin."


def test_a_brand_is_read_as_the_brand_and_a_product_by_its_parts() -> None:
    assert resolve("lipitro").read_as == "Lipitor"
    assert keys("lisinoprl / hydrochlorothiazide") == ["lisinopril", "hydrochlorothiazide"]
    assert resolve("lisinopril / blorbixol").how == "unknown"


def test_an_unknown_name_is_asked_about_with_the_names_that_it_looks_like() -> None:
    found = resolve("warfarinol")
    assert found.suggestions[0] == "warfarin"
    assert found.note is not None
    assert found.note.startswith("I do not know “warfarinol”. Did you mean warfarin")
    assert resolve("10 mg").note is None


def test_the_same_name_is_always_read_the_same() -> None:
    names = sorted(drug_names(), key=lambda name: crc32(name.encode()))[:50]
    written = [name[:2] + name[3:] for name in names]
    assert [resolve(name) for name in written] == [resolve(name) for name in written]
