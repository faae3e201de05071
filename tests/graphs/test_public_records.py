"""The questions of the demo, asked of records that this project did not write."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.graphs.conftest import Talk
from tests.people import access_of
from vitasense.deterministic.intake import drug_names, gene_names
from vitasense.deterministic.platform.access import Principal
from vitasense.deterministic.platform.clock import system_clock
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.findings import Status
from vitasense.deterministic.records import import_bundle
from vitasense.guardrails import verify

BUNDLES = (
    "IPS-bundle-01.json",
    "cigna_syntheticuser05-everything.json",
    "synthea_Carl856_Powlowski563_49e4037a-b643-4acf-bbfe-e29ca79b97a1.json",
    "synthea_Christia477_Hermann103_3815b8af-23b0-45b7-ba24-235307622f15.json",
    "synthea_Willian804_Moen819_439b24b4-6f25-4093-b101-47a39bd061ca.json",
)
QUESTIONS = (
    "What was my last blood pressure and is it all right?",
    "Show my cholesterol over the last two years",
    "What am I allergic to?",
    "Which medicines do I take and since when?",
    "Summarise my record for my doctor",
    "What does my DNA say about clopidogrel?",
    "Which conditions do I have?",
    "What vaccinations have I had?",
    "Are any of my lab results abnormal?",
    "When did I last see a doctor?",
)


@pytest.mark.parametrize("name", BUNDLES)
async def test_a_public_record_is_answered_with_evidence_or_says_that_nothing_is_there(
    database: Database,
    patient: Principal,
    talk: Callable[..., Talk],
    shared_data: Callable[[str], Path],
    name: str,
) -> None:
    bundle = json.loads(shared_data(f"01_fhir_records/fhir_r4_bundles/{name}").read_text())
    async with database.transaction(access_of(patient)) as tx:
        await import_bundle(tx, patient.account_id, bundle, now=system_clock())
    for question in QUESTIONS:
        done = await talk(patient).say(question)
        assert done.reply.findings, question
        checked = verify(done.reply.text, done.reply.findings, drugs=drug_names(), genes=gene_names())
        assert checked.supported, (question, checked.unsupported)
        async with database.transaction(access_of(patient)) as tx:
            stored = set((await tx.execute(text("select type || '/' || id from phi.resource"))).scalars())
        for finding in done.reply.findings:
            assert finding.evidence or finding.status is not Status.FOUND
            assert all(each.ref in stored for each in finding.evidence if each.kind == "record"), question
