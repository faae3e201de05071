"""Everything that the text says, found once: values, doses, regimens, complaints, variants, times and contexts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vitasense.deterministic.intake.circumstances import circumstances_of, find_circumstances
from vitasense.deterministic.intake.context import Context, aimed, contexts
from vitasense.deterministic.intake.details import Circumstances, Period, Variant
from vitasense.deterministic.intake.doses import Dose, find_doses
from vitasense.deterministic.intake.dosing import Regimen, regimens
from vitasense.deterministic.intake.durations import Lasting
from vitasense.deterministic.intake.frequency import Often, find_frequencies
from vitasense.deterministic.intake.moments import Span
from vitasense.deterministic.intake.owners import Owners
from vitasense.deterministic.intake.results import Result, results_of
from vitasense.deterministic.intake.scene import Scene
from vitasense.deterministic.intake.schemas import EntityType
from vitasense.deterministic.intake.symptoms import Complaint, complaints
from vitasense.deterministic.intake.times import Timed, times_said
from vitasense.deterministic.intake.values import Valued, find_values
from vitasense.deterministic.intake.variants import Located, variants_of

_TIMED = {
    EntityType.FOOD: "food",
    EntityType.SYMPTOM: "finding",
    EntityType.CONDITION: "finding",
    EntityType.DRUG: "drug",
}


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found in a scene; mappings go from the first token of a mention, or from the place in `valued`."""

    scene: Scene
    contexts: Mapping[int, Context]
    valued: Sequence[Valued]
    aimed: Sequence[bool]
    results: Mapping[int, Result]
    circumstances: Mapping[int, Circumstances]
    measured_at: Mapping[int, Period]
    times: Mapping[int, Period]
    doses: Sequence[Dose]
    often: Sequence[Often]
    regimen: Regimen
    complaints: Mapping[int, Complaint]
    variants: Mapping[int, Variant]
    located: Mapping[int, Located]
    owners: Owners
    gene_named: bool


def find(scene: Scene, spans: Sequence[Span], lasting: Sequence[Lasting], located: Sequence[Located]) -> Findings:
    """All findings of a scene, with the periods and durations that were found in its text."""
    told = find_circumstances(scene) if scene.numbers else ()
    aside = {place for one in told for place in range(one.first, one.last)} | set(scene.hidden)
    valued = find_values(scene, aside)
    long = {place for one in lasting for place in range(one.first, one.last)}
    often = find_frequencies(scene, long) if _has(scene, EntityType.DRUG, EntityType.SYMPTOM) else ()
    used = {place for one in valued for place in range(one.first, one.last)}
    used |= {place for one in often if one.frequency.counts for place in range(one.first, one.last)}
    doses = find_doses(scene, used, {one.first for one in often})
    measured_at, times = _times(scene, spans, valued)
    regimen = regimens(scene, doses, often, lasting, times)
    free = [one for one in often if one.first not in regimen.claimed]
    rest = [one for one in lasting if one.first not in regimen.claimed]
    return Findings(
        scene=scene,
        contexts=contexts(scene.tokens, scene.mentions),
        valued=valued,
        aimed=aimed(scene.tokens, [(one.first, one.last) for one in valued]),
        results=results_of(scene, valued),
        circumstances=circumstances_of(scene, valued, told),
        measured_at=measured_at,
        times=times,
        doses=doses,
        often=often,
        regimen=regimen,
        complaints=complaints(scene, free, rest, times),
        variants=variants_of(scene, located),
        located={one.first: one for one in located},
        owners=Owners(scene),
        gene_named=_has(scene, EntityType.GENE),
    )


def _has(scene: Scene, *types: EntityType) -> bool:
    return any(mention.type in types for mention in scene.mentions)


def _times(
    scene: Scene, spans: Sequence[Span], valued: Sequence[Valued]
) -> tuple[Mapping[int, Period], Mapping[int, Period]]:
    """The times of values by their place in `valued`, and of mentions by their first token."""
    mentions = [mention for mention in scene.mentions if mention.type in _TIMED]
    targets = [Timed("measured", one.first, one.last) for one in valued]
    targets += [Timed(_TIMED[mention.type], mention.first, mention.last) for mention in mentions]
    found = times_said(scene, spans, targets)
    measured = {place: period for place, period in found.items() if place < len(valued)}
    return measured, {mentions[place - len(valued)].first: found[place] for place in found if place >= len(valued)}
