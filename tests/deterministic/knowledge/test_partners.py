"""What goes badly with one medicine is told by how much it matters, and an empty list is no all-clear."""

from vitasense.deterministic.knowledge import Severity, partners
from vitasense.deterministic.platform.findings import Status


def named(name: str, severity: Severity) -> list[str]:
    (told,) = partners(name)
    return [each.text or "" for each in told.values if each.name == severity.value]


def test_what_interrupts_is_named_and_what_needs_care_counted() -> None:
    (told,) = partners("Coumadin")
    assert told.status is Status.FOUND and told.evidence
    assert "St John's wort" in named("warfarin", Severity.CONTRAINDICATED)
    assert {"NSAIDs", "fluconazole"} <= set(named("warfarin", Severity.MAJOR))
    assert told.text.index("should not be taken") < told.text.index("can do harm") < told.text.index("needs care")
    assert " more. " in told.text
    assert "of little weight or not rated. My lists are not whole." in told.text


def test_kinds_stand_before_single_medicines() -> None:
    severe = named("warfarin", Severity.MAJOR)
    assert severe.index("NSAIDs") < severe.index("fluconazole")
    assert len(severe) == len(set(severe))


def test_every_ingredient_of_a_product_has_its_own() -> None:
    assert [told.text.partition(":")[0] for told in partners("Augmentin")] == ["Amoxicillin", "Clavulanate"]


def test_a_name_that_nobody_knows_was_not_looked_up() -> None:
    (told,) = partners("blorbixol")
    assert told.status is Status.NOT_EVALUATED and told.reason


def test_a_medicine_of_which_no_list_says_anything_is_not_ruled_out() -> None:
    (told,) = partners("lactulose")
    assert told.status is Status.NOT_FOUND
    assert "rules nothing out" in told.text
