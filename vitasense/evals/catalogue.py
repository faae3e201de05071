"""Every suite: each module of `suites/` that declares one as SUITE."""

import pkgutil
from collections.abc import Iterable
from importlib import import_module

from vitasense.deterministic.platform.problems import NotFound
from vitasense.evals import suites
from vitasense.evals.suite import Suite


def names() -> list[str]:
    """The names of all suites, without loading one."""
    return sorted(module.name for module in pkgutil.iter_modules(suites.__path__))


def suite(name: str) -> Suite:
    """The suite of this name. NotFound names those that there are."""
    if name not in names():
        raise NotFound(f"There is no suite “{name}”. There are: {', '.join(names())}.")
    return import_module(f"{suites.__name__}.{name}").SUITE


def chosen(wanted: Iterable[str]) -> list[Suite]:
    """The named suites, each once, in the order named; all of them when none is named."""
    return [suite(name) for name in dict.fromkeys(wanted) or names()]
