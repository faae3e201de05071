"""How a medicine is taken: everything that was said of one, put together."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from vitasense.deterministic.intake.attach import nearer, nearest
from vitasense.deterministic.intake.details import Amount, Dosage, Duration, Period, Range
from vitasense.deterministic.intake.doses import Dose
from vitasense.deterministic.intake.durations import Lasting
from vitasense.deterministic.intake.forms import Form, food, forms, listed, routes
from vitasense.deterministic.intake.frequency import Often, together
from vitasense.deterministic.intake.mentions import Mention
from vitasense.deterministic.intake.scene import Scene, quantity
from vitasense.deterministic.intake.schemas import EntityType
from vitasense.deterministic.intake.statuses import Happened, happenings, status_of

_MOST_COUNTED = 12
_OF_BOTH = frozenset({"frequency", "duration"})  # also said of complaints
_BY = frozenset({"x", "×"})
_SEVERAL = "More than one dose was said."


@dataclass(frozen=True, slots=True)
class Taken:
    """What was said of one medicine: the entity's value, unit, count and times a day, the rest as `dosage`, a doubt."""

    value: float | None
    unit: str | None
    range: Range | None
    count: float | None
    per_day: float | None
    dosage: Dosage | None
    when: Period | None
    doubt: str | None


@dataclass(slots=True)
class _Gathered:
    doses: list[Dose] = field(default_factory=list[Dose])
    often: list[Often] = field(default_factory=list[Often])
    forms: list[tuple[Form, int]] = field(default_factory=list[tuple[Form, int]])
    fields: dict[str, object] = field(default_factory=dict[str, object])
    duration: Duration | None = None


