"""Tools of the health specialist: measurements, results and the lists of the record."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic import insights, records
from vitasense.deterministic.intake import Entity, EntityType, IntentName, Period, Reading, metric
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.findings import Finding, not_evaluated
from vitasense.tools.context import Call, Proposal
from vitasense.tools.medicine_asking import only_asks
from vitasense.tools.tool import Arguments, Nothing, ReadTool, WriteTool, once

VITALS = frozenset({Category.VITALS})
LABS = frozenset({Category.LABS})
MEASURED = {Category.VITALS: EntityType.VITAL, Category.LABS: EntityType.LAB}


class MetricCode(Arguments):
    """A measurement by its LOINC code."""

    code: str = Field(pattern=r"^\d{1,6}-\d$")


class MetricPeriod(MetricCode):
    """A measurement between two times; open where not said."""

    since: datetime | None = None
    until: datetime | None = None


class Measurement(MetricCode):
    """A value that the person measured; `second` is the diastolic pressure; `unit` is a UCUM code."""

    value: float
    second: float | None = None
    unit: str
    at: datetime | None = None


def subject(call: Call) -> insights.Subject:
    """Whose record the sentences speak of."""
    person = call.run.person
    return insights.Subject(own=call.run.own_record, now=call.now, age=person.age, sex=person.sex)


def _codes(reading: Reading, category: Category) -> list[str]:
    """The primary code of each measurement asked for; a panel's name asks for its parts."""
    wanted = [code for entity in reading.of_type(MEASURED[category]) for code in entity.codes or (entity.code,) if code]
    primary = [found.code if (found := metric(code)) else code for code in wanted]
    parts = {member for code in primary if (found := metric(code)) for member in found.members}
    return [code for code in dict.fromkeys(primary) if code not in parts]


def _latest(category: Category) -> Callable[[Reading], Sequence[MetricCode]]:
    return lambda reading: [MetricCode(code=code) for code in _codes(reading, category)]


def _history(category: Category) -> Callable[[Reading], Sequence[MetricPeriod]]:
    def planned(reading: Reading) -> Sequence[MetricPeriod]:
        start, end = (reading.period.start, reading.period.end) if reading.period else (None, None)
        return [MetricPeriod(code=code, since=start, until=end) for code in _codes(reading, category)]

    return planned


def _known_period(asked: MetricPeriod, reading: Reading) -> bool:
    """A known measurement, at any time or at the time that the person named."""
    said = (reading.period.start, reading.period.end) if reading.period else (None, None)
    return metric(asked.code) is not None and (asked.since, asked.until) in {(None, None), said}


def _overview(reading: Reading) -> Sequence[Nothing]:
    return [] if _codes(reading, Category.LABS) else [Nothing()]


def _measured(reading: Reading) -> Sequence[Measurement]:
    """Nothing beside a question about a medicine, "my eGFR is 25, can I take …": the value counts in its answer.

    What is to be written down is, whatever is asked with it.
    """
    if only_asks(reading):
        return []
    found = [
        _measurement(entity, entity.when or reading.period)
        for entity in reading.of_type(EntityType.VITAL, EntityType.LAB)
    ]
    return [each for each in found if each]


def _measurement(entity: Entity, when: Period | None) -> Measurement | None:
    """What may be written; a value with a doubt, or a time that was said and cannot be placed, may not."""
    at = when.start if when else None
    if when and at is None:
        return None
    own = not entity.negated and entity.experiencer == "patient" and entity.temporality == "recent"
    if not own or entity.code is None or entity.value is None or entity.unit is None or entity.doubt:
        return None
    return Measurement(code=entity.code, value=entity.value, second=entity.second_value, unit=entity.unit, at=at)


async def _tell_latest(call: Call, asked: MetricCode) -> Sequence[Finding]:
    return await insights.latest_measurement(call.tx, call.patient_id, asked.code, subject(call))


async def _tell_history(call: Call, asked: MetricPeriod) -> Sequence[Finding]:
    return await insights.measurement_history(
        call.tx, call.patient_id, asked.code, asked.since, asked.until, subject(call)
    )


async def _tell_results(call: Call, _: Nothing) -> Sequence[Finding]:
    return insights.result_findings(await records.labs(call.tx, call.patient_id), subject(call))


async def _propose(call: Call, asked: Measurement) -> Proposal | Sequence[Finding]:
    if asked.at and asked.at > call.now:
        return [
            not_evaluated("measurement.future", "That time is in the future, so I did not write it down.", "future")
        ]
    name = _name(asked.code)
    told = _told(asked)
    when = f"{asked.at or call.said_at:%d %B %Y, %H:%M %Z}".strip()
    return Proposal(
        "Write down this measurement?",
        f"Shall I write this down in your record: {name} {told}?",
        {"Measurement": name, "Value": told, "When": when},
    )


async def _write(call: Call, asked: Measurement, key: UUID) -> str:
    written = await records.write_observation(
        call.tx,
        call.patient_id,
        observation_id=key,
        code=asked.code,
        values=_components(asked),
        at=asked.at or call.said_at,
        now=call.now,
    )
    return f"Observation/{written}"


