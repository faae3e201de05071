"""Tools of the knowledge room."""

from collections.abc import Sequence

from pydantic import Field

from vitasense.deterministic import knowledge
from vitasense.deterministic.intake import Entity, EntityType, IntentName, Reading
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.findings import Finding, Status, Value, not_evaluated
from vitasense.deterministic.records import medications
from vitasense.tools import names
from vitasense.tools.allergy_check import ALLERGIES, TAKEN, about_own, allergy_findings, allergy_warnings
from vitasense.tools.context import Call
from vitasense.tools.explanations import FIND_EXPLANATION
from vitasense.tools.tool import Arguments, Nothing, ReadTool

MEDICATIONS = frozenset({Category.MEDICATIONS})
EXPLAINED = (
    *(EntityType.LAB, EntityType.VITAL, EntityType.CONDITION),
    *(EntityType.DRUG, EntityType.SYMPTOM, EntityType.ALLERGEN),
)


class Term(Arguments):
    """A word of medicine, as it was said."""

    term: str = Field(min_length=1, max_length=120)


class DrugName(Arguments):
    """One medicine by its generic or brand name."""

    drug: str = Field(min_length=1, max_length=120)


class TwoTerms(Arguments):
    """Two medicines, kinds of medicine or enzymes."""

    one: str = Field(min_length=1, max_length=120)
    two: str = Field(min_length=1, max_length=120)


class DrugNames(Arguments):
    """Medicines asked about; `with_own` checks each also against the medicines in the record."""

    drugs: tuple[str, ...] = Field(min_length=1, max_length=20)
    with_own: bool = True


def _terms(reading: Reading) -> Sequence[Term]:
    if reading.of_type(EntityType.GENE):
        return []  # a gene is explained by the genomics specialist, with the person's own result
    return [Term(term=_word(entity)) for entity in reading.of_type(*EXPLAINED)] or _asked_word(reading)


def _word(entity: Entity) -> str:
    """As it was said; else the usual name, where only that is explained ("long-term sugar", which is HbA1c)."""
    if entity.text and knowledge.find_term(entity.text) is None and knowledge.find_term(entity.name):
        return entity.name
    return entity.text or entity.name


def _asked_word(reading: Reading) -> Sequence[Term]:
    """The words after "what is", when the lexicon knows none of them: the terms list may."""
    words = [name for name in knowledge.term_names() if f" {name} " in f" {knowledge.normalise(reading.text)} "]
    return [Term(term=max(words, key=len))] if words else []


def _drugs(reading: Reading) -> Sequence[DrugName]:
    return [DrugName(drug=name) for name in _names(reading)]


def _pairs(reading: Reading) -> Sequence[DrugNames]:
    named = reading.of_type(*TAKEN)  # a food that is asked about is checked, or said not to be known
    own = all(entity.experiencer == "patient" for entity in named)
    names = tuple(dict.fromkeys(entity.name for entity in named))
    return [DrugNames(drugs=names, with_own=own)] if reading.of_type(EntityType.DRUG) else []


def _names(reading: Reading) -> list[str]:
    return list(dict.fromkeys(entity.name for entity in reading.of_type(EntityType.DRUG)))


async def _explain(call: Call, asked: Term) -> Sequence[Finding]:  # noqa: ARG001 every tool is called alike
    return knowledge.explain(asked.term)


async def _facts(call: Call, asked: DrugName) -> Sequence[Finding]:
    return [*await allergy_warnings(call, [asked.drug]), *knowledge.drug_facts(asked.drug)]


def _whole_list(reading: Reading) -> Sequence[Nothing]:
    return [] if reading.of_type(EntityType.DRUG) else [Nothing()]


async def _check_list(call: Call, _: Nothing) -> Sequence[Finding]:
    current = [each.name for each in await medications(call.tx, call.patient_id) if each.active]
    if len(current) < 2:
        text = f"The record lists {len(current)} medicine taken now, so there is no pair of medicines to check."
        count = Value(name="medicines taken now", number=len(current))
        return [Finding(kind="drug_interaction", text=text, status=Status.NOT_FOUND, values=(count,))]
    return _quiet_together(knowledge.interactions(current), current, current)


async def _relate(call: Call, asked: TwoTerms) -> Sequence[Finding]:  # noqa: ARG001
    return knowledge.relate(asked.one, asked.two)


