"""The optional scispaCy extra: abbreviations that a text defines, and names of medicines by the letters they share.

Everything is built from our own terms in memory; nothing is downloaded and nothing is read from its cache.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from vitasense.deterministic.intake.spelling import Candidate

_LIKE, _MARGIN = 0.6, 0.2  # cosine of tf-idf weighted 3-grams; what is less like than this is another word
_SHORTEST, _NEIGHBOURS = 7, 8
_NEEDED = ("scispacy", "nmslib", "sklearn")


@dataclass(frozen=True, slots=True)
class _Libraries:
    """The modules of scispaCy and of what it stands on."""

    abbreviation: Any
    candidates: Any
    linking: Any
    text: Any
    nmslib: Any
    spacy: Any


@cache
def installed() -> bool:
    """Whether scispaCy and its index library can be imported."""
    return all(find_spec(name) for name in _NEEDED)


@cache
def _libraries() -> _Libraries:
    """The one place where these heavy libraries are imported."""
    return _Libraries(
        abbreviation=import_module("scispacy.abbreviation"),
        candidates=import_module("scispacy.candidate_generation"),
        linking=import_module("scispacy.linking_utils"),
        text=import_module("sklearn.feature_extraction.text"),
        nmslib=import_module("nmslib"),
        spacy=import_module("spacy"),
    )


class Abbreviations:
    """Abbreviations that a text defines itself (Schwartz AS, Hearst MA, Pac Symp Biocomput 2003:451-462)."""

    def __init__(self) -> None:
        self._nlp = _libraries().spacy.blank("en")
        self._detector = _libraries().abbreviation.AbbreviationDetector(self._nlp)

    def defined(self, text: str) -> Mapping[str, str]:
        """Abbreviation → what the text says that it stands for, as both are written."""
        doc = self._detector(self._nlp.make_doc(text))
        return {short.text: short._.long_form.text for short in doc._.abbreviations}


class SharedLetters:
    """Names by the tf-idf weighted 3-grams that they share with a word: scispaCy's candidate generator on our names."""

    def __init__(self, names: Mapping[str, str]) -> None:
        libraries = _libraries()
        by_name: dict[str, list[str]] = {}
        for word, name in sorted(names.items()):
            if len(word) >= _SHORTEST:
                by_name.setdefault(name, []).append(word)
        aliases = sorted(word for words in by_name.values() for word in words)
        entities = [libraries.linking.Entity(name, words[0], words) for name, words in by_name.items()]
        vectorizer = libraries.text.TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 3))
        # An exact search: a thousand names need no approximation, and it answers the same every time.
        sparse = libraries.nmslib.DataType.SPARSE_VECTOR
        index = libraries.nmslib.init(method="brute_force", space="cosinesimil_sparse", data_type=sparse)
        index.addDataPointBatch(vectorizer.fit_transform(aliases).astype("float32"))
        index.createIndex()
        self._generator = libraries.candidates.CandidateGenerator(
            ann_index=index,
            tfidf_vectorizer=vectorizer,
            ann_concept_aliases_list=aliases,
            kb=libraries.linking.KnowledgeBase(entities),
        )

    def candidates(self, word: str) -> Sequence[Candidate]:
        """The names most like the word, without those clearly less like than the best; none for a short word."""
        if len(word) < _SHORTEST:
            return ()
        (found,) = self._generator([word], _NEIGHBOURS)
        likely = [
            Candidate(alias, one.concept_id, float(likeness))
            for one in found
            for alias, likeness in zip(one.aliases, one.similarities, strict=True)
            if likeness >= _LIKE and alias[0] == word[0]
        ]
        likely.sort(key=lambda candidate: (-candidate.likeness, candidate.word))
        return tuple(one for one in likely if one.likeness > likely[0].likeness - _MARGIN)
