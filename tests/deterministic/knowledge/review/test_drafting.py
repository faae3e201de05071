"""What a candidate would become: nodes by name, plain words for each relation, and how it stands to what is known."""

from dataclasses import replace
from uuid import uuid4

import pytest

from tests.deterministic.knowledge.review.reviewing import NOW
from vitasense.deterministic.knowledge import Severity, library
from vitasense.deterministic.knowledge.facts import Relation
from vitasense.deterministic.knowledge.reading import Candidate, Effect, Mechanism, Mention
from vitasense.deterministic.knowledge.review import Changes, Draft, Material, MaterialKind, Proposal, Standing, known
from vitasense.deterministic.knowledge.review.drafting import draft, mended
from vitasense.deterministic.platform.problems import InvalidInput

MATERIAL = Material(uuid4(), MaterialKind.LABEL, "A label", "Tester 2026", (), b"", 10, NOW, uuid4())


def mention(name: str, key: str | None = None) -> Mention:
    return Mention(name, 0, len(name), (key or "described:").partition(":")[0], key)


def candidate(
    source: Mention, target: Mention, relation: Relation = Relation.INTERACTS, severity: Severity | None = None
) -> Candidate:
    return Candidate(relation, source, target, "A sentence.", 0, 11, "ref", severity=severity)


def standing(found: Candidate) -> Standing:
    return known(Proposal(uuid4(), MATERIAL, 0, found, draft(found, library())), library()).standing


WARFARIN, ASPIRIN = mention("warfarin", "ingredient:warfarin"), mention("aspirin", "ingredient:aspirin")


@pytest.mark.parametrize(
    ("relation", "target", "says"),
    [
        (Relation.INTERACTS, ASPIRIN, "warfarin and aspirin: they can affect each other"),
        (
            Relation.CONTRAINDICATED,
            mention("gout", "condition:gout"),
            "warfarin with gout: it is not meant for people with this illness",
        ),
        (Relation.CAUSES, mention("gout", "condition:gout"), "warfarin can cause gout"),
        (Relation.CHANGES, mention("INR", "lab:inr"), "warfarin can change INR"),
        (Relation.SUBSTRATE, mention("CYP2C9", "enzyme:cyp2c9"), "warfarin is cleared by CYP2C9"),
        (Relation.SUBSTRATE, mention("P-gp", "transporter:p_gp"), "warfarin is carried by P-gp"),
        (Relation.INHIBITS, mention("CYP2C9", "enzyme:cyp2c9"), "warfarin inhibits CYP2C9"),
    ],
)
def test_each_relation_has_its_words(relation: Relation, target: Mention, says: str) -> None:
    found = draft(candidate(WARFARIN, target, relation), library())
    assert (found.target, found.says) == (target.key, says)


def test_only_what_is_rated_has_a_severity_and_an_advice() -> None:
    role = draft(candidate(WARFARIN, mention("CYP2C9", "enzyme:cyp2c9"), Relation.INHIBITS, Severity.MAJOR), library())
    assert (role.severity, role.what, role.advice) == (None, None, None)
    pair = draft(candidate(WARFARIN, ASPIRIN, severity=Severity.CONTRAINDICATED), library())
    assert pair.advice == "Do not take them together. Ask your doctor or pharmacist before the next dose."
    with pytest.raises(InvalidInput, match="Only interactions"):
        mended(role, Changes(severity=Severity.MAJOR), candidate(WARFARIN, ASPIRIN), library())
    with pytest.raises(InvalidInput, match="strength"):
        mended(pair, Changes(strength="strong"), candidate(WARFARIN, ASPIRIN), library())


def test_the_words_do_not_say_which_of_two_acts_on_the_other() -> None:
    for mechanism in (None, *Mechanism):
        for effect in (None, *Effect):
            read = replace(candidate(WARFARIN, ASPIRIN), mechanism=mechanism, effect=effect)
            what = draft(read, library()).what or ""
            assert "warfarin" not in what and "aspirin" not in what


