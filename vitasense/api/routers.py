"""The routers of the service, one line each. `UPLOADS` take files, up to VITASENSE_MAX_UPLOAD_BYTES."""

from fastapi import APIRouter

from vitasense.api import admin, auth, chat, fhir, imports, memory, platform, record, sharing, threads

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
    fhir.router,
)
UPLOADS: tuple[APIRouter, ...] = (imports.router,)
