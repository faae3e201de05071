"""`python -m vitasense.evals [SUITE …]`: measures and prints the quality table."""

import argparse
import importlib
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from vitasense.evals.figures import Figure
from vitasense.evals.table import table

SUITES = ("units", "context", "reading", "triage", "scope", "privacy", "grounding", "injection", "hostile", "speed")


def main() -> int:
    """Measure the named suites (all by default); 1 when a goal is missed."""
    options = _options()
    figures = [figure for name in options.suites or SUITES for figure in _measured(name, options.data)]
    print(f"Measured {date.today():%Y-%m-%d}.\n\n{table(figures)}")
    return 0 if all(figure.reached for figure in figures) else 1


def _measured(name: str, data: Path) -> Iterator[Figure]:
    print(f"… {name}", file=sys.stderr, flush=True)
    yield from importlib.import_module(f"vitasense.evals.before.{name}").figures(data)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m vitasense.evals", description=__doc__)
    parser.add_argument("suites", nargs="*", choices=(*SUITES, []), metavar="SUITE", help=", ".join(SUITES))
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="the folder of public test data")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
