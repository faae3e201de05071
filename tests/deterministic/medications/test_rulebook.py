"""Rules are read with their sources, and a medicine that nobody knows stops the reading."""

import pytest
from pydantic import ValidationError

from vitasense.deterministic.knowledge import rulebook
from vitasense.deterministic.medications.rulebook import Members, Rule, expand, groups, rules_of


class Example(Rule):
    drugs: Members


def text(*entries: str, source: str = "A label") -> list[str]:
    lines = "\n".join(f"  - {{{entry}}}" for entry in entries)
    return [f"version: '2026.12'\nsource: {source}\nentries:\n{lines}\n"]


def test_an_entry_has_the_source_of_its_file_or_its_own() -> None:
    rules = rules_of("example", text("key: a, drugs: [warfarin]", "key: b, drugs: [warfarin], source: Own"), Example)
    assert [entry.source for entry in rules] == ["A label", "Own"]


def test_the_files_of_a_folder_are_one_and_keep_their_own_sources() -> None:
    texts = [*text("key: a, drugs: [warfarin]"), *text("key: b, drugs: [warfarin]", source="Another")]
    assert [entry.source for entry in rules_of("example", texts, Example)] == ["A label", "Another"]
    with pytest.raises(ValueError, match="twice"):
        rules_of("example", [texts[0], texts[0]], Example)


def test_evidence_points_to_the_entry_and_its_source() -> None:
    rules = rules_of("example", text("key: a, drugs: [warfarin]"), Example)
    found = rules.evidence(rules["a"], "warfarin")
    assert (found.kind, found.ref, found.version, found.source) == (
        "knowledge",
        "medications/example#a",
        "2026.12",
        "A label",
    )


def test_members_are_drugs_classes_codes_and_groups_and_may_be_taken_out() -> None:
    known = rulebook().drugs
    assert expand(["lisinopril"]) == {"lisinopril"}
    assert expand(["class:nsaid"]) == {drug.key for drug in known if "nsaid" in drug.classes}
    assert {"lisinopril", "ramipril"} <= expand(["atc:C09AA"]) and "losartan" not in expand(["atc:C09AA"])
    assert expand(["group:nsaid_systemic"]) == groups()["nsaid_systemic"].members
    assert expand(["class:nsaid", "-celecoxib"]) == expand(["class:nsaid"]) - {"celecoxib"}


@pytest.mark.parametrize(
    "name", ["flurbinol", "class:flurb", "atc:X99", "atc:", "group:flurb", "kind:nsaid", "-flurb", ""]
)
def test_a_member_that_nobody_knows_stops_the_reading(name: str) -> None:
    with pytest.raises(ValidationError):
        rules_of("example", text(f"key: a, drugs: ['{name}', warfarin]"), Example)


def test_a_key_named_twice_an_unknown_field_and_an_empty_source_are_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        rules_of("example", text("key: a, drugs: [warfarin]", "key: a, drugs: [warfarin]"), Example)
    with pytest.raises(ValidationError):
        rules_of("example", text("key: a, drugs: [warfarin], flurb: 1"), Example)
    with pytest.raises(ValidationError):
        rules_of("example", text("key: a, drugs: [warfarin], source: ''"), Example)
