"""Whoever asks about a medicine that the record warns of hears the warning first."""

from collections.abc import Callable

import pytest

from tests.graphs.conftest import Talk
from vitasense.deterministic.knowledge import kinship
from vitasense.deterministic.platform.access import Principal
from vitasense.deterministic.platform.findings import Status, Urgency

Talking = Callable[..., Talk]


@pytest.mark.parametrize("words", ["Can I take amoxicillin?", "Is amoxicillin safe for me?", "Can I take Augmentin?"])
async def test_a_penicillin_is_warned_of_first_and_once(talk: Talking, maria: Principal, words: str) -> None:
    done = await talk(maria).say(words)
    assert done.reply.urgency is Urgency.URGENT
    assert done.reply.text.startswith("Your record lists an allergy or intolerance: Penicillin")
    warnings = [finding for finding in done.reply.findings if finding.kind == "drug_allergy"]
    assert len(warnings) == 1
    assert warnings[0].evidence[0].ref.startswith("AllergyIntolerance/")


async def test_somebody_else_is_not_held_against_the_own_allergies(talk: Talking, maria: Principal) -> None:
    done = await talk(maria).say("My mother takes warfarin. Can she take amoxicillin?")
    allergies = [finding for finding in done.reply.findings if finding.kind == "drug_allergy"]
    assert {finding.status for finding in allergies} <= {Status.NOT_EVALUATED}
    assert "penicillin" not in done.reply.text.lower()


async def test_no_match_by_name_is_not_told_as_safe(talk: Talking, maria: Principal) -> None:
    done = await talk(maria).say("Can I take ibuprofen?")
    assert "found no match" in done.reply.text
    assert "name these allergies" in done.reply.text


@pytest.mark.parametrize(
    ("medicine", "allergen", "group"),
    [
        ("amoxicillin", "Allergy to penicillin (finding)", "penicillin"),
        ("Augmentin", "Penicillin G", "penicillin"),
        ("ibuprofen", "Aspirin", "nsaid"),
        ("lisinopril", "ACE inhibitor", "ace_inhibitor"),
        ("codeine", "Codeine", None),
        ("penicillin", "Penicillin", None),
        ("penicillin", "Amoxicillin", "penicillin"),
    ],
)
def test_kinship(medicine: str, allergen: str, group: str | None) -> None:
    found = kinship(medicine, allergen)
    assert found
    assert (found.group.key if found.group else None) == group


@pytest.mark.parametrize(("medicine", "allergen"), [("metformin", "Penicillin"), ("amoxicillin", "Peanut"), ("x", "")])
def test_no_kinship(medicine: str, allergen: str) -> None:
    assert kinship(medicine, allergen) is None
