"""Tools of the knowledge room."""

import re
from collections.abc import Sequence

from pydantic import Field

from vitasense.deterministic import knowledge, medications
from vitasense.deterministic.intake import Entity, EntityType, IntentName, Reading
from vitasense.deterministic.platform.findings import Finding
from vitasense.tools import names
from vitasense.tools.context import Call
from vitasense.tools.explanations import FIND_EXPLANATION
from vitasense.tools.literature import SEARCH_LITERATURE
from vitasense.tools.medicine_asking import asks_facts, asks_for_check
from vitasense.tools.medicine_avoiding import FOODS_TO_AVOID, MEDICINES_TO_AVOID
from vitasense.tools.medicine_checks import (
    CHECK_INTERACTIONS,
    CHECK_MEDICINES,
    CHECK_STATED,
    warnings,
)
from vitasense.tools.medicine_effects import MEDICINE_EFFECTS
from vitasense.tools.medicine_limits import HIGHEST_DOSE, asks_the_most
from vitasense.tools.medicine_reasons import WHY
from vitasense.tools.medicine_taking import HOW_TO_TAKE, asks_how_to_take
from vitasense.tools.tool import Arguments, ReadTool

_INTERACTS = re.compile(
    r"\b(?:what|which|anything|everything|list|all)\b.*\b(?:interact\w*|clash\w*|go(?:es)? badly"
    r"|(?:can'?t|cannot|can not|should ?n[o']t|shouldn't|must ?n[o']t|mustn't|not|never) (?:i |we )?(?:take|have|use|eat|drink|mix|combine|be taken)"
    r"|avoid|stay away)\b",
    re.IGNORECASE,
)
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
    """None beside a check ("can I take it?"), a limit or its use, unless the words ask what the medicine is as well."""
    if asks_the_most(reading) or asks_how_to_take(reading) or (asks_for_check(reading) and not asks_facts(reading)):
        return []
    return [DrugName(drug=name) for name in _names(reading)]


def _names(reading: Reading) -> list[str]:
    return list(dict.fromkeys(entity.name for entity in reading.of_type(EntityType.DRUG)))


def _alone(reading: Reading) -> Sequence[DrugName]:
    """The one medicine of which all interactions are asked for."""
    named = _names(reading)
    asks = len(named) == 1 and not reading.of_type(EntityType.FOOD) and _INTERACTS.search(reading.text)
    return [DrugName(drug=named[0])] if asks else []


async def _explain(call: Call, asked: Term) -> Sequence[Finding]:  # noqa: ARG001 every tool is called alike
    return knowledge.explain(asked.term)


async def _facts(call: Call, asked: DrugName) -> Sequence[Finding]:
    return [*await warnings(call, asked.drug), *knowledge.drug_facts(asked.drug)]


async def _relate(call: Call, asked: TwoTerms) -> Sequence[Finding]:
    return knowledge.relate(asked.one, asked.two, call.run.library)


async def _partners(call: Call, asked: DrugName) -> Sequence[Finding]:
    return knowledge.partners(asked.drug, call.run.library)


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
    reads=medications.USED,
    run=_facts,
)
KNOWN_INTERACTIONS = ReadTool(
    name="known_interactions",
    description="What the lists name as going badly with one medicine, the most severe first.",
    arguments=DrugName,
    intents=frozenset({IntentName.KNOWLEDGE_INTERACTION}),
    plan=_alone,
    admits=lambda asked, reading: names.drug(asked.drug, reading),
    run=_partners,
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

TOOLS = (
    *(EXPLAIN_TERM, FIND_EXPLANATION, HIGHEST_DOSE, CHECK_INTERACTIONS, CHECK_MEDICINES, CHECK_STATED),
    *(HOW_TO_TAKE, FOODS_TO_AVOID, MEDICINES_TO_AVOID, WHY, KNOWN_INTERACTIONS, DRUG_FACTS, MEDICINE_EFFECTS),
    *(SEARCH_LITERATURE, HOW_RELATED),
)