def test_a_strength_is_taken_from_the_words_and_can_be_mended() -> None:
    read = replace(candidate(WARFARIN, mention("CYP2C9", "enzyme:cyp2c9"), Relation.INHIBITS), cues=("strong",))
    found = draft(read, library())
    assert (found.strength, found.says) == ("strong", "warfarin strongly inhibits CYP2C9")
    weak = mended(found, Changes(strength="weak"), read, library())
    assert weak.says == "warfarin weakly inhibits CYP2C9"


def test_a_name_finds_its_node_and_a_product_its_only_ingredient() -> None:
    by_brand = draft(candidate(mention("Coumadin"), mention("Co-Diovan", "drug:nobody")), library())
    assert (by_brand.source, by_brand.source_name) == ("ingredient:warfarin", "warfarin")
    assert by_brand.target is None
    several = draft(candidate(WARFARIN, mention("Exforge")), library())
    assert (several.target, several.target_name) == (None, "Exforge")
    with pytest.raises(InvalidInput, match="several ingredients"):
        mended(several, Changes(target="Exforge"), candidate(WARFARIN, ASPIRIN), library())


def test_an_advice_follows_the_severity_until_somebody_writes_one() -> None:
    read = candidate(WARFARIN, ASPIRIN, severity=Severity.MODERATE)
    found = draft(read, library())
    major = mended(found, Changes(severity=Severity.MAJOR), read, library())
    assert major.advice == "Ask your doctor or pharmacist before you take them together."
    written = mended(major, Changes(advice="Call\u200b  today."), read, library())
    assert written.advice == "Call today."
    minor = mended(written, Changes(severity=Severity.MINOR, what="both thin the blood."), read, library())
    assert (minor.advice, minor.says) == ("Call today.", "warfarin and aspirin: both thin the blood")


@pytest.mark.parametrize("words", ["", "  \n", "\u200b", "x" * 1001])
def test_words_that_are_empty_or_endless_are_refused(words: str) -> None:
    read = candidate(WARFARIN, ASPIRIN)
    with pytest.raises(InvalidInput):
        mended(draft(read, library()), Changes(what=words), read, library())


def test_a_draft_survives_being_stored() -> None:
    found = draft(candidate(WARFARIN, ASPIRIN, severity=Severity.MAJOR), library())
    assert Draft.of_json(found.as_json()) == found


def test_a_proposal_is_new_known_rated_otherwise_or_not_named() -> None:
    listed = library().listed(*(place for place in map(library().find, ("warfarin", "aspirin")) if place is not None))
    severity = library().edge(listed[0]).severity
    other = Severity.MINOR if severity is not Severity.MINOR else Severity.MAJOR
    assert standing(candidate(WARFARIN, ASPIRIN, severity=severity)) is Standing.SAME
    assert standing(candidate(WARFARIN, ASPIRIN)) is Standing.SAME
    assert standing(candidate(WARFARIN, ASPIRIN, severity=other)) is Standing.OTHER
    assert standing(candidate(mention("finasteride"), mention("latanoprost"))) is Standing.NEW
    assert standing(candidate(WARFARIN, mention("drugs that thin the blood"))) is Standing.UNNAMED
    assert standing(replace(candidate(WARFARIN, ASPIRIN), is_absent=True)) is Standing.OTHER
    assert standing(replace(candidate(mention("finasteride"), mention("nystatin")), is_absent=True)) is Standing.NEW


def test_a_role_that_is_known_the_other_way_round_is_known_otherwise() -> None:
    cyp = mention("CYP3A4", "enzyme:cyp3a4")
    ketoconazole = mention("ketoconazole")
    assert standing(candidate(ketoconazole, cyp, Relation.INHIBITS)) is Standing.SAME
    assert standing(candidate(ketoconazole, cyp, Relation.INDUCES)) is Standing.OTHER
