"""The shortest way from one node to another, step by step from both ends."""

import numpy as np

from vitasense.deterministic.knowledge.library.rows import Bools, Ints, Rows

_UNSEEN = -1


class _End:
    """What was reached from one end: `before` names the node from which each was reached."""

    def __init__(self, start: int, count: int) -> None:
        self.before: Ints = np.full(count, _UNSEEN, np.int32)
        self.before[start] = start
        self.front: Ints = np.array([start], np.int32)

    def step(self, near: Rows, open_: Bools | None = None) -> None:
        """One step further; a node that several lead to is reached from the first of them. Only `open_` ones are entered."""
        owners, reached = near.gathered(self.front)
        new = self.before[reached] == _UNSEEN
        if open_ is not None:
            new &= open_[reached]
        self.front, first = np.unique(reached[new], return_index=True)
        self.before[self.front] = owners[new][first]

    def way(self, node: int) -> list[int]:
        """From a node back to where this end began."""
        found = [node]
        while (before := int(self.before[found[-1]])) != found[-1]:
            found.append(before)
        return found


def shortest(near: Rows, between: Bools, one: int, two: int, longest: int) -> list[int]:
    """The nodes of a shortest path of at most `longest` steps, both ends included; empty when there is none.

    `between` says of each node whether a path may lead through it. Of several the same one is always chosen.
    """
    if one == two:
        return [one]
    open_, count = between.copy(), len(between)
    open_[[one, two]] = True
    ends = (_End(one, count), _End(two, count))
    for _ in range(longest):
        here, there = ends if len(ends[0].front) <= len(ends[1].front) else ends[::-1]
        here.step(near, open_)
        met = here.front[there.before[here.front] != _UNSEEN]
        if len(met):
            middle = int(met[0])
            return [*reversed(ends[0].way(middle)), *ends[1].way(middle)[1:]]
        if not len(here.front):
            return []
    return []


def within(near: Rows, count: int, start: int, steps: int) -> list[int]:
    """The nodes that are at most so many steps away, the start left out, in order of places."""
    end = _End(start, count)
    for _ in range(steps):
        end.step(near)
    reached = np.flatnonzero(end.before != _UNSEEN)
    return reached[reached != start].tolist()
