"""Which specialists answer: those with something to do for the reading; a model is asked only when there is none."""

import json
import re
from collections.abc import Sequence

from langchain_core.messages import HumanMessage, SystemMessage

from vitasense.agents.spec import AgentSpec
from vitasense.deterministic.intake import EntityType, Intent, IntentName, Reading
from vitasense.graphs.model import LanguageModel, ModelUnavailable
from vitasense.graphs.plan import SURE, plan
from vitasense.graphs.redaction import Redaction
from vitasense.graphs.state import Said
from vitasense.tools.context import RunContext

_OF_MONEY = re.compile(r"\b(?:costs?|pric(?:e|es|ey)|expensive|cheap\w*|afford|insurance|co-?pay)\b", re.IGNORECASE)
MOST_SPECIALISTS = 3  # hop limit: how many may work on one message


def by_intent(specs: Sequence[AgentSpec], reading: Reading) -> list[str]:
    """The specialists for whom the reading's sure intents make a plan, in the order of confidence."""
    able = [spec for spec in specs if plan(spec, reading)]
    sure = [intent.name for intent in reading.intents if intent.confidence >= SURE]
    names = [spec.name for intent in sure for spec in able if intent in spec.intents]
    return list(dict.fromkeys(names))[:MOST_SPECIALISTS]


def by_medicine(specs: Sequence[AgentSpec], reading: Reading) -> tuple[list[str], Reading]:
    """Who can answer a question that nobody understood and that names a medicine: whether it may be taken is checked."""
    if not (reading.question and reading.of_type(EntityType.DRUG)) or _OF_MONEY.search(reading.text):
        return [], reading
    wish = Intent(name=IntentName.KNOWLEDGE_INTERACTION, confidence=SURE)
    checked = reading.model_copy(update={"intents": (wish,)})
    return by_intent(specs, checked), checked


async def by_model(
    specs: Sequence[AgentSpec], said: Said, run: RunContext, model: LanguageModel, prompt: str
) -> list[str]:
    """The specialist that a model names, if it names one that exists; else nobody."""
    redaction = Redaction.of(run, model)
    choices = json.dumps({spec.name: spec.description for spec in specs})
    asked = "\n".join(filter(None, (run.before, said.text)))
    request = [SystemMessage(f"{prompt}\n{choices}"), HumanMessage(redaction.hide(asked))]
    try:
        answer = await model.run(lambda: model.chat.ainvoke(request))
    except ModelUnavailable:
        return []
    words = answer.text.strip().strip('."`').lower()
    return [spec.name for spec in specs if spec.name == words]
