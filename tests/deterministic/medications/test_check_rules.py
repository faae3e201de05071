"""The words of the rule files on pregnancy, age, loads, duplication and foods."""

import re
from collections.abc import Iterator

from vitasense.deterministic.medications.checks.breastfeeding import breastfeeding_rules
from vitasense.deterministic.medications.checks.children import child_rules
from vitasense.deterministic.medications.checks.duplication import duplicates
from vitasense.deterministic.medications.checks.eating import food_names
from vitasense.deterministic.medications.checks.foods import food_rules
from vitasense.deterministic.medications.checks.loads import load_rules
from vitasense.deterministic.medications.checks.meals import meal_rules
from vitasense.deterministic.medications.checks.older import older_rules
from vitasense.deterministic.medications.checks.pregnancy import pregnancy_rules


def texts() -> Iterator[tuple[str, str, str]]:
    books = (pregnancy_rules, breastfeeding_rules, child_rules, older_rules, food_rules, load_rules, duplicates)
    for book in books:
        for rule in book():
            yield f"{book.__name__}#{rule.key}", rule.what, rule.advice


def test_what_is_a_clause_and_advice_a_sentence() -> None:
    for key, what, advice in texts():
        assert not what.endswith(".") and advice.endswith("."), key
        assert advice[0].isupper(), key


def test_no_text_calls_anything_safe() -> None:
    assert [key for key, *words in texts() if re.search(r"\bsafe", " ".join(words), re.IGNORECASE)] == []


def test_texts_stay_short() -> None:
    assert [key for key, what, advice in texts() if len(what) > 200 or len(advice) > 220] == []


def test_foods_of_children_and_of_rules_have_names() -> None:
    known = food_names().entries.keys()
    assert all(set(rule.foods) <= known for rule in child_rules())
    assert all(rule.when and rule.why for rule in meal_rules())


def test_many_medicines_are_known_to_the_rules() -> None:
    assert len({key for rule in breastfeeding_rules() for key in rule.members}) >= 150
    assert len({key for rule in child_rules() for key in rule.members}) >= 80
    assert len({key for rule in older_rules() for key in rule.members}) >= 120
    assert len({key for rule in food_rules() for key in rule.members}) >= 200
