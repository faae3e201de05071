"""How much of what identifies people is hidden, how rarely anything else, and whether all of it comes back."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from vitasense.evals import privacy_texts as texts
from vitasense.evals.figures import Figure, share
from vitasense.evals.privacy_texts import Marked
from vitasense.guardrails import KnownIdentifier, Redactor
from vitasense.guardrails.identifiers.rules import vocabulary

_PUBLIC = "07_clinical_nlp/deid/synth_dataset_v2.json"
_NOTES = "07_clinical_nlp/negex_context/rsAnnotations-1-120-random.txt"
_WORD = re.compile(r"\w+")
_RECALL, _FALSE = 0.95, 0.01
# Words inside an address or before a name that tell nothing.
_EMPTY = frozenset({"the", "corner", "of", "and", "at", "on", "in", "dr", "mr", "mrs", "ms", "herr"})
# Nationality and religion, titles and professions are no identifiers of 45 CFR 164.514(b)(2)(i).
_NOT_COUNTED = frozenset({"NRP", "TITLE"})
_OLDEST = 89
_GIVEN = "given: the names of the persons of each text, nothing else"
_POLICY = (
    "found when every word of it is replaced; not counted: countries, years, days of the week, ages up to 89, "
    "nationalities, titles; read while the rules were written, every second text only late"
)


def figures(data: Path) -> Iterator[Figure]:
    """Recall on public and own texts, false replacements in what identifies nobody, and the way back."""
    own = texts.marked()
    yield from _recall("own messages and letters", own, note="given: nothing; own words, tuned once", goal=_RECALL)
    yield _spellings()
    yield from _untouched()
    everything = [*own, *map(Marked, (*texts.messages(), *texts.own("clinical")["texts"]))]
    if (data / _PUBLIC).exists():
        public = texts.public(data / _PUBLIC)
        everything += public
        yield from _public(public)
    if (data / _NOTES).exists():
        notes = list(map(Marked, texts.notes(data / _NOTES)))
        yield _falsely_hidden("sentences of clinical notes", notes, note="half of them read", goal=None)
    yield _round_trip(everything)


def _public(public: Sequence[Marked]) -> Iterator[Figure]:
    named = f"presidio-research, {len(public)} texts"
    yield from _recall(named, public, note=f"{_GIVEN}; {_POLICY}", goal=_RECALL, by_kind=True)
    yield _everything_marked(named, public)
    yield from _recall(f"{named}, every second", public[1::2], note=_GIVEN)
    nobody = [Marked(each.text, each.spans) for each in public]
    yield from _recall(f"{named}, nobody known", nobody, note="given: nothing", by_kind=True)


def _recall(
    named: str, cases: Sequence[Marked], *, note: str, goal: float | None = None, by_kind: bool = False
) -> Iterator[Figure]:
    hits, total, replaced, right = Counter[str](), Counter[str](), 0, 0
    for case in cases:
        covered = _covered(case)
        replaced += len(covered)
        right += len(covered & {place for _, start, end in case.spans for place in range(start, end)})
        for kind, start, end in case.spans:
            if _identifies(kind, case.text[start:end]):
                total[kind] += 1
                hits[kind] += _is_hidden(case.text, start, end, covered)
    yield share("Identifiers hidden", named, hits.total(), total.total(), goal=goal, note=note)
    yield share("Replaced characters that are marked", named, right, replaced, note="precision")
    for kind in sorted(total) if by_kind else ():
        yield share(f"Identifiers hidden: {kind.lower().replace('_', ' ')}", named, hits[kind], total[kind])


def _everything_marked(named: str, cases: Sequence[Marked]) -> Figure:
    """The same with what the rules leave on purpose: countries, years, ages up to 89, nationalities, titles."""
    hits = sum(_is_hidden(case.text, *span[1:], _covered(case)) for case in cases for span in case.spans)
    total = sum(len(case.spans) for case in cases)
    return share("Marked spans hidden, also those that identify nobody", named, hits, total, note=_GIVEN)


def _identifies(kind: str, written: str) -> bool:
    """Whether it is an identifier of 45 CFR 164.514(b)(2)(i)."""
    if kind == "AGE":
        return int(written) > _OLDEST
    if kind == "DATE_TIME":
        return re.fullmatch(r"\d{4}s?|\w+day", written) is None
    if kind == "GPE":
        words = vocabulary()
        return not all(words.is_country(each) or words.is_people(each) for each in _WORD.findall(written))
    return kind not in _NOT_COUNTED


def _covered(case: Marked) -> set[int]:
    return {place for each in Redactor(case.known).found(case.text) for place in range(each.start, each.end)}


def _is_hidden(text: str, start: int, end: int, covered: set[int]) -> bool:
    words = [word for word in _WORD.finditer(text, start, end) if word.group().lower() not in _EMPTY]
    return all(place in covered for word in words for place in range(*word.span()))


def _spellings() -> Figure:
    """Ways of writing known names that are recognised as the person's."""
    hits, total, wrong = 0, 0, 0
    for person in texts.own("spellings")["people"]:
        redactor = Redactor([KnownIdentifier("person", person["name"])])
        total += len(person["written"])
        hits += sum(_is_recognised(redactor, f"Yesterday {written} had a fever") for written in person["written"])
        wrong += sum(_is_recognised(redactor, words) for words in person["not"])
    note = f"given: the full name; {wrong} ordinary words were taken for it"
    return share("Known names recognised", f"{total} ways of writing", hits, total, goal=_RECALL, note=note)


def _is_recognised(redactor: Redactor, text: str) -> bool:
    return any(each.owner is not None for each in redactor.found(text))


def _untouched() -> Iterator[Figure]:
    clinical = texts.own("clinical")
    names = tuple(KnownIdentifier("person", name) for name in clinical["named"])
    messages = [Marked(text, known=names) for text in texts.messages()]
    yield _falsely_hidden("clinical look-alikes", list(map(Marked, clinical["texts"])), note="own words, tuned once")
    yield _falsely_hidden("messages for triage and scope", messages, note="real names in them are given")
    yield _falsely_hidden("texts of the knowledge rules", list(map(Marked, texts.knowledge_texts())))
    yield _falsely_hidden("words of the demo's records", texts.demo_texts(), note="people and institutions are given")


def _falsely_hidden(named: str, cases: Sequence[Marked], *, note: str = "", goal: float | None = _FALSE) -> Figure:
    """Texts in which something is replaced though it identifies nobody."""
    touched = [case for case in cases if any(each.owner is None for each in Redactor(case.known).found(case.text))]
    told = f"{len(cases)} {named}"
    return share(
        "Texts with something falsely hidden", told, len(touched), len(cases), goal=goal, goal_is="at most", note=note
    )


def _round_trip(cases: Sequence[Marked]) -> Figure:
    back = 0
    for case in cases:
        redactor = Redactor(case.known)
        back += redactor.restore(redactor.redact(case.text)) == case.text
    return share("Texts that come back as they were", "all texts above", back, len(cases), goal=1.0)
