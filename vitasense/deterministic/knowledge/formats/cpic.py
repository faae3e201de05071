"""CPIC's pairs of genes and medicines, as the table or the JSON that cpicpgx.org exports.

A pair with a published guideline is an edge of that level; one without is what studies show. CPIC's own level (A to D)
stands in `what`, since A and B say that prescribing should change, C and D that it need not. Pairs that CPIC took back
are left out and told.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from vitasense.deterministic.knowledge.facts import EdgeFact, Fact, Level, NodeFact, NodeKind, Relation
from vitasense.deterministic.knowledge.formats import keys, tables
from vitasense.deterministic.knowledge.formats.files import Bundle
from vitasense.deterministic.knowledge.formats.json_items import first, items
from vitasense.deterministic.knowledge.formats.parsed import Facts, Flaws

KIND = "cpic"
ORIGIN = "CPIC gene-drug pairs"
COLUMNS = {
    "gene": ("genesymbol", "gene symbol"),
    "drug": ("drugname", "drug name"),
    "guideline": ("guidelinename", "guidelineurl", "guideline url"),
    "level": ("cpic level", "cpiclevel"),
    "status": ("cpic level status", "provisional"),
    "rxnorm": ("drug rxnorm id", "rxnormid", "rxcui"),
    "papers": ("cpic publications (pmid)", "citations", "pmids"),
}
_EXPECTED = (
    "CPIC's pairs: a table with Gene, Drug, Guideline and CPIC Level, or JSON with genesymbol, drugname, cpiclevel"
)
_NEEDED = ("gene", "drug", "level")
_GENE = re.compile(r"[A-Z][A-Z0-9-]{1,15}")
_LEVEL = re.compile(r"[A-D](?:/[A-D])?")


def read(path: Path) -> Facts:
    """Genes, medicines and an edge `guided_by` for each pair. Raises InvalidInput for another kind of file."""
    flaws = Flaws()
    return Facts(_facts(Bundle(path), flaws), flaws, _EXPECTED)


def _facts(files: Bundle, flaws: Flaws) -> Iterator[Fact]:
    told = set[str]()
    for name in files.names:
        with files.open(name) as stream:
            for place, row in _rows(stream, name, flaws):
                fault = _fault(row)
                if fault:
                    flaws.add(place, fault, " ".join(row.values()))
                else:
                    yield from _pair(place, row, told)


def _rows(stream: BinaryIO, name: str, flaws: Flaws) -> Iterator[tuple[str, Mapping[str, str]]]:
    if not name.lower().endswith(".json"):
        for row in tables.rows(stream, COLUMNS, _NEEDED, flaws):
            yield f"{name} line {row.line}", row.cells
        return
    for number, item in items(stream, "results", _EXPECTED, flaws):
        row = {column: first(item, column, *others) for column, others in COLUMNS.items()}
        row["status"] = "Removed" if item.get("removed") is True else row["status"]
        yield f"{name} entry {number}", row


def _fault(row: Mapping[str, str]) -> str:
    if not _GENE.fullmatch(row["gene"]):
        return "This is no symbol of a gene."
    if not keys.slug(row["drug"]):
        return "The pair has no medicine."
    if not _LEVEL.fullmatch(row["level"]):
        return "The level is none of CPIC's: A, B, C, D or two of them."
    return "CPIC took this pair back." if "removed" in row.get("status", "").lower() else ""


def _pair(place: str, row: Mapping[str, str], told: set[str]) -> Iterator[Fact]:
    gene, level = row["gene"], row["level"]
    drug = keys.ingredient(row["drug"], rxnorm=row.get("rxnorm", ""))
    for node in (NodeFact(keys.key(NodeKind.GENE, gene), gene, codes={"hgnc": (gene,)}), drug):
        if node.key not in told:
            told.add(node.key)
            yield node
    guideline, papers, status = (row.get(name, "") for name in ("guideline", "papers", "status"))
    yield EdgeFact(
        source=drug.key,
        relation=Relation.GUIDED_BY,
        target=keys.key(NodeKind.GENE, gene),
        says=f"the use of {drug.name} is guided by {gene} (CPIC level {level})",
        origin=ORIGIN,
        ref=f"{place}{f', PMID {papers}' if papers else ''}",
        level=Level.GUIDELINE if guideline else Level.STUDY,
        what=f"CPIC level {level}{f', {status}' if status else ''}",
        advice=guideline or None,
    )
