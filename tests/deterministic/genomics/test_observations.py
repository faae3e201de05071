"""Gene results from FHIR Observations."""

from hypothesis import given
from hypothesis import strategies as st

from vitasense.deterministic.genomics import results_from_observations


def coded(code: str, text: str) -> dict[str, object]:
    return {"code": {"coding": [{"system": "http://loinc.org", "code": code}]}, "valueCodeableConcept": {"text": text}}


def observation(identifier: str, **rest: object) -> dict[str, object]:
    return {"resourceType": "Observation", "id": identifier, "status": "final", "meta": {"versionId": "2"}, **rest}


def test_components_give_gene_genotype_and_phenotype() -> None:
    parts = [coded("48018-6", "CYP2C19"), coded("84413-4", "*2/*2"), coded("53040-2", "Poor metabolizer")]
    parts.append(coded("51963-7", "clopidogrel"))
    (found,) = results_from_observations([observation("a", component=parts, effectiveDateTime="2024-05")])
    assert (found.gene, found.genotype, found.phenotype) == ("CYP2C19", "*2/*2", "Poor metabolizer")
    assert (found.evidence.ref, found.evidence.version) == ("Observation/a", "2")
    assert found.at is not None and found.at.tzinfo is not None and found.at.year == 2024


def test_a_plain_value_is_a_genotype_or_a_phenotype_by_its_form() -> None:
    code: dict[str, object] = {"text": "CYP2D6 gene"}
    plain = [
        observation("a", code=code, valueCodeableConcept={"text": "*4/*4"}),
        observation("b", code=code, valueCodeableConcept={"coding": [{"display": "Poor metabolizer"}]}),
        observation("c", code={"text": "HLA-B*57:01 [Presence]"}, valueCodeableConcept={"text": "Negative"}),
    ]
    found = {r.evidence.ref: (r.gene, r.genotype, r.phenotype) for r in results_from_observations(plain)}
    assert found["Observation/a"] == ("CYP2D6", "*4/*4", None)
    assert found["Observation/b"] == ("CYP2D6", None, "Poor metabolizer")
    assert found["Observation/c"] == ("HLA-B", None, "*57:01 Negative")


def test_the_gene_is_followed_through_derived_from() -> None:
    genotype = observation("g", component=[coded("48018-6", "TPMT"), coded("84413-4", "*1/*3A")])
    implied = observation(
        "p", derivedFrom=[{"reference": "Observation/g"}], component=[coded("53040-2", "Intermediate metabolizer")]
    )
    assert {result.gene for result in results_from_observations([implied, genotype])} == {"TPMT"}
    assert len(results_from_observations([implied, genotype])) == 2


def test_withdrawn_foreign_and_unaddressable_resources_are_left_out() -> None:
    parts = [coded("48018-6", "CYP2C19"), coded("84413-4", "*1/*1")]
    unusable = [
        observation("a", component=parts) | {"status": "entered-in-error"},
        {"resourceType": "Observation", "component": parts},
        {"resourceType": "Condition", "id": "c", "component": parts},
        observation("d", component=[coded("48018-6", "BRCA1"), coded("84413-4", "x/y")]),
        observation("e", code={"text": "Glucose"}, valueCodeableConcept={"text": "high"}),
    ]
    assert results_from_observations(unusable) == []


json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=10,
)
fields = st.sampled_from(
    ["id", "code", "component", "valueCodeableConcept", "derivedFrom", "effectiveDateTime", "meta"]
)


@given(st.lists(st.dictionaries(fields, json, max_size=5), max_size=3))
def test_any_json_is_read_without_an_error(resources: list[dict[str, object]]) -> None:
    results_from_observations([{**resource, "resourceType": "Observation"} for resource in resources])
