"""The application put together: settings, routes, error pages, what stands before them. Assembly only."""

import gc
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from fastapi import FastAPI
from starlette.types import ASGIApp

from app import db, jobs
from app.config import settings
from app.routes import joined
from app.web import errors, links, metrics, operations, public, static, workspace
from app.web.public import cache
from app.web.shield import Shield

_COLLECTING = 2_000, 10, 10  # what requests leave behind in circles stays within a megabyte


def create_app() -> ASGIApp:
    """The whole service; reads the settings once."""
    app = FastAPI(
        title="Tatbiq", docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False, lifespan=_lifespan()
    )
    doors = (door.router for door in (operations, metrics, static, public, links, workspace))
    app.router.routes.extend(joined(*doors).routes)
    errors.install(app)
    return Shield(cache.Cached(app))


def _lifespan() -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def running(_app: FastAPI) -> AsyncIterator[None]:
        database = db.current()
        gc.freeze()  # what is loaded by now stays: no use in looking through it again and again
        gc.set_threshold(*_COLLECTING)
        stop = jobs.start_embedded() if settings().scheduler == "embedded" else None
        yield
        if stop:
            stop()
        database.dispose()

    return running
