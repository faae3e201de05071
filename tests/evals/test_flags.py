"""A gate that says yes or no: what it flags is counted, and what it should not have flagged is told."""

from vitasense.evals.flags import Flags, listed
from vitasense.evals.suite import Case, Mark
from vitasense.evals.system import System
from vitasense.evals.texts import many, one

SHOUTS = Flags(str.isupper, "shouted", "said")


async def judged(case: Case) -> tuple[tuple[Mark, ...], str, str | None, str | None]:
    verdict = SHOUTS.judge(case, await SHOUTS.answer(case, System()))
    return verdict.marks, verdict.wrong, verdict.expected, verdict.got


async def test_one_text_is_a_cell_of_the_confusion_matrix() -> None:
    case = one("calm", "hello", measures=["calm shouted"], wanted=False)
    assert await judged(case) == ((Mark("calm shouted", 0, 1),), "", "said", "said")
    case = one("calm", "HELLO", measures=["calm shouted"], wanted=False)
    assert await judged(case) == ((Mark("calm shouted", 1, 1),), "shouted: HELLO", "said", "shouted")


async def test_many_texts_are_counted_and_those_that_are_wrong_are_named() -> None:
    (case,) = many("loud", ["A", "b", "C"], measures=["loud", "all"], wanted=True)
    assert await judged(case) == ((Mark("loud", 2, 3), Mark("all", 2, 3)), "said: b", None, None)


def test_an_id_stays_when_other_texts_come() -> None:
    assert one("set", "hello").id == one("set", "hello", "target").id
    assert one("set", "hello").id != one("set", "hullo").id
    cases = list(many("set", [str(number) for number in range(25)], size=10))
    assert [case.id for case in cases] == ["set-001", "set-002", "set-003"]
    assert [text for case in cases for text in case.facts["texts"]] == [str(number) for number in range(25)]


def test_a_list_names_each_once_and_how_many_more_there_are() -> None:
    assert listed(["a", "b\nb", "a"]) == "a | b b"
    assert listed([str(number) for number in range(12)]).endswith("9 | and 2 more")
