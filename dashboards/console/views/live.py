"""News while a page is open: how many alerts came since it was read (server-sent events)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Final

from fastapi import Query, Request
from fastapi.responses import Response, StreamingResponse
from sqlalchemy import func, select
from starlette.concurrency import run_in_threadpool

from dashboards.console.access import Needs, needs
from dashboards.console.page import Area
from dashboards.console.visit import Visit, Visiting
from pipelines.store.state.alerts import Alert
from pipelines.store.state.machines import Machine

area = Area()
EVERY: Final = 5.0
"""Seconds between looks: an alert may wait this long, a counting query may not run all the time."""
LASTING: Final = 600.0
"""Seconds after which the browser has to come again, so that an ended session hears nothing more."""


def _news(visit: Visit, since: datetime) -> int:
    found = select(func.count()).select_from(Alert).join(Alert.machine).where(Alert.created_at > since)
    if visit.scope is not None:
        found = found.where(Machine.unit.in_(visit.scope))
    with visit.console.database.session() as session:
        return session.scalar(found) or 0


async def _stream(visit: Visit, since: datetime, request: Request) -> AsyncIterator[str]:
    told = 0
    for _ in range(int(LASTING / EVERY)):
        count = await run_in_threadpool(_news, visit, since)
        if count != told:
            told = count
            text = visit.text("alerts.news", count=visit.formats.number(count))
            yield f"event: alerts\ndata: {json.dumps({'count': count, 'text': text})}\n\n"
        else:
            yield ": quiet\n\n"
        await asyncio.sleep(EVERY)
        if await request.is_disconnected():
            return


@needs(Needs.ALERTS)
async def live(visit: Visiting, request: Request, since: Annotated[datetime, Query()]) -> Response:
    """A stream of "n new alerts"."""
    return StreamingResponse(_stream(visit, since, request), media_type="text/event-stream")


area.router.add_api_route("/live", live, methods=["GET"], include_in_schema=False)
