"""What medicines can cause: what is listed, with what to do; what is not listed, and what no list speaks of."""

from tests.deterministic.knowledge.making import alone, beside_rules, edge, is_a, node
from vitasense.deterministic.knowledge import Relation, effects
from vitasense.deterministic.knowledge.facts import EdgeFact, Level
from vitasense.deterministic.knowledge.library import Library
from vitasense.deterministic.platform.findings import Finding, Status

A, B, KIND = "ingredient:aone", "ingredient:btwo", "class:kind"
COUGH, SWELLING, POTASSIUM = "symptom:cough", "symptom:swelling", "lab:potassium"


def causes(
    source: str,
    target: str,
    how_often: str | None = None,
    advice: str | None = None,
    level: Level = Level.COMPENDIUM,
) -> EdgeFact:
    return edge(source, Relation.CAUSES, target, strength=how_often, advice=advice, level=level)


def known() -> Library:
    return alone(
        [
            is_a(A, KIND),
            causes(KIND, COUGH, "common"),
            causes(KIND, SWELLING, "rare", "Get help at once."),
            causes(A, "symptom:headache"),
            edge(A, Relation.CHANGES, POTASSIUM),
            edge("symptom:dry_cough", Relation.IS_A, COUGH),
        ],
        [node(B), node("symptom:rash")],
    )


def states(found: list[Finding]) -> list[Status]:
    return [each.status for each in found]


def test_what_a_kind_causes_each_member_causes_with_the_reason_and_both_sources() -> None:
    (found,) = effects(["aone"], ["cough"], known())
    assert found.text == "Aone causes cough; this is common. This is known of the kind."
    assert len(found.evidence) == 2
    assert [(each.name, each.text) for each in found.values] == [("drug", "aone"), ("effect", "cough")]


def test_a_narrower_or_wider_word_is_the_same_effect() -> None:
    assert states(effects(["aone"], ["dry cough"], known())) == [Status.FOUND]


def test_what_needs_help_comes_first_with_what_to_do_and_what_changes_in_the_blood_last() -> None:
    serious, together, changed = effects(["aone"], library=known())
    assert serious.text.endswith("Get help at once.")
    assert "common is cough; of unknown frequency is headache." in together.text
    assert "leaflet" in together.text
    assert changed.text == "Aone changes potassium."
    assert changed.evidence


def test_what_the_lists_do_not_name_is_not_ruled_out() -> None:
    (found,) = effects(["aone"], ["rash"], known())
    assert found.status is Status.NOT_FOUND
    assert "rules nothing out" in found.text
    assert states(effects(["aone"], ["hiccups"], known())) == [Status.NOT_FOUND]


def test_a_medicine_without_a_list_and_one_that_nobody_knows_were_not_looked_up() -> None:
    unknown, unlisted = effects(["blorbixol", "btwo"], ["cough"], known())
    assert states([unknown, unlisted]) == [Status.NOT_EVALUATED] * 2
    assert "blorbixol" in unknown.text
    assert "none of my lists" in unlisted.text


def test_several_medicines_are_looked_up_at_once_and_the_silent_told_together() -> None:
    found = effects(["aone", "btwo"], ["cough"], known())
    assert states(found) == [Status.FOUND, Status.NOT_EVALUATED]
    assert effects([], ["cough"], known()) == []


def test_an_imported_effect_is_one_of_the_ingredient() -> None:
    library = beside_rules([causes("ingredient:warfarin", "symptom:purple_nose")])
    (found,) = effects(["Coumadin 5 mg"], ["purple nose"], library)
    assert found.status is Status.FOUND


def test_what_a_source_only_worked_out_is_told_as_such_and_only_where_nothing_is_documented() -> None:
    guessed = [causes(B, COUGH, level=Level.INFERRED), causes(A, COUGH, level=Level.INFERRED)]
    library = alone([*guessed, is_a(A, KIND), causes(KIND, COUGH, "common")])
    (documented,) = effects(["aone"], ["cough"], library)
    assert documented.confidence == 1
    for found in (effects(["btwo"], ["cough"], library), effects(["btwo"], library=library)):
        assert "only worked this out" in found[0].text
        assert found[0].confidence < 1


def test_a_value_is_found_in_the_name_of_what_changes_it() -> None:
    (found,) = effects(["ibuprofen"], ["blood pressure"])
    assert "high blood pressure" in found.text
