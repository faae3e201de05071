"""Rows of numbers, and everything that is above a node."""

import networkx as nx
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from vitasense.deterministic.knowledge.library.rows import Rows, closure

COUNT = 8
PAIRS = st.lists(st.tuples(st.integers(0, COUNT - 1), st.integers(0, COUNT - 1)), max_size=20)


def rows_of(pairs: list[tuple[int, int]]) -> Rows:
    sources, targets = np.array(pairs, np.int32).reshape(-1, 2).T
    return Rows.of(sources, targets, COUNT)


@given(PAIRS)
def test_a_row_holds_its_values_in_order(pairs: list[tuple[int, int]]) -> None:
    rows = rows_of(pairs)
    assert [rows[at].tolist() for at in range(COUNT)] == [[b for a, b in pairs if a == at] for at in range(COUNT)]


@given(PAIRS, st.lists(st.integers(0, COUNT - 1), max_size=5))
def test_several_rows_are_gathered_each_value_beside_its_row(pairs: list[tuple[int, int]], wanted: list[int]) -> None:
    rows = rows_of(pairs)
    owners, values = rows.gathered(np.array(wanted, np.int32))
    found = list(zip(owners.tolist(), values.tolist(), strict=True))
    assert found == [(at, value) for at in wanted for value in rows[at].tolist()]


@given(PAIRS)
def test_what_is_above_a_node_is_what_can_be_reached_also_in_a_cycle(pairs: list[tuple[int, int]]) -> None:
    above = closure(rows_of(pairs), COUNT)
    graph = nx.DiGraph(pairs)
    graph.add_nodes_from(range(COUNT))
    for at in range(COUNT):
        found = above[at].tolist()
        assert found[0] == at
        assert len(found) == len(set(found))
        assert set(found) == {at, *nx.descendants(graph, at)}  # pyright: ignore[reportUnknownMemberType]
