"""The inbox: everybody's own messages."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form, Path, Query

from dashboards.console.access import Needs
from dashboards.console.page import Area
from dashboards.console.reading import inbox as reading
from dashboards.console.visit import Visiting
from pipelines.cases import inbox

area = Area()
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]


@area.page("/inbox", Needs.OWN, "inbox.html")
def inbox_page(
    visit: Visiting, shown: reading.Shown = "unread", page: Annotated[int, Query(ge=1, le=10_000)] = 1
) -> reading.Inbox:
    """The reader's own messages, the newest first."""
    return reading.listing(visit, shown, page)


@area.action("/inbox/read", Needs.OWN, "inbox.html")
def read_messages(visit: Visiting, newest: Annotated[int, Form(ge=1, le=2**31 - 1)]) -> reading.Inbox:
    """Mark all messages up to this one as read; what came in since stays unread."""
    with visit.console.database.transaction() as session:
        inbox.read_up_to(session, visit.person.name, newest)
    return reading.listing(visit, "unread", 1)


@area.action("/inbox/{message}/read", Needs.OWN, "inbox.html")
def read_message(visit: Visiting, message: Number) -> reading.Inbox:
    """Mark one message as read."""
    with visit.console.database.transaction() as session:
        inbox.read_one(session, visit.person.name, message)
    return reading.listing(visit, "unread", 1)
