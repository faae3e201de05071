"""Records: FHIR R4 in, every version kept; typed reads out, each with its evidence."""

from vitasense.deterministic.records.importing import import_bundle
from vitasense.deterministic.records.schemas import ImportProblem, ImportReport

__all__ = ["ImportProblem", "ImportReport", "import_bundle"]
