"""The console as an ASGI application.

>>> app = create("sqlite:////var/lib/vonggac/state.sqlite", store, ConsoleSettings())
"""

from __future__ import annotations

from typing import Final

from fastapi import Depends, FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.middleware.trustedhost import TrustedHostMiddleware

from dashboards.console import problems
from dashboards.console.assets import DIST
from dashboards.console.guard import guard
from dashboards.console.organisation import Organisation
from dashboards.console.security.headers import SecurityHeaders
from dashboards.console.security.limits import BodyLimit
from dashboards.console.security.throttle import Throttle
from dashboards.console.settings import ConsoleSettings
from dashboards.console.views import (
    account,
    alerts,
    audits,
    cases,
    coverage,
    entry,
    health,
    hunt,
    inbox,
    indicators,
    interface,
    live,
    machines,
    overview,
    people,
    rules,
    second_factor,
    seek,
    suppressions,
    units,
)
from dashboards.console.visit import Console
from pipelines.store import state
from pipelines.store.events import EventStore

AREAS: Final = (
    entry,
    second_factor,
    account,
    overview,
    alerts,
    cases,
    inbox,
    machines,
    hunt,
    rules,
    indicators,
    coverage,
    suppressions,
    health,
    people,
    units,
    audits,
    seek,
    live,
    interface,
)
"""Files of ``views``; each has an ``area``."""


def create(state_url: str, store: EventStore, settings: ConsoleSettings) -> FastAPI:
    """Open the state database (migrating it) and give the application; raises ``state.StateError``."""
    app = FastAPI(
        title="Vọng Gác",
        version="1",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        dependencies=[Depends(guard)],
    )
    database = state.open(state_url)
    app.state.console = Console(
        database=database,
        events=store,
        settings=settings,
        throttle=Throttle(settings.attempts_per_address),
        organisation=Organisation(database),
    )
    problems.install(app)
    app.mount("/static/dist", StaticFiles(directory=DIST), name="static")
    for module in AREAS:
        app.include_router(module.area.router)
    app.add_middleware(BodyLimit)
    if settings.hosts:
        app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(settings.hosts))
    app.add_middleware(SecurityHeaders)
    return app
