"""The published thesaurus: each of its interactions and each member of its classes is read."""

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from tests.deterministic.knowledge.formats.facts import edges, nodes
from vitasense.deterministic.knowledge.facts import Relation
from vitasense.deterministic.knowledge.formats.ansm import read
from vitasense.deterministic.knowledge.formats.ansm_severity import severity

FOLDER = "05_drug_interactions/worldvista_ansm"
INTERACTIONS = 2886
WITHOUT_LEVEL = 6


def text(folder: Path, name: str) -> str:
    (file,) = folder.glob(f"*{name}*")
    return file.read_text("utf-8")


def test_every_interaction_is_an_edge_with_the_severity_of_its_string(shared_data: Callable[[str], Path]) -> None:
    folder = shared_data(FOLDER)
    found = [edge for edge in edges(read(folder)) if edge.relation is Relation.INTERACTS]
    blocks = re.findall(r"<INTERACTION>.*?</INTERACTION>", text(folder, "tables"), re.DOTALL)
    written = ["".join(re.findall(r"<SEVERITY>(.*?)</SEVERITY>", block, re.DOTALL)) for block in blocks]
    print(Counter(edge.severity for edge in found), Counter(" ".join(each.split()) for each in written))
    assert len(found) == len({edge.ref for edge in found}) == len(blocks) == INTERACTIONS
    assert [edge.severity for edge in found] == [severity(each) for each in written]
    assert sum(edge.severity is None for edge in found) == WITHOUT_LEVEL


def test_every_member_of_a_class_is_an_edge_to_it(shared_data: Callable[[str], Path]) -> None:
    folder = shared_data(FOLDER)
    facts = list(read(folder))
    found = {(edge.source, edge.target) for edge in edges(facts) if edge.relation is Relation.IS_A}
    written = set[tuple[str, str]]()
    for name, block in re.findall(r'<CLASS name="([^"]*)".*?>(.*?)</CLASS>', text(folder, "classes"), re.DOTALL):
        members = re.findall(r'<DRUG name="([^"]*)"(?: rxnorm="(\d*)")?', block)
        written |= {(name.strip().lower(), (called.strip() or number).lower()) for called, number in members}
    print(len(found), "memberships,", len(written), "by name in the file")
    known = nodes(facts)
    assert all(edge.source in known and edge.target in known for edge in edges(facts))
    assert len(found) >= 0.97 * len(written)  # two names of one medicine are one member


def test_what_was_read_otherwise_is_told(shared_data: Callable[[str], Path]) -> None:
    facts = read(shared_data(FOLDER))
    list(facts)
    reasons = Counter(re.sub("“.*”|by its number.*", "…", flaw.reason) for flaw in facts.flaws)
    print(reasons)
    assert sum("everity" in flaw.reason for flaw in facts.flaws) == WITHOUT_LEVEL
    assert facts.flaws.total == len(facts.flaws)
