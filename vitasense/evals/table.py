"""The quality table in Markdown."""

from collections.abc import Iterable

from vitasense.evals.figures import Figure

_HEAD = "| measure | cases | result | 95% interval | goal | reached | note |\n|---|---|---|---|---|---|---|"


def table(figures: Iterable[Figure]) -> str:
    """All figures as one Markdown table, in the order given."""
    return "\n".join((_HEAD, *map(_row, figures)))


def _row(figure: Figure) -> str:
    goal = "–" if figure.goal is None else f"{figure.goal_is} {_number(figure.goal, figure.unit)}"
    reached = "–" if figure.goal is None else "yes" if figure.reached else "**no**"
    cells = (figure.measure, figure.data, _result(figure), _interval(figure), goal, reached, figure.note)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _result(figure: Figure) -> str:
    counts = f"{figure.hits}/{figure.total} = " if figure.hits is not None else ""
    return counts + _number(figure.value, figure.unit)


def _interval(figure: Figure) -> str:
    if figure.interval is None:
        return "–"
    low, high = figure.interval
    return f"{low * 100:.1f}–{high * 100:.1f}%"


def _number(value: float, unit: str) -> str:
    if unit == "%":
        return f"{value * 100:.1f}%"
    return f"{value:,.2f} {unit}".strip() if value != int(value) else f"{value:,.0f} {unit}".strip()
