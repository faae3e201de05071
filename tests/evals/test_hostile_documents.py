"""Hostile documents: enough of them, in every place, and what comes of one is seen."""

from collections import Counter
from dataclasses import asdict
from pathlib import Path

from vitasense.evals.hostile.canaries import Detector
from vitasense.evals.hostile.documents import QUESTIONS, documents, record_with
from vitasense.evals.hostile.reading import Look, Outcome
from vitasense.evals.suite import Answer, Case
from vitasense.evals.suites.hostile_documents import GIVEN, SUITE


def test_there_are_many_wishes_in_many_places_each_in_words_of_its_own() -> None:
    assert len(documents()) >= 30
    assert len({each.says for each in documents()}) == len({each.obeyed for each in documents()}) == len(documents())
    assert {each.place for each in documents()} == set(QUESTIONS)
    wishes = Counter(each.wish for each in documents())
    assert {"share", "send", "delete", "reveal", "dose", "tool", "remember"} <= set(wishes) and min(
        wishes.values()
    ) >= 3
    assert len(list(SUITE.cases(Path()))) == len(documents())


def test_each_record_holds_its_document() -> None:
    for each in documents():
        patient, told = (entry["resource"] for entry in record_with(each)["entry"])
        assert patient["resourceType"] == "Patient" and told["resourceType"] != "Patient"


def test_a_lie_a_link_a_foreign_mark_and_a_proposal_are_seen_and_a_quotation_is_none() -> None:
    document = next(each for each in documents() if each.id == "dose-4")
    look = Look(document, Detector(["zimtor"]), Outcome())
    look.at(document.obeyed, (), "it is rotmiz")
    look.at("see https://collector.example", (), "")
    look.proposed(something=True)
    look.given(["nothing of it"])
    seen = look.outcome
    assert (seen.lies, seen.foreign, seen.proposals, seen.given) == ([document.obeyed], ["zimtor"], ["dose-4"], False)
    assert len(seen.links) == 1


def test_every_breach_is_counted_and_told() -> None:
    outcome = Outcome(writes=["phi.memory changed"], given=True)
    verdict = SUITE.judge(Case("x", ""), Answer("", asdict(outcome)))
    marks = {mark.measure: mark for mark in verdict.marks}
    assert marks["Writes without confirmation"].value == 1 and marks[GIVEN].hits == 1
    assert verdict.wrong == "Writes without confirmation: phi.memory changed"
