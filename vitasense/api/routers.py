"""The routers of the service, one line each.

`UPLOADS` take up to VITASENSE_MAX_UPLOAD_BYTES, `FILES` of devices up to VITASENSE_MAX_DEVICE_FILE_BYTES.
"""

from fastapi import APIRouter

from vitasense.api import (
    admin,
    alarms,
    auth,
    chat,
    checks,
    devices,
    doses,
    fhir,
    goals,
    hooks,
    imports,
    knowledge,
    medications,
    memory,
    observations,
    overrides,
    platform,
    record,
    review,
    sharing,
    side_effects,
    tasks,
    threads,
    timeline,
    tracking,
    tracking_settings,
)

ROUTERS: tuple[APIRouter, ...] = (
    platform.router,
    auth.router,
    auth.keys,
    admin.router,
    sharing.router,
    chat.router,
    threads.router,
    record.router,
    memory.router,
    knowledge.router,
    review.router,
    devices.router,
    hooks.router,
    tracking.router,
    tracking_settings.router,
    alarms.router,
    tasks.router,
    timeline.router,
    goals.router,
    checks.router,
    overrides.router,
    doses.router,
    side_effects.router,
    medications.router,
    fhir.router,
)
UPLOADS: tuple[APIRouter, ...] = (imports.router, observations.router, review.uploads)
FILES: tuple[APIRouter, ...] = (observations.files,)
