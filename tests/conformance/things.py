"""Industrial, peer-to-peer, message and database protocols."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from tests.conformance.record import Event, Record, record_of


def _mqtt(event: Event) -> list[Record]:
    """One record with an object for each packet of the exchange; topics that were only counted are none of EVE's."""
    get = {name.removeprefix("vonggac.mqtt."): value for name, value in event.items()}.get
    topics, codes = get("topics") or [], get("reason_codes")
    code = codes and codes[0]
    asked = [{"topic": topic, "qos": qos} for topic, qos in zip(topics, get("qos") or [], strict=False)]
    parts: Record = {
        "publish": {"topic": topics and topics[0]},
        "subscribe": {"topics": asked},
        "unsubscribe": {"topics": topics},
        "connack": {"session_present": get("session_present"), "return_code": code},
        "suback": {"qos_granted": codes},
        "unsuback": {"reason_codes": codes},
        "connect": {},
    }
    mqtt: Record = {}
    for name, flags in zip(get("messages") or [], get("flags") or [], strict=True):
        header = {
            "qos": flags >> 1 & 3,
            "retain": bool(flags & 1),
            "dup": bool(flags & 8),
            "message_id": get("message_id"),
        }
        own = [text.removeprefix(f"{name}:").partition("=") for text in get("properties") or [] if f"{name}:" in text]
        properties = {key: int(value) if value.isdigit() else value for key, _, value in own}
        mqtt[name] = header | parts.get(name, {"reason_code": code}) | {"properties": properties}
    return [record_of(event, "mqtt") | {"mqtt": mqtt}] if mqtt else []


def _sip(event: Event) -> list[Record]:
    """EVE has a record for every message; only version 2.0 is SIP."""
    records, reverse = [], bool(event.get("vonggac.sip.from_server"))
    method, uri = event.get("vonggac.sip.method"), event.get("vonggac.sip.uri")
    if method:
        sip = {"method": method, "uri": uri, "version": "SIP/2.0", "request_line": f"{method} {uri} SIP/2.0"}
        records.append(record_of(event, "sip", reverse) | {"sip": sip})
    answers = zip(event.get("vonggac.sip.statuses") or [], event.get("vonggac.sip.reasons") or [], strict=True)
    for code, reason in answers:
        sip = {"version": "SIP/2.0", "code": str(code), "reason": reason, "response_line": f"SIP/2.0 {code} {reason}"}
        records.append(record_of(event, "sip", not reverse) | {"sip": sip})
    return records


def _sql(event: Event) -> list[Record]:
    """Only PostgreSQL is EVE's."""
    get = {name.removeprefix("vonggac.sql."): value for name, value in event.items()}.get
    kind, result = get("request", ""), get("result")
    message = {"ssl": "SSL Request", "terminate": "termination_message"}.get(kind)
    response = {
        "ssl_accepted": {"accepted": True, "refused": False}.get(result or "") if kind == "ssl" else None,
        "message": get("error") or (result if kind in ("startup", "authentication") else None),
        "code": get("error_code"),
        "command_completed": result if kind == "query" else None,
        "data_rows": get("rows"),
    }
    pgsql = {
        "tx_id": get("ordinal"),
        "request": {"message": message, "simple_query": get("query")},
        "response": response,
    }
    return [record_of(event, "pgsql") | {"pgsql": pgsql}] if get("network.protocol") == "pgsql" else []


def _dht(event: Event) -> list[Record]:
    """Question and answer are two records."""
    get = {name.removeprefix("vonggac.dht."): value for name, value in event.items()}.get
    records, reverse, query = [], bool(get("from_server")), get("query")
    dht: Record = {"transaction_id": get("transaction_id"), "client_version": get("client_version")}
    if query:
        request = {name: get(name) for name in ("target", "info_hash", "port")} | {"id": get("node_id")}
        request["token"] = get("token") if query == "announce_peer" else None
        question = dht | {"request_type": query, "request": request}
        records.append(record_of(event, "bittorrent_dht", reverse) | {"bittorrent_dht": question})
    if get("answer_id") or get("error_code") is not None:
        peers = [peer.rpartition(":") for peer in get("peers") or []]
        values = [{"ip": host, "port": int(port)} for host, _, port in peers] or None
        answer = {"id": get("answer_id"), "token": get("token") if query != "announce_peer" else None, "values": values}
        dht |= {"client_version": get("answer_version"), "response": answer}
        dht["error"] = {"num": get("error_code"), "msg": get("error")}
        records.append(record_of(event, "bittorrent_dht", not reverse) | {"bittorrent_dht": dht})
    return records


def _dnp3(event: Event) -> list[Record]:
    get = {name.removeprefix("vonggac.dnp3."): value for name, value in event.items()}.get
    code, link, control = (get(part) or 0 for part in ("function_code", "control", "application_control"))
    objects = []
    for kind, qualifier, *numbers in zip(
        *(get(part) or [] for part in ("objects", "qualifiers", "starts", "stops", "counts")), strict=True
    ):
        group, variation = map(int, kind.split("."))
        known = {"group": group, "variation": variation, "qualifier": qualifier}
        known |= {"prefix_code": qualifier >> 4 & 7, "range_code": qualifier & 15}
        objects.append(known | dict(zip(("start", "stop", "count"), numbers, strict=True)))
    flags = {name: bool(control & bit) for name, bit in (("fir", 128), ("fin", 64), ("con", 32), ("uns", 16))}
    links = {name: bool(link & bit) for name, bit in (("dir", 128), ("pri", 64), ("fcb", 32), ("fcv", 16))}
    dnp3 = {
        "type": {129: "response", 130: "unsolicited_response"}.get(code, "request"),
        "src": get("source"),
        "dst": get("destination"),
        "control": links | {"function_code": link & 15},
        "iin": {"indicators": ["device_restart"] if (get("indications") or 0) & 0x8000 else None},
        "application": {
            "function_code": code,
            "complete": get("complete"),
            "control": flags | {"sequence": control & 15},
            "objects": objects or None,
        },
    }
    return [record_of(event, "dnp3") | {"dnp3": dnp3}]


def _nfs(event: Event) -> list[Record]:
    get = {name.removeprefix("vonggac.nfs."): value for name, value in event.items()}.get
    nfs = {
        "version": get("version"),
        "procedure": get("procedure"),
        "filename": get("file.name"),
        "status": get("status"),
    }
    return [record_of(event, "nfs", reverse=not get("from_server")) | {"nfs": nfs | {"type": "response"}}] * get(
        "count", 1
    )


TRANSLATIONS: Final[dict[str, Callable[[Event], list[Record]]]] = {
    "mqtt": _mqtt,
    "sip": _sip,
    "sql": _sql,
    "dht": _dht,
    "dnp3": _dnp3,
    "nfs": _nfs,
}
