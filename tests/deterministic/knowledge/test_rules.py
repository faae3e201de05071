"""The rule files keep their own promises."""

import re
from collections.abc import Iterator

from vitasense.deterministic.knowledge import drug_names, find_term, normalise, rulebook
from vitasense.deterministic.knowledge.schemas import ATC_CODE, Entry


def entries() -> Iterator[Entry]:
    book = rulebook()
    for file in (book.drugs, book.classes, book.combinations, book.interactions, book.enzymes, book.terms):
        assert re.fullmatch(r"\d{4}\.\d{2}", file.version)
        assert file.source
        yield from file


def test_every_file_is_large_enough_and_every_entry_has_a_key() -> None:
    book = rulebook()
    assert len(book.drugs.entries) >= 200
    assert len(book.terms.entries) >= 90
    assert all(entry.key.strip() == entry.key for entry in entries())


def test_terms_and_interactions_each_name_their_own_source() -> None:
    book = rulebook()
    assert all(entry.source for file in (book.terms, book.interactions) for entry in file)


def test_atc_codes_and_rxnorm_numbers_have_their_form_and_are_unique_per_ingredient() -> None:
    drugs = list(rulebook().drugs)
    assert all(re.fullmatch(ATC_CODE, code) for drug in drugs for code in drug.atc)
    numbers = [drug.rxcui for drug in drugs if drug.rxcui]
    assert len(numbers) == len(set(numbers))
    codes = [code for drug in drugs for code in drug.atc if len(code) == 7]
    assert len(codes) == len(set(codes))


def test_no_reference_dangles() -> None:
    book = rulebook()
    assert all(key in book.classes.entries for drug in book.drugs for key in drug.classes)
    assert all(key in book.terms.entries for group in book.classes for key in group.treats)
    assert all(key in book.drugs.entries for product in book.combinations for key in product.ingredients)
    assert all(key in book.drugs.entries for role in book.enzymes for key in role.members)
    assert all(book.members(group.members) for group in book.groups.values())
    assert all(book.members(entry.left) and book.members(entry.right) for entry in book.interactions)


def test_no_name_means_two_medicines_and_no_term_name_means_two_terms() -> None:
    terms = list(rulebook().terms)
    names = [name for term in terms for name in {normalise(name) for name in (term.name, *term.names)}]
    assert sorted({name for name in names if names.count(name) > 1}) == []
    assert all(find_term(term.name) is not None for term in terms)


def test_no_name_of_a_medicine_is_a_number_or_a_single_letter() -> None:
    assert [name for name in drug_names() if len(name) < 2 or name.replace(" ", "").isdigit()] == []


def test_every_number_in_a_term_is_one_of_its_values() -> None:
    for term in rulebook().terms:
        stated = {float(number) for number in re.findall(r"(?<![A-Za-z\d.])\d+(?:\.\d+)?(?![\d.]*\d)", term.text)}
        assert stated <= {value.number for value in term.values}, term.key


def test_no_text_calls_anything_safe() -> None:
    book = rulebook()
    texts = [text for entry in book.interactions for text in (entry.what, entry.advice)]
    texts += [term.text for term in book.terms]
    assert not [text for text in texts if re.search(r"\bsafe", text, re.IGNORECASE)]
