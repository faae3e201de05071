"""Tools about how medicines are taken: how regularly, how long they last, and what may have come of them."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from vitasense.deterministic import medications, tracking
from vitasense.deterministic.intake import EntityType, IntentName, Reading
from vitasense.deterministic.knowledge import effects, ingredients
from vitasense.deterministic.medications import Adherence, Forecast, RegimenEntry
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.findings import Evidence, Finding, Status, Urgency, Value, not_evaluated
from vitasense.tools import names
from vitasense.tools.context import Call
from vitasense.tools.tool import Arguments, ReadTool
from vitasense.tools.tracking import timezone

MEDICATIONS = frozenset({Category.MEDICATIONS})
NOTES = frozenset({Category.NOTES})
MOST = 12  # medicines that one answer tells of
SOON = 7  # days: a medicine that runs out within them is to be seen to now; our own choice
NOT_THE_CAUSE = "Time alone does not prove a cause. Do not stop a medicine by yourself; ask your doctor or pharmacist."


class Named(Arguments):
    """A medicine by its name, or all that are taken; of a time where one is said."""

    medicine: str | None = None
    since: datetime | None = None
    until: datetime | None = None


class Felt(Arguments):
    """Symptoms, and the medicines that they are put down to; all that are taken when none is named."""

    symptoms: tuple[str, ...] = ()
    medicines: tuple[str, ...] = ()


def _named(reading: Reading) -> Sequence[Named]:
    start, end = (reading.period.start, reading.period.end) if reading.period else (None, None)
    told = dict.fromkeys(each.name for each in reading.of_type(EntityType.DRUG))
    return [Named(medicine=name, since=start, until=end) for name in told] or [Named(since=start, until=end)]


def _felt(reading: Reading) -> Sequence[Felt]:
    symptoms = tuple(dict.fromkeys(each.name for each in reading.of_type(EntityType.SYMPTOM) if not each.negated))
    return [Felt(symptoms=symptoms, medicines=medicines_in(reading))]


def medicines_in(reading: Reading) -> tuple[str, ...]:
    """The medicines that are named, each once."""
    return tuple(dict.fromkeys(each.name for each in reading.of_type(EntityType.DRUG)))


async def zone_of(call: Call) -> ZoneInfo:
    """The zone of the person whose record it is."""
    return (await tracking.person_settings(call.tx, call.patient_id, timezone(call))).zone


async def entries(call: Call, name: str | None, *, taken: bool = True) -> list[RegimenEntry]:
    """The medicines of the record that the name speaks of; without a name all that are taken now."""
    held = await medications.regimen(call.tx, call.patient_id, call.now, timezone=timezone(call))
    current = [each for each in held if each.is_taken or not taken]
    if name is None:
        return current[:MOST]
    keys = {part.drug.key for part in ingredients(name, call.run.library) if part.drug}
    return [each for each in current if keys & {part.drug.key for part in each.ingredients if part.drug}]


def unlisted(name: str | None, call: Call) -> Finding:
    """That the record lists no such medicine."""
    whose = "your" if call.run.own_record else "the patient's"
    if name is None:
        text = f"No medicine that is taken now is in {whose} record."
        return Finding(kind="medications.none", text=text, status=Status.NOT_FOUND)
    text = f"{name[:1].upper()}{name[1:]} is not among the medicines that are taken now in {whose} record."
    return Finding(kind="medications.none", text=text, status=Status.NOT_FOUND, values=(Value(name="drug", text=name),))


async def _adherence(call: Call, asked: Named) -> Sequence[Finding]:
    zone, found = await zone_of(call), await entries(call, asked.medicine)
    told = [
        _regular(
            entry,
            await medications.adherence(
                *(call.tx, call.patient_id, entry), now=call.now, zone=zone, since=asked.since, until=asked.until
            ),
            call,
        )
        for entry in found
    ]
    return told or [unlisted(asked.medicine, call)]


def _regular(entry: RegimenEntry, made: Adherence, call: Call) -> Finding:
    kind, name = "medications.adherence", entry.name
    if made.status is not Status.FOUND or made.share is None:
        text = f"{name}: I cannot say how regularly it is taken, because {made.reason}."
        return not_evaluated(kind, text, made.reason or "nothing is recorded")
    share = Value(name="share taken", number=round(made.share * 100), unit="%")
    since, until = (f"{each.day} {each:%B %Y}" for each in (made.since, made.until))
    who = "you told" if call.run.own_record else "the patient told"
    by_log = f"by what {who}: {made.taken} of {made.due} doses taken" if made.method == "log" else ""
    by_fills = f"supply for {made.days_covered} of {made.days} days was handed over"
    text = f"{name}: {share.number:.0f} % from {since} to before {until} ({by_log or by_fills})."
    counts = [("doses taken", made.taken), ("doses due", made.due), ("days covered", made.days_covered)]
    values = (share, *(Value(name=what, number=n) for what, n in (*counts, ("days", made.days)) if n is not None))
    return Finding(kind=kind, text=text, status=Status.FOUND, values=values, evidence=_of(entry, made.evidence))


def _of(entry: RegimenEntry, beside: Sequence[Evidence] = ()) -> tuple[Evidence, ...]:
    return tuple(dict.fromkeys((*entry.evidence, *beside)))


async def _refills(call: Call, asked: Named) -> Sequence[Finding]:
    zone, found = await zone_of(call), await entries(call, asked.medicine)
    told = [
        _lasting(entry, await medications.forecast(call.tx, call.patient_id, entry, now=call.now, zone=zone), call)
        for entry in found
    ]
    return told or [unlisted(asked.medicine, call)]


def _lasting(entry: RegimenEntry, made: Forecast, call: Call) -> Finding:
    kind, name = "medications.refill", entry.name
    if made.status is not Status.FOUND:
        text = f"{name}: I cannot say how long it lasts, because {made.reason}."
        return not_evaluated(kind, text, made.reason or "nothing is recorded")
    left = f" {made.refills_left} refills are left." if made.refills_left is not None else ""
    values = [Value(name="refills left", number=made.refills_left)] if made.refills_left is not None else []
    when = f"{name}: {_lasts(made, call)}.{left}"
    soon = made.earliest is not None and (made.earliest - call.now.date()).days <= SOON and not made.enough
    return Finding(
        kind=kind,
        text=f"{when} Ask for more now." if soon else when,
        status=Status.FOUND,
        values=(Value(name="drug", text=name), *values),
        urgency=Urgency.ROUTINE if soon else Urgency.SELF_CARE,
        evidence=_of(entry, made.evidence),
    )


def _lasts(made: Forecast, call: Call) -> str:
    if made.enough:
        return "there is enough to the end of the treatment"
    if made.earliest is None:
        return "it lasts for more than a year"
    first = _day(made.earliest, call)
    if made.latest is None or made.latest == made.earliest:
        return f"it lasts until {first}"
    return f"it lasts until {first} when all is taken as directed, and until {_day(made.latest, call)} by what was told"


def _day(day: date, call: Call) -> str:
    days = (day - call.now.date()).days
    return f"{day.day} {day:%B %Y}, {'today' if days == 0 else f'in {days} days' if days > 0 else f'{-days} days ago'}"


async def _side_effects(call: Call, asked: Felt) -> Sequence[Finding]:
    zone = await zone_of(call)
    found = [entry for name in asked.medicines or (None,) for entry in await entries(call, name)]
    listed = effects(asked.medicines or [each.name for each in found], asked.symptoms, call.run.library)
    if not found:
        return [*listed, unlisted(asked.medicines[0] if asked.medicines else None, call)]
    told = [finding for entry in found for finding in await _of_medicine(call, entry, asked.symptoms, zone)]
    return [*(listed if asked.symptoms else ()), *(told or [_nothing_told(found, asked, call)])]


async def _of_medicine(call: Call, entry: RegimenEntry, symptoms: Sequence[str], zone: ZoneInfo) -> list[Finding]:
    linked = await medications.side_effects(call.tx, call.patient_id, entry, call.now, zone)
    beside = await medications.in_time(call.tx, call.patient_id, entry, call.now, zone)
    seen = [(each.symptom, each.relation) for each in linked if each.symptom and each.relation]
    seen += [pair for pair in beside if pair[0].name in symptoms and pair[0] not in [one for one, _ in seen]]
    return [
        Finding(
            kind="medications.side_effect",
            text=f"{symptom.name[:1].upper()}{symptom.name[1:]} and {entry.name}: {relation.text} {NOT_THE_CAUSE}",
            status=Status.FOUND,
            values=(Value(name="drug", text=entry.name), Value(name="symptom", text=symptom.name)),
            evidence=_of(entry, [symptom.evidence]),
        )
        for symptom, relation in seen
        if not symptoms or symptom.name in symptoms
    ]


def _nothing_told(found: Sequence[RegimenEntry], asked: Felt, call: Call) -> Finding:
    names = ", ".join(entry.name for entry in found)
    what = " and ".join(asked.symptoms) or "side effects"
    who = "you have" if call.run.own_record else "the patient has"
    text = (
        f"I cannot say whether {what} comes from {names}: {who} not told of it here, so I cannot see when it began. "
        f"Write it down first (“log …”). {NOT_THE_CAUSE}"
    )
    return not_evaluated("medications.side_effect", text, "no such symptom is written down")


ADHERENCE = ReadTool(
    name="adherence",
    description="How regularly medicines are taken, by what was handed over or by the log of doses.",
    arguments=Named,
    intents=frozenset({IntentName.MEDICATIONS_ADHERENCE}),
    plan=_named,
    admits=lambda asked, reading: asked in _named(reading) or asked == Named(),
    reads=MEDICATIONS,
    needs=MEDICATIONS,
    run=_adherence,
)
REFILLS = ReadTool(
    name="refills",
    description="How long the supply of medicines lasts, and how many refills are left.",
    arguments=Named,
    intents=frozenset({IntentName.MEDICATIONS_REFILL}),
    plan=lambda reading: [] if supply_in(reading) else _named(reading),
    admits=lambda asked, reading: asked.medicine is None or names.drug(asked.medicine, reading),
    reads=MEDICATIONS,
    needs=MEDICATIONS,
    run=_refills,
)
SIDE_EFFECTS = ReadTool(
    name="side_effects",
    description="Whether symptoms are known effects of the medicines that are taken, and how they stand to them in time.",
    arguments=Felt,
    intents=frozenset({IntentName.MEDICATIONS_SIDE_EFFECTS}),
    plan=lambda reading: _felt(reading) if reading.question else [],
    admits=lambda asked, reading: asked in _felt(reading),
    reads=MEDICATIONS | NOTES,
    needs=MEDICATIONS,
    run=_side_effects,
)


def supply_in(reading: Reading) -> bool:
    """Whether the words tell how much is left rather than ask."""
    return not reading.question and any(each.quantity for each in reading.of_type(EntityType.DRUG))


TOOLS = (ADHERENCE, REFILLS, SIDE_EFFECTS)
