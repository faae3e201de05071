"""Candidate edges from drug labels: pairs of a sentence that were proposed, against those that annotators marked."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from vitasense.deterministic.knowledge.facts import NodeKind, Relation
from vitasense.deterministic.knowledge.names import normalise
from vitasense.deterministic.knowledge.reading.candidate import Candidate, Mention
from vitasense.deterministic.knowledge.reading.lexicon import lexicon
from vitasense.deterministic.knowledge.reading.mentions import DESCRIBED, is_analyte
from vitasense.deterministic.knowledge.reading.proposing import Source, candidates, read, subject_of
from vitasense.deterministic.knowledge.reading.sentences import Sentence, sentences
from vitasense.evals.flags import listed
from vitasense.evals.label_corpus import OWN, labels
from vitasense.evals.suite import Answer, Case, Mark, Measure, Suite, Verdict
from vitasense.evals.system import System

WORKED_ON = frozenset(
    {
        "02438044-d6a3-49e9-a1ac-3aad21ef2c8c",
        "0581fd65-63f9-4705-adbd-602fe7b55874",
        "0d65fd30-7b64-11e2-b92a-0800200c9a66",
    }
)
TUNED, UNREAD = "labels worked on", "labels never read"
OWN_NAMES, GIVEN = "own names", "entities given"
BESIDE = "Candidates in sentences without annotation"
FIGURES = ("precision", "recall", "F1")
_KINDS = {"Drug_Class": NodeKind.CLASS, "Expression": DESCRIBED, "Substance": NodeKind.FOOD}

Gold = Mapping[str, Any]


def cases(data: Path) -> Iterator[Case]:
    """One case for each label."""
    for label in labels(data):
        part = TUNED if label["id"] in WORKED_ON else UNREAD
        yield Case(label["id"], label["text"], facts={**label, "part": part})


async def answer(case: Case, system: System) -> Answer:
    """The pairs proposed for each annotated sentence, with our own names and with the entities given; and those beside."""
    del system
    names = tuple(case.facts["names"])
    every = candidates(case.input, source=Source(case.id, names))
    found = [each for each in every if each.relation is Relation.INTERACTS and not each.is_absent]
    golds: Sequence[Gold] = case.facts["sentences"]
    own = [_said([each for each in found if _is_in(each, gold)]) for gold in golds]
    beside = [each for each in found if not any(_is_in(each, gold) for gold in golds)]
    given = [_said(_with_entities(case, gold, names)) for gold in golds]
    return Answer(f"{len(found)} candidates", {"own": own, "given": given, "beside": len(beside)})


def judge(case: Case, said: Answer) -> Verdict:
    """Precision, recall and F1 of pairs; an example of a kind is left out where the kind itself is a pair."""
    marks, wrong = list[Mark](), list[str]()
    for name, told in ((OWN_NAMES, said.facts["own"]), (GIVEN, said.facts["given"])):
        right, proposed, met, marked = 0, 0, 0, 0
        for gold, pairs in zip(case.facts["sentences"], told, strict=True):
            wanted = _wanted(gold, case.facts["names"])
            hits = [any(_meets(pair, one) for one in wanted) for pair in pairs]
            counted = [hit for hit, pair in zip(hits, pairs, strict=True) if hit or not pair["example"]]
            right, proposed = right + sum(counted), proposed + len(counted)
            reached = [any(_meets(pair, one) for pair in pairs) for one in wanted]
            met, marked = met + sum(reached), marked + len(wanted)
            wrong += [
                f"{name}, not marked: {pair['told']}"
                for hit, pair in zip(hits, pairs, strict=True)
                if not hit and not pair["example"]
            ]
            wrong += [
                f"{name}, missed: {_told(one)} in “{gold['text'][:90]}”"
                for hit, one in zip(reached, wanted, strict=True)
                if not hit
            ]
        marks += _marks(f"{name}, {case.facts['part']}", right, proposed, met, marked)
    marks.append(Mark(BESIDE, value=said.facts["beside"]))
    return Verdict(tuple(marks), listed(wrong))


def _marks(name: str, right: int, proposed: int, met: int, marked: int) -> Iterator[Mark]:
    for figure, hits, total in zip(
        FIGURES, (right, met, right + met), (proposed, marked, proposed + marked), strict=True
    ):
        yield Mark(f"Pairs, {figure}, {name}", hits, total)


def _is_in(candidate: Candidate, gold: Gold) -> bool:
    return any(
        gold["start"] <= end.start < gold["end"] for end in (candidate.subject, candidate.object) if end.end > end.start
    )


def _said(found: Sequence[Candidate]) -> list[dict[str, Any]]:
    return [
        {
            "ends": [[end.start, end.end, normalise(end.text)] for end in (each.subject, each.object)],
            "example": bool(each.example_of),
            "told": f"{each.subject.text} – {each.object.text} in “{each.sentence[:90]}”",
        }
        for each in found
    ]


def _with_entities(case: Case, gold: Gold, names: tuple[str, ...]) -> list[Candidate]:
    """What is proposed when the annotators' entities are the names of the sentence."""
    around = next((each for each in _sentences(case.input) if each.start <= gold["start"] < each.end), None)
    if around is None:
        return []
    named = [_mention(each, case.input) for each in gold["entities"] if each["spans"]]
    inside = [each for each in named if around.start <= each.start < around.end and not _is_measured(around, each)]
    found = read(around, sorted(inside, key=lambda each: each.start), subject_of(names), case.id)
    return [each for each in found if not each.is_absent]


