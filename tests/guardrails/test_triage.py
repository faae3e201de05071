"""Nobody in danger is told to wait, and ordinary words raise no alarm."""

import sys
from collections.abc import Callable
from types import FrameType

import pytest

from vitasense.deterministic.platform.findings import Urgency
from vitasense.guardrails import triage
from vitasense.guardrails.concepts import lexicon, relations
from vitasense.guardrails.rulebook import combinations, emergency_numbers, flags, numbers_for, red_flags

RULES = {flag.key for flag in flags()}
MOST_STEPS_FOR_TWICE = 2.3


def is_emergency(text: str) -> bool:
    return triage(text).level is Urgency.EMERGENCY


@pytest.mark.parametrize(
    "text",
    [
        "no chest pain",
        "I had a stroke in 2015",
        "what are the signs of a stroke?",
        "if I get chest pain whom do I call",
        "my father died of a heart attack ten years ago",
        "I'm not suicidal",
        "no wheezing, no trouble breathing",
        "history of seizures, none since 2019",
    ],
)
def test_denied_past_and_hypothetical_mentions_do_not_fire(text: str) -> None:
    assert triage(text).flags == ()


@pytest.mark.parametrize(
    "text",
    [
        "no fever but my chest hurts",
        "had a stroke in 2015 and now my face is drooping again",
        "what are the signs of a stroke? my mum's face is drooping",
        "it's not just heartburn, I have crushing chest pain",
        "my chest pain is not going away",
        "no, my chest hurts",
        "what does SpO2 84 mean?",
    ],
)
def test_a_present_emergency_fires_beside_a_denied_one(text: str) -> None:
    assert is_emergency(text)


@pytest.mark.parametrize(
    "text",
    [
        "my brother had a seizure in '87, only the one, he drives a lorry now",
        "Asthma attack landed me in hospital every year until 2008, none at all since",
        "choked on steak at my own wedding, 2006, best man thumped my back",
        "how do paramedics lift a man who is unconscious, for a scene in my novel",
        "exam question: name three causes of sudden chest pain in a young man",
        "dreading not waking up after the operation",
        "the printer had a seizure, paper everywhere",
        "I had a fit when I saw the electric bill",
        "our company is haemorrhaging staff",
        "grandpa's lips are purple from the blueberries",
        "I'm not short of breath climbing stairs, just lazy",
        "she didn't drink the bleach, it was water in a bucket",
        "nobody was bitten, the snake is in a box at the vet",
        "gave grandad his 10 am pills, he took them with custard",
        "finished the laundry and emptied the dishwasher",
    ],
)
def test_what_nobody_has_now_is_no_emergency(text: str) -> None:
    assert not [flag for flag in triage(text).flags if flag.level is Urgency.EMERGENCY and flag.key in RULES]


def test_someone_near_in_danger_gives_advice_with_the_countrys_number() -> None:
    found = triage("my dad is not breathing", country="GB")
    assert found.level is Urgency.EMERGENCY
    assert "999" in found.flags[0].advice
    assert "compressions" in found.flags[0].advice


def test_an_unknown_country_is_told_the_general_number() -> None:
    assert "112" in triage("my chest hurts", country="XX").flags[0].advice
    assert numbers_for(None) == emergency_numbers().default


def test_despair_is_met_with_a_crisis_line() -> None:
    found = triage("I want to die", country="US")
    assert found.self_harm
    assert "988" in found.flags[0].advice


def test_a_flag_points_at_its_words() -> None:
    text = "Hello. My chest hurts a lot."
    flag = triage(text).flags[0]
    assert text[flag.start : flag.end].lower() == "chest hurts"


def test_fever_of_a_small_baby_is_an_emergency_and_of_a_child_is_not() -> None:
    assert is_emergency("my 8 week old has a temperature of 38.2")
    assert not is_emergency("my 6 year old has a temperature of 38.2")
    assert triage("he has a fever", age=0.1).level is Urgency.EMERGENCY


def test_pregnancy_of_the_account_lowers_the_pressure_limit() -> None:
    assert triage("bp 165/112", pregnant=True).level is Urgency.EMERGENCY
    assert triage("bp 165/112").level.rank < Urgency.URGENT.rank


def known(piece: str) -> bool:
    """Whether a sign exists, or every concept of a relation does."""
    if not piece.startswith("@"):
        return piece in red_flags().signs or piece in combinations().signs
    rule = relations(piece, piece[1:])
    named = rule.first.union(*(concepts for _, concepts in rule.steps))
    return all(name.removeprefix("slight_") in lexicon().concepts for name in named)


