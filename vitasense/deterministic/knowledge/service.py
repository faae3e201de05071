"""Explains terms and medicines in plain words."""

from collections.abc import Mapping
from functools import cache

from vitasense.deterministic.knowledge.facts import Relation
from vitasense.deterministic.knowledge.kinds import of_kind
from vitasense.deterministic.knowledge.library import Library, role_text
from vitasense.deterministic.knowledge.names import drug_names, normalise
from vitasense.deterministic.knowledge.rulebook import rulebook
from vitasense.deterministic.knowledge.schemas import Drug, DrugClass, Term
from vitasense.deterministic.knowledge.substances import ingredients, place_of
from vitasense.deterministic.platform.findings import Evidence, Finding, Status, Urgency, Value, not_evaluated

EXPLANATION = "explanation"
DRUG_FACTS = "drug_facts"
UNGROUPED = "other"
_TOLD = (
    Relation.IS_A,
    Relation.USED_FOR,
    Relation.SUBSTRATE,
    Relation.ACTIVATED_BY,
    Relation.INHIBITS,
    Relation.INDUCES,
)
_MOST_TOLD = 8


def explain(term: str, library: Library | None = None) -> list[Finding]:
    """What a word means, in plain language: a lab test, vital sign, condition, drug class or medicine.

    found: numbers of the text are in `values` with UCUM units. not_found: the word is in none of the lists.
    `library` is what is known; without it the rule files alone.
    """
    entry = find_term(term)
    if isinstance(entry, Term):
        return [_term_finding(entry)]
    if isinstance(entry, DrugClass):
        return [_kind_finding(entry.name, entry.use, rulebook().classes.evidence(entry, entry.name))]
    if everyday := rulebook().everyday.entries.get(normalise(term)):
        return [_kind_finding(everyday.key, everyday.use, rulebook().everyday.evidence(everyday, everyday.key))]
    if any(part.drug for part in ingredients(term, library)):
        return drug_facts(term, library)
    return [_no_explanation(term)]


def drug_facts(name: str, library: Library | None = None) -> list[Finding]:
    """What a medicine is, what it is for, and how the body clears it; one group of findings per ingredient.

    not_evaluated when the name, or a part of a product's name, is not known. `library` is what is known; without it the
    rule files alone. Of a medicine that only a release knows it is told what the release says.
    """
    parts = ingredients(name, library)
    if not any(part.drug for part in parts) and of_kind(name, [], library) is not None:
        return [*(explain(name) if _is_explained(name) else ()), _one_of_a_kind(name)]
    if not parts:
        return [_unknown_drug(name)]
    known = [finding for part in parts if part.drug for finding in _part_findings(part.written, part.drug, library)]
    return [*known, *(_unknown_drug(part.written) for part in parts if part.drug is None)]


def find_term(name: str) -> Term | DrugClass | None:
    """The term or drug class of this name or abbreviation; None when it is not known."""
    return _terms().get(normalise(name))


def term_names() -> Mapping[str, str]:
    """Every name of a term or drug class in normalised form, with the entry's key."""
    return {name: entry.key for name, entry in _terms().items()}


@cache
def _terms() -> dict[str, Term | DrugClass]:
    book = rulebook()
    terms: dict[str, Term | DrugClass] = {
        normalise(name): group
        for group in book.classes
        if group.key != UNGROUPED
        for name in (group.name, group.plural, _short(group.name))
    }
    terms.update({normalise(name): term for term in book.terms for name in (term.name, *term.names)})
    return {name: entry for name, entry in terms.items() if name not in drug_names() or isinstance(entry, Term)}


def _short(name: str) -> str:
    return name.partition(" (")[0]


def _term_finding(term: Term) -> Finding:
    numbers = tuple(Value(name=v.name, number=v.number, unit=v.unit) for v in term.values)
    return Finding(
        kind=EXPLANATION,
        text=term.text,
        status=Status.FOUND,
        values=(Value(name="term", text=term.name), *numbers),
        urgency=Urgency.SELF_CARE,
        evidence=(rulebook().terms.evidence(term, term.name),),
    )


def _kind_finding(name: str, use: str, evidence: Evidence) -> Finding:
    return Finding(
        kind=EXPLANATION,
        text=f"{name[:1].upper()}{name[1:]}: this kind of medicine {use}.",
        status=Status.FOUND,
        values=(Value(name="class", text=name),),
        urgency=Urgency.SELF_CARE,
        evidence=(evidence,),
    )


