"""Where a medicine acts is told by its route, else by its name, else by its codes."""

import pytest

from tests.deterministic.medications.factories import medicine, subject
from vitasense.deterministic.medications.checks.sites import reaches, sites


@pytest.mark.parametrize(
    ("name", "route", "expected"),
    [
        ("diclofenac", "topical", {"skin"}),
        ("diclofenac gel", None, {"skin"}),
        ("diclofenac gel", "oral", {"body"}),
        ("timolol eye drops", None, {"eye"}),
        ("timolol", None, {"body", "eye"}),
        ("ibuprofen 200 MG Oral Tablet", None, {"body"}),
        ("salbutamol inhaler", None, {"lung"}),
        ("nitroglycerin patch", "transdermal", {"body"}),
        ("warfarin", None, {"body"}),
    ],
)
def test_site(name: str, route: str | None, expected: set[str]) -> None:
    found = subject(medicine(name, route=route)).taken
    if found:
        assert sites(found[0]) == expected


def test_a_cream_does_not_reach_the_body() -> None:
    assert not reaches(subject("hydrocortisone cream").taken[0])
    assert reaches(subject("hydrocortisone").taken[0])
