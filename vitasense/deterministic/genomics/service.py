"""What a person's genes mean for a medicine, by CPIC guidelines; without a result it says which one is missing."""

from collections.abc import Sequence

from vitasense.deterministic.genomics.guidelines import (
    find_gene,
    gene_evidence,
    gene_file,
    gene_for_drug,
    guideline_file,
    pairs_of_gene,
)
from vitasense.deterministic.genomics.phenotypes import phenotype_word, phenotypes
from vitasense.deterministic.genomics.schemas import Gene, GeneDrug, GeneResult, Meaning
from vitasense.deterministic.knowledge import ingredients
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.findings import Finding, Status, Urgency, Value

DRUG_RESPONSE = "drug_response"
GENE_FACTS = "gene_facts"
WHO_DECIDES = "Your doctor or pharmacist decides what to do with it. Do not stop or change a medicine by yourself."
_GENOMICS = frozenset({Category.GENOMICS})


def drug_response(drug: str, results: Sequence[GeneResult]) -> list[Finding]:
    """One finding for every gene that a CPIC level A guideline links with the medicine.

    found: the result, what it means and who decides. not_evaluated: the medicine is unknown, the gene has no result,
    results contradict each other, or the guideline entry does not cover the result. not_found: no such guideline.
    """
    pairs = gene_for_drug(drug)
    if pairs:
        return [_response(pair, [r for r in results if _is_gene(r, pair.gene)]) for pair in pairs]
    known = [part.drug for part in ingredients(drug) if part.drug]
    return [_not_listed(known[0].name)] if known else [_unknown(drug)]


def gene_facts(gene: str) -> list[Finding]:
    """What a gene does and for which medicines it has a guideline; not_found when the gene is not listed."""
    entry = find_gene(gene)
    if entry is None:
        return [_gene_not_listed(gene)]
    return [_gene_finding(entry, pairs_of_gene(entry.key))]


def _is_gene(result: GeneResult, gene: str) -> bool:
    entry = find_gene(result.gene)
    return entry is not None and entry.key == gene


def _response(pair: GeneDrug, results: list[GeneResult]) -> Finding:
    if not results:
        return _no_result(pair)
    read = phenotypes(pair, results)
    if len(read) > 1:
        return _contradiction(pair, read)
    if not read:
        return _unreadable(pair, results)
    word, result = next(iter(read.items()))
    meaning = next((m for m in pair.meanings if word in m.results), None)
    return _meaning(pair, result, results, meaning) if meaning else _not_covered(pair, result)


def _meaning(pair: GeneDrug, result: GeneResult, results: list[GeneResult], meaning: Meaning) -> Finding:
    genotype = result.genotype or next((r.genotype for r in results if r.genotype), None)
    reported = ", ".join(part for part in (genotype, result.phenotype) if part)
    return Finding(
        kind=DRUG_RESPONSE,
        text=f"The {pair.gene} result is {reported}. {meaning.text}. "
        f"This is from the CPIC guideline for {pair.drug} ({pair.guideline}). {WHO_DECIDES}",
        status=Status.FOUND,
        values=(*_values(pair), *_reported(genotype, result)),
        urgency=meaning.urgency,
        evidence=(*dict.fromkeys(r.evidence for r in (result, *results)), pair.evidence),
        categories=_GENOMICS,
    )


def _no_result(pair: GeneDrug) -> Finding:
    test = f"{pair.gene}{pair.allele or ''}"
    return _open(
        pair,
        f"I could not check what genes mean for {pair.drug}: I have no {pair.gene} result to look at. "
        f"A guideline exists (CPIC, {pair.guideline}): {pair.affects}. "
        f"A {test} gene test would be needed; ask your doctor whether it makes sense for you.",
        f"no {pair.gene} result",
        (),
    )


def _contradiction(pair: GeneDrug, read: dict[str, GeneResult]) -> Finding:
    words = " and ".join(f"“{result.phenotype or result.genotype}”" for result in read.values())
    return _open(
        pair,
        f"I could not check what {pair.gene} means for {pair.drug}, because the results do not agree: {words}. "
        "Ask the laboratory or your doctor which one holds.",
        f"{pair.gene} results contradict each other",
        tuple(read.values()),
    )


