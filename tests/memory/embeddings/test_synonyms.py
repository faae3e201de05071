"""The lists of words: enough of them, in good form, and joined to what the other rooms know."""

from collections import Counter

from vitasense.deterministic import intake, knowledge
from vitasense.memory.embeddings.synonyms import phrase_of, rules, synonyms


def test_there_are_enough_groups_and_each_says_something() -> None:
    assert len(rules().groups) >= 250
    assert all(len(group) == len(set(group)) >= 2 for group in rules().groups)
    assert all(len(kind) == len(set(kind)) >= 2 for kind in rules().kinds)


def test_no_two_groups_have_one_name() -> None:
    assert [name for name, count in Counter(group[0] for group in rules().groups).items() if count > 1] == []
    assert [name for name, count in Counter(kind[0] for kind in rules().kinds).items() if count > 1] == []


def test_every_medicine_and_term_of_the_other_rooms_is_known() -> None:
    known = synonyms().concepts
    everyday = {phrase_of(word) for word in rules().everyday}
    names = [*knowledge.drug_names(), *intake.drug_names(), *knowledge.term_names()]
    names += [word for group in intake.word_groups() for word in group]
    missing = [name for name in names if (phrase := phrase_of(name)) not in known and phrase not in everyday]
    assert [name for name in missing if len("".join(phrase_of(name))) > 1] == []


def test_a_brand_is_its_generic_name_and_a_kind_of_what_it_is_for() -> None:
    lists = synonyms()
    (concept,) = lists.concepts[phrase_of("Eliquis")]
    assert lists.concepts[phrase_of("apixaban")] == (concept,)
    assert set(lists.concepts[phrase_of("blood thinner")]) & set(lists.kinds[concept])


def test_an_everyday_word_names_nothing_alone() -> None:
    assert phrase_of("got") not in synonyms().concepts
