"""Templates to answers. Everything is escaped: names, addresses and user agents come from hostile traffic."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from dashboards.console import svg
from dashboards.console.assets import asset
from dashboards.console.visit import Visit
from dashboards.console.words import Formats, Text

HERE: Final = Path(__file__).parent


@cache
def environment() -> Environment:
    """The template environment: escaping always on, a name that does not exist is an error."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(
        asset=asset, icon=_icon, spark_bars=svg.spark_bars, spark_line=svg.spark_line, weight_bar=svg.weight_bar
    )
    made.filters.update(segment=_segment, query=_query, data=_data)
    return made


def _icon(name: str, kind: str = "") -> Markup:
    """An icon of the sprite; decoration only, the word stands beside it."""
    return Markup('<svg class="icon {}" aria-hidden="true"><use href="{}#{}"></use></svg>').format(
        kind, asset("icons.svg"), name
    )


def _segment(value: object) -> str:
    """A value as one segment of an address (ids hold colons, names hold anything)."""
    return quote(str(value), safe="")


def _query(values: Mapping[str, object]) -> str:
    """Values as the query of an address; empty ones are left out, lists are repeated."""
    return urlencode({key: value for key, value in values.items() if value not in (None, "", [], ())}, doseq=True)


def _data(value: object) -> str:
    """JSON for a data attribute (the template escapes it as any text)."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)


def page_response(
    visit: Visit | None, template: str, values: Mapping[str, Any], status: int = 200, request: Request | None = None
) -> HTMLResponse:
    """Render for this reader; without a visit (the gate itself failed) in the default language."""
    found = environment().get_template(template)
    language = visit.language if visit else "vi"
    content = found.render(
        visit=visit,
        t=Text(language),
        f=visit.formats if visit else Formats(language, ZoneInfo("UTC")),
        request=request,
        **values,
    )
    return HTMLResponse(content, status)
