"""The optional scispaCy extra: abbreviations that a text defines. Nothing is downloaded, nothing read from its cache."""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec


@cache
def installed() -> bool:
    """Whether scispaCy can be imported."""
    return find_spec("scispacy") is not None


class Abbreviations:
    """Abbreviations that a text defines itself (Schwartz AS, Hearst MA, Pac Symp Biocomput 2003:451-462).

    The heavy libraries are imported when the first one is made.
    """

    def __init__(self) -> None:
        self._nlp = import_module("spacy").blank("en")
        self._detector = import_module("scispacy.abbreviation").AbbreviationDetector(self._nlp)

    def defined(self, text: str) -> Mapping[str, str]:
        """Abbreviation → what the text says that it stands for, as both are written."""
        doc = self._detector(self._nlp.make_doc(text))
        return {short.text: short._.long_form.text for short in doc._.abbreviations}
