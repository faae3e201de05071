"""Tracking: numbers of the record and of devices over time, what they add up to, and what thresholds say about them."""

from vitasense.deterministic.tracking.assessment import Assessment, Measured, assess, assessed_metrics
from vitasense.deterministic.tracking.bands import Band, Bands, bands_of
from vitasense.deterministic.tracking.blocks import LONGEST_INTERVAL, SampleBlock, Stream, blocks_of
from vitasense.deterministic.tracking.catalogue import DeviceMetric, Kind, device_metrics
from vitasense.deterministic.tracking.charts import Chart, ChartPoint, DayValue, chart, day_values
from vitasense.deterministic.tracking.glucose import CgmReport, GlucoseReading, cgm_report
from vitasense.deterministic.tracking.health_score import HealthInputs, HealthScore, health_score
from vitasense.deterministic.tracking.kidney import ckd_epi_2021, cockcroft_gault
from vitasense.deterministic.tracking.marks_repository import SampleMarks, sample_marks
from vitasense.deterministic.tracking.merging import LOW_QUALITY, confidence, merge, total
from vitasense.deterministic.tracking.microseconds import NO_END, microseconds, moment
from vitasense.deterministic.tracking.news import News2, VitalSign, news2
from vitasense.deterministic.tracking.person_settings import (
    PersonSettings,
    allow_monitoring,
    monitoring_allowed,
    person_settings,
    save_settings,
)
from vitasense.deterministic.tracking.priorities import ALL_METRICS, device_order, priorities, set_priority
from vitasense.deterministic.tracking.ranges import PersonalRange, RangeJudgement, validate_range
from vitasense.deterministic.tracking.ranges import Verdict as RangeVerdict
from vitasense.deterministic.tracking.ranges import decide as decide_range
from vitasense.deterministic.tracking.ranges import judge as judge_range
from vitasense.deterministic.tracking.retention import KeptDay, RetentionReport, retire
from vitasense.deterministic.tracking.rollups import roll_up, roll_up_all, roll_up_taken, streamed_metrics
from vitasense.deterministic.tracking.schemas import (
    DeviceSample,
    Flag,
    Measurement,
    Sample,
    flag_bits,
    flags_of,
)
from vitasense.deterministic.tracking.series import (
    latest,
    measurements,
    merged_series,
    raw_streams,
    recorded_series,
    sample_ref,
    series,
)
from vitasense.deterministic.tracking.service import drop_record, put
from vitasense.deterministic.tracking.statistics.anomalies import FALSE_ALARMS_PER_DAY, Incident, Watch, incidents
from vitasense.deterministic.tracking.statistics.baseline import Baseline, Deviation, Expected, baseline
from vitasense.deterministic.tracking.statistics.changes import Change, changes
from vitasense.deterministic.tracking.statistics.freshness import Gap, Rhythm, gaps, rhythm, stale
from vitasense.deterministic.tracking.statistics.series import SECONDS_PER_DAY, Days, NotEvaluated, daily
from vitasense.deterministic.tracking.statistics.trends import Comparison, Slope, compare, slope, slopes
from vitasense.deterministic.tracking.stored_ranges import PastRange, end_range, range_history, ranges, set_range
from vitasense.deterministic.tracking.streams import Taken, keep_months, put_columns, put_stream
from vitasense.deterministic.tracking.thresholds import Threshold, thresholds
from vitasense.deterministic.tracking.trend import Trend, trend
from vitasense.deterministic.tracking.weight import Weighed, WeightChange, fluid_gain, unintended_loss

__all__ = [
    "ALL_METRICS",
    "FALSE_ALARMS_PER_DAY",
    "LONGEST_INTERVAL",
    "LOW_QUALITY",
    "NO_END",
    "SECONDS_PER_DAY",
    "Assessment",
    "Band",
    "Bands",
    "Baseline",
    "CgmReport",
    "Change",
    "Chart",
    "ChartPoint",
    "Comparison",
    "DayValue",
    "Days",
    "Deviation",
    "DeviceMetric",
    "DeviceSample",
    "Expected",
    "Flag",
    "Gap",
    "GlucoseReading",
    "HealthInputs",
    "HealthScore",
    "Incident",
    "KeptDay",
    "Kind",
    "Measured",
    "Measurement",
    "News2",
    "NotEvaluated",
    "PastRange",
    "PersonSettings",
    "PersonalRange",
    "RangeJudgement",
    "RangeVerdict",
    "RetentionReport",
    "Rhythm",
    "Sample",
    "SampleBlock",
    "SampleMarks",
    "Slope",
    "Stream",
    "Taken",
    "Threshold",
    "Trend",
    "VitalSign",
    "Watch",
    "Weighed",
    "WeightChange",
    "allow_monitoring",
    "assess",
    "assessed_metrics",
    "bands_of",
    "baseline",
    "blocks_of",
    "cgm_report",
    "changes",
    "chart",
    "ckd_epi_2021",
    "cockcroft_gault",
    "compare",
    "confidence",
    "daily",
    "day_values",
    "decide_range",
    "device_metrics",
    "device_order",
    "drop_record",
    "end_range",
    "flag_bits",
    "flags_of",
    "fluid_gain",
    "gaps",
    "health_score",
    "incidents",
    "judge_range",
    "keep_months",
    "latest",
    "measurements",
    "merge",
    "merged_series",
    "microseconds",
    "moment",
    "monitoring_allowed",
    "news2",
    "person_settings",
    "priorities",
    "put",
    "put_columns",
    "put_stream",
    "range_history",
    "ranges",
    "raw_streams",
    "recorded_series",
    "retire",
    "rhythm",
    "roll_up",
    "roll_up_all",
    "roll_up_taken",
    "sample_marks",
    "sample_ref",
    "save_settings",
    "series",
    "set_priority",
    "set_range",
    "slope",
    "slopes",
    "stale",
    "streamed_metrics",
    "thresholds",
    "total",
    "trend",
    "unintended_loss",
    "validate_range",
]
