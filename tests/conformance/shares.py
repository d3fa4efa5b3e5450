"""SMB and DCE/RPC."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Final

from tests.conformance.record import Event, Record, record_of, without_nothing

SMB1: Final = {"TRANSACTION": "TRANS", "TRANSACTION2": "TRANS2", "NT_TRANSACT": "NT_TRANS"}
SMB1_COMMANDS: Final = SMB1 | {"READ": "READ_ANDX", "WRITE": "WRITE_ANDX", "NEGOTIATE": "NEGOTIATE_PROTOCOL"}
SMB2: Final = {"LOGOFF": "SESSION_LOGOFF", "QUERY_DIRECTORY": "FIND", "ECHO": "KEEPALIVE"}
SMB_COMMANDS: Final = {1: SMB1_COMMANDS, 2: SMB2 | {"NEGOTIATE": "NEGOTIATE_PROTOCOL"}}
SMB_DIALECTS: Final = {"2.0.2": "2.02", "2.1": "2.10", "3.0": "3.00", "3.0.2": "3.02", "3.1.1": "3.11"}
SMB_CARRIERS: Final[dict[str, Event]] = {}
SMB_FILES: Final[dict[str, list[tuple[str, Record]]]] = {}


def _dcerpc(event: Event) -> list[Record]:
    """Calls through a pipe are part of EVE's ``smb`` records."""
    if event.get("vonggac.dcerpc.count") is not None:
        return []
    of = {name.removeprefix("vonggac.dcerpc."): value for name, value in event.items()}
    number, activity, fragments = of.get("call_id"), of.get("activity"), of.get("response_fragments")
    request, response = of.get("request"), of.get("response")
    rpc: Record = {
        "request": request.upper() if request else "REQUEST_LOST",
        "response": response.upper().replace("BIND_", "BIND") if response else "UNREPLIED",
        "rpc_version": of.get("version"),
        "interfaces": _interfaces(of),
        **({"seqnum": number, "activityuuid": activity} if activity else {"call_id": number}),
    }
    if request == "request":
        rpc["req"] = {"opnum": of.get("operation.number"), "frag_cnt": of.get("request_fragments")}
        rpc["req"]["stub_data_size"] = of.get("request_bytes")
    if response == "response" and fragments:
        # EVE counts the second half of the head, eight bytes, to the arguments of a response.
        size = of["response_bytes"] + (0 if activity else 8 * fragments)
        rpc["res"] = {"frag_cnt": fragments, "stub_data_size": size}
    if "pipe" not in of:
        return [record_of(event, "dcerpc") | {"dcerpc": rpc}]
    return [record_of(event, "smb") | {"smb": {"dcerpc": rpc | {"opnum": of.get("operation.number")}}}]


def _smb(event: Event) -> list[Record]:
    """The command itself, and the reads and writes of a file, which EVE counts as one each."""
    command, function = event["vonggac.smb.command"], event.get("vonggac.smb.function")
    moved = {"READ": "bytes_read", "WRITE": "bytes_written"} if event.get("file.path") else {}
    commands = [name for name, field in moved.items() if event.get(f"vonggac.smb.{field}")]
    if command not in ("READ", "WRITE", "TRANSFORM", "TRANSACTION", "TRANSACTION2") or function in ("rename", "delete"):
        commands.append(command)
    SMB_CARRIERS[event["event.id"]] = event
    files = [_smb_file(event, *file) for file in SMB_FILES.pop(event["event.id"], [])]
    return [record_of(event, "smb") | {"smb": _smb_command(event, name)} for name in commands] + files


def carried(event: Event, record: Record) -> list[Record]:
    """EVE's record of a file repeats the command that carried it, which is an event of its own here."""
    carrier, upload = event["vonggac.file.carrier"], event["vonggac.file.direction"] == "upload"
    command = "WRITE" if upload else "READ"
    if carrier in SMB_CARRIERS:
        return [_smb_file(SMB_CARRIERS[carrier], command, record)]
    SMB_FILES.setdefault(carrier, []).append((command, record))
    return []


def _smb_file(event: Event, command: str, record: Record) -> Record:
    return record | {"smb": _smb_command(event, command)}