async def _check(call: Call, asked: DrugNames) -> Sequence[Finding]:
    named = list(asked.drugs)
    if not asked.with_own or not about_own(call):
        return knowledge.interactions(named)
    return [*await allergy_findings(call, named), *await _with_medicines(call, named)]


async def _with_medicines(call: Call, named: list[str]) -> Sequence[Finding]:
    if Category.MEDICATIONS not in call.readable:
        return [*knowledge.interactions(named), _unseen()]
    current = [each.name for each in await medications(call.tx, call.patient_id) if each.active]
    others = [name for name in current if not _same_drug(name, named)]
    findings = knowledge.interactions(named) if len(named) > 1 or not others else []
    pairs = [finding for name in named for other in others for finding in knowledge.interactions([name, other])]
    return [*findings, *_quiet_together(pairs, named, others)]


def _same_drug(name: str, named: Sequence[str]) -> bool:
    asked = {part.drug.key for each in named for part in knowledge.ingredients(each) if part.drug}
    return any(part.drug.key in asked for part in knowledge.ingredients(name) if part.drug)


def _quiet_together(pairs: Sequence[Finding], named: Sequence[str], others: Sequence[str]) -> list[Finding]:
    """Found and unchecked pairs as they are; those that no list has, in one sentence."""
    quiet = [finding for finding in pairs if finding.status is Status.NOT_FOUND]
    if len(quiet) < 2:
        return list(pairs)
    told = [finding for finding in pairs if finding.status is not Status.NOT_FOUND]
    other = " other" if told else ""
    pairs_of = ", ".join(named) if named == others else f"{', '.join(named)} with {', '.join(others)}"
    together = Finding(
        kind=quiet[0].kind,
        text=f"For the{other} pairs of {pairs_of} there is nothing in the lists I can check. "
        "That does not mean that they are safe together; a pharmacist can check more.",
        status=Status.NOT_FOUND,
        values=tuple(value for finding in quiet for value in finding.values),
        evidence=tuple(dict.fromkeys(each for finding in quiet for each in finding.evidence)),
    )
    return [*told, together]


def _unseen() -> Finding:
    return not_evaluated(
        "drug_interaction",
        "I could not check this against the medicines in the record: they are not shared with you.",
        "no permission",
    )


EXPLAIN_TERM = ReadTool(
    name="explain_term",
    description="Explain a word of medicine in plain language: a test, a vital sign, a condition, a kind of medicine.",
    arguments=Term,
    intents=frozenset({IntentName.KNOWLEDGE_EXPLAIN}),
    plan=_terms,
    admits=lambda asked, reading: names.term(asked.term, reading),
    run=_explain,
)
DRUG_FACTS = ReadTool(
    name="drug_facts",
    description="What a medicine is, what it is for, and how the body clears it.",
    arguments=DrugName,
    intents=frozenset({IntentName.KNOWLEDGE_DRUG}),
    plan=_drugs,
    admits=lambda asked, reading: names.drug(asked.drug, reading),
    reads=ALLERGIES,
    run=_facts,
)
CHECK_INTERACTIONS = ReadTool(
    name="check_interactions",
    description="Check whether medicines affect each other, also with the medicines in the person's record.",
    arguments=DrugNames,
    intents=frozenset({IntentName.KNOWLEDGE_INTERACTION}),
    plan=_pairs,
    admits=lambda asked, reading: all(names.term(each, reading) for each in asked.drugs),
    reads=MEDICATIONS | ALLERGIES,
    run=_check,
)
CHECK_MEDICINES = ReadTool(
    name="check_medicines",
    description="Check all medicines in the record against each other.",
    arguments=Nothing,
    intents=frozenset({IntentName.KNOWLEDGE_INTERACTION}),
    plan=_whole_list,
    reads=MEDICATIONS,
    needs=MEDICATIONS,
    run=_check_list,
)
HOW_RELATED = ReadTool(
    name="how_related",
    description="The shortest path between two medicines, kinds of medicine or enzymes, with the reason of each step.",
    arguments=TwoTerms,
    intents=frozenset(),  # no wording asks for it alone; a model may
    plan=lambda _: (),
    admits=lambda asked, reading: names.node(asked.one, reading) and names.node(asked.two, reading),
    run=_relate,
)

TOOLS = (EXPLAIN_TERM, FIND_EXPLANATION, DRUG_FACTS, CHECK_INTERACTIONS, CHECK_MEDICINES, HOW_RELATED)
