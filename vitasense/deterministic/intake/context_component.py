# spaCy leaves types open:
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUntypedFunctionDecorator=false
"""The spaCy component behind `context.py`: writes a Context onto every span of `doc.spans["findings"]`."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import spacy
from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc, Span
from spacy.util import filter_spans
from spacy.vocab import Vocab

from vitasense.deterministic.intake.context import Context
from vitasense.deterministic.intake.lexicon import load
from vitasense.deterministic.intake.tokens import phrase

NAME = "vitasense_context"
FINDINGS, PEOPLE = "findings", "people"
# A short piece between two commas is one more item of a list ("no fever, chills, nausea").
_SHORT_ITEM = 3


@dataclass(frozen=True, slots=True)
class _Trigger:
    """A phrase found in the text: `way` is before, after, pseudo or ends; `effect` is what it says, or ends."""

    way: str
    effect: str
    reach: int
    start: int
    end: int


class ConText:
    """Finds triggers, cuts their scopes at terminators and commas, and sees what falls into them."""

    def __init__(self, vocab: Vocab) -> None:
        rules = load("triggers")
        self._matcher = PhraseMatcher(vocab)
        for way in ("before", "after"):
            reaches = cast("Mapping[str, str]", rules[f"reach_{way}"])
            for effect, written in cast("Mapping[str, Sequence[str]]", rules[way]).items():
                for words in written:
                    said, _, reach = words.rpartition("/") if words[-1].isdigit() else (words, "", reaches[effect])
                    self._add(vocab, f"{way}/{effect}/{reach}", (said,))
        for effect, written in cast("Mapping[str, Sequence[str]]", rules["ends"]).items():
            self._add(vocab, f"ends/{effect}/0", written)
        self._add(vocab, "pseudo//0", cast("Sequence[str]", rules["pseudo"]))
        self._of_others = int(cast("Mapping[str, str]", rules["reach_before"])["other"])
        self._belongs = frozenset(cast("Sequence[str]", rules["belongs"]))
        self._possessive = frozenset(cast("Sequence[str]", rules["possessive"]))
        self._turns = frozenset(cast("Sequence[str]", rules["turns"]))
        self._joins = frozenset(cast("Sequence[str]", rules["joins"]))

    def __call__(self, doc: Doc) -> Doc:
        """The document, each finding with its `context`."""
        triggers = [*self._triggers(doc), *self._owners(doc)]
        layout = _Layout.of(doc, triggers)
        said: dict[tuple[str, int], set[str]] = {}
        for trigger in triggers:
            for place in self._scope(doc, trigger, layout):
                said.setdefault((trigger.way, place), set()).add(trigger.effect)
        for finding in doc.spans[FINDINGS]:
            finding._.context = _context(finding, said)
        return doc

    def _add(self, vocab: Vocab, name: str, written: Iterable[str]) -> None:
        """Each phrase as it is written, and without its apostrophes, as it is typed."""
        spellings = dict.fromkeys(words for each in written for words in (each, each.replace("'", "")))
        self._matcher.add(name, [Doc(vocab, words=list(phrase(words))) for words in spellings])

    def _triggers(self, doc: Doc) -> list[_Trigger]:
        """The longest phrases, left to right; one that is several kinds of trigger counts as each."""
        found = [(doc.vocab.strings[key], start, end) for key, start, end in self._matcher(doc)]
        kept = {(span.start, span.end) for span in filter_spans([doc[start:end] for _, start, end in found])}
        split = ((*name.split("/"), start, end) for name, start, end in found if (start, end) in kept)
        return [_Trigger(way, effect, int(reach), start, end) for way, effect, reach, start, end in split]

    def _owners(self, doc: Doc) -> Iterator[_Trigger]:
        """Every person named in the text owns what follows, and what is said to be in or of that person."""
        for person in doc.spans[PEOPLE]:
            yield _Trigger("before", "other", self._of_others, person.start, person.end)
            lead = person.start - (doc[person.start - 1].text in self._possessive if person.start else 0)
            if lead and doc[lead - 1].text in self._belongs:
                yield _Trigger("after", "other", self._of_others, lead - 1, person.end)

    def _scope(self, doc: Doc, trigger: _Trigger, layout: "_Layout") -> range:
        first, last = layout.sentences[trigger.start]
        if trigger.way == "before":
            end = min(last, trigger.end + trigger.reach)
            stop = next((at for at in range(trigger.end, end) if layout.begins(at, trigger.effect)), end)
            return range(trigger.end, self._listed(doc, trigger, stop))
        if trigger.way == "after":
            start = max(first, trigger.start - trigger.reach)
            places = range(trigger.start, start, -1)
            return range(next((at for at in places if layout.closes(at, trigger.effect)), start), trigger.start)
        return range(0)

    def _listed(self, doc: Doc, trigger: _Trigger, end: int) -> int:
        """Where a denial ends: a comma closes it unless a list of more things denied goes on behind it.

        A comma closes an aim, too.
        """
        if trigger.effect == "aimed":
            return next((place for place in range(trigger.end, end) if doc[place].text == ","), end)
        if trigger.effect != "negated":
            return end
        for place in range(trigger.end, end):
            if doc[place].text == ":":
                return place
            if doc[place].text == "," and not self._goes_on(doc, place + 1, end):
                return place
        return end

    def _goes_on(self, doc: Doc, start: int, end: int) -> bool:
        item = list(_until_comma(doc, start, end))
        if not item or item[0] in self._turns:
            return False
        return len(item) <= _SHORT_ITEM or any(token.text in self._joins for token in doc[start:end])


def _until_comma(doc: Doc, start: int, end: int) -> Iterator[str]:
    for token in doc[start:end]:
        if token.text == ",":
            return
        yield token.text


def _context(finding: Span, said: Mapping[tuple[str, int], set[str]]) -> Context:
    """What stands inside the finding itself ("without fever" as a finding) says nothing of it."""
    none = set[str]()
    effects = said.get(("before", finding.start), none) | said.get(("after", finding.end - 1), none)
    time = "hypothetical" if "hypothetical" in effects else "historical" if "historical" in effects else "recent"
    return Context("negated" in effects, "other" if "other" in effects else "patient", time, "aimed" in effects)


@dataclass(frozen=True, slots=True)
class _Layout:
    """Each token's sentence, and the effects that a terminator ends where it begins and where it closes."""

    sentences: Sequence[tuple[int, int]]
    beginning: Mapping[int, set[str]]
    closing: Mapping[int, set[str]]

    @classmethod
    def of(cls, doc: Doc, triggers: Sequence[_Trigger]) -> "_Layout":
        beginning: dict[int, set[str]] = {}
        closing: dict[int, set[str]] = {}
        for trigger in triggers:
            if trigger.way == "ends":
                beginning.setdefault(trigger.start, set()).add(trigger.effect)
                closing.setdefault(trigger.end, set()).add(trigger.effect)
        sentences = [(sentence.start, sentence.end) for sentence in doc.sents for _ in sentence]
        return cls(sentences, beginning, closing)

    def begins(self, place: int, effect: str) -> bool:
        """Whether the reach of an effect that looks forward ends here."""
        return _ended(self.beginning.get(place), effect)

    def closes(self, place: int, effect: str) -> bool:
        """Whether the reach of an effect that looks back ends here."""
        return _ended(self.closing.get(place), effect)


def _ended(ended: set[str] | None, effect: str) -> bool:
    return bool(ended) and (effect in ended or ("all" in ended and effect != "hypothetical"))


@Language.factory(NAME)
def make(nlp: Language, name: str) -> ConText:  # noqa: ARG001 spaCy's signature of a factory
    """The component for a pipeline."""
    Span.set_extension("context", default=Context(), force=True)
    return ConText(nlp.vocab)


class Judge:
    """An English pipeline with nothing but the component; for findings at token places it gives their contexts."""

    def __init__(self) -> None:
        self._nlp = spacy.blank("en")
        self._nlp.add_pipe(NAME)

    def __call__(
        self,
        words: Sequence[str],
        sentence_starts: Sequence[bool],
        findings: Sequence[tuple[int, int]],
        people: Sequence[tuple[int, int]],
    ) -> list[Context]:
        """The context of each finding, in their order."""
        doc = Doc(self._nlp.vocab, words=list(words), sent_starts=list(sentence_starts))
        doc.spans[FINDINGS] = [doc[first:last] for first, last in findings]
        doc.spans[PEOPLE] = [doc[first:last] for first, last in people]
        return [cast("Context", span._.context) for span in self._nlp(doc).spans[FINDINGS]]
