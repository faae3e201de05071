"""What a person's locale decides: the order of day and month, the decimal mark, and the units that go without saying."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Literal, cast

from vitasense.deterministic.intake.lexicon import load

Order = Literal["mdy", "dmy"]


@dataclass(frozen=True, slots=True)
class Conventions:
    """How numbers and dates are written; None is not known, and what depends on it stays doubtful."""

    order: Order | None = None
    decimal: Literal[".", ","] | None = None
    units: Mapping[str, str] = field(default_factory=dict[str, str])


UNKNOWN = Conventions()


@cache
def _territories() -> Mapping[str, Conventions]:
    rows = cast("list[Mapping[str, object]]", load("locales")["entries"])
    systems = cast("Mapping[str, Mapping[str, str]]", load("locales")["systems"])
    return {
        territory: Conventions(
            cast("Order | None", row.get("order")),
            cast("Literal['.', ','] | None", row.get("decimal")),
            systems[cast("str", row["system"])],
        )
        for row in rows
        for territory in cast("list[str]", row["territories"])
    }


def conventions(locale: str | None) -> Conventions:
    """The conventions of a BCP 47 tag ("en-US", "de_DE", "de"); `UNKNOWN` for None and for tags without a known territory."""
    if not locale:
        return UNKNOWN
    language, *rest = locale.replace("_", "-").split("-")
    territory = next((part.upper() for part in rest if len(part) == 2), None)
    return _territories().get(territory or _languages().get(language.lower(), ""), UNKNOWN)


@cache
def _languages() -> Mapping[str, str]:
    return cast("Mapping[str, str]", load("locales")["languages"])