def _unreadable(pair: GeneDrug, results: list[GeneResult]) -> Finding:
    given = next((r.genotype or r.phenotype for r in results if r.genotype or r.phenotype), "without details")
    needed = (
        f"whether {pair.gene}{pair.allele} is present" if pair.allele else "the phenotype, such as poor metabolizer"
    )
    return _open(
        pair,
        f"I see a result for {pair.gene} ({given}), but it does not say {needed}. "
        f"So I could not check what it means for {pair.drug}. The guideline is CPIC, {pair.guideline}.",
        f"the {pair.gene} result does not say {needed}",
        tuple(results),
    )


def _not_covered(pair: GeneDrug, result: GeneResult) -> Finding:
    word = result.phenotype or result.genotype or ""
    return _open(
        pair,
        f"I see a result for {pair.gene} (“{word}”), but I have no checked meaning of it for {pair.drug}. "
        f"The guideline is CPIC, {pair.guideline}. Ask your doctor or pharmacist.",
        f"no meaning listed for the {pair.gene} result “{phenotype_word(word)}”",
        (result,),
    )


def _open(pair: GeneDrug, text: str, reason: str, results: tuple[GeneResult, ...]) -> Finding:
    return Finding(
        kind=DRUG_RESPONSE,
        text=text,
        status=Status.NOT_EVALUATED,
        values=(*_values(pair), *(value for r in results for value in _reported(r.genotype, r))),
        evidence=(*dict.fromkeys(r.evidence for r in results), pair.evidence),
        reason=reason,
        categories=_GENOMICS,
    )


def _values(pair: GeneDrug) -> tuple[Value, ...]:
    named = (("gene", pair.gene), ("drug", pair.drug), ("guideline", f"CPIC {pair.guideline}"), ("allele", pair.allele))
    return tuple(Value(name=name, text=text) for name, text in named if text)


def _reported(genotype: str | None, result: GeneResult) -> tuple[Value, ...]:
    named = (("genotype", genotype), ("phenotype", result.phenotype))
    return tuple(Value(name=name, text=text, at=result.at) for name, text in named if text)


def _gene_finding(gene: Gene, pairs: tuple[GeneDrug, ...]) -> Finding:
    drugs = list(dict.fromkeys(pair.drug for pair in pairs))
    listed = drugs[0] if len(drugs) == 1 else f"{', '.join(drugs[:-1])} and {drugs[-1]}"
    return Finding(
        kind=GENE_FACTS,
        text=f"The gene {gene.key} {gene.what}. There are CPIC guidelines on it for {listed}.",
        status=Status.FOUND,
        values=(Value(name="gene", text=gene.key), *(Value(name="drug", text=drug) for drug in drugs)),
        urgency=Urgency.SELF_CARE,
        evidence=(gene_evidence(gene), *dict.fromkeys(pair.evidence for pair in pairs)),
    )


def _not_listed(drug: str) -> Finding:
    return Finding(
        kind=DRUG_RESPONSE,
        text=f"{drug[:1].upper()}{drug[1:]} is not in the list of gene guidelines I can check "
        f"({guideline_file().source}). That does not mean that genes play no part.",
        status=Status.NOT_FOUND,
        values=(Value(name="drug", text=drug), Value(name="list", text=guideline_file().source)),
        reason="no CPIC level A guideline is listed for this medicine",
    )


def _unknown(drug: str) -> Finding:
    return Finding(
        kind=DRUG_RESPONSE,
        text=f"I do not know a medicine called “{drug}”, so I could not check what genes mean for it.",
        status=Status.NOT_EVALUATED,
        values=(Value(name="drug", text=drug),),
        reason="unknown medicine",
    )


def _gene_not_listed(gene: str) -> Finding:
    return Finding(
        kind=GENE_FACTS,
        text=f"“{gene}” is not in the list of genes I can explain. I know genes that change what medicines do.",
        status=Status.NOT_FOUND,
        values=(Value(name="gene", text=gene), Value(name="list", text=gene_file().source)),
        reason="the gene is not in the list",
    )
