"""Comparing says what changed case by case, and whether chance explains it."""

import pytest

from tests.evals import tiny
from tests.evals.conftest import RunTiny
from vitasense.evals.certainty import difference, mcnemar, mean_interval, percentile
from vitasense.evals.compare import compared
from vitasense.evals.words import comparison


async def test_cases_are_broken_fixed_and_still_wrong(run_tiny: RunTiny) -> None:
    before = await run_tiny("a", tiny.suite(wrong=[1, 2]))
    now = await run_tiny("b", tiny.suite(wrong=[2, 3, 4], fails=5))
    told = compared(before, now)
    kinds = {change.now.id: change.kind for change in told.changes}
    assert kinds == {"sum-1": "fixed", "sum-3": "broken", "sum-4": "broken", "sum-5": "failed now"}
    right = next(each for each in told.measures if each.measure == tiny.RIGHT)
    assert (right.broken, right.fixed, right.both) == (2, 1, 5)


async def test_more_of_what_should_be_rare_is_broken(run_tiny: RunTiny) -> None:
    told = compared(await run_tiny("a"), await run_tiny("b", tiny.suite(wrong=[4])))
    big = next(each for each in told.measures if each.measure == tiny.BIG)
    assert (big.broken, big.fixed) == (1, 0)


async def test_the_words_name_the_cases_and_cut_long_lists(run_tiny: RunTiny) -> None:
    told = compared(await run_tiny("a"), await run_tiny("b", tiny.suite(wrong=[1, 2, 3]), model="openai/x"))
    lines = "\n".join(comparison(told, most=2))
    assert "now: b, openai/x; no turns; no calls of a model" in lines
    assert "tiny: Sums that are right: 6/6 = 100.0% → 3/6 = 50.0% (3 broken, 0 fixed of 6, p = 0.250)" in lines
    assert "1 measures of which no case changed sides" in lines
    assert "tiny: broken, 3" in lines and "now:    3, not 2" in lines and "… and 1 more" in lines


async def test_only_common_suites_and_cases_are_compared(run_tiny: RunTiny) -> None:
    part = await run_tiny("a", limit=2)
    assert compared(part, await run_tiny("b")).measures[0].both == 2


async def test_what_else_differs_is_named_and_what_cannot_be_paired_is_counted(run_tiny: RunTiny) -> None:
    before, now = await run_tiny("a"), await run_tiny("b", seed=3)
    now.write(now.run.model_copy(update={"commit": "def", "versions": {"python": "3.99"}}))
    first, *others = now.results("tiny")
    now.rewrite("tiny", [first.model_copy(update={"target": "another"}), *others])
    lines = "\n".join(comparison(compared(before, now), most=2))
    for told in ("seed 0 → 3", "→ def", "→ 3.99", "1 cases are in one run alone, or were asked or judged otherwise"):
        assert told in lines


def test_mcnemars_test_is_exact() -> None:
    assert mcnemar(0, 0) == 1.0
    assert mcnemar(6, 0) == pytest.approx(2 / 64)
    assert mcnemar(1, 8) == pytest.approx(0.0390625)


def test_the_difference_of_two_shares_is_newcombes() -> None:
    # Newcombe, Stat Med 1998;17:873-890, table II, method 10: 56/70 - 48/80 and 9/10 - 3/10.
    assert difference((48, 80), (56, 70)) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert difference((3, 10), (9, 10)) == pytest.approx((0.1705, 0.8090), abs=5e-5)


def test_the_mean_lies_in_its_bootstrap_interval_and_the_seed_decides() -> None:
    values = [float(number) for number in range(100)]
    low, high = mean_interval(values)
    assert low < 49.5 < high and high - low < 15
    assert mean_interval(values) == (low, high)
    assert percentile(values, 50) == pytest.approx(49.5) and percentile([3.0], 99) == 3.0
