"""What is remembered, told back: in the second person where that is safe, else as a quotation."""

import re

from vitasense.memory.schemas import Entry
from vitasense.memory.sentences import day

# Whole phrases first; every form of the first person that English has, so that none is left standing.
_TURNED = {
    "i am": "you are",
    "i'm": "you are",
    "i was": "you were",
    "i've": "you have",
    "i'd": "you would",
    "i'll": "you will",
    "am i": "are you",
    "we're": "you are",
    "we've": "you have",
    "i": "you",
    "we": "you",
    "me": "you",
    "us": "you",
    "my": "your",
    "our": "your",
    "mine": "yours",
    "ours": "yours",
    "myself": "yourself",
    "ourselves": "yourselves",
}
_FIRST = re.compile(
    r"(?<![\w'])(?:" + "|".join(sorted(map(re.escape, _TURNED), key=len, reverse=True)) + r")(?![\w'])", re.IGNORECASE
)
_TURNS = re.compile(r"(?:I|I'm|I've|I'd|I'll|My|We|We're|We've|Our)\b")
# Letters of the first person that are none: the US, ME, type I diabetes, a coal mine.
_NO_PERSON = re.compile(
    r"\b(?:US|ME|WE|MY)\b|\b(?i:type|grade|stage|class|factor|bipolar|phase|level|degree|category|war) I\b|\bI$"
    r"|\b(?:an?|the|coal|gold|salt|land) mine\b"
)
_OTHERS = re.compile(r"\byou(?:r|rs|rself)?\b|[“”\"]", re.IGNORECASE)


def told(entry: Entry, *, own: bool) -> str:
    """ "On 3 March 2026 you told me that you are vegetarian." `own` is whether it is told to whom it is about."""
    at = f"On {day(entry.occurred_at)}"
    if not own:
        return f"{at} the patient told me: “{entry.text}”."
    turned = second_person(entry.text)
    return f"{at} you told me that {turned}." if turned else f"{at} you told me: “{entry.text}”."


def on_day(entry: Entry) -> str:
    """The day on which it was told: "3 March 2026"."""
    return day(entry.occurred_at)


def second_person(text: str) -> str | None:
    """The sentence as said to the person who said it; None when turning it could change who is meant."""
    straight = text.replace("’", "'")
    if not _TURNS.match(straight) or _OTHERS.search(straight) or _NO_PERSON.search(straight):
        return None
    turned = _FIRST.sub(lambda found: _TURNED[found[0].lower()], straight)
    return turned[:1].lower() + turned[1:]
