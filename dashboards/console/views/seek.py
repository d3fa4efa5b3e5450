"""The search field of every page: a machine goes straight to its page, anything else to the lists that know it."""

from __future__ import annotations

from typing import Annotated, Final
from urllib.parse import quote, urlencode

from fastapi import Query
from fastapi.responses import RedirectResponse, Response

from dashboards.console.access import Needs, needs
from dashboards.console.page import Area
from dashboards.console.reading import machines
from dashboards.console.visit import Visiting

area = Area()
FIELD: Final = ":"
"""A colon after a dotted name is a query; addresses of version 6 and MACs have no dotted name before it."""


@needs(Needs.OWN)
def seek(visit: Visiting, text: Annotated[str, Query(max_length=500)] = "") -> Response:
    """Where to find this text."""
    text = text.strip()
    name, colon, _ = text.partition(FIELD)
    if visit.can(Needs.HUNT) and colon and ("." in name or " " in text) and not name.replace(".", "").isdigit():
        return _to("/hunt", text=text)
    if visit.can(Needs.MACHINES):
        found = machines.listing(visit, None, text, 1)
        if found.total == 1:
            return RedirectResponse(f"/machines/{quote(found.machines[0].id, safe='')}", status_code=303)
        if found.total:
            return _to("/machines", text=text)
        return _to("/alerts", text=text, state="all")
    return RedirectResponse("/", status_code=303)


def _to(path: str, **values: str) -> Response:
    return RedirectResponse(f"{path}?{urlencode(values)}", status_code=303)


area.router.add_api_route("/seek", seek, methods=["GET"], include_in_schema=False)