@dataclass(frozen=True, slots=True)
class _Whole:
    """A medicine with its doses and what was said right beside them."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class _Said:
    """Something that is said of a medicine at tokens `[first, last)`: the field of the dosage and its value."""

    name: str
    meaning: object
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Regimen:
    """The medicines of a text by their first token, the tokens of the words beside them, and which words are theirs."""

    taken: Mapping[int, Taken]
    places: frozenset[int]
    claimed: frozenset[int]


def regimens(
    scene: Scene,
    doses: Sequence[Dose],
    often: Sequence[Often],
    lasting: Sequence[Lasting],
    periods: Mapping[int, Period],
) -> Regimen:
    """What is said of each medicine; `periods` are the times said of mentions, by first token."""
    drugs = [mention for mention in scene.mentions if mention.type is EntityType.DRUG]
    if not drugs:
        return Regimen({}, frozenset(), frozenset())
    gathered = {drug.first: _Gathered() for drug in drugs}
    for dose in doses:
        if dose.drug:
            gathered[dose.drug.first].doses.append(dose)
    beside, claimed = _gather(scene, drugs, gathered, often, lasting)
    happened = happenings(scene, beside | {place for dose in doses for place in range(dose.first, dose.last)})
    taken = {
        drug.first: _taken(scene, drug, gathered[drug.first], happened.get(drug.first), periods.get(drug.first))
        for drug in drugs
    }
    return Regimen(taken, beside, claimed)


def _gather(
    scene: Scene,
    drugs: Sequence[Mention],
    gathered: Mapping[int, _Gathered],
    often: Sequence[Often],
    lasting: Sequence[Lasting],
) -> tuple[frozenset[int], frozenset[int]]:
    """Give each word to its medicine, from left to right.

    Returns the tokens of what stands right beside one, and where the words begin that are given away.
    """
    wholes = [_whole(drug, gathered[drug.first].doses) for drug in drugs]
    complaints = [mention for mention in scene.mentions if _complains(scene, mention)]
    places: set[int] = set()
    claimed: set[int] = set()
    for said in sorted(_said(scene, often, lasting), key=lambda one: one.first):
        near = nearest(scene, said, wholes)
        if near is None or (said.name in _OF_BOTH and nearer(scene, said, complaints, wholes[near])):
            continue
        _keep(gathered[drugs[near].first], said)
        claimed.add(said.first)
        whole = wholes[near]
        if said.first <= whole.last + 1 and said.last + 1 >= whole.first:
            places.update(range(said.first, said.last))
            # "Once a week on Mondays" goes on with the same medicine.
            wholes[near] = _Whole(min(whole.first, said.first), max(whole.last, said.last))
    return frozenset(places), frozenset(claimed)


def _complains(scene: Scene, mention: Mention) -> bool:
    """Whether a symptom is told for itself; "for pain" only says what a medicine is for."""
    return mention.type is EntityType.SYMPTOM and scene.word(mention.first - 1) not in ("for", "against")


def _keep(found: _Gathered, said: _Said) -> None:
    if isinstance(said.meaning, Form):
        found.forms.append((said.meaning, said.first))
    elif isinstance(said.meaning, Often):
        found.often.append(said.meaning)
    elif isinstance(said.meaning, Duration):
        found.duration = found.duration or said.meaning
    else:
        found.fields.setdefault(said.name, said.meaning)


def _whole(drug: Mention, doses: Sequence[Dose]) -> _Whole:
    return _Whole(min([drug.first, *(dose.first for dose in doses)]), max([drug.last, *(dose.last for dose in doses)]))


def _said(scene: Scene, often: Sequence[Often], lasting: Sequence[Lasting]) -> Iterator[_Said]:
    yield from (_Said("form", hit.meaning, hit.first, hit.last) for hit in forms().find(scene))
    yield from (_Said("route", hit.meaning, hit.first, hit.last) for hit in routes().find(scene))
    yield from (_Said("food", hit.meaning, hit.first, hit.last) for hit in food().find(scene))
    for name in ("as_needed", "tapering"):
        yield from (_Said(name, True, hit.first, hit.last) for hit in listed(name).find(scene))
    yield from (_Said("frequency", one, one.first, one.last) for one in often)
    yield from (_Said("duration", one.duration, one.first, one.last) for one in lasting)


def _taken(scene: Scene, drug: Mention, found: _Gathered, happened: Happened | None, period: Period | None) -> Taken:
    dose = _main(found.doses)
    count = _count(scene, drug, found)
    frequency = together(found.often)
    fields = found.fields | _amounts(found, dose) | _times(found, happened, period)
    form = next((form for form, _ in found.forms), next((one.form for one in found.doses if one.form), None))
    if form:
        fields = {"form": form.name, **({"route": form.route} if form.route else {})} | fields
    if frequency:
        fields["frequency"] = frequency
    said = {name: value for name, value in fields.items() if value is not None and value is not False}
    return Taken(
        value=dose.value if dose else None,
        unit=dose.unit if dose else None,
        range=dose.spread if dose else next((one.spread for one in found.doses if one.spread), None),
        count=count,
        per_day=frequency.per_day if frequency else None,
        dosage=Dosage.model_validate(said) if said else None,
        when=period,
        doubt=_doubt(found.doses),
    )


def _main(doses: Sequence[Dose]) -> Dose | None:
    amounts = [dose for dose in doses if dose.value is not None or (dose.spread and dose.unit)]
    return next((dose for dose in amounts if dose.per is None), amounts[0] if amounts else None)


def _count(scene: Scene, drug: Mention, found: _Gathered) -> float | None:
    said = next((dose.count for dose in found.doses if dose.count is not None), None)
    if said is not None:
        return said
    counted = any(form.counted for form, _ in found.forms) or any(dose.form for dose in found.doses)
    amounts = [dose.first for dose in found.doses if dose.value is not None]
    starts = [first - 1 for first in amounts if scene.word(first - 1) in _BY] + (amounts if counted else [])
    for place in (*starts, drug.first):
        number = scene.number_before.get(place)
        alone = number and quantity(scene, number).unit is None and scene.word(number.first) not in ("a", "an")
        if number and alone and number.value <= _MOST_COUNTED and not _is_dose(found, number.first):
            return number.value
    return None


def _is_dose(found: _Gathered, place: int) -> bool:
    return any(dose.first <= place < dose.last for dose in found.doses)


def _amounts(found: _Gathered, dose: Dose | None) -> dict[str, object]:
    """What one tablet holds where tablets are counted, else the amount that is taken."""
    said: dict[str, object] = {}
    for one in found.doses:
        if one.per and one.value is not None:
            said["strength"] = Amount(value=one.value, unit=one.per)
    if dose is None or dose.value is None or dose.per:
        return said
    counted = any(form.counted for form, _ in found.forms) or any(
        one.form or one.count is not None for one in found.doses
    )
    said["strength" if counted and "strength" not in said else "dose"] = Amount(value=dose.value, unit=dose.unit)
    if dose.was:
        said["changed_from"] = Amount(value=dose.was.value, unit=dose.was.unit)
    return said


def _times(found: _Gathered, happened: Happened | None, period: Period | None) -> dict[str, object]:
    said: dict[str, object] = {"status": status_of(happened), "duration": found.duration}
    if period is None:
        return said
    lead = period.text.lower().split(" ")[0]
    if lead in ("until", "till") or happened == "stopped":
        said["stop"] = period
    elif lead == "since":
        said |= {"start": period, "status": said["status"] or "taking"}
    elif happened in ("began", "planned"):
        said["start"] = period
    elif happened == "ends":
        said["stop"] = period
    return said


def _doubt(doses: Sequence[Dose]) -> str | None:
    amounts = [dose for dose in doses if dose.per is None and (dose.value is not None or dose.spread)]
    said = {(dose.value, dose.spread, dose.unit) for dose in amounts if dose.unit or dose.value is not None}
    return _SEVERAL if len(said) > 1 else next((dose.doubt for dose in doses if dose.doubt), None)
