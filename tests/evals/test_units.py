"""The units suite asks about all that UCUM defines, and takes no answer for another."""

from collections.abc import Callable
from pathlib import Path

import pytest

from vitasense.evals import unit_checks
from vitasense.evals.suite import Answer, Case, Mark
from vitasense.evals.suites.units import SUITE


def test_every_measure_has_its_cases(shared_data: Callable[[str], Path]) -> None:
    asked = {case.facts["measure"] for case in SUITE.cases(shared_data("13_terminology").parent)}
    assert asked == {measure.name for measure in SUITE.measures}
    assert len(asked) == 24


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (["valid", "mg/dL"], True),
        (["valid", "mcg"], False),
        (["known", "mcg"], True),
        (["apart", "mg", "mL", None], True),
        (["apart", "mg", "g", None], False),
        (["convert", 1, "g", "mg", None], 1000.0),
        (["convert", 1, "g", "mL", None], None),
        (["convert", 98.6, "[degF]", "Cel", None, 1], 37.0),
    ],
)
def test_the_units_room_is_asked(question: list[object], said: object) -> None:
    assert unit_checks.ask(question) == said


def test_a_row_is_right_when_every_answer_of_it_is() -> None:
    rows = [[(["valid", "m"], True), (["valid", "zz"], False)], [(["valid", "g"], True)]]
    case = Case("valid-01", "m", facts={"measure": "atoms valid", "rows": rows})
    verdict = SUITE.judge(case, Answer("", {"said": [[True, True], [True]]}))
    assert verdict.marks == (Mark("atoms valid", 1, 2),)
    assert verdict.wrong == "valid zz: True, not False"