def _smb_command(event: Event, command: str) -> Record:
    of = {name.removeprefix("vonggac.smb."): value for name, value in event.items()}
    version, dialect, code = min(of["version"], 2), of.get("dialect", "unknown"), of.get("status_code")
    pipe, options = of.get("named_pipe"), of.get("options") or []
    path = of.get("file.path") or (f"\\{pipe}" if pipe and version == 1 else pipe)
    smb: Record = {
        "id": of["ordinal"] + 1,
        "dialect": SMB_DIALECTS.get(dialect, dialect),
        "command": f"SMB{version}_COMMAND_{SMB_COMMANDS[version].get(command, command)}",
        "status": of.get("status"),
        "status_code": None if code is None else f"0x{code:x}",
        "session_id": of.get("session_id", 0),
        "tree_id": of.get("tree_id", 0),
        "named_pipe" if of.get("share_type") == "pipe" else "share": of.get("share"),
        "directory" if "DIRECTORY_FILE" in options else "filename": "<share_root>" if path == "\\" else path,
        "function": of.get("function"),
        "fuid": _fuid(of.get("file_id")),
        "rename": {"from": path, "to": of.get("target")} if of.get("function") == "rename" else None,
        "client_dialects": [SMB_DIALECTS.get(name, name) for name in of.get("dialects") or []] or None,
    }
    if "disposition" in of:
        smb |= {"disposition": f"FILE_{of['disposition']}", "size": of.get("file.size")}
        smb["access"] = "delete on close" if "DELETE_ON_CLOSE" in options else "normal"
        times = {"created": "created", "accessed": "accessed", "modified": "mtime", "changed": "ctime"}
        smb |= {name: _seconds(of.get(f"file.{field}")) for name, field in times.items()}
    if of.get("auth") == "kerberos":
        smb["kerberos"] = {"realm": of.get("kerberos.realm"), "snames": of.get("kerberos.service")}
    if of.get("function") in ("delete", "undelete"):
        smb["access"] = "delete on close" if of["function"] == "delete" else "normal"
    if command == "TREE_CONNECT":
        smb["share_type"] = {"disk": "FILE", "pipe": "PIPE", "print": "PRINT"}.get(of.get("share_type", ""))
    if of.get("auth") == "ntlm":
        names = {"domain": "user.domain", "user": "user.name", "host": "client.host", "version": "client.version"}
        smb["ntlmssp"] = {name: of.get(field) for name, field in names.items()}
    for part, end in (("request", "client"), ("response", "server")):
        smb[f"{end}_guid"] = of.get(f"{end}.guid")
        smb[part] = {"native_os": of[f"{end}.os"], "native_lm": of.get(f"{end}.lanman")} if f"{end}.os" in of else None
    return smb


def _fuid(file: str | None) -> str | None:
    """Two numbers to one GUID."""
    if file is None or "-" not in file:
        return file
    first, last = file.split("-")
    return f"{first[8:]}-{first[4:8]}-{first[:4]}-{last[12:]}-{last[8:12]}{last[:8]}"


def _seconds(time: str | None) -> int | None:
    return None if time is None else int(dt.datetime.fromisoformat(time).timestamp())


def _interfaces(of: Record) -> list[Record] | None:
    """All that is offered, with the answers; of a call the one that is called."""
    if of.get("request") == "request":
        names = {"service": of.get("interface.name"), "procedure": of.get("operation.name")}
        one = {"uuid": of.get("interface.uuid"), "version": of.get("interface.version"), **names}
        return [without_nothing(one)] if one["uuid"] else None
    lists = [of.get(f"offered.{part}") or [] for part in ("uuid", "version", "name")]
    results = [*(of.get("offered.result") or []), *[None] * len(lists[0])]
    parts = ("uuid", "version", "service", "ack_result")
    return [without_nothing(dict(zip(parts, one, strict=True))) for one in zip(*lists, results, strict=False)] or None


TRANSLATIONS: Final[dict[str, Callable[[Event], list[Record]]]] = {
    "dcerpc": _dcerpc,
    "smb": _smb,
}
