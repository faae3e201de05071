"""Privacy: how much of what identifies people is hidden, how rarely anything else, and whether all of it comes back."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from vitasense.evals import privacy_texts as texts
from vitasense.evals.flags import listed
from vitasense.evals.hiding import HIDDEN, KINDS, PRECISE, Hidden, marked_and_hidden, of_kind, replaced, there_and_back
from vitasense.evals.privacy_texts import Marked
from vitasense.evals.suite import Answer, Case, Mark, Measure, Suite, Verdict
from vitasense.evals.system import System
from vitasense.evals.texts import many
from vitasense.guardrails import KnownIdentifier, Redactor

PUBLIC = "07_clinical_nlp/deid/synth_dataset_v2.json"
NOTES = "07_clinical_nlp/negex_context/rsAnnotations-1-120-random.txt"
OWN, PRESIDIO = ", own messages and letters", ", presidio-research"
UNREAD, NOBODY = f"{PRESIDIO}, every second", f"{PRESIDIO}, nobody known"
EVERYTHING = f"Marked spans hidden, also those that identify nobody{PRESIDIO}"
NAMES, NO_NAMES = "Known names recognised", "Ordinary words taken for a known name"
FALSE = "Texts with something falsely hidden: "
BACK = "Texts that come back as they were"
_TOGETHER = 10
_GIVEN = "given: the names of the persons of each text, nothing else"
_POLICY = (
    "found when every word of it is replaced; not counted: countries, years, days of the week, ages up to 89, "
    "nationalities, titles; read while the rules were written, every second text only late"
)
_FALSELY = {
    "clinical look-alikes": "own words, tuned once",
    "messages for triage and refusal": "real names in them are given",
    "texts of the knowledge rules": "",
    "words of the demo's records": "people and institutions are given",
}
_CLINICAL, _MESSAGES, _KNOWLEDGE, _DEMO = _FALSELY
_OF_NOTES = "sentences of clinical notes"


def cases(data: Path) -> Iterator[Case]:
    """Texts with marked identifiers, names written in many ways, and texts that identify nobody."""
    yield from _marked("own", texts.marked())
    if (data / PUBLIC).exists():
        yield from _marked("public", texts.public(data / PUBLIC))
    for person in texts.own("spellings")["people"]:
        yield Case(id=f"name-{person['name']}", input=person["name"], target="recognised", facts={"person": person})
    clinical = texts.own("clinical")
    yield from _plain(_CLINICAL, clinical["texts"], back=True)
    yield from _plain(_MESSAGES, texts.messages(), names=clinical["named"], back=True)
    yield from _plain(_KNOWLEDGE, texts.knowledge_texts())
    yield from _demo()
    if (data / NOTES).exists():
        yield from _plain(_OF_NOTES, texts.notes(data / NOTES))


async def answer(case: Case, system: System) -> Answer:
    """Where the texts are replaced, and whether they come back."""
    del system
    if "person" in case.facts:
        return _recognised(case.facts["person"])
    if "marked" in case.facts:
        return _hidden([_read(each) for each in case.facts["marked"]], nobody=case.facts["group"] == "public")
    chosen: Sequence[str] = case.facts["texts"]
    known = tuple(KnownIdentifier(kind, value) for kind, value in case.facts["known"])
    touched = [any(each.owner is None for each in Redactor(known).found(text)) for text in chosen]
    back = [there_and_back(Marked(text))[1] for text in chosen] if case.facts["back"] else []
    return Answer(f"{sum(touched)} of {len(chosen)} touched", {"touched": touched, "back": back})


def judge(case: Case, said: Answer) -> Verdict:
    """How much is hidden of what should be and of what should not."""
    if "person" in case.facts:
        return _names_judged(case.facts["person"], said.facts)
    if "marked" in case.facts:
        return _marked_judged(case, said.facts)
    touched: Sequence[bool] = said.facts["touched"]
    marks = [Mark(FALSE + case.facts["measure"], sum(touched), len(touched)), *_back(said.facts["back"])]
    told = [text for text, is_touched in zip(case.facts["texts"], touched, strict=True) if is_touched]
    return Verdict(tuple(marks), f"falsely hidden in: {listed(told)}" if told else "")


def _marked(group: str, marked: Sequence[Marked]) -> Iterator[Case]:
    for start in range(0, len(marked), _TOGETHER):
        chosen = marked[start : start + _TOGETHER]
        told = [{"text": each.text, "spans": each.spans, "known": _known(each.known)} for each in chosen]
        name = f"{group}-{start // _TOGETHER + 1:03}"
        yield Case(id=name, input="\n\n".join(each.text for each in chosen), facts={"group": group, "marked": told})


def _plain(measure: str, chosen: Sequence[str], *, names: Sequence[str] = (), back: bool = False) -> Iterator[Case]:
    known = [("person", name) for name in names]
    yield from many(measure.replace(" ", "-"), chosen, "nothing hidden", measure=measure, known=known, back=back)


def _demo() -> Iterator[Case]:
    """The texts of each record together, as the same people are known in them."""
    records: dict[tuple[tuple[str, str], ...], list[str]] = {}
    for each in texts.demo_texts():
        records.setdefault(tuple(_known(each.known)), []).append(each.text)
    for number, (known, chosen) in enumerate(sorted(records.items()), start=1):
        yield from many(f"demo-{number}", chosen, "nothing hidden", measure=_DEMO, known=list(known), back=False)


def _known(known: Sequence[KnownIdentifier]) -> list[tuple[str, str]]:
    return [(each.kind, each.value) for each in known]


def _read(told: Mapping[str, Any]) -> Marked:
    spans = tuple((kind, start, end) for kind, start, end in told["spans"])
    return Marked(told["text"], spans, tuple(KnownIdentifier(kind, value) for kind, value in told["known"]))


def _hidden(marked: Sequence[Marked], *, nobody: bool) -> Answer:
    places = [replaced(each) for each in marked]
    unknown = [replaced(Marked(each.text)) for each in marked] if nobody else []
    written = [there_and_back(each) for each in marked]
    told = "\n\n".join(hidden for hidden, _ in written)
    return Answer(told, {"places": places, "nobody": unknown, "back": [back for _, back in written]})


def _marked_judged(case: Case, said: Mapping[str, Any]) -> Verdict:
    marked, is_public = [_read(each) for each in case.facts["marked"]], case.facts["group"] == "public"
    all_of_them = _counted(marked, said["places"])
    marks = [
        *all_of_them.marks(PRESIDIO if is_public else OWN, by_kind=is_public),
        *_back(said["back"], PRESIDIO if is_public else ""),
    ]
    if is_public:
        spans = sum(len(each.spans) for each in marked)
        hits = sum(map(marked_and_hidden, marked, said["places"]))
        marks += [Mark(EVERYTHING, hits, spans), *_counted(marked[1::2], said["places"][1::2]).marks(UNREAD)]
        marks += _counted(marked, said["nobody"]).marks(NOBODY, by_kind=True)
    return Verdict(tuple(marks), f"not hidden: {listed(all_of_them.missed)}" if all_of_them.missed else "")


def _counted(marked: Sequence[Marked], places: Sequence[Sequence[Sequence[int]]]) -> Hidden:
    hidden = Hidden()
    for each, covered in zip(marked, places, strict=True):
        hidden.count(each, covered)
    return hidden


def _back(back: Sequence[bool], of: str = "") -> Iterator[Mark]:
    if back:
        yield Mark(BACK + of, sum(back), len(back))


def _recognised(person: Mapping[str, Any]) -> Answer:
    """Ways of writing a known name that are recognised as the person's, and ordinary words that are."""
    redactor = Redactor([KnownIdentifier("person", person["name"])])
    written = [_is_recognised(redactor, f"Yesterday {each} had a fever") for each in person["written"]]
    words = [_is_recognised(redactor, each) for each in person["not"]]
    return Answer(f"{sum(written)} of {len(written)} recognised", {"written": written, "words": words})


