"""What goes wrong, told to people: one page, one JSON shape, one note for parts of a page."""

from __future__ import annotations

import logging
import uuid
from typing import Any, Final
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from dashboards.console.render import page_response
from dashboards.console.visit import Visit
from pipelines.store.events import QueryError, StoreError

LOG: Final = logging.getLogger("vonggac.console")
API: Final = "/api/"
KNOWN: Final = {400, 401, 403, 404, 405, 413, 422, 429, 500, 503}


class Problem(Exception):  # noqa: N818  (an answer to a person, and not always an error)
    """An answer other than the page: status, catalogue key of the reason, and where to go instead."""

    def __init__(self, status: int, key: str, location: str | None = None, **values: object) -> None:
        super().__init__(key)
        self.status, self.key, self.location, self.values = status, key, location, values


def install(app: FastAPI) -> None:
    """Let every error end in words that say what happened, what is safe and what to do."""
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(StoreError, _store)
    app.add_exception_handler(Exception, _crash)


def _problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return answer(request, error)


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    status = error.status_code if error.status_code in KNOWN else 400
    return answer(request, Problem(status, f"problem.{status}"))


def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    fields = ", ".join(str(item["loc"][-1]) for item in error.errors())
    return answer(request, Problem(422, "problem.422", fields=fields))


def _store(request: Request, error: Exception) -> Response:
    if isinstance(error, QueryError):
        return answer(request, Problem(400, "problem.query", reason=str(error)))
    LOG.error("event store: %s", error)
    return answer(request, Problem(503, "problem.store", reason=str(error)))


def _crash(request: Request, error: Exception) -> Response:
    """The containment point of the console: one broken page says so, the others go on."""
    number = uuid.uuid4().hex[:8]
    LOG.error("console: %s %s failed (%s)", request.method, request.url.path, number, exc_info=error)
    return answer(request, Problem(500, "problem.500", number=number))


def answer(request: Request, problem: Problem) -> Response:
    """The problem as JSON, as a redirect, as a part of a page, or as a page of its own."""
    visit: Visit | None = getattr(request.state, "visit", None)
    if request.url.path.startswith(API):
        return JSONResponse(_json(problem), status_code=problem.status)
    fragment = request.headers.get("hx-request") == "true"
    location = problem.location or (_login(request) if problem.status == 401 else None)
    if location and fragment:
        return Response(status_code=problem.status, headers={"HX-Redirect": location})
    if location:
        return RedirectResponse(location, status_code=303)
    template = "problem_part.html" if fragment else "problem.html"
    return page_response(visit, template, {"problem": problem}, problem.status, request)


def _login(request: Request) -> str:
    target = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return "/login" if target == "/" or request.method != "GET" else f"/login?next={quote(target, safe='')}"


def _json(problem: Problem) -> dict[str, Any]:
    return {"error": problem.key.removeprefix("problem."), **{k: str(v) for k, v in problem.values.items()}}
