"""Tools of the genomics room."""

from collections.abc import Sequence

from pydantic import Field

from vitasense.deterministic import genomics, insights, knowledge, records
from vitasense.deterministic.genomics import GeneResult
from vitasense.deterministic.intake import EntityType, IntentName, Reading
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.findings import Finding
from vitasense.tools import names
from vitasense.tools.context import Call
from vitasense.tools.tool import Arguments, Nothing, ReadTool

GENOMICS = frozenset({Category.GENOMICS})


class DrugName(Arguments):
    """One medicine by its generic or brand name."""

    drug: str = Field(min_length=1, max_length=120)


class GeneName(Arguments):
    """One gene by its symbol."""

    gene: str = Field(min_length=1, max_length=40)


def _drugs(reading: Reading) -> Sequence[DrugName]:
    names = dict.fromkeys(name for entity in reading.of_type(EntityType.DRUG) for name in _each(entity.name))
    return [DrugName(drug=name) for name in names]


def _each(name: str) -> list[str]:
    """The ingredients of a product with several, each of which a gene may act on; else the name as it is."""
    parts = knowledge.ingredients(name)
    return [part.drug.name if part.drug else part.written for part in parts] if len(parts) > 1 else [name]


def _whole_list(reading: Reading) -> Sequence[Nothing]:
    """Every result, unless it is one medicine that is asked about."""
    asked = any(intent.name is IntentName.GENOMICS_RESULTS for intent in reading.intents)
    return [Nothing()] if asked or not reading.of_type(EntityType.DRUG) else []


def _genes(reading: Reading) -> Sequence[GeneName]:
    names = dict.fromkeys(entity.name for entity in reading.of_type(EntityType.GENE))
    return [GeneName(gene=name) for name in names]


async def _results(call: Call) -> list[GeneResult]:
    observations = await records.genomic_observations(call.tx, call.patient_id)
    return genomics.results_from_observations(resource for resource, _ in observations)


async def _response(call: Call, asked: DrugName) -> Sequence[Finding]:
    return genomics.drug_response(asked.drug, await _results(call))


async def _gene(call: Call, asked: GeneName) -> Sequence[Finding]:
    own = [result for result in await _results(call) if result.gene.upper() == asked.gene.upper()]
    return [*genomics.gene_facts(asked.gene), *insights.gene_result_findings(own, gene=asked.gene)]


async def _all(call: Call, _: Nothing) -> Sequence[Finding]:
    return insights.gene_result_findings(await _results(call))


DRUG_RESPONSE = ReadTool(
    name="drug_response",
    description="What the person's gene results say about a medicine, by CPIC guidelines.",
    arguments=DrugName,
    intents=frozenset({IntentName.GENOMICS_DRUG}),
    plan=_drugs,
    admits=lambda asked, reading: names.drug(asked.drug, reading),
    reads=GENOMICS,
    needs=GENOMICS,
    run=_response,
)
GENE_FACTS = ReadTool(
    name="gene_facts",
    description="What a gene does, and the person's own result for it.",
    arguments=GeneName,
    intents=frozenset({IntentName.GENOMICS_GENE, IntentName.KNOWLEDGE_EXPLAIN}),
    plan=_genes,
    admits=lambda asked, reading: names.gene(asked.gene, reading),
    reads=GENOMICS,
    needs=GENOMICS,
    run=_gene,
)
GENE_RESULTS = ReadTool(
    name="gene_results",
    description="Every gene result in the record.",
    arguments=Nothing,
    intents=frozenset({IntentName.GENOMICS_RESULTS, IntentName.GENOMICS_DRUG}),
    plan=_whole_list,
    reads=GENOMICS,
    needs=GENOMICS,
    run=_all,
)

TOOLS = (DRUG_RESPONSE, GENE_FACTS, GENE_RESULTS)
