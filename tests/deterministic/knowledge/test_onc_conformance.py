"""The ONC lists: high-priority pairs interrupt, low-priority pairs do not."""

from collections.abc import Callable
from pathlib import Path

import pytest

from vitasense.deterministic.knowledge import drug, interactions
from vitasense.deterministic.platform.findings import Urgency

PAIRS = Callable[[str], list[tuple[str, str]]]


@pytest.fixture
def pairs(shared_data: Callable[[str], Path]) -> PAIRS:
    def read(name: str) -> list[tuple[str, str]]:
        rows = (line.split("$") for line in shared_data(f"05_drug_interactions/{name}").read_text("utf-8").splitlines())
        return [(row[0], row[2]) for row in rows if len(row) >= 4]

    return read


def share(pairs: list[tuple[str, str]], urgent: bool) -> float:
    return sum((interactions(pair)[0].urgency is Urgency.URGENT) == urgent for pair in pairs) / len(pairs)


def known(pairs: list[tuple[str, str]]) -> float:
    names = {name for pair in pairs for name in pair}
    return sum(drug(name) is not None for name in names) / len(names)


def test_high_priority_pairs_interrupt(pairs: PAIRS) -> None:
    high = pairs("ONC_High_Priority_Mapped.csv")
    print(f"ONC high priority: {len(high)} pairs, {share(high, True):.1%} interrupt, {known(high):.1%} of names known")
    assert known(high) >= 0.97
    assert share(high, True) >= 0.97


def test_non_interruptive_pairs_do_not_interrupt(pairs: PAIRS) -> None:
    low = pairs("ONC_Non_Interuptive_Mapped.csv")
    print(f"ONC low priority: {len(low)} pairs, {1 - share(low, False):.1%} interrupt, {known(low):.1%} of names known")
    assert known(low) >= 0.97
    assert share(low, False) >= 0.97
