"""The privacy suite counts what is hidden word by word, and only what identifies somebody."""

from vitasense.evals.hiding import Hidden, identifies, marked_and_hidden, replaced, there_and_back
from vitasense.evals.privacy_texts import Marked
from vitasense.evals.suite import Mark
from vitasense.guardrails import KnownIdentifier

ANN = (KnownIdentifier("person", "Ann Example"),)
TEXT = Marked("Ann Example, Spain, age 70", (("PERSON", 0, 11), ("GPE", 13, 18), ("AGE", 24, 26)), ANN)


def test_a_span_is_hidden_when_every_word_of_it_is() -> None:
    whole, half = Hidden(), Hidden()
    whole.count(TEXT, [(0, 11)])
    half.count(TEXT, [(0, 3)])
    assert list(whole.marks("")) == [
        Mark("Identifiers hidden", 1, 1),
        Mark("Replaced characters that are marked", 11, 11),
    ]
    assert half.missed == ["person Ann Example"]


def test_what_identifies_nobody_is_not_counted_but_told_apart() -> None:
    assert [identifies(kind, TEXT.text[start:end]) for kind, start, end in TEXT.spans] == [True, False, False]
    assert identifies("AGE", "90")
    assert not identifies("DATE_TIME", "Monday")
    assert identifies("DATE_TIME", "12 May 2019")
    assert marked_and_hidden(TEXT, [(0, 11), (13, 18)]) == 2


def test_a_known_name_is_replaced_and_comes_back() -> None:
    assert (0, 11) in replaced(TEXT)
    hidden, is_back = there_and_back(TEXT)
    assert "Example" not in hidden
    assert is_back
