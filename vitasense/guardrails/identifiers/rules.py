"""The rule files of the privacy gate, and the vocabulary: the words that name nobody."""

import re
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Annotated

from pydantic import BeforeValidator

from vitasense.deterministic import intake, knowledge, nutrition
from vitasense.guardrails.identifiers.folding import fold
from vitasense.guardrails.rulebook import Rule, load


def _split(words: object) -> object:
    return words.split() if isinstance(words, str) else words


def _unspaced(choices: object) -> object:
    """The file breaks a long list of choices over lines."""
    return re.sub(r"\s*\|\s*", "|", choices.strip()) if isinstance(choices, str) else choices


Choices = Annotated[str, BeforeValidator(_unspaced)]
Words = Annotated[frozenset[str], BeforeValidator(_split)]
_WORD = re.compile(r"[^\W\d_]+")
_SMALL = re.compile(r"(?<![^\W_])[a-z]{2,}(?![^\W_])")
_OWN = "privacy"
_SHORTEST_ACCENTED = 5


class Cues(Rule):
    """`rules/privacy.yaml`: what surrounds an identifier."""

    version: str
    source: str
    titles: Words
    name_labels: tuple[str, ...]
    suffixes: Words
    particles: Words
    name_follows: tuple[str, ...]
    name_may_follow: tuple[str, ...]
    relations: Words
    employer_follows: tuple[str, ...]
    organisation_ends: Words
    place_follows: tuple[str, ...]
    begins_names: Words
    generic: Words
    address_follows: tuple[str, ...]
    number_follows: Choices
    phone_words: Choices
    birth_words: Choices
    life_dates: Choices
    card_words: Choices


class Names(Rule):
    """`rules/privacy_names.yaml`: frequent names, in small letters."""

    version: str
    source: str
    given: Words
    surnames: Words
    diminutives: Mapping[str, tuple[str, ...]]


class Places(Rule):
    """`rules/privacy_places.yaml`: what an address is made of."""

    version: str
    source: str
    street_words: Words
    street_words_before: Words
    street_endings: Words
    box_words: Words
    unit_words: Words
    military: Words
    linking: Words
    postal_codes: tuple[str, ...]
    postal_code_follows: Choices
    sure_postal_codes: tuple[str, ...]
    joining: Words
    ordinals: Words
    street_words_small: Words
    street_words_unsure: Words
    no_regions: Words


class KnownWords(Rule):
    """`rules/privacy_words.yaml`: words with a capital that name no person, employer or small place."""

    version: str
    source: str
    function_words: Words
    countries: Words
    states: Words
    peoples: Words
    times: Words
    eponyms: Words
    eponyms_or_surnames: Words
    named_things: Words
    places_in_names: Words
    products: Words
    abbreviations: Words
    clinical_words: Words
    labels: Words
    never_ends: Words
    seldom_ends: Words
    endings: Words


