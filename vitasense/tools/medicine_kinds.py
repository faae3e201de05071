"""Kinds of medicine in a question: "my statin" is the one that is taken, "a painkiller" may be one of several."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from vitasense.deterministic import knowledge, medications
from vitasense.deterministic.intake import EntityType, Reading
from vitasense.deterministic.knowledge import Library, Usual
from vitasense.deterministic.medications import Kind, Medicine, Person
from vitasense.deterministic.platform.findings import Finding, Status, Urgency, Value, not_evaluated
from vitasense.tools.medicine_words import same_medicine


def meant(
    asked: Sequence[str], taken: Sequence[Medicine], reading: Reading, library: Library | None
) -> tuple[list[str], list[str]]:
    """The medicines that are asked about, with "my statin" as the one taken; and the kinds of which none is taken.

    A kind of the message before is not asked about any more where this one names a medicine ("And paracetamol?").
    """
    drugs = reading.of_type(EntityType.DRUG)
    called, names, kinds = {each.text: each.name for each in drugs}, list[str](), list[str]()
    for name in asked:
        kind = called.get(name, name)
        own = knowledge.of_kind(kind, [each.name for each in taken], library)
        names += [name] if own is None else own
        kinds += [kind] if own == [] else []
    if any(each.text and each.name not in kinds for each in drugs):
        said = {each.name for each in drugs if each.text}
        kinds = [kind for kind in kinds if kind in said]
    return list(dict.fromkeys(names)), list(dict.fromkeys(kinds))


def told(kind: str, beside: Sequence[Medicine], person: Person, library: Library | None) -> list[Finding]:
    """What is usually sold as this kind, each held against the medicines `beside` and the person.

    What could not be evaluated is among it. Where none is sold so, the kind itself is not evaluated, and what is known
    to interrupt of medicines of this kind is told as such.
    """
    usual = knowledge.usual(kind)
    if usual is None:
        text = f"“{kind}” is a kind of medicine. Which one it is matters: say its name, and I check it."
        unnamed = not_evaluated(Kind.INTERACTION, text, "a kind of medicine was named")
        return [unnamed, *(each for medicine in beside for each in _of_some(kind, medicine, person, library))]
    asked = [each.name for each in beside if each.is_asked]
    others = [replace(each, origin="said", asked=False) if each.is_asked else each for each in beside]
    checked = {
        name: medications.check([Medicine(name, origin="asked"), *others], person=person, library=library)
        for name in usual.names
        if not same_medicine(name, asked)
    }
    against = {name: _loud(findings) for name, findings in checked.items()}
    silent = [each for findings in checked.values() for each in findings if each.status is Status.NOT_EVALUATED]
    unknown = {each.text: each for each in silent if each.kind != Kind.MAXIMUM}  # nobody said a dose of a kind
    return [
        _scope(kind, usual),
        *unknown.values(),
        *(_member(name, findings) for name, findings in against.items() if findings),
        *_nothing({name: found for name, found in checked.items() if not against[name] and _is_listed(found)}, usual),
    ]


def _is_listed(findings: Sequence[Finding]) -> bool:
    """Whether some list says anything of it: what no list knows was not checked, and is told so."""
    return not any(each.kind == Kind.INTERACTION and each.status is Status.NOT_EVALUATED for each in findings)


def _of_some(kind: str, medicine: Medicine, person: Person, library: Library | None) -> list[Finding]:
    """How many medicines of a kind go badly with this one, and the most serious of it; quieter for what is taken."""
    drugs = [part.drug for part in knowledge.ingredients(medicine.name, library) if part.drug]
    known = [each for each in knowledge.members(kind) if each not in drugs]
    pairs = {each.name: [found for one in drugs if (found := knowledge.pair(each, one, library))] for each in known}
    worst = {name: max(map(_rank, found)) for name, found in pairs.items() if found}
    listed = [name for name, rank in worst.items() if rank >= Urgency.URGENT.rank]
    if not listed:
        return []
    first = max(listed, key=worst.__getitem__)
    checked = medications.check([Medicine(first, origin="asked"), medicine], person=person, library=library)
    told = [each for each in checked if each.kind == Kind.INTERACTION and each.status is Status.FOUND]
    if not told:  # the way in which it is used keeps it from the other
        return []
    found = max(told, key=_rank)
    goes = "goes" if len(listed) == 1 else "go"
    text = f"Of the {len(known)} medicines called “{kind}” that I know, {len(listed)} {goes} badly with {medicine.name}. One is {first}. {found.text}"
    counts = (Value(name=f"{kind} known", number=len(known)), Value(name=f"{kind} listed", number=len(listed)))
    urgency = found.urgency if medicine.is_looked_at else Urgency.ROUTINE
    return [found.model_copy(update={"text": text, "values": (*counts, *found.values), "urgency": urgency})]


def _rank(finding: Finding) -> int:
    return finding.urgency.rank


def _loud(findings: Sequence[Finding]) -> list[Finding]:
    loud = [each for each in findings if each.status is Status.FOUND and each.urgency is not Urgency.SELF_CARE]
    return sorted(loud, key=_rank, reverse=True)


def _scope(kind: str, usual: Usual) -> Finding:
    text = f"“{kind}” can be one of several medicines. I looked at the usual ones that are sold without a prescription; which of them is right, a doctor or pharmacist can say."
    return Finding(kind="check.scope", text=text, status=Status.FOUND, evidence=(usual.evidence,))


def _member(name: str, findings: Sequence[Finding]) -> Finding:
    """The worst of what speaks against one of them, and how much more there is."""
    worst, more = findings[0], len(findings) - 1
    there = "is one more thing" if more == 1 else f"are {more} more things"
    rest = f" There {there} to know: ask me about {name} alone." if more else ""
    return worst.model_copy(
        update={
            "text": f"{name.capitalize()}: {worst.text}{rest}",
            "evidence": tuple(dict.fromkeys(ref for each in findings for ref in each.evidence)),
            "categories": frozenset(category for each in findings for category in each.categories),
        }
    )


def _nothing(checked: Mapping[str, Sequence[Finding]], usual: Usual) -> list[Finding]:
    if not checked:
        return []
    *most, last = checked
    listed = f"{', '.join(most)} and {last}" if most else last
    text = f"Of {listed} I found nothing that speaks against it in the lists I can check. That does not rule out a problem; keep to the pack."
    nothing = Finding(
        kind=Kind.INTERACTION,
        text=text,
        status=Status.NOT_FOUND,
        evidence=(usual.evidence,),
        reason="no listed reason",
        categories=frozenset(one for findings in checked.values() for each in findings for one in each.categories),
    )
    return [nothing]
