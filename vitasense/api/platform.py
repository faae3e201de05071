"""Is it alive, is it ready, how is it doing."""

from fastapi import APIRouter, Response
from pydantic import BaseModel
from sqlalchemy.exc import SQLAlchemyError

from vitasense.api.deps import Service
from vitasense.deterministic.platform.logging import get_logger
from vitasense.deterministic.platform.problems import Unavailable
from vitasense.deterministic.platform.telemetry import CONTENT_TYPE

router = APIRouter(tags=["platform"])
log = get_logger(__name__)


class Health(BaseModel):
    """`ok` is the only status there is: otherwise a problem is answered."""

    status: str = "ok"


@router.get("/healthz")
async def healthz() -> Health:
    """The process is alive."""
    return Health()


@router.get("/readyz")
async def readyz(services: Service) -> Health:
    """The database answers, so that requests can be served."""
    try:
        await services.database.ping()
    except (SQLAlchemyError, OSError) as error:
        log.warning("not.ready", exc_info=error)
        raise Unavailable("The database does not answer.") from error
    return Health()


@router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
async def metrics(services: Service) -> Response:
    """Prometheus metrics; no label holds anything about a person."""
    return Response(services.metrics.page(), media_type=CONTENT_TYPE)
