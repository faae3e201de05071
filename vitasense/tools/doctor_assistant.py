"""Tools of the doctor assistant: the record in short, what changed, visits and documents, and who has access."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from vitasense.deterministic import consent, insights, records
from vitasense.deterministic.intake import IntentName, Reading
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.findings import Finding
from vitasense.tools.context import Call
from vitasense.tools.documents import DOCUMENT_SEARCH
from vitasense.tools.health import lister, subject
from vitasense.tools.tool import Arguments, Nothing, ReadTool, once

SUMMARISED = frozenset(
    {
        *(Category.PROFILE, Category.CONDITIONS, Category.MEDICATIONS, Category.ALLERGIES),
        *(Category.VITALS, Category.LABS, Category.ENCOUNTERS, Category.PROCEDURES),
    }
)
RECENT = timedelta(days=90)  # what "changed lately" means unless a time is said; the reply names the day


class Since(Arguments):
    """From when on; the last 90 days unless said."""

    since: datetime | None = None


def _since(reading: Reading) -> Sequence[Since]:
    return [Since(since=reading.period.start if reading.period else None)]


async def _summary(call: Call, _: Nothing) -> Sequence[Finding]:
    return await insights.summary_findings(call.tx, call.patient_id, subject(call), call.readable)


async def _changes(call: Call, asked: Since) -> Sequence[Finding]:
    since = asked.since or call.now - RECENT
    return await insights.change_findings(call.tx, call.patient_id, since, subject(call), call.readable)


async def _visit(call: Call, _: Nothing) -> Sequence[Finding]:
    return await insights.visit_findings(call.tx, call.patient_id, subject(call), call.readable)


async def _who_has_access(call: Call, _: Nothing) -> Sequence[Finding]:
    return await consent.access_findings(call.tx, call.run.principal, call.patient_id, now=call.now)


RECORD_SUMMARY = ReadTool(
    name="record_summary",
    description="The record in short, for a doctor: conditions, medicines, allergies, vital signs, results, visits.",
    arguments=Nothing,
    intents=frozenset({IntentName.RECORD_SUMMARY}),
    plan=once,
    reads=SUMMARISED,
    run=_summary,
)
RECORD_CHANGES = ReadTool(
    name="record_changes",
    description="What is new in the record since a day.",
    arguments=Since,
    intents=frozenset({IntentName.RECORD_CHANGES}),
    plan=_since,
    admits=lambda asked, _: asked.since is None,
    reads=SUMMARISED,
    run=_changes,
)
PREPARE_VISIT = ReadTool(
    name="prepare_visit",
    description="What is worth raising at the next visit, and what to bring.",
    arguments=Nothing,
    intents=frozenset({IntentName.VISIT_PREPARE}),
    plan=once,
    reads=SUMMARISED,
    run=_visit,
)
WHO_HAS_ACCESS = ReadTool(
    name="who_has_access",
    description="With whom the person shares what, and who looked.",
    arguments=Nothing,
    intents=frozenset({IntentName.ACCESS_WHO}),
    plan=once,
    run=_who_has_access,
)
ENCOUNTERS = lister(
    "encounters",
    "The visits in the record.",
    IntentName.ENCOUNTERS_LIST,
    Category.ENCOUNTERS,
    records.encounters,
    insights.encounter_findings,
)
PROCEDURES = lister(
    "procedures",
    "The procedures in the record.",
    IntentName.PROCEDURES_LIST,
    Category.PROCEDURES,
    records.procedures,
    insights.procedure_findings,
)
DOCUMENTS = lister(
    "documents",
    "The documents in the record.",
    IntentName.DOCUMENTS_LIST,
    Category.DOCUMENTS,
    records.documents,
    insights.document_findings,
)

TOOLS = (
    RECORD_SUMMARY,
    RECORD_CHANGES,
    PREPARE_VISIT,
    WHO_HAS_ACCESS,
    ENCOUNTERS,
    PROCEDURES,
    DOCUMENTS,
    DOCUMENT_SEARCH,
)
