"""Cases in wordings that the rules had not seen. The first look at each set was scored before anything was mended.

First looks, 2026-11-23: first 132/202 and 7/206, second 109/155 and 11/154, third 87/100 and 7/102, fourth 54/60 and
4/60. The first three were used to mend the rules afterwards, so they are tuned now; the fourth was only ever scored.
"""

from pathlib import Path

import pytest

from vitasense.deterministic.platform.findings import Urgency
from vitasense.guardrails import decline, triage

HERE = Path(__file__).parent
TUNED = ("first", "second", "third")
UNTOUCHED = "fourth"
LEAST_FOUND = 0.90
MOST_ALARMED = 0.07


def lines(name: str) -> list[str]:
    return (HERE / name).read_text().splitlines()


def missed(name: str) -> list[str]:
    cases = lines(f"heldout/{name}_emergencies.txt")
    return [text for text in cases if triage(text).level is not Urgency.EMERGENCY]


def alarmed(name: str) -> list[str]:
    return [text for text in lines(f"heldout/{name}_ordinary.txt") if triage(text).level is Urgency.EMERGENCY]


@pytest.mark.parametrize("name", TUNED)
def test_wordings_seen_before_are_all_found(name: str) -> None:
    assert not missed(name)
    assert len(alarmed(name)) <= 0.05 * len(lines(f"heldout/{name}_ordinary.txt"))


def test_wordings_never_used_for_tuning_do_not_fall_below_their_first_look() -> None:
    assert len(missed(UNTOUCHED)) <= (1 - LEAST_FOUND) * len(lines(f"heldout/{UNTOUCHED}_emergencies.txt")) + 1e-9
    assert len(alarmed(UNTOUCHED)) <= MOST_ALARMED * len(lines(f"heldout/{UNTOUCHED}_ordinary.txt"))


def test_ordinary_questions_in_the_words_of_harm_are_answered() -> None:
    asked = [
        *lines("questions.txt"),
        *(t for name in (*TUNED, UNTOUCHED) for t in lines(f"heldout/{name}_ordinary.txt")),
    ]
    refused = [text for text in asked if decline(text)]
    assert len(asked) >= 300
    assert len(refused) <= 0.01 * len(asked), refused


def test_the_table_of_scores_is_printed() -> None:
    print("\nset      emergencies found  ordinary called emergency")
    for name in (*TUNED, UNTOUCHED):
        all_told, ordinary = len(lines(f"heldout/{name}_emergencies.txt")), len(lines(f"heldout/{name}_ordinary.txt"))
        kind = "untouched" if name == UNTOUCHED else "tuned"
        found = all_told - len(missed(name))
        print(f"{name:8} {found:>4}/{all_told:<4}          {len(alarmed(name)):>3}/{ordinary:<4} {kind}")
