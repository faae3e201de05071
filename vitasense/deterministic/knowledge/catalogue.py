"""Everything that the room explains, one entry each, for whoever looks for it in other words than its name."""

from collections.abc import Iterator
from functools import cache

from vitasense.deterministic.knowledge.library import Library
from vitasense.deterministic.knowledge.rulebook import rulebook
from vitasense.deterministic.knowledge.schemas import Drug, DrugClass, Explanation, Term
from vitasense.deterministic.knowledge.service import UNGROUPED

_EXAMPLES = 3


def explanations(library: Library | None = None) -> tuple[Explanation, ...]:
    """One for each term, kind of medicine and medicine, with what it is for, in the order of the files.

    With a library also one for each sentence that a person read and accepted in new material.
    """
    return (*_own(), *(_reviewed(library) if library else ()))


@cache
def _own() -> tuple[Explanation, ...]:
    return (*_terms(), *_groups(), *_drugs())


def _terms() -> Iterator[Explanation]:
    book = rulebook().terms
    for term in book:
        yield _explanation(term.kind, term, term.name, term.text, term.names)


def _groups() -> Iterator[Explanation]:
    for group in rulebook().classes:
        if group.key != UNGROUPED:
            told = f"This kind of medicine{_examples(group)} {group.use}.{_treats(group, 'It is')}"
            yield _explanation("group", group, group.name, told, (group.plural,))


def _drugs() -> Iterator[Explanation]:
    book = rulebook()
    for drug in book.drugs:
        group = book.classes[drug.classes[0]]
        name = f"{drug.name[:1].upper()}{drug.name[1:]}"
        belongs = "" if group.key == UNGROUPED else f" It belongs to the {group.plural}."
        for_what = "" if drug.use else _treats(group, "They are")
        told = f"{name} {drug.use or group.use}.{belongs}{for_what}"
        yield _explanation(drug.kind, drug, drug.name, told, (*drug.names, *drug.brands))


def _reviewed(library: Library) -> Iterator[Explanation]:
    for place in library.reviewed():
        edge = library.edge(place)
        name = " and ".join(library.name(end) for end in library.ends(place))
        key = f"reviewed/{library.book(place).name}#{edge.ref} {edge.source} {edge.relation} {edge.target}"
        evidence = library.evidence(place, name)
        yield Explanation(key=key, name=name, text=edge.sentence or edge.says, names=(edge.says,), evidence=evidence)


def _treats(group: DrugClass, opening: str) -> str:
    treated = [rulebook().terms[key].name for key in group.treats]
    return f" {opening} used for {_listed(treated)}." if treated else ""


def _examples(group: DrugClass) -> str:
    members = [drug.name for drug in rulebook().drugs if group.key == drug.classes[0]][:_EXAMPLES]
    return f" (such as {_listed(members)})" if members else ""


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _explanation(
    kind: str, entry: Term | DrugClass | Drug, name: str, told: str, others: tuple[str, ...]
) -> Explanation:
    book = rulebook()
    if isinstance(entry, Term):
        evidence = book.terms.evidence(entry, name)
    elif isinstance(entry, DrugClass):
        evidence = book.classes.evidence(entry, name)
    else:
        evidence = book.drugs.evidence(entry, name)
    return Explanation(key=f"{kind}/{entry.key}", name=name, text=told, names=others, evidence=evidence)
