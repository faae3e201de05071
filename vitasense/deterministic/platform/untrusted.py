"""Text that somebody else wrote, as it may stand in a sentence of ours: nothing hidden, nothing that acts, not endless.

It stays data. What it says is kept, so that a person can read it; only what works without being read is taken out.
"""

import re
from typing import Annotated

from pydantic import AfterValidator

MOST_SHOWN = 600  # characters of one name, dose or reason; our own choice, longer than any in the public records
SHORTENED = "… (shortened)"
LINK = "(link left out)"
_LONGEST_WORD_CUT = 40

# Unicode 16, DefaultIgnorableCodePoint, controls and halves of surrogate pairs, but for what is handled below.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f"
    "\u2060-\u2065\u206a-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ud800-\udfff\ufff9-\ufffb\U0001bca0-\U0001bca3\U000e0000-\U000e0fff]"
)
# Joiners shape the letters of many scripts and are hidden between others.
_JOINERS = re.compile(r"(?<![^\x00-\u02ff])[\u200c\u200d]+|[\u200c\u200d]+(?![^\x00-\u02ff])")
# Boucher and Anderson, Trojan Source, USENIX Security 2023: these reorder what a reader sees.
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_ADDRESS = re.compile(
    r"(?:\b[a-z][a-z0-9+.-]{1,20}://|\bwww\.(?=\w)|\b(?:javascript|vbscript|mailto):(?=\S)|\bdata:(?=[a-z]+/))[^\s<>\"')\]]*",
    re.IGNORECASE,
)
_ACTS = re.compile(rf"{_TAG.pattern}|\]\(|{_ADDRESS.pattern}", re.IGNORECASE)
_SPACES = re.compile(r"\s+")


def clean(text: str) -> str:
    """`text` with hidden characters removed, bidi controls written out, and no link, image or tag that would act."""
    if text.isascii() and text.isprintable() and not (_may_act(text) and _ACTS.search(text)):
        return text
    written_out = _BIDI.sub(lambda found: f"[U+{ord(found.group()):04X}]", text)
    return _ADDRESS.sub(LINK, _TAG.sub("‹", visible(written_out))).replace("](", "] (")


def _may_act(text: str) -> bool:
    """Whether a tag, link or address is possible: each of them has one of these."""
    if "<" in text or "](" in text or "://" in text:
        return True
    lower = text.lower()
    return "www." in lower or "script:" in lower or "mailto:" in lower or "data:" in lower


def visible(text: str) -> str:
    """`text` without the characters that nobody sees: controls, fillers, tags, bidi controls, stray joiners."""
    return _JOINERS.sub("", _HIDDEN.sub("", _BIDI.sub("", text)))


def shown(text: str) -> str:
    """`text` cleaned, on one line, and at most MOST_SHOWN characters long; what is cut off is told."""
    line = _SPACES.sub(" ", clean(text)).strip()
    if len(line) <= MOST_SHOWN:
        return line
    kept = line[: MOST_SHOWN - len(SHORTENED)]
    whole, space, part = kept.rpartition(" ")  # half a number would be another number
    return f"{whole if space and len(part) < _LONGEST_WORD_CUT else kept}{SHORTENED}"


def settled(text: str) -> str:
    """A reply's text: cleaned, and without the bidi controls that only text from elsewhere has to account for."""
    return clean(visible(text))


CleanText = Annotated[str, AfterValidator(clean)]
RecordText = Annotated[str, AfterValidator(shown)]
ReplyText = Annotated[str, AfterValidator(settled)]
