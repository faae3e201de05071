"""The kinds of releases that are read, by name."""

import pytest

from vitasense.deterministic.knowledge.formats.readers import READERS, reader
from vitasense.deterministic.platform.problems import InvalidInput


def test_each_kind_has_a_reader() -> None:
    assert set(READERS) == {"rxnorm", "atc", "ansm", "openfda", "cpic", "csv"}
    assert reader(" RxNorm ") is READERS["rxnorm"]


def test_an_unknown_kind_names_those_there_are() -> None:
    with pytest.raises(InvalidInput, match="rxnorm, atc, ansm, openfda, cpic, csv"):
        reader("drugbank")