def _is_recognised(redactor: Redactor, text: str) -> bool:
    return any(each.owner is not None for each in redactor.found(text))


def _names_judged(person: Mapping[str, Any], said: Mapping[str, Any]) -> Verdict:
    written, words = said["written"], said["words"]
    missed = [each for each, is_known in zip(person["written"], written, strict=True) if not is_known]
    taken = [each for each, is_known in zip(person["not"], words, strict=True) if is_known]
    marks = (Mark(NAMES, sum(written), len(written)), Mark(NO_NAMES, sum(words), len(words)))
    return Verdict(marks, listed([*missed, *taken]))


def _measures() -> Iterator[Measure]:
    yield Measure(HIDDEN + OWN, "own words", note="given: nothing; tuned once")
    yield Measure(PRECISE + OWN, "own words", note="precision")
    yield Measure(NAMES, "ways of writing", note="given: the full name")
    yield Measure(NO_NAMES, "own words", goal_is="at most")
    for name, note in _FALSELY.items():
        yield Measure(FALSE + name, "own texts", goal_is="at most", note=note)
    yield Measure(FALSE + _OF_NOTES, "NegEx", goal_is="at most", note="half of them read")
    yield from _public_measures()
    yield Measure(BACK, "own messages and letters, look-alikes, messages")
    yield Measure(BACK + PRESIDIO, "texts of presidio-research")


def _public_measures() -> Iterator[Measure]:
    told = {PRESIDIO: f"{_GIVEN}; {_POLICY}", UNREAD: _GIVEN, NOBODY: "given: nothing"}
    for what, note in told.items():
        yield Measure(HIDDEN + what, "texts of presidio-research", note=note)
        yield Measure(PRECISE + what, "texts of presidio-research", note="precision")
        for kind in () if what == UNREAD else KINDS:
            yield Measure(of_kind(kind) + what, "texts of presidio-research")
    yield Measure(EVERYTHING, "texts of presidio-research", note=_GIVEN)


SUITE = Suite(
    name="privacy",
    title="Privacy",
    about="how much of what identifies people is hidden from a model, how rarely anything else, and whether it comes back",
    cases=cases,
    answer=answer,
    judge=judge,
    measures=tuple(_measures()),
)
