"""What the supervisor says itself: greetings, what it can do, whose record this is, and an honest question."""

from collections.abc import Sequence

from vitasense.agents.spec import AgentSpec
from vitasense.deterministic.intake import EntityType, IntentName, Reading
from vitasense.deterministic.platform.findings import Finding, not_evaluated
from vitasense.graphs.plan import SURE, plan
from vitasense.graphs.state import Reply

GREETING = "Hello! Ask me about your health record, your measurements, your medicines, your food or your genes."
THANKS = "You are welcome. Take care."
QUESTION = (
    "I am not sure what you would like to know. Could you say it in other words? For example: "
    '"What was my last blood pressure?", "Which medicines do I take?" or "Summarise my record for my doctor."'
)
UNSURE = not_evaluated(
    "conversation.unclear",
    "I am not sure that I understood the question, so I checked whether it may be taken. Ask in other words for more.",
    "the question was not understood",
)
OTHER_RECORD_PATIENT = (
    "I can only look at your own record here. Another person's record stays closed unless that person shares it."
)
OTHER_RECORD_PROVIDER = (
    "This conversation is about one patient's record. To ask about another patient who shared a record with you, "
    "open that patient first."
)
NOTHING_FITTED = not_evaluated("turn.nothing", "I could not look that up. Please ask in other words.", "no tool fitted")
SYMPTOM = not_evaluated(
    "symptom.not_evaluated",
    "I cannot judge what you describe: I have no rule for it, and I cannot examine you. If it is severe, came suddenly "
    "or gets worse, get medical help now. Otherwise a doctor or pharmacist can tell you what to do. I can show you "
    "what your record says, or help you prepare a visit.",
    "no rule for these symptoms",
)
VALUE_MISSING = not_evaluated(
    "log.value_missing",
    "I wrote nothing down. I write down what you ate or measured yourself, and I need the amount or the value with its "
    'unit. For example: "log my blood pressure 130/85" or "I ate two eggs".',
    "no value of the person's own in the message",
)
LOGGED = {IntentName.MEASUREMENT_LOG, IntentName.NUTRITION_LOG}


def answer(reading: Reading, specs: Sequence[AgentSpec], *, own_record: bool) -> Reply | None:
    """The supervisor's own reply, or None when specialists should answer. A wish for another's record goes first."""
    sure = {intent.name for intent in reading.intents if intent.confidence >= SURE}
    if IntentName.ACCESS_OTHER_RECORD in sure:
        words = OTHER_RECORD_PATIENT if own_record else OTHER_RECORD_PROVIDER
        return Reply(text=words, findings=(not_evaluated("access.refused", words, "not the record in view"),))
    if any(plan(spec, reading) for spec in specs):
        return None
    if LOGGED & {intent.name for intent in reading.intents}:
        silence = _not_written(reading)
        return Reply(text=silence.text, findings=(silence,))
    if IntentName.HELP_CAPABILITIES in sure:
        return Reply(text=capabilities(specs))
    if IntentName.SMALLTALK_THANKS in sure:
        return Reply(text=THANKS)
    if any(not symptom.negated for symptom in reading.of_type(EntityType.SYMPTOM)):
        return Reply(text=SYMPTOM.text, findings=(SYMPTOM,))
    if IntentName.SMALLTALK_GREETING in sure:
        return Reply(text=GREETING)
    return None


def _not_written(reading: Reading) -> Finding:
    """Why nothing was written down: what is doubtful about the values that were said, or that none was said."""
    times = [period.doubt for period in reading.periods]
    doubts = list(dict.fromkeys(doubt for doubt in (*(entity.doubt for entity in reading.entities), *times) if doubt))
    if not doubts:
        return VALUE_MISSING
    told = f"I wrote nothing down. {' '.join(doubts)} Please check it, and say it again with its unit."
    return not_evaluated("log.doubtful", told, "a doubtful value")


def capabilities(specs: Sequence[AgentSpec]) -> str:
    """What each specialist does, one line each."""
    lines = "\n".join(f"- {spec.title}: {spec.description}" for spec in specs)
    return f"This is what I can do for you:\n{lines}\n\nI do not make diagnoses, and I do not replace your doctor."
