"""Somebody describes what they do not know by name, and gets the nearest explanations with their source."""

from collections.abc import AsyncIterator, Callable

import pytest
from sqlalchemy import event

from tests.graphs.conftest import Talk
from tests.memory.explaining import load_all, remove_all, service
from tests.people import access_of
from vitasense.deterministic import consent
from vitasense.deterministic.consent import Terms
from vitasense.deterministic.intake import drug_names, gene_names
from vitasense.deterministic.knowledge import explanations
from vitasense.deterministic.platform.access import Category, Principal
from vitasense.deterministic.platform.clock import new_id, system_clock
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.findings import Status
from vitasense.graphs.turn import Done
from vitasense.guardrails import verify
from vitasense.memory.knowledge import load

Talking = Callable[..., Talk]
KIND = "explanation.nearest"


@pytest.fixture
async def loaded(database: Database) -> AsyncIterator[None]:
    await load_all(database)
    yield
    await remove_all(database)


def names(done: Done) -> list[str]:
    return [finding.evidence[0].ref for finding in done.reply.findings if finding.kind == KIND and finding.evidence]


def supported(done: Done) -> bool:
    checked = verify(done.reply.text, done.reply.findings, drugs=drug_names(), genes=gene_names())
    assert checked.supported, checked.unsupported
    return True


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize(
    ("question", "ref", "words"),
    [
        ("what is the pigment in red blood cells called?", "terms#hemoglobin", "It may be “haemoglobin”"),
        ("what do you call too little sodium in the blood?", "terms#hyponatremia", "also called hyponatremia"),
        ("what was that medicine for reflux again?", "classes#", "lowers stomach acid"),
        ("which test measures bone strength?", "terms#bone_density", "It may be “bone density"),
    ],
)
async def test_the_nearest_explanations_are_told_as_what_it_may_be_with_their_source(
    talk: Talking, patient: Principal, question: str, ref: str, words: str
) -> None:
    done = await talk(patient).say(question)
    assert done.reply.agents == ("knowledge",)
    assert 1 <= len(done.reply.findings) <= 3
    assert any(ref in name for name in names(done)), done.reply.text
    assert words in done.reply.text
    assert all(finding.text.startswith("It may be ") for finding in done.reply.findings)
    assert all(each.source and each.version for finding in done.reply.findings for each in finding.evidence)
    assert all(not finding.categories for finding in done.reply.findings)
    assert supported(done)


@pytest.mark.usefixtures("loaded")
async def test_a_description_that_nothing_fits_is_said_to_fit_nothing_among_so_many(
    talk: Talking, patient: Principal
) -> None:
    done = await talk(patient).say("what do you call the medical study of stars and planets?")
    [finding] = done.reply.findings
    assert (finding.kind, finding.status) == (KIND, Status.NOT_FOUND)
    assert f"I looked through {len(explanations())} explanations" in done.reply.text
    assert supported(done)


async def test_before_the_collection_is_loaded_nothing_is_concluded(
    database: Database, talk: Talking, patient: Principal
) -> None:
    [finding] = (await talk(patient).say("what is the pigment in red blood cells called?")).reply.findings
    assert (finding.status, finding.reason) == (Status.NOT_EVALUATED, "not loaded yet")


async def test_while_vectors_are_missing_finding_nothing_is_not_certain(
    database: Database, talk: Talking, patient: Principal
) -> None:
    await load(service(database), explanations(), system_clock())
    [finding] = (await talk(patient).say("what do you call a red nose on cold days?")).reply.findings
    await remove_all(database)
    assert (finding.status, finding.reason) == (Status.NOT_EVALUATED, "meaning could not be compared")


@pytest.mark.usefixtures("loaded")
async def test_a_provider_needs_no_more_than_the_conversation_itself(
    database: Database, talk: Talking, provider: Principal, patient: Principal
) -> None:
    async with database.transaction(access_of(patient)) as tx:
        await consent.grant(tx, patient, Terms(provider.account_id, frozenset({Category.LABS})), new_id)
    done = await talk(provider, patient.account_id).say("what do you call too much potassium?")
    assert "knowledge/terms#hyperkalemia" in names(done)


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("what is haemoglobin?", "explanation"),
        ("which test shows long-term sugar?", "explanation"),
        ("what's the medical term for high blood pressure?", "explanation"),
        ("what's another name for ibuprofen?", "drug_facts"),
    ],
)
async def test_what_a_list_knows_by_name_is_explained_by_the_list(
    database: Database, talk: Talking, patient: Principal, question: str, kind: str
) -> None:
    said: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        said.append(statement)

    engine = database._engine.sync_engine  # pyright: ignore[reportPrivateUsage]
    event.listen(engine, "before_cursor_execute", note)
    try:
        done = await talk(patient).say(question)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert kind in {finding.kind for finding in done.reply.findings}
    assert said
    assert not [each for each in said if "app.passage" in each or "app.collection" in each]
