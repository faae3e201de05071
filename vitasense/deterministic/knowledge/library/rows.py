"""Rows of numbers, one row for each node, in two arrays (compressed sparse rows)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Bools = NDArray[np.bool_]
EMPTY: Ints = np.empty(0, np.int32)


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Row `i` is `values[starts[i]:starts[i + 1]]`."""

    starts: Ints
    values: Ints

    @classmethod
    def of(cls, rows: Ints, values: Ints, count: int) -> "Rows":
        """`count` rows: each value in the row that stands at the same place of `rows`, in the order given."""
        starts = np.zeros(count + 1, np.int32)
        np.cumsum(np.bincount(rows, minlength=count), out=starts[1:])
        return cls(starts, values[np.argsort(rows, kind="stable")].astype(np.int32, copy=False))

    def __getitem__(self, row: int) -> Ints:
        return self.values[self.starts[row] : self.starts[row + 1]]

    def gathered(self, rows: Ints) -> tuple[Ints, Ints]:
        """The values of several rows one after the other, and beside each the row that it is from."""
        sizes = self.starts[rows + 1] - self.starts[rows]
        owners = np.repeat(rows, sizes)
        firsts = np.repeat(self.starts[rows] - np.cumsum(sizes, dtype=np.int32) + sizes, sizes)
        return owners, self.values[firsts + np.arange(len(owners), dtype=np.int32)]


def closure(parents: Rows, count: int) -> Rows:
    """Each node with everything above it, itself first, the nearest next; a cycle ends where it began."""
    everyone = np.arange(count, dtype=np.int32)
    rows, above = everyone, everyone
    seen = everyone.astype(np.int64) * count + everyone
    found = [(rows, above)]
    while len(rows):
        rows, above = _step(parents, rows, above)
        pairs, first = np.unique(rows.astype(np.int64) * count + above, return_index=True)
        new = ~np.isin(pairs, seen)
        rows, above = rows[first[new]], above[first[new]]
        seen = np.concatenate([seen, pairs[new]])
        found.append((rows, above))
    return Rows.of(np.concatenate([r for r, _ in found]), np.concatenate([a for _, a in found]), count)


def _step(parents: Rows, rows: Ints, above: Ints) -> tuple[Ints, Ints]:
    """From each (row, node) to (row, parent of the node)."""
    sizes = parents.starts[above + 1] - parents.starts[above]
    _, higher = parents.gathered(above)
    return np.repeat(rows, sizes), higher
