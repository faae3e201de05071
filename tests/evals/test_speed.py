"""The speed suite yields its figures; how fast anything is stands in the table and never in a test."""

from pathlib import Path

from vitasense.evals.suites import speed


def test_it_yields_time_and_memory() -> None:
    figures = {figure.measure: figure for figure in speed.figures(Path())}
    assert {"screen, read, verify: p50", "screen, read, verify: p95"} <= set(figures)
    assert all(figure.value > 0 for figure in figures.values())