def test_every_flag_names_a_source_and_known_signs_and_advice() -> None:
    rules = red_flags()
    for flag in flags():
        assert flag.source
        assert flag.advice in rules.advice
        unknown = [sign for line in (*flag.any, *flag.unless) for sign in line.split(" + ") if not known(sign)]
        assert not unknown, flag.key
    for vital in rules.vitals:
        assert vital.source
        assert vital.advice in rules.advice
        assert set(vital.with_any) <= set(rules.signs)


@pytest.mark.parametrize(
    "text", ["I feel hopeless and like a burden", "nothing matters anymore", "there is no way out"]
)
def test_despair_without_a_stated_wish_is_offered_a_crisis_line(text: str) -> None:
    found = triage(text, country="US")
    assert found.self_harm
    assert found.level.rank >= Urgency.URGENT.rank
    assert "988" in found.flags[0].advice


@pytest.mark.parametrize(
    "text",
    [
        "oxygen eighty three",
        "bp two twenty over one thirty and my vision is blurry",
        "temp one oh six",
        "sugar two point one",
    ],
)
def test_spoken_numbers_count_as_measured(text: str) -> None:
    assert is_emergency(text)


@pytest.mark.parametrize(
    "text",
    [
        "no chest pain or ",
        "my chest hurts and ",
        "a1 ",
        "if no or ",
        "in 2010, ",
        "translate, ",
        "the car died and ",
        "blue ",
    ],
)
def test_steps_grow_in_step_with_the_length(text: str) -> None:
    triage("warm up, my chest hurts")
    half, whole = (steps(lambda length=length: triage((text * length)[:length])) for length in (2_500, 5_000))
    print(f"\n5,000 characters: {whole:,} steps")
    assert whole < MOST_STEPS_FOR_TWICE * half


def steps(work: Callable[[], object]) -> int:
    """How many functions `work` calls."""
    called = 0

    def count(_frame: FrameType, event: str, _arg: object) -> None:
        nonlocal called
        called += event == "call"

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return called


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("I have a fever", "Sickle cell disease"),
        ("I have a fever", "History of splenectomy"),
        ("I banged my head", "Warfarin 5 mg tablet"),
        ("I keep vomiting", "Type 1 diabetes mellitus"),
        ("bp 165/112", "Normal pregnancy"),
    ],
)
def test_what_the_record_knows_makes_a_complaint_an_emergency_and_the_flag_points_at_the_words(
    text: str, known: str
) -> None:
    assert not is_emergency(text)
    found = triage(text, history=[known])
    assert found.level is Urgency.EMERGENCY
    assert text[found.flags[0].start : found.flags[0].end]


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("I have a fever", "Family history of sickle cell disease"),
        ("bp 165/112", "No history of pregnancy"),
        ("my son has a fever", "Sickle cell disease"),
    ],
)
def test_what_is_not_the_persons_own_adds_nothing(text: str, known: str) -> None:
    assert triage(text, history=[known]).level is not Urgency.EMERGENCY


@pytest.mark.parametrize(
    "complaint",
    [
        "my asthma is a bit worse",
        "asthma slightly worse, inhaler helps",
        "I wheeze a bit with my cold",
        "the new pill makes me dizzy",
        "blood group is O and I feel sick",
        "I keep vomiting and my tummy hurts",
        "temp 38.9, calpol given",
    ],
)
def test_a_plain_complaint_is_no_emergency(complaint: str) -> None:
    assert not is_emergency(complaint)


@pytest.mark.parametrize(
    "complaint",
    [
        "asthma worse and inhaler not helping",
        "I wheeze a bit and cannot speak in sentences",
        "a bit wheezy after a bee sting",
        "threw up and dizzy minutes after the new pill",
        "I take blood thinners and I am vomiting blood",
    ],
)
def test_the_same_complaint_with_a_danger_sign_is_one(complaint: str) -> None:
    assert is_emergency(complaint)


def test_blood_sugar_is_no_blood() -> None:
    keys = {flag.key for flag in triage("My blood sugar is 16 and I feel sick").flags}
    assert keys.isdisjoint({"gi_bleeding", "bleeding_inside"})


@pytest.mark.parametrize("typed", ["my dad is not breahing", "my son drank blaech", "oxygen saturtion 83 on my watch"])
def test_a_slip_of_the_keys_hides_no_emergency(typed: str) -> None:
    assert is_emergency(typed)


@pytest.mark.parametrize(
    "text", ["I cannot swallow anything", "I can't swallow food or water", "unable to swallow anything"]
)
def test_a_gullet_that_lets_nothing_through_is_an_emergency(text: str) -> None:
    assert "cannot_swallow" in {flag.key for flag in triage(text).flags}


@pytest.mark.parametrize(
    "text", ["Keep in mind that I can't swallow big tablets", "Can I have cough syrup with codeine?"]
)
def test_a_dislike_of_tablets_and_a_cough_syrup_are_none(text: str) -> None:
    assert not is_emergency(text)
