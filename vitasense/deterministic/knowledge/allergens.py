"""Whether a medicine is what an allergy was recorded to, or belongs to the same kind of medicine."""

from dataclasses import dataclass
from functools import cache

from vitasense.deterministic.knowledge.names import drug_names, ingredients, normalise
from vitasense.deterministic.knowledge.rulebook import rulebook
from vitasense.deterministic.knowledge.schemas import DrugClass

_LONGEST_NAME = 4
_UNGROUPED = "other"


@dataclass(frozen=True, slots=True)
class Kinship:
    """What a medicine has to do with an allergen: the same by name, or one of its kind (then `group` names the kind)."""

    name: str
    group: DrugClass | None = None


def kinship(medicine: str, allergen: str) -> Kinship | None:
    """How `medicine` stands to the words of a recorded allergy ("Allergy to penicillin"); None when names show nothing.

    Names and kinds are compared, nothing else: kinds that only resemble each other are not told.
    """
    own = {part.drug.key: part.drug for part in ingredients(medicine) if part.drug}
    drugs, groups = _named(allergen)
    same = [drug.name for key, drug in own.items() if key in drugs]
    if same or (normalise(medicine) and f" {normalise(medicine)} " in f" {normalise(allergen)} "):
        return Kinship(same[0] if same else medicine)
    kinds = [(drug.name, key) for drug in own.values() for key in drug.classes]
    kinds += [(medicine, key) for key in sorted(_named(medicine)[1])]
    found = next(((name, key) for name, key in kinds if key in groups and key != _UNGROUPED), None)
    return Kinship(found[0], rulebook().classes[found[1]]) if found else None


def _named(allergen: str) -> tuple[frozenset[str], frozenset[str]]:
    """The keys of the medicines in the words of an allergy, and of the kinds named or belonging to those medicines."""
    words = normalise(allergen).split()
    spans = [
        " ".join(words[at : at + count])
        for count in range(1, _LONGEST_NAME + 1)
        for at in range(len(words) + 1 - count)
    ]
    drugs = {key for span in spans for key in drug_names().get(span, ())}
    named = {key for span in spans for key in _groups().get(span, ())}
    kinds = {key for drug in drugs for key in rulebook().drugs[drug].classes}
    return frozenset(drugs), frozenset(named | kinds)


@cache
def _groups() -> dict[str, tuple[str, ...]]:
    """Kinds by the ways to name them: "penicillin", "penicillins", "penicillin antibiotic"."""
    found: dict[str, tuple[str, ...]] = {}
    for group in rulebook().classes:
        key = group.key.replace("_", " ")
        for name in {key, f"{key}s", group.name, group.plural, group.name.partition(" (")[0]}:
            found.setdefault(normalise(name), (group.key,))
    return found
