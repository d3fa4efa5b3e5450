"""The description of the JSON interface (OpenAPI), for people who are logged in."""

from __future__ import annotations

from typing import Any

from fastapi import Request

from dashboards.console.access import Needs, needs
from dashboards.console.page import PREFIX, Area

area = Area()


@needs(Needs.OWN)
def openapi(request: Request) -> dict[str, Any]:
    """Every address below /api/v1 with its parameters and answers."""
    description: dict[str, Any] = request.app.openapi()
    return description


area.router.add_api_route(f"{PREFIX}/openapi.json", openapi, methods=["GET"], include_in_schema=False)
