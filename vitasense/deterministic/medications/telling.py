"""The findings of a check as a person is told them: what could not be checked first, then loud, then quiet."""

from collections.abc import Collection, Iterable, Sequence

from vitasense.deterministic.medications.schemas import Kind
from vitasense.deterministic.platform.findings import Finding, Status, Urgency, most_urgent

# What each check looked at, in the words of a sentence that says that nothing was found.
_LOOKED_AT = {
    Kind.INTERACTION: "how they go together",
    Kind.LOAD: "effects that add up",
    Kind.DUPLICATION: "the same thing taken twice",
    Kind.FOOD: "food and drink",
    Kind.ALCOHOL: "alcohol",
    Kind.CONDITION: "the illnesses in the record",
    Kind.ALLERGY: "the allergies in the record",
    Kind.LABORATORY: "laboratory values",
    Kind.PREGNANCY: "pregnancy",
    Kind.BREASTFEEDING: "breastfeeding",
    Kind.CHILD: "the age of a child",
    Kind.OLDER: "the age of an older person",
    Kind.MAXIMUM: "the highest daily dose",
}
_STATUSES = (Status.FOUND, Status.NOT_EVALUATED, Status.NOT_FOUND)
_LISTED = 1  # more quiet findings than that make one list


def brief(findings: Sequence[Finding], first: Collection[str] = ()) -> list[Finding]:
    """The findings in the order in which a person is told them, with what is quiet put together.

    What was found, not found or not evaluated of the kinds `first`, which were asked about, is told by itself, before
    everything that does not interrupt.

    What nobody knows, and how a misspelt name was read, stands first and is as urgent as what follows, so that it is not passed over; then what interrupts;
    then what else could not be checked, before everything that does not interrupt. That no dose was said, and values that
    nobody has to have, come late.
    """
    asked = [each for each in findings if each.kind in first and each.urgency.rank < Urgency.URGENT.rank]
    asked.sort(key=lambda each: _STATUSES.index(each.status))
    findings = [each for each in findings if each not in asked]
    found = [each for each in findings if each.status is Status.FOUND]
    loud = [each for each in found if each.urgency is not Urgency.SELF_CARE]
    quiet = [each for each in found if each.urgency is Urgency.SELF_CARE]
    silent = [each for each in findings if each.status is Status.NOT_EVALUATED]
    nothing = [each for each in findings if each.status is Status.NOT_FOUND]
    level = most_urgent(*(each.urgency for each in loud), Urgency.ROUTINE)
    names = [each for each in silent if each.kind == Kind.INTERACTION] + [
        each for each in loud if each.kind == Kind.NAME
    ]
    unknown = [each.model_copy(update={"urgency": level}) for each in names]
    loud = [each for each in loud if each.kind != Kind.NAME]
    urgent = [each for each in loud if each.urgency.rank >= Urgency.URGENT.rank]
    rest = [each for each in loud if each not in urgent]
    doses = [each for each in silent if each.kind == Kind.MAXIMUM or _comes_late(each)]
    unchecked = _unchecked([each for each in silent if each.kind != Kind.INTERACTION and each not in doses])
    told = [*found, *(each for each in asked if each.status is Status.FOUND)]
    return [*unknown, *urgent, *asked, *unchecked, *rest, *_minor(quiet), *doses, *_nothing(nothing, told)]


def _comes_late(silent: Finding) -> bool:
    """Whether it is a value that nobody has to have: it is told, but not before what was found."""
    return silent.urgency is Urgency.SELF_CARE


def _unchecked(silent: Sequence[Finding]) -> list[Finding]:
    """What is not known of the person, in one sentence."""
    if len(silent) < 2:
        return list(silent)
    reasons = _merged(each.reason or "" for each in silent)
    return [
        _joined(silent, f"I could not check everything: {reasons}.", Status.NOT_EVALUATED, Urgency.ROUTINE, reasons)
    ]


def _merged(reasons: Iterable[str]) -> str:
    """The reasons as one; "not in your record: INR" and "not in your record: sodium" are one list."""
    lists = dict[str, dict[str, None]]()
    for lead, _, rest in (reason.partition(": ") for reason in reasons):
        lists.setdefault(lead, {}).update(dict.fromkeys(rest.split(", ") if rest else ()))
    return "; ".join(f"{lead}: {', '.join(items)}" if items else lead for lead, items in lists.items())


def _minor(quiet: Sequence[Finding]) -> list[Finding]:
    if len(quiet) <= _LISTED:
        return list(quiet)
    text = "Smaller things to know:\n" + "\n".join(f"  - {each.text}" for each in quiet)
    return [_joined(quiet, text, Status.FOUND, Urgency.SELF_CARE)]


def _nothing(nothing: Sequence[Finding], found: Sequence[Finding]) -> list[Finding]:
    """That nothing was found, in one sentence; which allergies were compared is told by name where none concerns it."""
    told = Kind.ALLERGY in {each.kind for each in found}
    named = [each for each in nothing if each.kind == Kind.ALLERGY and not told]
    rest = [each for each in nothing if each not in named]
    if len(rest) < 2:
        return [*named, *rest]
    looked = list(dict.fromkeys(_LOOKED_AT[each.kind] for each in rest))
    what = looked[0] if len(looked) == 1 else f"{', '.join(looked[:-1])} and {looked[-1]}"
    more = "nothing else" if found else "nothing"
    text = f"I also looked at {what} and found {more} in the lists I can check. That does not rule out a problem."
    reasons = "; ".join(dict.fromkeys(each.reason or "" for each in rest))
    return [*named, _joined(rest, text, Status.NOT_FOUND, Urgency.ROUTINE, reasons)]


def _joined(
    parts: Sequence[Finding], text: str, status: Status, urgency: Urgency, reason: str | None = None
) -> Finding:
    return Finding(
        kind=parts[0].kind,
        text=text,
        status=status,
        values=tuple(dict.fromkeys(value for each in parts for value in each.values)),
        urgency=urgency,
        confidence=min(each.confidence for each in parts),
        evidence=tuple(dict.fromkeys(ref for each in parts for ref in each.evidence)),
        reason=reason,
        categories=frozenset(category for each in parts for category in each.categories),
    )
