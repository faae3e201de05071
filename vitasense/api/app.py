"""The HTTP application."""

from collections.abc import AsyncGenerator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from importlib.metadata import version
from pathlib import Path

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from fastapi.telemetry import TelemetryConfig

from vitasense.api import errors
from vitasense.api.backpressure import Backpressure
from vitasense.api.bootstrap import Services, open_services
from vitasense.api.contract import publish
from vitasense.api.middleware import BodyLimit, Surroundings
from vitasense.api.page import WEB, serve_page, serve_reference
from vitasense.api.reacting import handlers_of
from vitasense.api.routers import FILES, ROUTERS, UPLOADS
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.settings import Settings
from vitasense.deterministic.platform.telemetry import Metrics

LONGEST_BODY = 1024 * 1024  # bytes; routers that take files allow VITASENSE_MAX_UPLOAD_BYTES
DESCRIPTION = (
    "A self-hosted personal physician assistant. Failures are RFC 9457 problem documents; every answer carries "
    "X-Request-Id. Sign in with POST /v1/auth/login and send `Authorization: Bearer <access token>`."
)
# The framework's own tracing would keep addresses, bodies and messages of exceptions.
_NO_TELEMETRY = TelemetryConfig(tracing=False, metrics=False, logs=False, operation_spans=False, auto_configure=False)


def create_app(given: Services | Settings, *, web: Path = WEB) -> FastAPI:
    """The application over opened services, or over settings: then it opens and closes the services itself."""
    settings = given if isinstance(given, Settings) else given.settings
    metrics = Metrics() if isinstance(given, Settings) else given.metrics
    app = FastAPI(
        title="VitaSense",
        version=version("vitasense"),
        description=DESCRIPTION,
        lifespan=_lifespan(given, metrics),
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=_operation_name,
        telemetry=_NO_TELEMETRY,
    )
    if isinstance(given, Services):
        _serve(app, given)
    errors.install(app)
    for router in (*ROUTERS, *UPLOADS, *FILES):
        app.include_router(router)
    publish(app)
    serve_reference(app)
    serve_page(app, web)
    https = settings.base_url.startswith("https://")
    limits = dict.fromkeys(_paths(UPLOADS), settings.max_upload_bytes)
    limits |= dict.fromkeys(_paths(FILES), settings.max_device_file_bytes)
    app.add_middleware(BodyLimit, usual=LONGEST_BODY, limits=limits)
    app.add_middleware(Surroundings, metrics=metrics, new_id=new_id, https=https)
    return app


def _serve(app: FastAPI, services: Services) -> None:
    """What routes get from the application."""
    app.state.services = services
    app.state.backpressure = Backpressure(services.database, handlers_of(services))


def _lifespan(given: Services | Settings, metrics: Metrics):
    @asynccontextmanager
    async def open_for_life(app: FastAPI) -> AsyncGenerator[None]:
        async with AsyncExitStack() as stack:
            if isinstance(given, Settings):
                _serve(app, await stack.enter_async_context(open_services(given, metrics=metrics)))
            yield

    return open_for_life


def _paths(routers: Iterable[APIRouter]) -> frozenset[str]:
    return frozenset(route.path for router in routers for route in router.routes if isinstance(route, APIRoute))


def _operation_name(route: APIRoute) -> str:
    return route.name
