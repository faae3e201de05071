"""Brings the words of laboratory reports into the words of the guidelines."""

import re
from collections.abc import Sequence

from vitasense.deterministic.genomics.schemas import GeneDrug, GeneResult

_DOUBT = re.compile(r"\b(likely|possible|possibly|probable)\b\s*")
_SPELLING = (
    (re.compile(r"metaboli[sz]ers?\b"), "metabolizer"),
    (re.compile(r"\bultra[- ]rapid\b"), "ultrarapid"),
    (re.compile(r"\bextensive metabolizer\b"), "normal metabolizer"),
)
_SHORT = {
    "pm": "poor metabolizer",
    "im": "intermediate metabolizer",
    "nm": "normal metabolizer",
    "em": "normal metabolizer",
    "rm": "rapid metabolizer",
    "um": "ultrarapid metabolizer",
}
_ALLELE = re.compile(r"\d{2,3}:\d{2,3}")
_DENIED = re.compile(r"\b(negative|not detected|not present|absent)\b")
BOTH_COPIES = 2


def phenotype_word(text: str) -> str:
    """A reported phenotype in the guidelines' words, lower case: "Likely Poor Metaboliser" gives "poor metabolizer"."""
    word = " ".join(_DOUBT.sub("", text.casefold()).split())
    for pattern, spelling in _SPELLING:
        word = pattern.sub(spelling, word)
    return _SHORT.get(word, word)


def phenotypes(pair: GeneDrug, results: Sequence[GeneResult]) -> dict[str, GeneResult]:
    """The different phenotypes that the results give for the pair, each with the result it is from."""
    read = ((_allele_state(pair.allele, result) if pair.allele else _state(result), result) for result in results)
    return {state: result for state, result in read if state}


def _state(result: GeneResult) -> str | None:
    return phenotype_word(result.phenotype) if result.phenotype else None


def _allele_state(allele: str, result: GeneResult) -> str | None:
    reported = f"{result.genotype or ''} {result.phenotype or ''}".casefold()
    if allele.removeprefix("*") in reported:
        return "negative" if _DENIED.search(reported) else "positive"
    return "negative" if len(_ALLELE.findall(result.genotype or "")) >= BOTH_COPIES else None