def _is_measured(sentence: Sentence, named: Mention) -> bool:
    at = named.start - sentence.start
    return is_analyte(sentence.text, normalise(named.text), at, at + len(named.text), lexicon())


def _sentences(text: str) -> Iterator[Sentence]:
    return sentences(text)


def _mention(entity: Gold, text: str) -> Mention:
    start, end = entity["spans"][0]
    known = lexicon().find(normalise(text[start:end]))
    kind = _KINDS.get(entity["type"], NodeKind.INGREDIENT)
    return Mention(text[start:end], start, end, known.kind if known else kind, known.key if known else None)


def _wanted(gold: Gold, names: Sequence[str]) -> list[list[Any]]:
    """The marked pairs, each once: two ends, of which the label's own medicine is told as OWN."""
    subject = subject_of(names)
    assert subject is not None
    found = dict[tuple[str, ...], list[Any]]()
    for pair in gold["pairs"]:
        ends = [
            OWN
            if end == OWN or any(subject.is_named_by(Mention(each["text"], 0, 0, each["type"])) for each in end[:1])
            else end
            for end in pair
        ]
        found.setdefault(tuple(sorted(_told([end]) for end in ends)), ends)
    return list(found.values())


def _meets(pair: Mapping[str, Any], ends: Sequence[Any]) -> bool:
    """Whether a proposed pair is this one; the label's own medicine is met by either of its ends."""
    one, other = pair["ends"]
    partners = [end for end in ends if end != OWN]
    if len(partners) < len(ends):
        return all(_overlaps(one, end) or _overlaps(other, end) for end in partners)
    return any(_overlaps(a, ends[0]) and _overlaps(b, ends[1]) for a, b in ((one, other), (other, one)))


def _overlaps(end: Sequence[Any], meant: Sequence[Gold]) -> bool:
    """Whether a proposed end stands on one of these entities, or has the words of one of them."""
    start, stop, name = end
    return any(
        normalise(each["text"]) == name or any(a < stop and start < b for a, b in each["spans"]) for each in meant
    )


def _told(ends: Sequence[Any]) -> str:
    return " – ".join(OWN if end == OWN else normalise(end[0]["text"]) if end else "?" for end in ends)


def _measures() -> Iterator[Measure]:
    for part, note in (
        (UNREAD, "their words were never read while the rules were written; their figures were looked at"),
        (TUNED, "the rules were written on these"),
    ):
        for name in (OWN_NAMES, GIVEN):
            for figure in FIGURES:
                yield Measure(f"Pairs, {figure}, {name}, {part}", "NLM corpus of cardiovascular labels", note=note)
    yield Measure(BESIDE, "the same", unit="", note="reported only: nobody judged these sentences")


SUITE = Suite(
    name="label_edges",
    title="Candidate edges from labels",
    about="which pairs of a label's sentence are proposed as interactions, against those that annotators marked",
    cases=cases,
    answer=answer,
    judge=judge,
    measures=tuple(_measures()),
    needs=frozenset({"data"}),
)
