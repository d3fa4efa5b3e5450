"""FTP, TFTP, SSH and VNC."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from tests.conformance.record import Event, Record, record_of


def _ftp(event: Event) -> list[Record]:
    codes = event.get("vonggac.ftp.reply.codes")
    ftp = {
        "command": event.get("vonggac.ftp.command"),
        "command_data": event.get("vonggac.ftp.argument"),
        "command_truncated": event.get("vonggac.ftp.argument_cut"),
        "reply": event.get("vonggac.ftp.reply.texts"),
        "completion_code": codes and [f"{code:03}" for code in codes],
        "reply_received": "yes" if codes else "no",
        "reply_truncated": event.get("vonggac.ftp.reply_cut"),
        "mode": event.get("vonggac.ftp.mode"),
        "dynamic_port": event.get("vonggac.ftp.data_port"),
    }
    return [record_of(event, "ftp") | {"ftp": ftp}]


def ftp_transfer(event: Event) -> Record:
    """EVE writes ``<stou>`` where STOU leaves the name to the server."""
    command, name = event.get("vonggac.ftp.command"), event.get("file.name")
    return {"command": command, "filename": "<stou>" if command == "STOU" and name is None else name}


def _ftp_data(event: Event) -> list[Record]:
    return [record_of(event, "ftp_data") | {"ftp_data": ftp_transfer(event)}]


def _tftp(event: Event) -> list[Record]:
    tftp = {
        "packet": event.get("vonggac.tftp.operation"),
        "file": event.get("file.name"),
        "mode": event.get("vonggac.tftp.mode"),
    }
    return [record_of(event, "tftp") | {"tftp": tftp}]


def _ssh(event: Event) -> list[Record]:
    ssh = {
        side: {
            "proto_version": event.get(f"vonggac.ssh.{side}.version"),
            "software_version": event.get(f"vonggac.ssh.{side}.software"),
            "hassh": {
                "hash": event.get(f"ssh.{side}.hassh"),
                "string": event.get(f"vonggac.ssh.{side}.algorithms"),
            },
        }
        for side in ("client", "server")
    }
    return [record_of(event, "ssh") | {"ssh": ssh}]


def _rfb(event: Event) -> list[Record]:
    rfb: Record = {"screen_shared": event.get("vonggac.rfb.shared")}
    for side in ("server", "client"):
        version = (event.get(f"vonggac.rfb.{side}_version") or "").split(".")
        if len(version) == 2:
            major, minor = (f"{int(number):03}" for number in version)
            rfb[f"{side}_protocol_version"] = {"major": major, "minor": minor}
    result = {"success": "OK", "failure": "FAIL"}.get(event.get("event.outcome", ""))
    rfb["authentication"] = {"security_type": event.get("vonggac.rfb.security_type"), "security_result": result}
    rfb["server_security_failure_reason"] = event.get("vonggac.rfb.reason")
    rfb["framebuffer"] = {name: event.get(f"vonggac.rfb.{name}") for name in ("width", "height")}
    rfb["framebuffer"]["name"] = event.get("vonggac.rfb.desktop")
    return [record_of(event, "rfb") | {"rfb": rfb}]


TRANSLATIONS: Final[dict[str, Callable[[Event], list[Record]]]] = {
    "ftp": _ftp,
    "ftp_data": _ftp_data,
    "tftp": _tftp,
    "ssh": _ssh,
    "rfb": _rfb,
}
