"""SMTP and POP3."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from tests.conformance.record import Event, Record, record_of


def _mail(event: Event) -> Record:
    """The letter as EVE tells of it, or the part of it that is known with a file; links without their scheme."""
    links = [link.partition("://")[2] or link for link in event.get("vonggac.mail.urls", [])]
    complete = event.get("vonggac.mail.complete")
    name = event.get("file.name")
    return {
        "status": None if complete is None else "PARSE_DONE" if complete else "PARSE_ERROR",
        "from": event.get("vonggac.mail.from"),
        "to": event.get("vonggac.mail.to"),
        "cc": event.get("vonggac.mail.cc"),
        "subject": event.get("email.subject"),
        "message_id": event.get("email.message_id"),
        "date": event.get("vonggac.mail.date"),
        "x_mailer": event.get("email.x_mailer"),
        "attachment": event.get("email.attachments.file.name") or ([name] if name else None),
        "url": links or None,
    }


def envelope(event: Event) -> Record:
    names = ("helo", "mail_from", "rcpt_to")
    return {"smtp": {name: event.get(f"vonggac.smtp.{name}") for name in names}, "email": _mail(event)}


def _smtp(event: Event) -> list[Record]:
    return [record_of(event, "smtp") | envelope(event)]


def _pop3(event: Event) -> list[Record]:
    status = event.get("vonggac.pop3.status")
    command = event.get("vonggac.pop3.command")
    request = {
        "command": "<SASL DATA>" if command == "SASL" else command,
        "args": event.get("vonggac.pop3.arguments", []),
    }
    response = {
        "success": None if status is None else status != "ERR",
        "status": "OK" if status == "CONTINUE" else status,
        "header": event.get("vonggac.pop3.text"),
        "data": event.get("vonggac.pop3.lines"),
    }
    return [record_of(event, "pop3") | {"pop3": {"request": request, "response": response}}]


TRANSLATIONS: Final[dict[str, Callable[[Event], list[Record]]]] = {
    "smtp": _smtp,
    "pop3": _pop3,
}
