"""Tracking: numeric observations as time series, what adult thresholds say about one, and what a series did."""

from vitasense.deterministic.tracking.assessment import Assessment, Measured, assess, assessed_metrics
from vitasense.deterministic.tracking.schemas import Measurement, Sample
from vitasense.deterministic.tracking.service import drop_record, latest, measurements, put, series
from vitasense.deterministic.tracking.trend import Trend, trend

__all__ = [
    "Assessment",
    "Measured",
    "Measurement",
    "Sample",
    "Trend",
    "assess",
    "assessed_metrics",
    "drop_record",
    "latest",
    "measurements",
    "put",
    "series",
    "trend",
]
