"""A figure with its bare engine beside it, the table of all, and how loaded the machine was."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

HEAD = ("measured", "VitaSense", "bare engine", "ratio", "budget", "the bare engine")


@dataclass(frozen=True, slots=True)
class Figure:
    """One measurement. `ours` and `bare` are in `unit`; the ratio is ours divided by bare."""

    name: str
    ours: float
    unit: str
    bare: float | None = None
    engine: str = ""
    budget: str = ""

    @property
    def ratio(self) -> float | None:
        """Ours divided by bare; None when there is nothing bare to compare with."""
        return self.ours / self.bare if self.bare else None

    def cells(self) -> tuple[str, ...]:
        """The figure as a row of the table."""
        bare = f"{_number(self.bare)} {self.unit}" if self.bare else "-"
        ratio = f"{_number(self.ratio)} x" if self.ratio else "-"
        return (self.name, f"{_number(self.ours)} {self.unit}", bare, ratio, self.budget or "-", self.engine or "-")


def percentile(seconds: Sequence[float], share: float) -> float:
    """The smallest of the measured values that at least `share` of them do not exceed (nearest rank)."""
    ordered = sorted(seconds)
    return ordered[max(0, -(-round(share * 1000) * len(ordered) // 1000) - 1)]


def table(figures: Sequence[Figure]) -> str:
    """All figures in aligned columns."""
    rows = [HEAD, *(figure.cells() for figure in figures)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(_aligned(cell, place, widths[place]) for place, cell in enumerate(row)) for row in rows]
    return "\n".join(line.rstrip() for line in [lines[0], "  ".join("-" * width for width in widths), *lines[1:]])


def machine() -> dict[str, object]:
    """Where and when this ran. A load above 1 at the start says that other programs were running too."""
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
    }


def write_json(file: Path, figures: Sequence[Figure], before: dict[str, object], after: dict[str, object]) -> None:
    """Everything that was measured, for programs."""
    measured = [asdict(figure) | {"ratio": figure.ratio} for figure in figures]
    file.write_text(json.dumps({"before": before, "after": after, "figures": measured}, indent=2) + "\n")


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _aligned(cell: str, place: int, width: int) -> str:
    return cell.rjust(width) if 0 < place < 4 else cell.ljust(width)
