"""Cases: the list, the page, and what people do on it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import File, Form, Path, Query, UploadFile
from fastapi.responses import Response
from sqlalchemy.orm import Session

from dashboards.console.access import Needs, needs
from dashboards.console.page import PREFIX, Area
from dashboards.console.problems import Problem
from dashboards.console.reading import cases
from dashboards.console.visit import Visit, Visiting
from pipelines.cases import attachments, book, inbox, timeline
from pipelines.store.state import Case, CaseAttachment

area = Area()
Identity = Annotated[str, Path(max_length=32)]
Text = Annotated[str, Form(max_length=4000)]
CHANGED = "case.html"


@contextmanager
def _acting(visit: Visit, identity: str) -> Iterator[tuple[Session, Case, book.Actor]]:
    """A case to act on; what the book refuses is told in words."""
    try:
        with visit.console.database.transaction() as session:
            yield session, cases.find(session, visit, identity), cases.actor(visit)
    except book.CaseError as error:
        values: dict[str, Any] = dict(error.values)
        if error.reason == "missing":
            wanted = str(values["needs"]).split(",")
            values["needs"] = "; ".join(visit.text(f"cases.needs.{need}") for need in wanted)
        status = 403 if error.reason == "forbidden" else 422
        raise Problem(status, f"cases.refused.{error.reason}", **values) from error


@area.page("/cases", Needs.CASES, "cases.html")
def case_list(
    visit: Visiting,
    shown: cases.Shown = "open",
    text: Annotated[str, Query(max_length=200)] = "",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> cases.CaseList:
    """Cases, the nearest deadline first."""
    return cases.listing(visit, shown, text.strip(), page)


@area.page("/cases/{identity}", Needs.CASES, "case.html", recorded=True)
def case_page(visit: Visiting, identity: Identity) -> cases.CasePage:
    """One case: what happened, what has been done, who is waiting for whom. Its messages count as read."""
    shown = cases.read(visit, identity)
    with visit.console.database.transaction() as session:
        inbox.read_case(session, visit.person.name, identity)
    return shown


@area.action("/cases/{identity}/move", Needs.CASES_WORK, CHANGED)
def move_case(
    visit: Visiting, identity: Identity, transition: Annotated[str, Form(max_length=40)], comment: Text = ""
) -> cases.CasePage:
    """Make a transition of the workflow."""
    with _acting(visit, identity) as (session, case, actor):
        book.move(session, case, transition, actor, visit.console.settings.cases, comment)
    return cases.read(visit, identity)


@area.action("/cases/{identity}/assignee", Needs.CASES_WORK, CHANGED)
def assign_case(
    visit: Visiting, identity: Identity, person: Annotated[str, Form(max_length=64)] = ""
) -> cases.CasePage:
    """Name who works on it; nobody: empty."""
    with _acting(visit, identity) as (session, case, actor):
        book.assign(session, case, person or None, actor)
    return cases.read(visit, identity)


@area.action("/cases/{identity}/comment", Needs.CASES_WORK, CHANGED)
def comment_case(
    visit: Visiting, identity: Identity, text: Text, kind: Annotated[Literal["comment", "question"], Form()] = "comment"
) -> cases.CasePage:
    """Say something, or ask the centre; @name tells that person."""
    with _acting(visit, identity) as (session, case, actor):
        book.comment(session, case, actor, text, kind == "question")
    return cases.read(visit, identity)


@area.action("/cases/{identity}/description", Needs.CASES_WORK, CHANGED)
def describe_case(visit: Visiting, identity: Identity, cause: Text = "", action: Text = "") -> cases.CasePage:
    """Write down how it came about and what was done."""
    with _acting(visit, identity) as (session, case, actor):
        book.describe(session, case, actor, cause, action)
    return cases.read(visit, identity)


@area.action("/cases/{identity}/watch", Needs.CASES_WORK, CHANGED)
def watch_case(visit: Visiting, identity: Identity, watch: Annotated[bool, Form()]) -> cases.CasePage:
    """Follow the case, or no longer."""
    with _acting(visit, identity) as (session, case, actor):
        timeline.watch(session, case, actor.name, watch)
    return cases.read(visit, identity)


@area.action("/cases/{identity}/incident", Needs.CASES_APPROVE, CHANGED)
def mark_incident(
    visit: Visiting,
    identity: Identity,
    incident: Annotated[bool, Form()] = False,
    incident_class: Annotated[Literal["ordinary", "serious"], Form()] = "ordinary",
    security_sign: Annotated[bool, Form()] = False,
    disruption: Annotated[bool, Form()] = False,
) -> cases.CasePage:
    """Whether it is an incident in the sense of the law, and of which class."""
    values = {
        "incident": incident, "incident_class": incident_class, "security_sign": security_sign, "disruption": disruption,
    }  # fmt: skip
    with _acting(visit, identity) as (session, case, actor):
        book.mark_incident(session, case, actor, values)
    return cases.read(visit, identity)


@area.action("/cases/{identity}/reported", Needs.CASES_APPROVE, CHANGED)
def case_reported(
    visit: Visiting, identity: Identity, clock: Annotated[Literal["immediately", "first", "full"], Form()]
) -> cases.CasePage:
    """The authority has been told within a clock of the law."""
    with _acting(visit, identity) as (session, case, actor):
        book.reported(session, case, actor, clock)
    return cases.read(visit, identity)


@area.action("/cases/{identity}/steps/{step}", Needs.CASES_WORK, CHANGED)
def do_step(
    visit: Visiting,
    identity: Identity,
    step: Annotated[str, Path(max_length=80)],
    done: Annotated[bool, Form()] = False,
    answer: Text = "",
    file: Annotated[UploadFile | None, File()] = None,
) -> cases.CasePage:
    """A step of the playbook is done, with its answer and its proof."""
    with _acting(visit, identity) as (session, case, actor):
        book.tick(session, case, actor, step, done, answer)
        if file is not None and file.filename:
            _keep(visit, session, case, actor, file, step)
    return cases.read(visit, identity)


def _keep(visit: Visit, session: Session, case: Case, actor: book.Actor, file: UploadFile, step: str | None) -> None:
    settings = visit.console.settings
    content = file.file.read(settings.cases.attachment + 1)
    attachments.keep(session, case, actor, settings.attachments, file.filename or "", content, settings.cases, step)


@needs(Needs.CASES)
def attachment(visit: Visiting, identity: Identity, file: Annotated[str, Path(max_length=32)]) -> Response:
    """An uploaded file, always as a download."""
    with visit.console.database.session() as session:
        case = cases.find(session, visit, identity)
        found = session.get(CaseAttachment, file)
        if found is None or found.case_id != case.id:
            raise Problem(404, "problem.404")
    try:
        content = attachments.content_of(visit.console.settings.attachments, found)
    except book.CaseError as error:
        raise Problem(404, "problem.404") from error
    told = f"attachment; filename*=UTF-8''{quote(found.name, safe='')}"
    return Response(content, media_type="application/octet-stream", headers={"Content-Disposition": told})


area.router.add_api_route("/cases/{identity}/files/{file}", attachment, methods=["GET"], include_in_schema=False)
area.router.add_api_route(PREFIX + "/cases/{identity}/files/{file}", attachment, methods=["GET"])