class Vocabulary:
    """Which words are ordinary or clinical; asked with any case and accents."""

    def __init__(self, known: KnownWords, small: frozenset[str], clinical: frozenset[str]) -> None:
        self._known = known
        self._small = small
        self._clinical = clinical

    @cached_property
    def _capitals(self) -> frozenset[str]:
        known = self._known
        parts = (known.times, known.eponyms, known.places_in_names, known.products, known.abbreviations)
        return _folded(*parts) | self._labels | self._large_places | self._peoples | self._clinical

    @cached_property
    def _surnames_too(self) -> frozenset[str]:
        return _folded(self._known.eponyms_or_surnames)

    @cached_property
    def _ending(self) -> re.Pattern[str]:
        # The shorter the ending, the longer must be what stands before it: "Marcel" and "Paloma" are names.
        kinds = [rf".{{{max(2, 8 - len(ending))},}}{ending}s?" for ending in self._known.endings]
        return re.compile(rf"{'|'.join(kinds)}|.{{4,}}(?:{'|'.join(self._known.never_ends)})")

    @cached_property
    def _seldom(self) -> re.Pattern[str]:
        return re.compile(rf".{{3,}}(?:{'|'.join(self._known.seldom_ends)})")

    @cached_property
    def _large_places(self) -> frozenset[str]:
        return _folded(self._known.countries, self._known.states)

    @cached_property
    def _eponyms(self) -> frozenset[str]:
        return _folded(self._known.eponyms)

    @cached_property
    def _labels(self) -> frozenset[str]:
        return _folded(self._known.labels)

    @cached_property
    def _peoples(self) -> frozenset[str]:
        return _folded(self._known.peoples)

    @cached_property
    def _months_and_days(self) -> frozenset[str]:
        return _folded(self._known.times)

    def is_small(self, word: str) -> bool:
        """Whether the word is an ordinary one also without a capital: it may be a name all the same."""
        return fold(word) in self._small or fold(word) in self._months_and_days

    def is_grammar(self, word: str) -> bool:
        """Whether it is a word of grammar or of the form of a letter."""
        return fold(word) in self._known.function_words

    def is_time(self, word: str) -> bool:
        """Whether it is a month, a day of the week or a holiday."""
        return fold(word) in self._months_and_days

    def is_country(self, word: str) -> bool:
        """Whether it is a part of a country's or state's name, which tells too little to be an identifier."""
        return fold(word) in self._large_places

    def is_people(self, word: str) -> bool:
        """Whether it says of what country, language or religion somebody is."""
        return fold(word) in self._peoples

    def is_eponym(self, word: str) -> bool:
        """Whether it is known from the name of a disease, a sign or a test and hardly as a surname."""
        return fold(word) in self._eponyms

    def is_label(self, word: str) -> bool:
        """Whether it heads a line or a part of a document."""
        return fold(word) in self._labels

    def names_nobody(self, word: str, following: str = "") -> bool:
        """Whether the word, before `following`, is no person, employer or small place."""
        plain = fold(word).removesuffix("'s")
        if not word.isascii() and len(plain) < _SHORTEST_ACCENTED:
            return False  # Åsa is not ASA
        if plain in self._surnames_too and fold(following).rstrip(".") in self._known.named_things:
            return True
        stem = plain.removesuffix("s")
        known = {plain, stem, f"{stem}e" if plain.endswith("es") else stem}
        return any(each in self._small or each in self._capitals for each in known) or self._looks_clinical(plain)

    def is_clinical(self, word: str) -> bool:
        """Whether the word is a drug, a gene, a food or a term of medicine."""
        plain = fold(word)
        if not word.isascii() and len(plain) < _SHORTEST_ACCENTED:
            return False
        return plain in self._clinical or plain.removesuffix("s") in self._clinical or self._looks_clinical(plain)

    def _looks_clinical(self, plain: str) -> bool:
        return self._ending.fullmatch(plain) is not None

    def opens_a_sentence(self, word: str) -> bool:
        """Whether the word looks like an English noun or adjective, which has a capital where a sentence begins."""
        return self._seldom.fullmatch(fold(word)) is not None


@cache
def cues() -> Cues:
    """Titles, relations and phrases around identifiers."""
    return load("privacy", Cues)


@cache
def names() -> Names:
    """Frequent given names and surnames, and what people are called for short."""
    return load("privacy_names", Names)


@cache
def places() -> Places:
    """Words of streets and buildings, and shapes of postal codes."""
    return load("privacy_places", Places)


@cache
def vocabulary() -> Vocabulary:
    """The words of all rule files of this project and of `rules/privacy_words.yaml`."""
    terms = (
        intake.drug_names(),
        intake.gene_names(),
        knowledge.drug_names(),
        knowledge.term_names(),
        nutrition.food_names(),
    )
    known = load("privacy_words", KnownWords)
    said = {fold(word) for each in terms for term in each for word in _WORD.findall(term)}
    clinical = frozenset(word for word in said if len(word) > 1 and word not in known.function_words)
    small = frozenset(_small_words()) | known.function_words | _folded(known.clinical_words)
    return Vocabulary(known, small | clinical, clinical)


def _small_words() -> Iterator[str]:
    """Every word that a rule file writes in small letters: names are written with capitals there."""
    for file in _rule_files(files("vitasense")):
        yield from _SMALL.findall(file.read_text("utf-8"))


def _rule_files(folder: Traversable) -> Iterator[Traversable]:
    for each in folder.iterdir():
        if each.is_dir() and not each.name.startswith(("_", ".")):
            yield from _rule_files(each)
        elif folder.name == "rules" and each.name.endswith(".yaml") and not each.name.startswith(_OWN):
            yield each


def _folded(*groups: frozenset[str]) -> frozenset[str]:
    return frozenset(fold(word) for group in groups for word in group)
