"""A result without a range is never counted among those that are in range."""

from datetime import UTC, datetime

from vitasense.deterministic.insights import Subject, result_findings
from vitasense.deterministic.platform.findings import Evidence, Status
from vitasense.deterministic.records import Result

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
SUBJECT = Subject(own=True, now=NOW)


def result(name: str, value: float, low: float | None = None, high: float | None = None, day: int = 1) -> Result:
    """A result of November 2026."""
    at = datetime(2026, 11, day, tzinfo=UTC)
    evidence = Evidence(kind="record", ref=f"Observation/{name}-{day}", version="1", label=name, at=at)
    return Result(name=name, code=name, at=at, evidence=evidence, value=value, unit="mg/dL", low=low, high=high)


def told(*results: Result) -> dict[str, str]:
    """Kind → text of the findings."""
    return {finding.kind: finding.text for finding in result_findings(results, SUBJECT)}


def test_without_any_range_nothing_is_said_to_be_in_range() -> None:
    found = told(result("glucose", 90), result("potassium", 4))
    assert found["results.count"] == "Your record has the results of 2 tests; none came with a range."
    assert found["results.no_range"].startswith("I cannot say whether these are in range")


def test_only_tests_with_a_range_are_counted_as_inside() -> None:
    found = told(result("glucose", 90, 70, 99), result("potassium", 4))
    assert "of the 1 that came with a range, no latest result is outside it" in found["results.count"]


def test_one_outside_is_named_first_with_its_range() -> None:
    found = told(result("glucose", 137, 70, 99), result("potassium", 4, 3.5, 5.1))
    assert "1 latest result is outside" in found["results.count"]
    assert found["results.outside"] == "glucose: 137 mg/dL on 1 November 2026, above its range (70 to 99 mg/dL)."


def test_the_newest_of_a_test_counts() -> None:
    found = told(result("glucose", 137, 70, 99, day=1), result("glucose", 90, 70, 99, day=2))
    assert "results.outside" not in found


def test_an_empty_record_is_not_found() -> None:
    (finding,) = result_findings([], SUBJECT)
    assert finding.status is Status.NOT_FOUND
