"""A label is read, each sentence is decided on, and what was accepted is answered with its sentence until it is taken back."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from sqlalchemy import text

from tests.deterministic.knowledge.review.reviewing import (
    INHIBITORS,
    LACTULOSE,
    LATANOPROST,
    NOW,
    NYSTATIN,
    a_review,
    label,
    now_known,
    read,
    released,
    reverted,
    reviewer,
)
from vitasense.deterministic.auth import system_access
from vitasense.deterministic.knowledge import Severity, interactions, library, releases
from vitasense.deterministic.knowledge.releases import State as ReleaseState
from vitasense.deterministic.knowledge.review import Changes, Material, Proposal, Review, State
from vitasense.deterministic.platform.access import Access
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.findings import Status, Urgency
from vitasense.deterministic.platform.problems import Conflict, InvalidInput, NotFound


@dataclass
class Reading:
    """A label that was read, and who reviews it."""

    database: Database
    access: Access
    material: Material
    proposals: list[Proposal]
    review: Review = field(init=False)

    def __post_init__(self) -> None:
        self.review = a_review(self.database)

    async def states(self) -> list[tuple[State, bool]]:
        found = await self.review.proposals(self.access, material=self.material.id)
        return [(each.state, each.is_in_force) for each in found]


@pytest.fixture
async def reading(database: Database) -> AsyncIterator[Reading]:
    access = reviewer()
    material, proposals = await read(database, access)
    yield Reading(database, access, material, proposals)
    await reverted(database, material)


async def test_a_label_becomes_proposals_each_with_its_sentence_and_what_it_would_become(reading: Reading) -> None:
    found = await reading.review.proposals(reading.access, material=reading.material.id)
    assert [each.id for each in found] == [each.id for each in reading.proposals]
    assert [each.candidate.sentence.split()[0] for each in found] == [
        "Avoid",
        "Finasteride",
        "Finasteride",
        "Lactulose",
    ]
    first = found[LATANOPROST]
    assert (first.state, first.edge.source, first.edge.target) == (
        State.PROPOSED,
        "ingredient:finasteride",
        "ingredient:latanoprost",
    )
    assert (first.edge.severity, first.edge.says) == (
        Severity.MAJOR,
        "finasteride and latanoprost: the level of one of them in the blood can fall",
    )
    assert found == reading.proposals
    assert await released(reading.database, reading.material) == []


async def test_accepted_edited_and_refused_sentences_are_known_or_not_and_gone_when_the_release_is_taken_back(
    reading: Reading,
) -> None:
    review, access, ids = reading.review, reading.access, [each.id for each in reading.proposals]
    [accepted] = await review.accept(access, [ids[LATANOPROST]])
    mended = Changes(severity=Severity.MINOR, what="they are often given together.", advice="Nothing has to be done.")
    edited = await review.edit(access, ids[LACTULOSE], mended, library())
    [refused] = await review.refuse(access, [ids[NYSTATIN]], "Nothing to learn from it.")
    assert [each.state for each in (accepted, edited, refused)] == [State.ACCEPTED, State.EDITED, State.REFUSED]
    assert (edited.draft.severity, edited.edge.severity) == (Severity.MODERATE, Severity.MINOR)

    known = await now_known(reading.database)
    [found] = interactions(["finasteride", "latanoprost"], known)
    assert (found.status, found.urgency) == (Status.FOUND, Urgency.URGENT)
    [evidence] = found.evidence
    assert "“Avoid latanoprost together with finasteride" in evidence.label
    assert evidence.source == f"{reading.material.title} (read 2026-11-28)"
    assert evidence.ref == f"knowledge/reviewed/{reading.material.title}#{ids[LATANOPROST]}"
    [found] = interactions(["lactulose", "finasteride"], known)
    assert (found.status, found.urgency) == (Status.FOUND, Urgency.SELF_CARE)
    assert "they are often given together. Nothing has to be done." in found.text
    [found] = interactions(["finasteride", "nystatin"], known)
    assert found.status is Status.NOT_FOUND

    await reverted(reading.database, reading.material)
    gone = await now_known(reading.database)
    for other in ("latanoprost", "lactulose"):
        assert interactions(["finasteride", other], gone)[0].status is Status.NOT_FOUND


async def test_every_change_is_one_release_of_the_material_and_one_event(reading: Reading) -> None:
    ids = [reading.proposals[place].id for place in (LATANOPROST, LACTULOSE)]
    await reading.review.accept(reading.access, ids)
    [release] = await released(reading.database, reading.material)
    assert (release.version, release.edges, release.source) == ("1", 2, "Tester 2026")
    async with reading.database.transaction(system_access("test")) as tx:
        sql = "select actor_id, payload from app.event where type = 'knowledge.changed' order by seq desc limit 1"
        [(actor, payload)] = (await tx.execute(text(sql))).all()
    assert (actor, payload["release_id"]) == (reading.access.principal.account_id, str(release.id))
    assert payload["added"] == 2


async def test_the_same_decision_again_changes_nothing(reading: Reading) -> None:
    review, access, one = reading.review, reading.access, reading.proposals[LACTULOSE].id
    first = await review.accept(access, [one])
    assert await review.accept(access, [one]) == first
    changes = Changes(severity=Severity.MAJOR)
    edited = await review.edit(access, one, changes, library(), seen=1)
    assert await review.edit(access, one, changes, library(), seen=1) == edited
    refused = await review.refuse(access, [one], "Not so.", seen=2)
    assert await review.refuse(access, [one], "Not so.", seen=2) == refused
    _, history = await review.proposal(access, one)
    assert [(each.number, each.state) for each in history] == [
        (1, State.ACCEPTED),
        (2, State.EDITED),
        (3, State.REFUSED),
    ]
    assert len(await released(reading.database, reading.material)) == 3


async def test_deciding_again_needs_the_decision_that_was_seen_and_what_was_read_stays(reading: Reading) -> None:
    review, access, one = reading.review, reading.access, reading.proposals[LACTULOSE]
    await review.edit(access, one.id, Changes(severity=Severity.MAJOR), library())
    with pytest.raises(Conflict, match="edited already") as told:
        await review.refuse(access, [one.id], "Not so.")
    assert told.value.members["version"] == 1
    assert (await reading.states())[LACTULOSE] == (State.EDITED, True)
    await review.refuse(access, [one.id], "Not so.", seen=1)
    after, history = await review.proposal(access, one.id)
    assert (after.draft, after.candidate) == (one.draft, one.candidate)
    assert (after.state, after.reason, after.is_in_force) == (State.REFUSED, "Not so.", False)
    edges = [each.edge and each.edge.severity for each in history]
    assert edges == [Severity.MAJOR, None]
    assert {each.decided_by for each in history} == {access.principal.account_id}
    assert {each.decided_at for each in history} == {NOW}


async def test_what_was_taken_back_stays_away_until_somebody_decides_again(reading: Reading) -> None:
    review, access = reading.review, reading.access
    one, two = (reading.proposals[place].id for place in (LATANOPROST, LACTULOSE))
    await review.accept(access, [one])
    await reverted(reading.database, reading.material)
    assert (await reading.states())[LATANOPROST] == (State.ACCEPTED, False)
    await review.accept(access, [two])
    assert (await reading.states())[LATANOPROST] == (State.ACCEPTED, False)
    with pytest.raises(Conflict, match="taken back"):
        await review.accept(access, [one])
    await review.accept(access, [one], seen=1)
    assert (await reading.states())[LATANOPROST] == (State.ACCEPTED, True)


async def test_refusing_what_was_accepted_takes_its_edge_out_and_reverting_that_brings_it_back(
    reading: Reading,
) -> None:
    one = reading.proposals[LACTULOSE].id
    await reading.review.accept(reading.access, [one])
    await reading.review.refuse(reading.access, [one], "Not so.", seen=1)
    first, second = await released(reading.database, reading.material)
    assert (first.state, second.state, second.edges) == (ReleaseState.SUPERSEDED, ReleaseState.ACTIVE, 0)
    async with reading.database.transaction(system_access("test")) as tx:
        back = await releases.revert(tx, second.id, now=NOW, ids=lambda: second.id, actor=first.id)
    assert back is not None
    assert back.id == first.id
    assert (await reading.states())[LACTULOSE] == (State.REFUSED, True)


async def test_what_a_sentence_denies_never_becomes_an_edge(reading: Reading) -> None:
    denied = reading.proposals[NYSTATIN]
    assert denied.candidate.is_absent
    for attempt in (
        reading.review.accept(reading.access, [denied.id]),
        reading.review.edit(reading.access, denied.id, Changes(target="warfarin"), library()),
    ):
        with pytest.raises(InvalidInput, match="denies"):
            await attempt
    assert await released(reading.database, reading.material) == []
    assert (await reading.states())[NYSTATIN] == (State.PROPOSED, False)


async def test_a_kind_that_is_only_described_needs_a_name_before_it_is_accepted(reading: Reading) -> None:
    described = reading.proposals[INHIBITORS].id
    with pytest.raises(InvalidInput, match="strong CYP2C8 inhibitors"):
        await reading.review.accept(reading.access, [described])
    for name, why in (
        ("blorbixol", "nothing that is known"),
        ("gout", "of the kind condition"),
        ("finasteride", "Both ends"),
        ("ingredient:nobody", "nothing that is known"),
    ):
        with pytest.raises(InvalidInput, match=why):
            await reading.review.edit(reading.access, described, Changes(target=name), library())
    found = await reading.review.edit(reading.access, described, Changes(target="Lopid"), library())
    assert found.edge.says == "finasteride and gemfibrozil: they can affect each other"
    assert (found.is_in_force, found.edge.severity) == (True, Severity.CONTRAINDICATED)


async def test_several_are_accepted_together_or_not_at_all(reading: Reading) -> None:
    ids = [each.id for each in reading.proposals]
    with pytest.raises(InvalidInput):
        await reading.review.accept(reading.access, ids)
    with pytest.raises(NotFound):
        await reading.review.accept(reading.access, [ids[LATANOPROST], reading.material.id])
    assert set(await reading.states()) == {(State.PROPOSED, False)}
    assert await released(reading.database, reading.material) == []


async def test_a_document_that_contradicts_itself_is_told_and_nothing_is_half_written(database: Database) -> None:
    access = reviewer()
    said = "Avoid latanoprost together with finasteride.\n\nMonitor patients on finasteride and latanoprost closely.\n"
    material, (one, two) = await read(database, access, label(f"DRUG INTERACTIONS\n\n{said}"))
    await a_review(database).accept(access, [one.id])
    with pytest.raises(InvalidInput, match="in two ways: major and moderate"):
        await a_review(database).accept(access, [two.id])
    assert len(await released(database, material)) == 1
    found, history = await a_review(database).proposal(access, two.id)
    assert (found.state, history) == (State.PROPOSED, [])
    same = await a_review(database).edit(access, two.id, Changes(severity=Severity.MAJOR), library())
    assert same.is_in_force
    await reverted(database, material)
