"""Figures, gates and comparisons in words: for the terminal, for Markdown, and for the report."""

from collections.abc import Iterable, Iterator, Sequence

from vitasense.evals.compare import Change, Compared, Comparison
from vitasense.evals.gates import Gate
from vitasense.evals.results import Figure, Unit
from vitasense.evals.runs import Run

_HEAD = "| suite | measure | cases | result | 95% interval | floor | stands | note |\n|---|---|---|---|---|---|---|---|"
_ALL, _NONE = ({n: f"{share:.{n}f}" for n in (1, 2, 3)} for share in (100, 0))
_SHOWN = 120  # characters of a message or an answer in a line
_LONGEST = 600  # and where it is shown in full


def number(value: float, unit: Unit) -> str:
    """`93.4%`, `12.50 ms`, `3`."""
    if unit == "%":
        return _percent(value)
    return f"{value:,.2f} {unit}".strip() if value != int(value) else f"{value:,.0f} {unit}".strip()


def _percent(value: float) -> str:
    """One decimal, and as many as it takes that nearly all does not read like all, nor nearly none like none."""
    places = next((n for n in (1, 2, 3) if value in (0, 1) or f"{value * 100:.{n}f}" not in (_ALL[n], _NONE[n])), 4)
    return f"{value * 100:.{places}f}%"


def result(figure: Figure) -> str:
    """`54/60 = 90.0%`, `12.50 ms`."""
    counts = f"{figure.hits:,}/{figure.total:,} = " if figure.hits is not None else ""
    return counts + number(figure.value, figure.unit)


def interval(figure: Figure) -> str:
    """`85.1–93.9%`, – for what has none."""
    if figure.interval is None:
        return "–"
    low, high = figure.interval
    return f"{low * 100:.1f}–{high * 100:.1f}%"


def floor(gate: Gate) -> str:
    """`at least 95.0%`, – without one."""
    if gate.floor is None:
        return "–"
    if gate.figure is None:
        return f"{gate.floor:g}"
    return f"{gate.figure.goal_is} {number(gate.floor, gate.figure.unit)}"


def stands(gate: Gate) -> str:
    """The standing, with the words that explain it."""
    return f"{gate.standing} ({gate.words})" if gate.words else gate.standing


def markdown(gates: Iterable[Gate]) -> str:
    """All gates as one Markdown table, in the order given."""
    return "\n".join((_HEAD, *map(_row, gates)))


def comparison(told: Comparison, most: int) -> Iterator[str]:
    """Line by line: measures, then the cases that changed, at most so many of each suite and kind."""
    before, now = told.before.run, told.now.run
    for name, run in (("before", before), ("now", now)):
        yield f"{name}: {run.id}, {run.choice.model or 'no model'}; {spent(run)}"
    yield from (f"not the same: {each}" for each in unlike(before, now))
    if told.unpaired:
        yield f"{told.unpaired:,} cases are in one run alone, or were asked or judged otherwise: not compared"
    for name, run in told.only.items():
        yield f"{name}: only in {run}, not compared"
    yield ""
    moved = [each for each in told.measures if each.broken or each.fixed]
    yield from (_measure(each) for each in moved)
    yield f"{len(told.measures) - len(moved)} measures of which no case changed sides"
    yield from _changed(told.changes, most)


def unlike(before: Run, now: Run) -> Iterator[str]:
    """What two runs differ in beside their answers: `commit abc → def`, `seed 0 → 3`, `python 3.11.2 → 3.12.1`."""
    both = [
        {"model": run.choice.model, "address": run.choice.url, "limit": run.choice.limit, "seed": run.choice.seed}
        | {"commit": run.commit, "code and cases": run.code, "public data": run.data, **run.versions}
        for run in (before, now)
    ]
    for name in dict.fromkeys((*both[0], *both[1])):
        was, is_ = (each.get(name) for each in both)
        if was != is_:
            yield f"{name} {_or_none(was)} → {_or_none(is_)}"


def _or_none(value: object) -> str:
    return "none" if value in (None, "") else str(value)


def spent(run: Run) -> str:
    """`949 turns, p50 35 ms, p95 126 ms; 47 calls of the model, 900 tokens in, 80 out, cost unknown`."""
    latency, model = run.latency, run.spent
    turns = "no turns"
    if latency is not None:
        turns = f"{latency.turns:,} turns, p50 {latency.p50 * 1000:.0f} ms, p95 {latency.p95 * 1000:.0f} ms"
    if model.failed:
        turns += f"; {model.failed:,} calls of the model failed, and it wrote {model.by_model:,} replies"
    if not model.calls:
        return f"{turns}; {'no calls of a model' if model.measured else 'calls of a model cannot be seen by URL'}"
    cost = "cost unknown" if model.dollars is None else f"${model.dollars:.4f}"
    return (
        f"{turns}; {model.calls:,} calls of the model, {model.tokens_in:,} tokens in, {model.tokens_out:,} out, {cost}"
    )


def shortened(text: str, most: int = _SHOWN) -> str:
    """The text on one line, cut with … where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def cut(text: str) -> str:
    """The text as it stands, cut with … where it is very long."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _row(gate: Gate) -> str:
    figure = gate.figure
    measured = (figure.data, result(figure), interval(figure)) if figure else ("", "not measured", "–")
    standing = f"**{stands(gate)}**" if gate.failed else stands(gate)
    cells = (gate.suite, gate.measure, *measured, floor(gate), standing, figure.note if figure else "")
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _measure(each: Compared) -> str:
    change = f"{each.broken} broken, {each.fixed} fixed of {each.both}, p = {each.p:.3f}"
    sure = ", not by chance" if each.sure else ""
    return f"{each.suite}: {each.measure}: {result(each.before)} → {result(each.now)} ({change}{sure})"


def _changed(changes: Sequence[Change], most: int) -> Iterator[str]:
    groups: dict[tuple[str, str], list[Change]] = {}
    for change in changes:
        groups.setdefault((change.suite, change.kind), []).append(change)
    for (suite, kind), group in groups.items():
        yield f"\n{suite}: {kind}, {len(group)}"
        for each in group[:most]:
            yield f"  {each.now.id}: {shortened(each.now.input)}"
            yield f"    before: {shortened(each.before.wrong or each.before.answer or each.before.reason)}"
            yield f"    now:    {shortened(each.now.wrong or each.now.answer or each.now.reason)}"
        if len(group) > most:
            yield f"  … and {len(group) - most} more"
