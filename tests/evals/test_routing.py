"""The routing data is what it says, and the rules alone reach the floor on it."""

import re
from collections import Counter
from pathlib import Path

import pytest
import yaml

from vitasense.agents import AGENTS
from vitasense.evals.corpora import lines
from vitasense.evals.readings import wishes
from vitasense.evals.routing_cases import (
    FRESH,
    NONE,
    SEVERAL,
    TUNED,
    UNTOUCHED,
    RoutingCase,
    answered,
    by_rules,
    label,
    routing_cases,
)
from vitasense.evals.suite import Answer, Case
from vitasense.evals.suites.routing import EVERY, NEVER_READ, SUITE

INTAKE = Path(__file__).parents[1] / "deterministic" / "intake"
SPECIALISTS = {spec.name for spec in AGENTS}
STYLES = {"plain", "paraphrase", "typos", "telegraphic", "story", "dictated", "other_speaker"}
FLOOR, FRESH_FLOOR, DEVELOPMENT_FLOOR = 0.95, 0.85, 0.92
LETTERS = {
    "h": "health",
    "n": "nutrition",
    "g": "genomics",
    "d": "doctor_assistant",
    "k": "knowledge",
    "m": "memory",
}


@pytest.fixture(scope="module")
def every() -> list[RoutingCase]:
    return list(routing_cases())


def _key(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def _read_elsewhere() -> set[str]:
    rows = [yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader) for file in INTAKE.glob("*.yaml")]
    return {_key(wish.say) for wish in wishes()} | {_key(str(row[0])) for table in rows for row in table}


def test_there_are_enough_messages_for_every_specialist_for_two_for_nobody_and_for_the_gate(
    every: list[RoutingCase],
) -> None:
    counted = Counter(label(case.wanted) for case in every)
    assert len(every) >= 420
    assert set(counted) == {*SPECIALISTS, SEVERAL, NONE, "safety"}
    assert min(counted.values()) >= 30


def test_every_style_is_said_to_every_specialist_and_every_wish_names_one_that_exists(every: list[RoutingCase]) -> None:
    for name in SPECIALISTS:
        assert {case.style for case in every if name in case.wanted} >= STYLES, name
    assert all(case.wanted | case.may <= {*SPECIALISTS, "safety"} for case in every)


def test_the_halves_are_halves_of_every_group(every: list[RoutingCase]) -> None:
    parts = Counter((case.group, case.part) for case in every)
    for group in {case.group for case in every if case.part != FRESH}:
        assert abs(parts[group, TUNED] - parts[group, UNTOUCHED]) <= 5, group


def test_no_message_is_there_twice_or_was_read_while_the_rules_were_written(every: list[RoutingCase]) -> None:
    twice = Counter((_key(case.say), case.before) for case in every)
    assert [key for key, times in twice.items() if times > 1] == []
    alone = {_key(case.say) for case in every if case.before is None}
    assert alone & _read_elsewhere() == set()


def test_the_rules_alone_send_19_of_20_messages_to_those_who_are_wanted(
    every: list[RoutingCase], capsys: pytest.CaptureFixture[str]
) -> None:
    halves = [case for case in every if case.part != FRESH]
    fresh = [case for case in every if case.part == FRESH]
    shares = [sum(case.right(by_rules(case)) for case in part) / len(part) for part in (halves, fresh)]
    with capsys.disabled():
        print(f"\nrouting: {shares[0]:.3f} of {len(halves)} messages, {shares[1]:.3f} of {len(fresh)} never read")
    assert shares[0] >= FLOOR
    assert shares[1] >= FRESH_FLOOR


def test_what_the_rules_were_mended_for_stays_mended() -> None:
    rows = lines("routing/development.txt")
    cases = [_developed(row) for row in rows if not row.startswith("#")]
    wrong = [case.say for case in cases if not case.right(by_rules(case))]
    assert len(wrong) / len(cases) <= 1 - DEVELOPMENT_FLOOR, wrong


def _developed(row: str) -> RoutingCase:
    letters, _, say = row.partition("|")
    wanted = frozenset(LETTERS[letter] for letter in letters.split("+") if letter in LETTERS)
    return RoutingCase("", say, None, wanted, frozenset(), "development", "", TUNED)


def test_what_is_nobodys_is_never_guessed_at_and_no_emergency_is_missed(every: list[RoutingCase]) -> None:
    nobodys = [case for case in every if not case.wanted]
    guessed = [case.say for case in nobodys if by_rules(case) & SPECIALISTS]
    assert len(guessed) / len(nobodys) <= 0.02, guessed
    missed = [case.say for case in every if "safety" in case.wanted and "safety" not in by_rules(case)]
    assert missed == []


def test_the_gate_answers_only_when_nobody_answers_beside_it() -> None:
    assert answered(["safety", "health"]) == {"health"}
    assert answered(["safety"]) == {"safety"}
    assert answered([]) == frozenset()


def _asked(say: str) -> Case:
    return next(case for case in SUITE.cases(Path()) if case.input == say)


def test_a_verdict_names_who_answered_instead() -> None:
    case = _asked("What is this patient's most recent eGFR?")
    wrong = SUITE.judge(case, Answer("", {"agents": ["knowledge", "health"]}))
    assert (wrong.expected, wrong.got) == ("health", SEVERAL)
    assert wrong.wrong == "health and knowledge answered, wanted: health"
    right = SUITE.judge(case, Answer("", {"agents": ["health", "safety"]}))
    assert not right.wrong and all(mark.hits == mark.total for mark in right.marks)


def test_two_others_than_the_two_that_are_wanted_are_their_own_cell() -> None:
    case = _asked("vaccines and past operations")
    assert SUITE.judge(case, Answer("", {"agents": ["health", "knowledge"]})).got == "other several"


def test_messages_for_which_nothing_was_mended_count_for_themselves() -> None:
    fresh = next(case for case in SUITE.cases(Path()) if case.facts["part"] == FRESH)
    measures = [mark.measure for mark in SUITE.judge(fresh, Answer("", {"agents": []})).marks]
    assert measures == [NEVER_READ]
    assert EVERY in {measure.name for measure in SUITE.measures}
