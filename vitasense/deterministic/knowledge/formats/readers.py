"""Which reader reads which kind of release."""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from vitasense.deterministic.knowledge.formats import ansm, atc, cpic, openfda, own_table, rxnorm
from vitasense.deterministic.knowledge.formats.parsed import Facts
from vitasense.deterministic.platform.problems import InvalidInput

Reader = Callable[[Path], Facts]
READERS: Mapping[str, Reader] = MappingProxyType(
    {each.KIND: each.read for each in (rxnorm, atc, ansm, openfda, cpic, own_table)}
)


def reader(kind: str) -> Reader:
    """The reader of this kind. Raises InvalidInput that names the kinds."""
    found = READERS.get(kind.strip().lower())
    if found is None:
        raise InvalidInput(f"“{kind}” is no kind of release that is read. There are: {', '.join(READERS)}.")
    return found
