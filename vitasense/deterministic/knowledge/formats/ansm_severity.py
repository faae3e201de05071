"""The four levels of the ANSM thesaurus, found in strings with typing errors, and what they are here.

Source of the levels: ANSM, Thésaurus des interactions médicamenteuses, introduction ("niveaux de contrainte"), and its
English edition by WorldVistA (September 2016). Read against what each level asks for:

| ANSM | English edition | here | because it asks |
|---|---|---|---|
| contre-indication | Contraindication | contraindicated | that the two are never taken together |
| association déconseillée | Not recommended | major | to avoid the two unless there is no other way |
| précaution d'emploi | Precaution for use | moderate | to do something: watch, change a dose or the hour |
| à prendre en compte | Take into account | minor | only to know of it; nothing certain can be advised |
"""

from collections.abc import Sequence
from difflib import SequenceMatcher

from vitasense.deterministic.knowledge.names import normalise
from vitasense.deterministic.knowledge.schemas import Severity

LEVELS: Sequence[tuple[Severity, tuple[str, ...]]] = (
    (Severity.CONTRAINDICATED, ("contraindication", "contraindicated", "contra indication", "contre indication")),
    (Severity.MAJOR, ("not recommended", "association deconseillee", "deconseille")),
    (Severity.MODERATE, ("precaution for use", "precaution demploi")),
    (Severity.MINOR, ("take into account", "a prendre en compte")),
)
ALIKE = (
    0.84  # share of letters in common that a typing error leaves: "tale into account" has 0.94, "not indicated" 0.71
)
_DENIALS = frozenset({"no", "not", "without", "pas"})


def severity(text: str) -> Severity | None:
    """The most severe level that the text names; None when it names none."""
    words = normalise(text).split()
    return next((level for level, names in LEVELS if any(_named(words, name) for name in names)), None)


def is_plain(text: str) -> bool:
    """Whether the text is one level and nothing more, with or without a typing error."""
    words = normalise(text).split()
    return any(_alike(" ".join(words), name) for _, names in LEVELS for name in names)


def _named(words: Sequence[str], name: str) -> bool:
    size = len(name.split())
    return any(
        _alike(" ".join(words[at : at + size]), name) and not (at and words[at - 1] in _DENIALS)
        for at in range(len(words) - size + 1)
    )


def _alike(written: str, name: str) -> bool:
    return abs(len(written) - len(name)) <= 3 and SequenceMatcher(None, written, name).ratio() >= ALIKE
