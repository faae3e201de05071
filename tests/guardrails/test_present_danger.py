"""No talk of the past, of others, of things or of stories beside a danger hides it."""

from collections.abc import Callable, Iterator, Sequence

import pytest

from vitasense.deterministic.platform.findings import Urgency
from vitasense.evals import corpora
from vitasense.guardrails import triage

EMERGENCIES = [text for name in corpora.TUNED for text in corpora.emergencies(name)]
BESIDE = (
    "I had a stroke in 2010",
    "My uncle died of a heart attack years ago",
    "When I was a kid I broke my arm",
    "She has no rash and no cough",
    "Nobody else is ill",
    "My phone is dying",
    "The car died this morning",
    "My boss had a fit when he saw the bill",
    "I was dying of boredom at work",
    "The dog is limping",
    "Our team choked in the final",
    "My daughter is writing a novel about a nurse",
    "We watched a film last night",
    "The exam is next week",
    "I am scared of choking when I am old",
    "If it rains we stay in",
    "I am fine otherwise",
    "It was right as rain yesterday",
    "I broke my ankle in '98 and nothing since",
)
AROUND = (
    "I'm scared, {}",
    "just curious, {}",
    "I read online it might be nothing, {}",
    "{}, like in 2019",
    "{}, he is 45",
    "my mum, 82, {}",
    "had a stent in 2019, {}",
    "we were watching a film, {}",
    "{} should I be worried",
    "{}, is that normal?",
)
LEAST_KEPT = 0.98


def before(beside: str, text: str) -> str:
    return f"{beside}. {text}"


def after(beside: str, text: str) -> str:
    return f"{text}. {beside}."


def in_the_same_sentence(beside: str, text: str) -> str:
    return f"{beside}, but {text}"


def kept(texts: Sequence[str]) -> float:
    return sum(triage(text).level is Urgency.EMERGENCY for text in texts) / len(texts)


def each_with_another(beside: Sequence[str]) -> Iterator[tuple[str, str]]:
    for at, text in enumerate(EMERGENCIES):
        yield beside[at % len(beside)], text
        yield beside[(at * 7 + 3) % len(beside)], text


@pytest.mark.parametrize("joined", [before, after, in_the_same_sentence], ids=lambda joined: joined.__name__)
def test_a_sentence_about_something_else_hides_no_danger(joined: Callable[[str, str], str]) -> None:
    share = kept([joined(beside, text) for beside, text in each_with_another(BESIDE)])
    print(f"\n{joined.__name__}: {share:.2%} kept")
    assert share >= LEAST_KEPT


def test_the_words_around_a_danger_do_not_hide_it() -> None:
    share = kept([around.format(text) for around, text in each_with_another(AROUND)])
    print(f"\naround: {share:.2%} kept")
    assert share >= LEAST_KEPT


@pytest.mark.parametrize(
    "text",
    [
        "had a stroke in 2015 and this morning my left arm went numb",
        "he had a fit years ago, he's having one now",
        "I choked as a kid once but now my husband is choking on steak",
        "used to have panic attacks but this crushing chest pain is different",
        "history of seizures, none since 2019, but he's fitting now and it won't stop",
        "dad's had a heart attack before in 2016 and he says this is exactly the same one come back",
        "the phone died so I couldn't ring, grandad has been slurring his speech for an hour",
        "the printer fell on his hand and it won't stop bleeding",
        "found him in the car unconscious",
        "what do paramedics do for chest pain? mine is crushing and I'm sweating",
        "my teacher collapsed in class, no pulse",
    ],
)
def test_what_is_back_or_happens_to_someone_is_present(text: str) -> None:
    assert triage(text).level is Urgency.EMERGENCY
