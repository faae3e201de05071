"""A table of one's own becomes edges; a row that cannot be one is named with what to do."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.deterministic.knowledge.formats.facts import edges, nodes, written
from vitasense.deterministic.knowledge.facts import Level
from vitasense.deterministic.knowledge.formats.own_table import read
from vitasense.deterministic.knowledge.formats.parsed import Facts
from vitasense.deterministic.knowledge.schemas import Severity
from vitasense.deterministic.platform.problems import InvalidInput

HEAD = "source,relation,target,severity,says,reference,level,from,to,strength"


def table(folder: Path, *rows: str, head: str = HEAD) -> Facts:
    return read(written(folder, "mine.csv", "\n".join([head, *rows])))


def test_a_row_is_an_edge_with_where_it_stands(tmp_path: Path) -> None:
    row = 'Coumadin,interacts,ingredient: exampline,major,"They raise bleeding, often.",Doe 2024,study,2024-01-01,,'
    facts = list(table(tmp_path, row))
    (edge,) = edges(facts)
    assert (edge.source, edge.target) == ("ingredient:warfarin", "ingredient:exampline")
    assert (edge.severity, edge.level, edge.valid_from) == (Severity.MAJOR, Level.STUDY, date(2024, 1, 1))
    assert (edge.says, edge.ref) == ("They raise bleeding, often.", "mine.csv line 2: Doe 2024")
    assert set(nodes(facts)) == {"ingredient:warfarin", "ingredient:exampline"}


def test_classes_proteins_and_conditions_have_their_kinds(tmp_path: Path) -> None:
    rows = [
        "ACE inhibitors,contraindicated,condition: angioedema,contraindicated,Never.,Doe 2024,,,,",
        "Exampline,inhibits,enzyme: CYP3A4,,Holds it back.,Doe 2024,,,,strong".replace("Exampline", "drug: Exampline"),
    ]
    one, other = edges(table(tmp_path, *rows))
    assert (one.source, one.target, one.level) == ("class:ace_inhibitor", "condition:angioedema", Level.REVIEWED)
    assert (other.source, other.target, other.strength) == ("drug:exampline", "enzyme:cyp3a4", "strong")


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("blorbixol,interacts,warfarin,major,Says.,Doe,,,,", "none of our own medicines or classes"),
        ("warfarin,hates,aspirin,major,Says.,Doe,,,,", "is no relation"),
        ("warfarin,interacts,aspirin,awful,Says.,Doe,,,,", "is no severity"),
        ("warfarin,interacts,aspirin,major,,,,,,", "Nothing stands in says and reference"),
        ("warfarin,interacts,Coumadin,major,Says.,Doe,,,,", "are the same"),
        ("warfarin,interacts,animal: cat,major,Says.,Doe,,,,", "is no kind"),
        ("warfarin,interacts,aspirin,major,Says.,Doe,,31.1.2026,,", "is no day"),
        ("warfarin,inhibits,enzyme: CYP3A4,,Says.,Doe,,,,mighty", "is no strength"),
        ("warfarin,interacts", "cells"),
        ('warfarin,"interacts', "never closed"),
    ],
)
def test_a_row_that_cannot_be_an_edge_is_told_with_its_line(tmp_path: Path, row: str, told: str) -> None:
    facts = table(tmp_path, row, "warfarin,interacts,aspirin,major,Says.,Doe,,,,")
    assert len(edges(facts)) == 1
    assert [(flaw.place, told in flaw.reason) for flaw in facts.flaws] in (
        [("mine.csv line 2", True)],
        [("line 2", True)],
    )


def test_missing_columns_are_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="Needed are: source, relation, target"):
        next(table(tmp_path, head="drug_a,drug_b"))


@given(text=st.text(max_size=400))
def test_any_text_is_read_or_refused(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = written(tmp_path_factory.mktemp("own"), "mine.csv", f"{HEAD}\n{text.encode('utf-8', 'replace').decode()}")
    facts = read(path)
    try:
        found = list(facts)
    except InvalidInput:
        return
    assert found
