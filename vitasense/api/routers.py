"""The routers of the service, one line each. `UPLOADS` take files, up to VITASENSE_MAX_UPLOAD_BYTES."""

from fastapi import APIRouter

from vitasense.api import admin, auth, platform, sharing

ROUTERS: tuple[APIRouter, ...] = (
    platform.router,
    auth.router,
    auth.keys,
    admin.router,
    sharing.router,
)
UPLOADS: tuple[APIRouter, ...] = ()
