"""Which resources speak of one medicine: by ingredients, strength and route, or because one refers to the other."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from vitasense.deterministic.medications.sources import Source, State
from vitasense.deterministic.medications.strengths import Strength

Group = list[Source]


def groups(sources: Iterable[Source]) -> list[Group]:
    """The sources, together where they speak of the same medicine; the newest word of each group first.

    The same ingredients in another strength, or by another route, are another medicine. What says no strength belongs
    to the one that there is, or to the one that is taken; where several are, it stays by itself.
    """
    by_medicine: dict[tuple[str, ...], list[Source]] = defaultdict(list)
    for source in sources:
        by_medicine[source.identity].append(source)
    found = [group for same in by_medicine.values() for group in _groups(same)]
    return [sorted(group, key=lambda one: one.said_at, reverse=True) for group in found]


def _groups(same: Sequence[Source]) -> list[Group]:
    """Sources that say most come first, so that what says less finds its group."""
    found: list[Group] = []
    waiting: list[Source] = []
    for source in sorted(same, key=lambda one: (not one.strengths, one.route is None, -one.said_at.timestamp())):
        linked = [group for group in found if _refers(source, group)]
        fitting = linked or [group for group in found if fits(source.strengths, source.route, group)]
        exact = [group for group in fitting if source.strengths and source.strengths in _strengths(group)]
        if chosen := _only(linked or exact or fitting):
            chosen.append(source)
        elif fitting:
            waiting.append(source)
        else:
            found.append([source])
    return [*found, *_alike(waiting)]


def _refers(source: Source, group: Group) -> bool:
    refs = {each.ref for each in group}
    return bool(source.about & refs) or any(source.ref in each.about for each in group)


def fits(strengths: tuple[Strength, ...], route: str | None, group: Group) -> bool:
    """Whether nothing that is said speaks against it being the same medicine."""
    known, routes = _strengths(group), {each.route for each in group} - {None}
    same_strength = not strengths or not known or strengths in known
    return same_strength and (route is None or not routes or route in routes)


def _strengths(group: Group) -> set[tuple[Strength, ...]]:
    return {each.strengths for each in group if each.strengths}


def _only(fitting: Sequence[Group]) -> Group | None:
    """The one group, or of several the one that is taken now."""
    if len(fitting) == 1:
        return fitting[0]
    taken = [group for group in fitting if any(each.state is State.TAKING for each in group)]
    return taken[0] if len(taken) == 1 else None


def _alike(waiting: Sequence[Source]) -> list[Group]:
    """What could not be placed, together by route."""
    by_route: dict[str | None, Group] = defaultdict(list)
    for source in waiting:
        by_route[source.route].append(source)
    return list(by_route.values())
