"""The graph as GraphML, JSON-LD and CSV."""

import csv
import json
from pathlib import Path
from typing import cast

import networkx as nx
import pytest

from tests.deterministic.knowledge.making import alone, edge, interacts, is_a, node
from vitasense.deterministic.knowledge import export, library
from vitasense.deterministic.knowledge.facts import Relation
from vitasense.deterministic.knowledge.releases import read_release
from vitasense.deterministic.platform.problems import InvalidInput

A, B = "ingredient:test_a", "ingredient:test_b"


def read(file: Path) -> "nx.MultiDiGraph[str]":
    found = nx.read_graphml(file, force_multigraph=True)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    return cast("nx.MultiDiGraph[str]", found)


def test_graphml_is_read_by_networkx_with_every_node_and_edge(tmp_path: Path) -> None:
    file = tmp_path / "graph.graphml"
    export(library(), "graphml", file)
    graph = read(file)
    assert (len(graph), graph.size()) == (library().node_count, library().edge_count)
    assert graph.nodes["ingredient:warfarin"]["name"] == "warfarin"
    assert "rxnorm|11289" in graph.nodes["ingredient:warfarin"]["codes"]
    assert all(data["says"] and data["origin"] and data["version"] for _, _, data in graph.edges(data=True))


def test_marks_of_the_form_stay_text(tmp_path: Path) -> None:
    known = alone([interacts(A, B)], [node(A, 'a <b> & "c"'), node(B)])
    export(known, "graphml", tmp_path / "g")
    graph = read(tmp_path / "g")
    assert graph.nodes[A]["name"] == 'a <b> & "c"'
    export(known, "jsonld", tmp_path / "j")
    assert json.loads((tmp_path / "j").read_text())["@graph"][0]["name"] == 'a <b> & "c"'


def test_jsonld_names_nodes_by_iri_and_points_edges_to_them(tmp_path: Path) -> None:
    export(library(), "jsonld", tmp_path / "graph.jsonld")
    told = json.loads((tmp_path / "graph.jsonld").read_text())
    things = {thing["@id"]: thing for thing in told["@graph"]}
    assert len(things) == library().node_count + library().edge_count
    edges = [thing for thing in things.values() if thing["@type"] == "edge"]
    assert all(edge["source"] in things and edge["target"] in things for edge in edges)
    warfarin = things["urn:vitasense:knowledge:ingredient:warfarin"]
    assert {"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "value": "11289"} in warfarin["codes"]


def test_csv_can_be_imported_again(tmp_path: Path) -> None:
    edges = [
        interacts("ingredient:warfarin", "class:ace_inhibitor", ref="1"),
        is_a("ingredient:warfarin", "class:test_kind"),
        edge("ingredient:simvastatin", Relation.SUBSTRATE, "enzyme:cyp3a4", strength="sensitive"),
    ]
    nodes = [node("class:ace_inhibitor", "ACE inhibitors"), node("enzyme:cyp3a4", "CYP3A4")]
    export(alone(edges, nodes), "csv", tmp_path / "own.csv")
    found = read_release("csv", tmp_path / "own.csv")
    assert not found.flaws
    told = [(each.source, each.relation, each.target, each.says, each.severity, each.strength) for each in found.edges]
    assert told == [
        (each.source, each.relation, each.target, each.says, each.severity, each.strength) for each in edges
    ]


def test_no_cell_is_a_formula(tmp_path: Path) -> None:
    export(alone([interacts(A, B, origin="=1+1")]), "csv", tmp_path / "t.csv")
    with (tmp_path / "t.csv").open(newline="") as file:
        [row] = list(csv.DictReader(file))
    assert row["origin"] == "'=1+1"


def test_another_form_is_refused_and_a_failure_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="graphml, jsonld, csv"):
        export(library(), "pdf", tmp_path / "x")
    with pytest.raises(OSError, match="nowhere"):
        export(library(), "csv", tmp_path / "nowhere" / "x")
    assert list(tmp_path.iterdir()) == []
