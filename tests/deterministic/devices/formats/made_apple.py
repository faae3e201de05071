"""Makers of Apple Health exports."""

import io
from datetime import UTC, datetime
from zipfile import ZIP_DEFLATED, ZipFile

DTD = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE HealthData [
<!-- HealthKit Export Version: 14 -->
<!ELEMENT HealthData (ExportDate,Me,(Record|Correlation|Workout|ActivitySummary)*)>
<!ATTLIST HealthData
  locale CDATA #REQUIRED
>
<!ELEMENT Record ((MetadataEntry|HeartRateVariabilityMetadataList)*)>
]>
"""
PHONE = 'sourceName="Ada\'s iPhone" sourceVersion="17.1"'
TIMES = 'startDate="2024-03-01 08:00:00 +0100" endDate="2024-03-01 08:05:00 +0100"'
START = datetime(2024, 3, 1, 7, 0, tzinfo=UTC)
GPX = b"""<?xml version="1.0"?><gpx version="1.1" creator="Apple Health Export" xmlns="http://www.topografix.com/GPX/1/1">
<trk><trkseg><trkpt lon="13.4" lat="52.5"><ele>34.0</ele><time>2024-03-01T07:00:00Z</time></trkpt>
<trkpt lon="13.5" lat="52.6"><ele>35.0</ele><time>2024-03-01T07:01:00Z</time></trkpt></trkseg></trk></gpx>"""


def export(body: str, dtd: str = DTD) -> str:
    return f'{dtd}<HealthData locale="en_US">\n{body}\n</HealthData>\n'


def quantity(kind: str, value: str, unit: str, inside: str = "", source: str = PHONE, times: str = TIMES) -> str:
    start = f'<Record type="HKQuantityTypeIdentifier{kind}" {source} unit="{unit}" {times} value="{value}"'
    return f"{start}>{inside}</Record>" if inside else f"{start}/>"


def sleep(stage: str, times: str = TIMES) -> str:
    value = f"HKCategoryValueSleepAnalysis{stage}"
    return f'<Record type="HKCategoryTypeIdentifierSleepAnalysis" {PHONE} {times} value="{value}"/>'


def packed(files: dict[str, bytes], method: int = ZIP_DEFLATED) -> bytes:
    held = io.BytesIO()
    with ZipFile(held, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return held.getvalue()


def workout_with_route(path: str) -> str:
    return (
        f'<Workout workoutActivityType="HKWorkoutActivityTypeRunning" {PHONE} {TIMES}>'
        f'<WorkoutRoute {PHONE} {TIMES}><FileReference path="{path}"/></WorkoutRoute></Workout>'
    )
