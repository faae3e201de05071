"""Which medicines and known allergens the words or code of a recorded allergy mean."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from vitasense.deterministic.knowledge import drug_names, normalise, rulebook
from vitasense.deterministic.medications.checks.naming import says, spelt, spelt_all, without
from vitasense.deterministic.medications.rulebook import Members, Rule, Rules, read_rules
from vitasense.deterministic.medications.schemas import Stated

_LONGEST_NAME = 6  # words
_RXNORM = ("rxnorm", "http://www.nlm.nih.gov/research/umls/rxnorm")


class Allergen(Rule):
    """What people are allergic to: its words and codes, and the medicines an allergy to which counts as one to it.

    `statement`: no allergy but the remark that there is none ("none"), none of another kind ("other"), or that nobody
    knows. `vague` says too little to compare; `excipient` is beside the active ingredient of a product.
    """

    name: str
    words: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    drugs: Members = frozenset()
    codes: frozenset[str] = frozenset()
    statement: Literal["none", "other", "unknown"] | None = None
    vague: bool = False
    excipient: bool = False


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one recorded allergy means: the medicines named, the allergens named, and those that the medicines imply."""

    drugs: frozenset[str]
    named: frozenset[str]
    implied: frozenset[str]

    @property
    def groups(self) -> frozenset[str]:
        """The allergens, named or implied."""
        return self.named | self.implied

    @property
    def statement(self) -> str | None:
        """The remark that it is instead of an allergy; None for an allergy."""
        if self.drugs:
            return None
        found = [allergens()[key].statement for key in sorted(self.named)]
        return found[0] if found and all(found) else None

    @property
    def known(self) -> bool:
        """Whether it names something that can be compared with medicines."""
        return bool(self.drugs) or any(not allergens()[key].vague for key in self.named)

    @property
    def excipient(self) -> str | None:
        """The allergen, where it is one that products may contain beside the active ingredient."""
        return next((key for key in sorted(self.named) if allergens()[key].excipient), None)


@cache
def allergens() -> Rules[Allergen]:
    """The entries of `rules/allergens.yaml`."""
    return read_rules("allergens", Allergen)


def meaning(stated: Stated) -> Meaning:
    """What the name and the codes of an allergy mean; nothing at all when nobody knows them."""
    drugs, named = _of_words(stated.name)
    for system, code in stated.codes.items():
        drugs |= _of_number(code) if system.lower().rstrip("/") in _RXNORM else frozenset()
        named |= frozenset(each.key for each in allergens() if code in each.codes)
    return Meaning(drugs, named, _implied(drugs))


@lru_cache(maxsize=4096)
def _of_words(name: str) -> tuple[frozenset[str], frozenset[str]]:
    words, said = normalise(name).split(), spelt(name)
    drugs = frozenset(key for span in _spans(words) for key in drug_names().get(span, ()))
    named = frozenset(key for key, words, unless in _spellings() if says(without(said, unless), words))
    return drugs, named


def _spans(words: list[str]) -> Iterable[str]:
    for count in range(1, _LONGEST_NAME + 1):
        for at in range(len(words) + 1 - count):
            yield " ".join(words[at : at + count])


@cache
def _spellings() -> tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]:
    return tuple((each.key, spelt_all(each.words), spelt_all(each.unless)) for each in allergens())


@lru_cache(maxsize=4096)
def _of_number(rxcui: str) -> frozenset[str]:
    return frozenset(drug.key for drug in rulebook().drugs if drug.rxcui == rxcui)


@lru_cache(maxsize=4096)
def _implied(drugs: frozenset[str]) -> frozenset[str]:
    return frozenset(each.key for each in allergens() if each.drugs & drugs)
