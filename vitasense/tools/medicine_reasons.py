"""The tool that says why medicines, foods, illnesses and values affect each other."""

from collections.abc import Sequence
from itertools import combinations, product

from pydantic import Field

from vitasense.deterministic import knowledge, medications
from vitasense.deterministic.intake import EntityType, IntentName, Reading
from vitasense.deterministic.platform.findings import Finding, Status, not_evaluated
from vitasense.tools import names, whom
from vitasense.tools.context import Call
from vitasense.tools.medicine_checks import DrugNames, asked_names
from vitasense.tools.medicine_words import same_medicine
from vitasense.tools.tool import ReadTool

STATES = (EntityType.CONDITION, EntityType.LAB, EntityType.VITAL, EntityType.SYMPTOM)


class Things(DrugNames):
    """Medicines and foods, and the illnesses, symptoms and values (`about`) that they are asked about with."""

    about: tuple[str, ...] = Field(default=(), max_length=20)


def _things(reading: Reading) -> Sequence[Things]:
    about = tuple(dict.fromkeys(entity.name for entity in reading.of_type(*STATES)))
    return [Things(drugs=each.drugs, with_own=each.with_own, about=about) for each in asked_names(reading)]


async def _why(call: Call, asked: Things) -> Sequence[Finding]:
    """The documented reasons and the paths between what was named, else the reasons between it and what the record says."""
    library = call.run.library or knowledge.library()
    pairs = [*combinations(asked.drugs, 2), *product(asked.drugs, asked.about)]
    named = [finding for one, two in pairs for finding in knowledge.why(one, two, library)]
    found = [each for each in named if each.status is Status.FOUND]
    if not found and asked.with_own and whom.asks_for_own(call):
        own = await _own(call, asked.drugs)
        found = [finding for each in own for finding in knowledge.reasons(asked.drugs[0], each, library)]
        named += [*([_no_reason(asked.drugs[0])] if own else []), *_unshared(call)]
    nothing = not_evaluated("relation", "I need two things to say how they hang together.", "one thing named")
    return list({each.text: each for each in found}.values()) or named or [nothing]


def _no_reason(drug: str) -> Finding:
    text = f"No list that I have says why {drug} should matter beside what I see of the record."
    return Finding(kind="relation", text=text, status=Status.NOT_FOUND, reason="no listed reason")


def _unshared(call: Call) -> list[Finding]:
    """What of the record could have been a reason and was not seen."""
    hidden = sorted(each.value for each in medications.USED - call.readable)
    if not hidden:
        return []
    text = f"I could not look at all of the record: {', '.join(hidden)} are not shared with you."
    return [not_evaluated("relation", text, "no permission")]


async def _own(call: Call, drugs: Sequence[str]) -> list[str]:
    """What the record says that a medicine may have to do with: other medicines, illnesses and values."""
    taken = [each.name for each in await whom.taken(call) if not same_medicine(each.name, drugs)]
    return [*taken, *medications.nodes_of(await whom.own(call))]


WHY = ReadTool(
    name="why_interaction",
    description="Why medicines or foods affect each other, an illness or a value: the documented reason and the path.",
    arguments=Things,
    intents=frozenset({IntentName.KNOWLEDGE_WHY}),
    plan=_things,
    admits=lambda asked, reading: all(names.node(each, reading) for each in (*asked.drugs, *asked.about)),
    reads=medications.USED,
    run=_why,
)
