"""Reads gene results from FHIR R4 Observations (HL7 Genomics Reporting: LOINC 48018-6, 84413-4, 53040-2, 51963-7)."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import cast

from vitasense.deterministic.genomics.guidelines import find_gene, gene_symbols
from vitasense.deterministic.genomics.schemas import GeneResult
from vitasense.deterministic.platform.findings import Evidence

Json = Mapping[str, object]

GENE_STUDIED = "48018-6"
GENOTYPE = "84413-4"
PHENOTYPE = "53040-2"
MEDICATION_ASSESSED = "51963-7"
UNUSABLE = frozenset({"entered-in-error", "cancelled"})
_DIPLOTYPE = re.compile(r"\*\d|\b\d{2,3}:\d{2}|^\S+/\S+$")
_ALLELE = re.compile(r"\*\d{2,3}:\d{2,3}")
_FIRST_DATE_PARTS = ("-01", "-01")


def results_from_observations(resources: Iterable[Json]) -> list[GeneResult]:
    """The gene results among FHIR R4 resources, the newest first.

    An Observation counts when it has an id, was not withdrawn, and names a listed gene (in a component, in its code
    or through `derivedFrom`) with a genotype or a phenotype. Everything else is left out.
    """
    observations = [r for r in resources if r.get("resourceType") == "Observation" and r.get("status") not in UNUSABLE]
    genes = {f"Observation/{r.get('id')}": gene for r in observations if (gene := _gene(r))}
    found = [result for r in observations if (result := _result(r, _gene(r) or _derived_gene(r, genes)))]
    return sorted(found, key=lambda r: r.at or datetime.min.replace(tzinfo=UTC), reverse=True)


def _result(resource: Json, gene: str | None) -> GeneResult | None:
    genotype, phenotype = _genotype(resource), _phenotype(resource)
    identifier = _text(resource.get("id"))
    if gene is None or identifier is None or not (genotype or phenotype):
        return None
    at = _when(resource)
    return GeneResult(
        gene=gene,
        genotype=genotype,
        phenotype=phenotype,
        at=at,
        evidence=Evidence(
            kind="record",
            ref=f"Observation/{identifier}",
            version=_text(_object(resource.get("meta")).get("versionId")) or "1",
            label=f"{gene} result",
            at=at,
        ),
    )


def _gene(resource: Json) -> str | None:
    named = _component(resource, GENE_STUDIED) or _concept_text(resource.get("code"))
    return _listed_gene(named) if named else None


def _derived_gene(resource: Json, genes: Mapping[str, str]) -> str | None:
    references = (_text(item.get("reference")) for item in _objects(resource.get("derivedFrom")))
    return next((genes[reference] for reference in references if reference and reference in genes), None)


def _listed_gene(text: str) -> str | None:
    for symbol in gene_symbols():
        if re.search(rf"(?<![A-Za-z0-9]){re.escape(symbol)}(?![A-Za-z0-9])", text, re.IGNORECASE):
            gene = find_gene(symbol)
            return gene.key if gene else None
    return None


def _genotype(resource: Json) -> str | None:
    plain = _value(resource)
    is_genotype = plain and (_has_code(resource.get("code"), GENOTYPE) or _DIPLOTYPE.search(plain))
    return _component(resource, GENOTYPE) or (plain if is_genotype else None)


def _phenotype(resource: Json) -> str | None:
    plain, code = _value(resource), resource.get("code")
    stated = _component(resource, PHENOTYPE)
    if stated or plain is None or plain == _genotype(resource) or _has_code(code, MEDICATION_ASSESSED):
        return stated
    allele = _ALLELE.search(_concept_text(code) or "")
    return f"{allele.group()} {plain}" if allele else plain


def _component(resource: Json, code: str) -> str | None:
    parts = (part for part in _objects(resource.get("component")) if _has_code(part.get("code"), code))
    return next((text for part in parts if (text := _value(part))), None)


def _value(part: Json) -> str | None:
    return _concept_text(part.get("valueCodeableConcept")) or _text(part.get("valueString"))


def _concept_text(concept: object) -> str | None:
    item = _object(concept)
    displays = (_text(coding.get("display")) for coding in _objects(item.get("coding")))
    return _text(item.get("text")) or next((display for display in displays if display), None)


def _has_code(concept: object, code: str) -> bool:
    return any(coding.get("code") == code for coding in _objects(_object(concept).get("coding")))


def _when(resource: Json) -> datetime | None:
    names = ("effectiveDateTime", "effectiveInstant", "issued")
    return next((at for name in names if (at := _instant(_text(resource.get(name))))), None)


def _instant(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        read = datetime.fromisoformat(text + "".join(_FIRST_DATE_PARTS[text.count("-") :]) if len(text) <= 10 else text)
    except ValueError:
        return None
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def _text(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _object(value: object) -> Json:
    return cast(Json, value) if isinstance(value, Mapping) else {}


def _objects(value: object) -> Sequence[Json]:
    return [_object(item) for item in cast("list[object]", value)] if isinstance(value, list) else []
