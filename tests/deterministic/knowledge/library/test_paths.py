"""The shortest way between two nodes."""

from itertools import pairwise
from typing import cast

import networkx as nx
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from vitasense.deterministic.knowledge.library.paths import shortest, within
from vitasense.deterministic.knowledge.library.rows import Rows

COUNT = 12
LONGEST = 4
PAIRS = st.lists(st.tuples(st.integers(0, COUNT - 1), st.integers(0, COUNT - 1)), max_size=24)


def both_ways(pairs: list[tuple[int, int]]) -> Rows:
    sources, targets = np.array([*pairs, *((b, a) for a, b in pairs)], np.int32).reshape(-1, 2).T
    return Rows.of(sources, targets, COUNT)


@given(PAIRS, st.integers(0, 4))
def test_the_neighbourhood_is_what_networkx_reaches_in_so_many_steps(pairs: list[tuple[int, int]], steps: int) -> None:
    graph = nx.Graph(pairs)
    graph.add_node(0)
    far = cast("dict[int, int]", nx.single_source_shortest_path_length(graph, 0, steps))  # pyright: ignore[reportUnknownMemberType]
    assert within(both_ways(pairs), COUNT, 0, steps) == sorted(far.keys() - {0})


@given(PAIRS)
def test_it_is_as_short_as_that_of_networkx_and_walks_along_edges(pairs: list[tuple[int, int]]) -> None:
    near, graph = both_ways(pairs), nx.Graph(pairs)
    graph.add_nodes_from(range(COUNT))
    for two in range(COUNT):
        path = shortest(near, np.ones(COUNT, np.bool_), 0, two, LONGEST)
        try:
            steps = nx.shortest_path_length(graph, 0, two)  # pyright: ignore[reportUnknownMemberType]
        except nx.NetworkXNoPath:
            steps = LONGEST + 1
        if steps > LONGEST:
            assert path == []
            continue
        assert len(path) == steps + 1
        assert (path[0], path[-1]) == (0, two)
        assert all(graph.has_edge(a, b) for a, b in pairwise(path))


def test_it_leads_through_nothing_that_is_closed_but_ends_there() -> None:
    near = both_ways([(0, 1), (1, 2), (0, 3), (3, 4), (4, 2)])
    between = np.ones(COUNT, np.bool_)
    assert shortest(near, between, 0, 2, LONGEST) == [0, 1, 2]
    between[1] = False
    assert shortest(near, between, 0, 2, LONGEST) == [0, 3, 4, 2]
    assert shortest(near, between, 0, 1, LONGEST) == [0, 1]
