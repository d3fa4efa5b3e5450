"""Files, whatever carries them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from tests.conformance.mail import envelope
from tests.conformance.record import Event, Record, record_of
from tests.conformance.shares import carried
from tests.conformance.shells import ftp_transfer
from tests.conformance.web import hostname


def _file(event: Event) -> list[Record]:
    """The sender of a download is the server."""
    record = record_of(event, "fileinfo", reverse=event.get("vonggac.file.direction") == "download")
    protocol = event.get("network.protocol")
    name, path = event.get("file.name"), event.get("url.path")
    if path and (name is None or path.endswith(f"/{name}")):
        name = path  # a name that was taken from the target: EVE shows all of it
    carrier = {
        "http": {
            "hostname": hostname(event),
            "http_method": event.get("http.request.method"),
            "url": event.get("url.original"),
        }
    }
    file = {
        "filename": name,
        "size": event.get("file.size"),
        "md5": event.get("file.hash.md5"),
        "sha1": event.get("file.hash.sha1"),
        "sha256": event.get("file.hash.sha256"),
        "state": "TRUNCATED" if event.get("vonggac.file.truncated") else "CLOSED",
        "gaps": bool(event.get("vonggac.file.missing_bytes")),
    }
    if protocol == "ftp":
        protocol, record["ftp_data"] = "ftp-data", ftp_transfer(event)
        file["filename"] = record["ftp_data"]["filename"]
    carrier = envelope(event) if protocol == "smtp" else carrier if protocol == "http" else {}
    told = record | {"app_proto": protocol, "fileinfo": file} | carrier
    return carried(event, told) if protocol == "smb" else [told]


TRANSLATIONS: Final[dict[str, Callable[[Event], list[Record]]]] = {
    "file": _file,
}