def _components(asked: Measurement) -> list[tuple[str, float, str]]:
    """(LOINC code, value, UCUM unit) of each part: a pair is a panel's members in their order."""
    found = metric(asked.code)
    if asked.second is None or found is None or len(found.members) != 2:
        return [(asked.code, asked.value, asked.unit)]
    return [(found.members[0], asked.value, asked.unit), (found.members[1], asked.second, asked.unit)]


async def _read_back(call: Call, ref: str) -> Sequence[Finding]:
    stored = await records.item(call.tx, call.patient_id, "Observation", UUID(ref.partition("/")[2]))
    return await insights.latest_measurement(call.tx, call.patient_id, stored.code or "", subject(call))


def _name(code: str) -> str:
    found = metric(code)
    return found.name if found else code


def _told(asked: Measurement) -> str:
    if asked.second is None:
        return insights.amount(asked.value, asked.unit)
    return f"{insights.number(asked.value)}/{insights.amount(asked.second, asked.unit)}"


Lister = Callable[[AsyncSession, UUID], Awaitable[Any]]


def lister(
    name: str,
    description: str,
    intent: IntentName,
    category: Category,
    read: Lister,
    tell: Callable[..., list[Finding]],
) -> ReadTool[Nothing]:
    """A tool that lists one category of the record."""

    async def run(call: Call, _: Nothing) -> Sequence[Finding]:
        return tell(await read(call.tx, call.patient_id), subject(call))

    return ReadTool(
        name=name,
        description=description,
        arguments=Nothing,
        intents=frozenset({intent}),
        plan=once,
        reads=frozenset({category}),
        needs=frozenset({category}),
        run=run,
    )


def _measurement_tools(
    what: str, category: Category, latest: IntentName, history: IntentName
) -> tuple[ReadTool[MetricCode], ReadTool[MetricPeriod]]:
    noun = category.value.removesuffix("s")
    return (
        ReadTool(
            name=f"latest_{noun}",
            description=f"The latest value of a {what}, by LOINC code, and whether it is all right.",
            arguments=MetricCode,
            intents=frozenset({latest}),
            plan=_latest(category),
            admits=lambda asked, _: metric(asked.code) is not None,
            reads=frozenset({category}),
            needs=frozenset({category}),
            run=_tell_latest,
        ),
        ReadTool(
            name=f"{noun}_history",
            description=f"What a {what}, by LOINC code, did between two times.",
            arguments=MetricPeriod,
            intents=frozenset({history}),
            plan=_history(category),
            admits=_known_period,
            reads=frozenset({category}),
            needs=frozenset({category}),
            run=_tell_history,
        ),
    )


LATEST_VITAL, VITAL_HISTORY = _measurement_tools(
    "vital sign", Category.VITALS, IntentName.MEASUREMENT_LATEST, IntentName.MEASUREMENT_HISTORY
)
LATEST_LAB, LAB_HISTORY = _measurement_tools(
    "laboratory test", Category.LABS, IntentName.LAB_LATEST, IntentName.LAB_HISTORY
)
RECENT_RESULTS = ReadTool(
    name="recent_results",
    description="The latest result of every laboratory test, those outside their range first.",
    arguments=Nothing,
    intents=frozenset({IntentName.LAB_LATEST, IntentName.LAB_HISTORY}),
    plan=_overview,
    reads=LABS,
    needs=LABS,
    run=_tell_results,
)
LOG_MEASUREMENT = WriteTool(
    name="log_measurement",
    description="Write down a value that the person measured, after the person confirmed it.",
    arguments=Measurement,
    intents=frozenset({IntentName.MEASUREMENT_LOG}),
    plan=_measured,
    reads=VITALS | LABS,
    writes=VITALS | LABS,
    propose=_propose,
    write=_write,
    read_back=_read_back,
)
ALLERGIES = lister(
    "allergies",
    "The allergies and intolerances in the record.",
    IntentName.ALLERGIES_LIST,
    Category.ALLERGIES,
    records.allergies,
    insights.allergy_findings,
)
MEDICATIONS = lister(
    "medications",
    "The medicines in the record: dose, since when, by whom.",
    IntentName.MEDICATIONS_LIST,
    Category.MEDICATIONS,
    records.medications,
    insights.medication_findings,
)
CONDITIONS = lister(
    "conditions",
    "The conditions in the record.",
    IntentName.CONDITIONS_LIST,
    Category.CONDITIONS,
    records.conditions,
    insights.condition_findings,
)
IMMUNIZATIONS = lister(
    "immunizations",
    "The vaccinations in the record.",
    IntentName.IMMUNIZATIONS_LIST,
    Category.IMMUNIZATIONS,
    records.immunizations,
    insights.immunization_findings,
)

TOOLS = (
    *(LATEST_VITAL, VITAL_HISTORY, LATEST_LAB, LAB_HISTORY, RECENT_RESULTS),
    *(ALLERGIES, MEDICATIONS, CONDITIONS, IMMUNIZATIONS, LOG_MEASUREMENT),
)
