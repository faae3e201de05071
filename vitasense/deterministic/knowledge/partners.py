"""What the lists name as going badly with one medicine, the most severe first. No list is whole."""

from collections.abc import Iterator, Mapping

from vitasense.deterministic.knowledge.facts import NodeKind
from vitasense.deterministic.knowledge.graph import contents, node
from vitasense.deterministic.knowledge.library import Library
from vitasense.deterministic.knowledge.library import library as rules_alone
from vitasense.deterministic.knowledge.pairs import KIND, capital
from vitasense.deterministic.knowledge.schemas import Severity
from vitasense.deterministic.platform.findings import Finding, Status, Value, not_evaluated

# How many of each severity are named, kinds first: all that interrupts that a reader can take in, of the rest a beginning.
_NAMED = {Severity.CONTRAINDICATED: 40, Severity.MAJOR: 40, Severity.MODERATE: 12}
_LEAD = {
    Severity.CONTRAINDICATED: "It should not be taken together with",
    Severity.MAJOR: "It can do harm together with",
    Severity.MODERATE: "It needs care together with",
}
_NOT_WHOLE = "My lists are not whole. Name what you think of, and I look at it with everything else that is known."


def partners(name: str, library: Library | None = None) -> list[Finding]:
    """One finding for each ingredient of a medicine: the medicines, kinds and foods that documented entries name with it.

    found: values name the ingredient and each of those named, with its severity as the name of the value; minor entries
    and unrated entries are counted. not_found: no list has such an entry. not_evaluated: nobody knows the name.
    """
    library = library or rules_alone()
    place = node(name, library)
    if place is None:
        text = f"I do not know a medicine called “{name}”, so I could not look up what it goes badly with."
        return [not_evaluated(KIND, text, "unknown name")]
    return [_of(library, part) for part in contents(library, name, place)]


def _of(library: Library, part: int) -> Finding:
    name, worst = library.name(part), dict(_worst(library, part))
    groups = _groups(library, worst)
    rest = _rest(len(worst) - sum(map(len, groups.values())))
    if not worst:
        text = f"My lists name nothing that {name} goes badly with. They are not whole, so that rules nothing out."
        return Finding(kind=KIND, text=text, status=Status.NOT_FOUND, reason="no listed interaction")
    told = [
        f"{_LEAD[severity]} {_listed(library, edges, _NAMED[severity])}." for severity, edges in groups.items()
    ] + rest
    named = [
        (severity, at, edge) for severity, edges in groups.items() for at, edge in [*edges.items()][: _NAMED[severity]]
    ]
    return Finding(
        kind=KIND,
        text=f"{capital(name)}: {' '.join(told)} {_NOT_WHOLE}",
        status=Status.FOUND,
        values=(
            Value(name="drug", text=name),
            *(Value(name=severity.value, text=library.name(at)) for severity, at, _ in named),
        ),
        evidence=tuple(dict.fromkeys(library.evidence(edge) for _, _, edge in named)),
    )


def _rest(count: int) -> list[str]:
    return (
        [f"{count} more {'entry is' if count == 1 else 'entries are'} of little weight or not rated."] if count else []
    )


def _groups(library: Library, worst: Mapping[int, int]) -> dict[Severity, dict[int, int]]:
    """By severity what is named, kinds first and then by name, each with the entry that rates it so."""
    places = sorted(worst, key=lambda at: (library.kind(at) is not NodeKind.CLASS, library.name(at).casefold()))
    groups = {
        severity: {at: worst[at] for at in places if library.edge(worst[at]).severity is severity} for severity in _LEAD
    }
    return {severity: edges for severity, edges in groups.items() if edges}


def _worst(library: Library, part: int) -> Iterator[tuple[int, int]]:
    """Each that a documented entry names with the medicine or its kinds, with the most severe of these entries."""
    for other, edges in library.partners(part).items():
        listed = [edge for edge in edges if not library.is_inferred(edge)]
        if listed and other != part:
            yield other, min(listed, key=lambda edge: _rank(library.edge(edge).severity))


def _rank(severity: Severity | None) -> int:
    return len(Severity) if severity is None else list(Severity).index(severity)


def _listed(library: Library, edges: Mapping[int, int], most: int) -> str:
    names = list(dict.fromkeys(library.name(at) for at in edges))
    told, more = names[:most], len(names) - most
    if more > 0:
        return f"{', '.join(told)} and {more} more"
    return told[0] if len(told) == 1 else f"{', '.join(told[:-1])} and {told[-1]}"
