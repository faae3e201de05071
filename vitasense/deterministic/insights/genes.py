"""Gene results in sentences."""

from collections.abc import Sequence

from vitasense.deterministic.genomics import GeneResult
from vitasense.deterministic.insights.wording import counted, day
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.findings import Finding, Status, Value, not_evaluated


def gene_result_findings(results: Sequence[GeneResult], gene: str | None = None) -> list[Finding]:
    """One finding for each gene result; not evaluated when there is none, as a gene that was not tested has no result."""
    if not results:
        which = f"a result for {gene}" if gene else "any gene result"
        text = f"There is not {which} in the record. So I cannot say what these genes are like; a gene test would tell."
        return [not_evaluated("genomics.results", text, "no gene result in the record", Category.GENOMICS)]
    head = Finding(
        kind="genomics.count",
        text=f"The record has {counted(len(results), 'gene result')}:",
        status=Status.FOUND,
        values=(Value(name="gene results", number=len(results)),),
        evidence=tuple(result.evidence for result in results),
    )
    return [head, *map(_result_finding, results)]


def _result_finding(result: GeneResult) -> Finding:
    told = ", ".join(filter(None, (result.genotype, result.phenotype))) or "no value"
    when = f", on {day(result.at)}" if result.at else ""
    values = [Value(name="gene", text=result.gene)]
    values += [Value(name="genotype", text=result.genotype)] if result.genotype else []
    values += [Value(name="phenotype", text=result.phenotype)] if result.phenotype else []
    return Finding(
        kind="genomics.results",
        text=f"{result.gene}: {told}{when}.",
        status=Status.FOUND,
        values=tuple(values),
        evidence=(result.evidence,),
    )
