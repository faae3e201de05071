"""Which known conditions a name or code of a record means."""

from collections.abc import Iterable
from functools import cache, lru_cache

from vitasense.deterministic.knowledge import normalise
from vitasense.deterministic.medications.rulebook import Rule, Rules, read_rules
from vitasense.deterministic.medications.schemas import Stated

_ICD = ("icd10", "icd-10", "icd-10-cm", "http://hl7.org/fhir/sid/icd-10", "http://hl7.org/fhir/sid/icd-10-cm")
_SNOMED = ("snomed", "snomedct", "sct", "http://snomed.info/sct")
_SHORTEST_PLURAL = 4  # letters; "us" and "gas" are no plurals


class ConditionName(Rule):
    """A condition: its plain name, the words, ICD-10 beginnings and SNOMED CT codes that mean it, and what it is a kind of.

    `unless` are phrases that contain a word and mean something else. `told` is False for what is no state of the person.
    `term` is its key among the terms of the knowledge room, where that is another one.
    """

    name: str
    term: str | None = None
    words: tuple[str, ...]
    unless: tuple[str, ...] = ()
    icd10: tuple[str, ...] = ()
    snomed: frozenset[str] = frozenset()
    is_a: tuple[str, ...] = ()
    told: bool = True


@cache
def condition_names() -> Rules[ConditionName]:
    """The entries of `rules/condition_names.yaml`."""
    return read_rules("condition_names", ConditionName)


def conditions_of(stated: Stated) -> frozenset[str]:
    """The keys of the conditions that it means, wider ones too; empty when nobody knows it."""
    by_code = frozenset(key for system, code in stated.codes.items() for key in _of_code(system, code))
    found = by_code | _of_words(stated.name)
    remarks = frozenset(key for key in found if not condition_names()[key].told)
    return remarks or _with_wider(found)


def spelt(text: str) -> str:
    """`text` in the form in which names are compared: one spelling for ae/e, oe/e and our/or, no plural, spaces around."""
    words = normalise(text).replace("ae", "e").replace("oe", "e").split()
    return f" {' '.join(map(_singular, words))} "


def _with_wider(keys: frozenset[str]) -> frozenset[str]:
    names = condition_names()
    wider = frozenset(up for key in keys for up in names[key].is_a)
    return keys if wider <= keys else _with_wider(keys | wider)


@lru_cache(maxsize=4096)
def _of_words(name: str) -> frozenset[str]:
    said = spelt(name)
    return frozenset(key for key, words, unless in _spellings() if says(without(said, unless), words))


@cache
def _spellings() -> tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]:
    return tuple((each.key, spelt_all(each.words), spelt_all(each.unless)) for each in condition_names())


def _singular(word: str) -> str:
    if len(word) < _SHORTEST_PLURAL or not word.endswith("s"):
        return word.replace("our", "or")
    return f"{word[:-3]}y" if word.endswith("ies") else word[:-1].replace("our", "or")


def spelt_all(phrases: Iterable[str]) -> tuple[str, ...]:
    """Each phrase as in `spelt`."""
    return tuple(spelt(phrase) for phrase in phrases)


def says(said: str, words: tuple[str, ...]) -> bool:
    """Whether one of the phrases stands in it as whole words; both sides as in `spelt`."""
    return any(word in said for word in words)


def without(said: str, phrases: tuple[str, ...]) -> str:
    """What is left when the phrases are taken out."""
    for phrase in phrases:
        said = said.replace(phrase, " ; ")
    return said


@lru_cache(maxsize=4096)
def _of_code(system: str, code: str) -> frozenset[str]:
    names, short = condition_names(), system.lower().rstrip("/")
    if short in _SNOMED:
        return frozenset(each.key for each in names if code in each.snomed)
    if short in _ICD:
        return frozenset(each.key for each in names if code.upper().startswith(each.icd10))
    return frozenset()
