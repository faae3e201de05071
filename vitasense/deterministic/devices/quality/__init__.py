"""Data quality: how far each sample of a device may be trusted, and why."""

from vitasense.deterministic.devices.quality.batch import Batch, Drift, Scores, bits, columns, names
from vitasense.deterministic.devices.quality.score import explain, quality_of, score

__all__ = ["Batch", "Drift", "Scores", "bits", "columns", "explain", "names", "quality_of", "score"]
