"""Pairs of medicines: what the lists say, what follows from enzymes, and of which medicines the lists say nothing."""

from collections.abc import Iterator
from itertools import combinations

from vitasense.deterministic import knowledge
from vitasense.deterministic.knowledge import Drug, Library
from vitasense.deterministic.medications.checks.answers import drug_value, listed, shortened
from vitasense.deterministic.medications.checks.subject import Subject
from vitasense.deterministic.medications.schemas import Kind
from vitasense.deterministic.platform.findings import Finding, Status, not_evaluated


def pairs(subject: Subject, library: Library) -> list[Finding]:
    """One finding for each pair of ingredients that affect each other, and one for all the quiet pairs together.

    not_evaluated: no list speaks of a medicine at all, so that silence about it says nothing.
    """
    found: list[Finding] = []
    quiet: dict[str, Drug] = {}
    places = {each.drug.key: knowledge.place_of(library, each.drug) for each in subject.taken}
    for one, two in _pairs(subject):
        first, second = places[one.key], places[two.key]
        finding = None if first is None or second is None else knowledge.between(library, first, second)
        if finding:
            found.append(finding)
        else:
            quiet |= {one.key: one, two.key: two}
    unlisted = [drug for drug in quiet.values() if not knowledge.is_covered(drug, library)]
    covered = [drug for drug in quiet.values() if drug not in unlisted]
    return [*found, *_unlisted(unlisted), *_quiet(covered, bool(found), library)]


def _pairs(subject: Subject) -> Iterator[tuple[Drug, Drug]]:
    """Every two ingredients of different medicines, each once; with something asked about, only the pairs it is in.

    The ingredients of one product belong together and are not told of.
    """
    asks = any(each.medicine.is_looked_at for each in subject.taken)
    seen: set[frozenset[str]] = set()
    for one, two in combinations(subject.taken, 2):
        pair = frozenset((one.drug.key, two.drug.key))
        if one.medicine is two.medicine or len(pair) == 1 or pair in seen:
            continue
        if asks and not one.medicine.is_looked_at and not two.medicine.is_looked_at:
            continue
        seen.add(pair)
        yield one.drug, two.drug


def _unlisted(drugs: list[Drug]) -> list[Finding]:
    if not drugs:
        return []
    names = listed(drug.name for drug in drugs)
    text = f"No list that I can check says anything of {names}, so I could not hold it against the others."
    finding = not_evaluated(Kind.INTERACTION, text, f"in none of the lists: {names}")
    return [finding.model_copy(update={"values": tuple(map(drug_value, drugs))})]


def _quiet(drugs: list[Drug], others: bool, library: Library) -> list[Finding]:
    if len(drugs) < 2:
        return []
    names = [drug.name for drug in drugs]
    pair = f"{names[0]} with {names[1]}" if len(names) == 2 else shortened(names)
    which = f"the other pairs of {pair}" if others else pair
    text = (
        f"For {which} there is nothing in the lists I can check. I looked in {knowledge.checked(library)}. "
        "That does not rule out a problem, so ask your pharmacist if you are unsure."
    )
    return [
        Finding(
            kind=Kind.INTERACTION,
            text=text,
            status=Status.NOT_FOUND,
            values=tuple(map(drug_value, drugs)),
            reason="the pairs are in none of the lists checked",
        )
    ]
