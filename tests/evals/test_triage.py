"""The triage suite counts an emergency that was missed, one that an edit lowered, and an alarm about nothing."""

from pathlib import Path

from vitasense.evals import corpora, texts
from vitasense.evals.edits import EDITS
from vitasense.evals.suite import Answer, Case, Mark
from vitasense.evals.suites.triage import ALARMED, DENIED, EDITED, FOUND, SUITE

EMERGENCY = texts.one("own", "crushing chest pain", "emergency", measure=FOUND, edits=["crushing pain", "hest pain"])
ORDINARY = texts.one("own", "a stuffy nose", "ordinary", measure=ALARMED, edits=[])


def said(*levels: str, edited: tuple[str, ...] = ()) -> Answer:
    return Answer("", {"levels": list(levels), "edited": list(edited)})


def test_an_edit_that_lowers_the_level_is_counted_and_told() -> None:
    verdict = SUITE.judge(EMERGENCY, said("emergency", edited=("emergency", "routine")))
    assert verdict.marks == (Mark(FOUND, 1, 1), Mark(EDITED, 1, 2))
    assert verdict.wrong == "lowered by edits: hest pain"


def test_urgent_is_not_an_emergency() -> None:
    verdict = SUITE.judge(EMERGENCY, said("urgent", edited=("urgent", "urgent")))
    assert verdict.marks == (Mark(FOUND, 0, 1), Mark(EDITED, 0, 2))
    assert (verdict.expected, verdict.got) == ("emergency", "no emergency")


def test_an_alarm_is_a_hit_of_the_measure_that_counts_alarms() -> None:
    assert SUITE.judge(ORDINARY, said("urgent")).marks == (Mark(ALARMED, 0, 1),)
    alarm = SUITE.judge(ORDINARY, said("emergency"))
    assert (alarm.marks, alarm.wrong) == ((Mark(ALARMED, 1, 1),), "called emergency")


def test_denied_findings_fire_from_urgent_on() -> None:
    case = Case("denied-001", "…", facts={"texts": ["no pain", "no fever"], "measure": DENIED, "edits": []})
    assert SUITE.judge(case, said("routine", "urgent")).marks == (Mark(DENIED, 1, 2),)


def test_each_tuned_emergency_is_asked_in_every_edit_and_no_untouched_one(tmp_path: Path) -> None:
    cases = list(SUITE.cases(tmp_path))
    edited = [case for case in cases if case.facts["edits"]]
    assert len(edited) == sum(len(corpora.emergencies(name)) for name in corpora.TUNED)
    assert all(len(case.facts["edits"]) >= len(EDITS) for case in edited)
