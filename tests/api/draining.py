"""A worker that sees to what one test tells; what other tests left waiting is let go of first."""

from sqlalchemy import create_engine, text

from vitasense.api.bootstrap import Services
from vitasense.api.reacting import handlers_of
from vitasense.api.worker import Post, Worker

SENDER = "VitaSense <no-reply@vitasense.test>"
_LET_GO = text("with noted as (delete from app.inbox) delete from app.event")


def let_go(admin_url: str) -> None:
    """Forget every event: most tests run no worker, and the first one that does would do the work of them all."""
    engine = create_engine(admin_url)
    with engine.begin() as admin:
        admin.execute(_LET_GO)
    engine.dispose()


async def drain(services: Services) -> None:
    """Give every event to its consumers, and those that they tell of as well."""
    post = Post(services.courier, SENDER)
    worker = Worker(services.database, services.auth, services.metrics, services.clock, post, handlers_of(services))
    while await worker.relay():
        pass
