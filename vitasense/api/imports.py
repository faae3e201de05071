"""Import of FHIR files."""

import asyncio
import json
from collections import Counter
from collections.abc import Sequence
from typing import Annotated, cast

from fastapi import APIRouter, File, Request, UploadFile

from vitasense.api.deps import Caller, PatientId, Service, access_for
from vitasense.api.importing import take
from vitasense.deterministic.platform.access import ALL_CATEGORIES
from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.deterministic.records import ImportProblem, ImportReport

router = APIRouter(prefix="/v1/imports", tags=["record"])
Parsed = dict[str, object]


@router.post("")
async def import_files(
    request: Request,
    caller: Caller,
    services: Service,
    file: Annotated[list[UploadFile], File(description="One or more FHIR R4 JSON files: bundles or single resources.")],
    patient_id: PatientId = None,
) -> ImportReport:
    """Take FHIR R4 files into the record: all of them, or none when one cannot be read or is about somebody else.

    What single entries could not be taken, and why, is in `problems`; of several files each place begins with the
    number of the file.
    """
    parsed = [await _parsed(await each.read(), number) for number, each in enumerate(file, start=1)]
    access = access_for(request, caller, patient_id, reads=ALL_CATEGORIES, writes=ALL_CATEGORIES)
    whose = access.patient_id or caller.account_id
    reports = await take(services, access, whose, parsed)
    return reports[0] if len(reports) == 1 else _joined(reports)


async def _parsed(content: bytes, number: int) -> Parsed:
    try:
        read = cast("object", await asyncio.to_thread(json.loads, content))
    except (ValueError, RecursionError):
        raise InvalidInput(f"File {number} is not JSON.") from None
    if not isinstance(read, dict):
        raise InvalidInput(f"File {number} is not FHIR: it must be one JSON object with a resourceType.")
    return cast("Parsed", read)


def _joined(reports: Sequence[ImportReport]) -> ImportReport:
    return ImportReport(
        imported=sum(each.imported for each in reports),
        updated=sum(each.updated for each in reports),
        unchanged=sum(each.unchanged for each in reports),
        skipped=sum(each.skipped for each in reports),
        problems=tuple(_placed(one, n) for n, each in enumerate(reports, start=1) for one in each.problems),
        by_type=dict(sum((Counter(each.by_type) for each in reports), Counter[str]())),
    )


def _placed(problem: ImportProblem, number: int) -> ImportProblem:
    return problem.model_copy(update={"entry": f"file[{number}] {problem.entry}"})
