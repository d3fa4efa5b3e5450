"""The mechanism of all pages: one function answers a question; it is shown as HTML and given as JSON.

>>> area = Area()
>>> @area.page("/machines/{machine}", Needs.MACHINES, "machine.html")
... def machine(visit: Visiting, machine: str) -> MachinePage: ...

gives ``GET /machines/…`` (the template sees the model as ``m``) and ``GET /api/v1/machines/…`` (the model as JSON).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar, get_type_hints

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel

from dashboards.console.access import Needs, needs
from dashboards.console.render import page_response
from dashboards.console.visit import Visiting

Answer = TypeVar("Answer", bound=Callable[..., BaseModel])
PREFIX: Final = "/api/v1"


class Area:
    """The routes of one file of ``views``."""

    def __init__(self) -> None:
        self.router = APIRouter()

    def page(
        self, path: str, permission: Needs, template: str, api: str | None = None, recorded: bool = False
    ) -> Callable[[Answer], Answer]:
        """A question at an address of its own; ``api`` is its JSON address where it is not ``path``. ``recorded``: the
        audit log tells who looked (pages of one person's or one machine's doings).
        """

        def register(answer: Answer) -> Answer:
            self._html(path, permission, template, answer, recorded)
            self._json("GET", api or path, permission, answer, recorded)
            return answer

        return register

    def part(self, path: str, permission: Needs, template: str, recorded: bool = False) -> Callable[[Answer], Answer]:
        """A piece of a page that htmx fetches; its JSON is that of the page it belongs to."""

        def register(answer: Answer) -> Answer:
            self._html(path, permission, template, answer, recorded)
            return answer

        return register

    def action(self, path: str, permission: Needs, template: str, shown: bool = False) -> Callable[[Answer], Answer]:
        """A change. htmx gets the changed part, a plain form goes on to the model's ``next`` (or, ``shown``, sees the
        template: an answer that has no address of its own), a program gets JSON.
        Who did it goes into the audit log; an answer that has more to tell does so by ``Visit.record`` itself.
        """

        def register(answer: Answer) -> Answer:
            @needs(permission)
            def html(visit: Visiting, request: Request, model: Any = Depends(answer)) -> Response:
                _record(visit, request, answer)
                if shown or request.headers.get("hx-request") == "true":
                    return page_response(visit, template, {"m": model}, request=request)
                return RedirectResponse(model.next, status_code=303)

            self.router.add_api_route(path, html, methods=["POST"], include_in_schema=False, name=answer.__name__)
            self._json("POST", path, permission, answer, recorded=True)
            return answer

        return register

    def _html(
        self, path: str, permission: Needs, template: str, answer: Callable[..., BaseModel], recorded: bool
    ) -> None:
        @needs(permission)
        def html(visit: Visiting, request: Request, model: Any = Depends(answer)) -> Response:
            if recorded:
                _record(visit, request, answer)
            return page_response(visit, template, {"m": model}, request=request)

        self.router.add_api_route(
            path, html, methods=["GET"], response_class=HTMLResponse, include_in_schema=False, name=answer.__name__
        )

    def _json(
        self, method: str, path: str, permission: Needs, answer: Callable[..., BaseModel], recorded: bool
    ) -> None:
        @needs(permission)
        def json(visit: Visiting, request: Request, model: Any = Depends(answer)) -> Any:
            if recorded:
                _record(visit, request, answer)
            return model

        summary = (answer.__doc__ or "").strip().splitlines()[0]
        self.router.add_api_route(
            PREFIX + path,
            json,
            methods=[method],
            response_model=get_type_hints(answer)["return"],
            name=f"{answer.__name__}_json",
            summary=summary,
        )


def _record(visit: Visiting, request: Request, answer: Callable[..., BaseModel]) -> None:
    """One line of the audit log: who, which question or change, about what; none where the answer told it better."""
    if visit.acts:
        return
    entity = ":".join((request.url.path.removeprefix(PREFIX).split("/")[1], *map(str, request.path_params.values())))
    with visit.console.database.transaction() as session:
        visit.record(session, answer.__name__, entity)