def _part_findings(written: str, drug: Drug, library: Library | None) -> list[Finding]:
    place = place_of(library, drug) if library and drug.key not in rulebook().drugs.entries else None
    return _drug_findings(written, drug) if library is None or place is None else [_released_finding(library, place)]


def _released_finding(library: Library, place: int) -> Finding:
    """What releases say of a medicine that is not among our own: its kinds, what it is for, and its enzymes."""
    edges = [edge for edge in library.edges_of(place) if library.ends(edge)[0] == place]
    told = [edge for edge in edges if library.relation(edge) in _TOLD][:_MOST_TOLD]
    name = library.name(place)
    says = "; ".join(dict.fromkeys(library.says(edge) for edge in told))
    text = f"I know {name} only from {library.node_evidence(place).source}" + (f": {says}." if says else ".")
    return Finding(
        kind=DRUG_FACTS,
        text=text,
        status=Status.FOUND,
        values=(Value(name="drug", text=name, code=library.code(place, "rxnorm")),),
        urgency=Urgency.SELF_CARE,
        evidence=(library.node_evidence(place), *map(library.evidence, told)),
    )


def _drug_findings(written: str, drug: Drug) -> list[Finding]:
    roles = _roles_finding(drug)
    return [_use_finding(written, drug), *([roles] if roles else [])]


def _use_finding(written: str, drug: Drug) -> Finding:
    book = rulebook()
    group = book.classes[drug.classes[0]]
    brands = f" It is also sold as {_listed(drug.brands)}." if drug.brands else ""
    kind = "" if group.key == UNGROUPED else f" It belongs to the {group.plural}."
    alias = "" if normalise(drug.name) in normalise(written) else f"“{written}” contains {drug.name}. "
    name = f"{drug.name[:1].upper()}{drug.name[1:]}"
    return Finding(
        kind=DRUG_FACTS,
        text=f"{alias}{name} {drug.use or group.use}.{kind}{brands}",
        status=Status.FOUND,
        values=(
            Value(name="drug", text=drug.name, code=drug.rxcui),
            Value(name="class", text=group.name),
            *(Value(name="atc", text=code, code=code) for code in drug.atc),
            *(Value(name="brand", text=brand) for brand in drug.brands),
        ),
        urgency=Urgency.SELF_CARE,
        evidence=(book.drugs.evidence(drug, drug.name), book.classes.evidence(group, group.name)),
    )


def _roles_finding(drug: Drug) -> Finding | None:
    books = (rulebook().enzymes, rulebook().prodrugs)
    found = [(book, role) for book in books for role in book if drug.key in role.members]
    if not found:
        return None
    text = "; ".join(role_text(drug, role) for _, role in found)
    return Finding(
        kind=DRUG_FACTS,
        text=f"How the body handles it: {text}. This is one reason why other medicines can change its effect.",
        status=Status.FOUND,
        values=(
            Value(name="drug", text=drug.name, code=drug.rxcui),
            *(Value(name="protein", text=name) for name in dict.fromkeys(role.protein for _, role in found)),
        ),
        urgency=Urgency.SELF_CARE,
        evidence=tuple(book.evidence(role, role_text(drug, role)) for book, role in found),
    )


def _listed(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _is_explained(name: str) -> bool:
    return find_term(name) is not None or normalise(name) in rulebook().everyday.entries


def _one_of_a_kind(name: str) -> Finding:
    text = f"“{name}” is a kind of medicine. Which one it is matters: say its name, and I tell you of it."
    return not_evaluated(DRUG_FACTS, text, "a kind of medicine was named")


def _unknown_drug(name: str) -> Finding:
    return Finding(
        kind=DRUG_FACTS,
        text=f"I do not know a medicine called “{name}”. Please check the spelling on the pack.",
        status=Status.NOT_EVALUATED,
        values=(Value(name="drug", text=name),),
        reason="the medicine is not in the list of medicines",
    )


def _no_explanation(term: str) -> Finding:
    return Finding(
        kind=EXPLANATION,
        text=f"“{term}” is not in the list of words I can explain.",
        status=Status.NOT_FOUND,
        values=(Value(name="term", text=term),),
        reason="the word is in none of the lists of terms, drug classes and medicines",
    )
