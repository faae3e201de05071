"""What may be read for knowledge: published documents of a length that a person can review, and nothing of any patient."""

import hashlib
import json
import re
from typing import cast

from vitasense.deterministic.knowledge.library import Library
from vitasense.deterministic.knowledge.review.schemas import LONGEST_TITLE, Document
from vitasense.deterministic.knowledge.substances import ingredients
from vitasense.deterministic.platform.problems import InvalidInput, TooLarge
from vitasense.deterministic.platform.untrusted import visible

MOST_CHARACTERS = 1_000_000  # the longest labels have about 400,000; read in about 15 s on two cores
LONGEST_SOURCE = 400
_OF_A_RECORD = "This looks like a document of a person's record. Only what was published is read here: labels, guidelines, articles."
# A name or number that a form or a letter gives for one patient. A label's own form to fill in has nothing after the colon.
_IDENTITY = re.compile(
    r"\b(?i:patient(?:'s)? (?:name|id)|date of birth|d\.o\.b\.|dob|mrn|medical record (?:number|no\.?)|nhs (?:number|no\.?))"
    r"[ \t]*[:#][ \t]*(?:[A-Z][\w'-]+,?[ \t]+[A-Z][\w'-]+|[A-Z]{0,4}-?\d[\d /.-]{3,})"
)
_HL7 = re.compile(r"\A\s*MSH\|")
_CDA = re.compile(r"<ClinicalDocument\b")


def digest_of(text: str) -> bytes:
    """The SHA-256 of the words: lines and spaces do not make another document."""
    return hashlib.sha256(" ".join(text.split()).encode("utf-8", "replace")).digest()


def checked(document: Document, library: Library) -> Document:
    """The document without what nobody sees; title and source on one line, cut where they are longer than is kept.

    Raises InvalidInput when it is empty, of a person's record, without a title, or of a medicine that nobody knows;
    TooLarge when it is longer than is read.
    """
    text = visible(document.text)
    if not any(letter.isalpha() for letter in text):
        raise InvalidInput("There are no words in this document. A scan has to be recognised first.")
    if len(text) > MOST_CHARACTERS:
        raise TooLarge(
            f"The document has {len(text):,} characters; at most {MOST_CHARACTERS:,} are read. Give it in parts."
        )
    if is_of_a_record(text):
        raise InvalidInput(_OF_A_RECORD)
    about = tuple(filter(None, (_line(name, LONGEST_TITLE) for name in document.about)))
    if about and not any(part.drug for name in about for part in ingredients(name, library)):
        raise InvalidInput(f"Nobody knows a medicine called {' or '.join(f'“{name}”' for name in about)}.")
    title = _line(document.title, LONGEST_TITLE)
    if not title:
        raise InvalidInput("The document needs a title.")
    source = _line(document.source, LONGEST_SOURCE) or title
    return Document(title, text, source, document.kind, about)


def is_of_a_record(text: str) -> bool:
    """Whether it is a FHIR resource, a message or document of HL7, or names one patient as a letter does."""
    return bool(_is_fhir(text) or _HL7.match(text) or _CDA.search(text) or _IDENTITY.search(text))


def _is_fhir(text: str) -> bool:
    if not text.lstrip().startswith("{") or '"resourceType"' not in text:
        return False
    try:
        read = cast("object", json.loads(text))
    except (ValueError, RecursionError):
        return False
    return isinstance(read, dict) and "resourceType" in read


def _line(text: str, most: int) -> str:
    return " ".join(visible(text).split())[:most].strip()
