"""Where numbers come from: the record or the device behind each, and how far a device's data may be trusted."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic import tracking
from vitasense.deterministic.insights.wording import capital, day
from vitasense.deterministic.platform.findings import Evidence
from vitasense.deterministic.records import observation_versions
from vitasense.deterministic.tracking import Sample

MOST_NAMED = 50  # samples of devices that are named one by one; a longer stream is named as a series
FIRST = "1"  # a device's sample is kept once: a corrected one takes its place
POOR = "The device's data were poor, so take this with care."


async def evidence_of(tx: AsyncSession, patient_id: UUID, name: str, samples: Sequence[Sample]) -> tuple[Evidence, ...]:
    """Each record once, each sample of a device by itself while they are few, a longer stream as one series."""
    recorded = {sample.record_id: sample for sample in samples if not sample.by_device}
    versions = await observation_versions(tx, patient_id, list(recorded)) if recorded else {}
    told = [
        _evidence(f"Observation/{record_id}", str(versions.get(record_id, 1)), name, sample)
        for record_id, sample in recorded.items()
    ]
    return (*told, *_streamed(name, [sample for sample in samples if sample.by_device]))


def _streamed(name: str, samples: Sequence[Sample]) -> list[Evidence]:
    if len(samples) <= MOST_NAMED:
        return [_evidence(tracking.sample_ref(sample), FIRST, name, sample) for sample in samples]
    version = f"{samples[0].at.isoformat()}/{samples[-1].at.isoformat()}"
    return [_evidence(f"Series/{samples[-1].metric}", version, name, samples[-1])]


def _evidence(ref: str, version: str, name: str, sample: Sample) -> Evidence:
    label = f"{capital(name)}, {day(sample.at)}"
    return Evidence(kind="record", ref=ref, version=version, label=label, at=sample.at)


def trust(samples: Sequence[Sample]) -> float:
    """How far an answer that used these samples may be trusted, 0 to 1."""
    return tracking.confidence([sample.quality for sample in samples]) if samples else 1.0


def with_doubt(text: str, samples: Sequence[Sample]) -> str:
    """The sentence, and after it that the data were poor where they were."""
    return f"{text} {POOR}" if trust(samples) < tracking.LOW_QUALITY else text
