"""The findings of a check as a person is told them: what could not be checked first, then loud, then quiet."""

from collections.abc import Sequence

from vitasense.deterministic.medications.schemas import Kind
from vitasense.deterministic.platform.findings import Finding, Status, Urgency, most_urgent

# What each check looked at, in the words of a sentence that says that nothing was found.
_LOOKED_AT = {
    Kind.INTERACTION: "each other",
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
_LISTED = 1  # more quiet findings than that make one list


def brief(findings: Sequence[Finding]) -> list[Finding]:
    """The findings in the order in which a person is told them, with what is quiet put together.

    What could not be checked stands first and is as urgent as what follows, so that it is not passed over.
    """
    found = [each for each in findings if each.status is Status.FOUND]
    loud = [each for each in found if each.urgency is not Urgency.SELF_CARE]
    quiet = [each for each in found if each.urgency is Urgency.SELF_CARE]
    silent = [each for each in findings if each.status is Status.NOT_EVALUATED]
    nothing = [each for each in findings if each.status is Status.NOT_FOUND]
    level = most_urgent(*(each.urgency for each in loud), Urgency.ROUTINE)
    return [*_unchecked(silent, level), *loud, *_minor(quiet), *_nothing(nothing, bool(found))]


def _unchecked(silent: Sequence[Finding], level: Urgency) -> list[Finding]:
    """Medicines of which nothing is known are named one by one; what is not known of the person is one sentence."""
    named = [each for each in silent if each.kind == Kind.INTERACTION]
    others = [each for each in silent if each.kind != Kind.INTERACTION]
    if len(others) > 1:
        reasons = list(dict.fromkeys(each.reason or "" for each in others))
        text = f"I could not check everything: {'; '.join(reasons)}."
        others = [_joined(others, text, Status.NOT_EVALUATED, level, "; ".join(reasons))]
    return [each.model_copy(update={"urgency": level}) for each in (*named, *others)]


def _minor(quiet: Sequence[Finding]) -> list[Finding]:
    if len(quiet) <= _LISTED:
        return list(quiet)
    text = "Smaller things to know:\n" + "\n".join(f"  - {each.text}" for each in quiet)
    return [_joined(quiet, text, Status.FOUND, Urgency.SELF_CARE)]


def _nothing(nothing: Sequence[Finding], others: bool) -> list[Finding]:
    if len(nothing) < 2:
        return list(nothing)
    looked = list(dict.fromkeys(_LOOKED_AT[each.kind] for each in nothing))
    what = looked[0] if len(looked) == 1 else f"{', '.join(looked[:-1])} and {looked[-1]}"
    more = "nothing else" if others else "nothing"
    text = f"I also looked at {what} and found {more} in the lists I can check. That does not rule out a problem."
    reasons = "; ".join(dict.fromkeys(each.reason or "" for each in nothing))
    return [_joined(nothing, text, Status.NOT_FOUND, Urgency.ROUTINE, reasons)]


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
