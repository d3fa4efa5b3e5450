"""Our events under the field names of EVE, the output of another engine, to compare the two on the same captures.

``convert`` translates names and spellings, nothing else: ``tls.version`` ``1.2`` becomes ``TLS 1.2``, an address of IPv6 is
written out, question and answer of one ``dns`` event become the two records that EVE writes. What we do not record is absent.
This file imports nothing of the project, because the scorer loads it by its path.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

Event = Mapping[str, Any]
Record = dict[str, Any]

TRANSPORTS: Final = {
    "tcp": "TCP",
    "udp": "UDP",
    "icmp": "ICMP",
    "ipv6-icmp": "IPv6-ICMP",
    "4": "IPv4",
    "41": "IPv6",
    "47": "GRE",
    "50": "ESP",
    "132": "SCTP",
}
TLS_VERSIONS: Final = {"1.0": "TLSv1", "SSLv2": "SSLv2", "SSLv3": "SSLv3"}
DNS_FLAGS: Final = {"AA": 0x0400, "TC": 0x0200, "RD": 0x0100, "RA": 0x0080, "AD": 0x0020, "CD": 0x0010}
DNS_OPERATIONS: Final = {"QUERY": 0, "IQUERY": 1, "STATUS": 2, "NOTIFY": 4, "UPDATE": 5}
DNS_CODES: Final = ["NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"]
DHCP_PARAMETERS: Final = {1: "subnet_mask", 3: "router", 6: "dns_server", 12: "hostname", 15: "domain"}
DHCP_REPLIES: Final = {"OFFER", "ACK", "NAK"}
TCP_FLAGS: Final = ("fin", "syn", "rst", "psh", "ack", "urg", "ecn", "cwr")
QUOTED: Final = re.compile(r'"((?:[^"\\]|\\.)*)"')


def convert(event: Event) -> list[Record]:
    """The EVE records of one of our events: none for datasets that EVE does not know."""
    translate = TRANSLATIONS.get(event.get("event.dataset", ""))
    return [_without_nothing(record) for record in translate(event)] if translate else []


def _without_nothing(record: Record) -> Record:
    """Without what was not recorded; objects of which nothing is left go too."""
    kept: Record = {}
    for name, value in record.items():
        if isinstance(value, dict):
            value = _without_nothing(value) or (None if value else value)
        if value is not None:
            kept[name] = value
    return kept


def _base(event: Event, kind: str, reverse: bool = False) -> Record:
    """What every record has; ``reverse``: the server speaks."""
    sender, receiver = ("destination", "source") if reverse else ("source", "destination")
    address = event.get("source.ip")
    vlan = event.get("network.vlan.id")
    return {
        "event_type": kind,
        "timestamp": event.get("@timestamp"),
        "flow_id": event.get("vonggac.flow.id"),
        "community_id": event.get("network.community_id"),
        "src_ip": _address(event.get(f"{sender}.ip")),
        "src_port": event.get(f"{sender}.port"),
        "dest_ip": _address(event.get(f"{receiver}.ip")),
        "dest_port": event.get(f"{receiver}.port"),
        "proto": TRANSPORTS.get(event.get("network.transport", ""), event.get("network.transport")),
        "ip_v": ipaddress.ip_address(address).version if address else None,
        "vlan": None if vlan is None else [vlan],
        "ether": {"src_mac": event.get(f"{sender}.mac"), "dest_mac": event.get(f"{receiver}.mac")},
    }


def _address(text: str | None) -> str | None:
    return None if text is None else ipaddress.ip_address(text).exploded


def _flow(event: Event) -> list[Record]:
    sides = {side: event.get(f"vonggac.{end}.tcp_flags") for side, end in (("ts", "source"), ("tc", "destination"))}
    tcp: Record = {}
    if sides["ts"] is not None:
        both = sides["ts"] | (sides["tc"] or 0)
        tcp = {"tcp_flags": f"{both:02x}"}
        tcp |= {f"tcp_flags_{side}": f"{flags or 0:02x}" for side, flags in sides.items()}
        tcp |= {name: True for bit, name in enumerate(TCP_FLAGS) if both >> bit & 1}
    record = _base(event, "flow")
    macs = {"src_macs": [event.get("source.mac")], "dest_macs": [event.get("destination.mac")]}
    record["ether"] = macs if event.get("source.mac") else None
    flow = {
        "pkts_toserver": event.get("source.packets"),
        "pkts_toclient": event.get("destination.packets"),
        "bytes_toserver": event.get("source.bytes"),
        "bytes_toclient": event.get("destination.bytes"),
        "start": event.get("@timestamp"),
        "end": event.get("event.end"),
        "reason": event.get("vonggac.flow.end_reason"),
    }
    return [record | {"app_proto": event.get("network.protocol"), "flow": flow, "tcp": tcp}]


def _dns(event: Event) -> list[Record]:
    """The question, where we saw it, and the answer, where there is one."""
    name = event.get("vonggac.dns.question.sent") or event.get("dns.question.name", "")
    common: Record = {"version": 3, "id": event.get("dns.id")}
    common["opcode"] = DNS_OPERATIONS.get(event.get("dns.op_code", ""))
    if event.get("dns.question.type"):
        common["queries"] = [{"rrname": name, "rrtype": event["dns.question.type"]}]
    records = []
    if event.get("vonggac.dns.query_bytes") is not None:
        records.append(_base(event, "dns") | {"dns": {"type": "request", **common}})
    if event.get("dns.type") == "answer":
        records.append(
            _base(event, "dns", reverse=True) | {"dns": {"type": "response", **common, **_answer(event, name)}}
        )
    return records


def _answer(event: Event, name: str) -> Record:
    flags = event.get("dns.header_flags") or []
    code = event.get("dns.response_code")
    bits = 0x8000 | (DNS_OPERATIONS.get(event.get("dns.op_code", "")) or 0) << 11
    bits |= DNS_CODES.index(code) if code in DNS_CODES else 0
    for flag in flags:
        bits |= DNS_FLAGS[flag]
    return {
        "qr": True,
        **{flag.lower(): True for flag in flags},
        "flags": f"{bits:x}",
        "rcode": code,
        "answers": _resources(event, "dns.answers", name),
        "authorities": _resources(event, "vonggac.dns.authority", name),
    }


def _resources(event: Event, prefix: str, asked: str) -> list[Record] | None:
    """Records of one section; EVE writes one for every string of a TXT record, and names as they were sent."""
    parts = [event.get(f"{prefix}.{part}") or [] for part in ("name", "type", "data", "ttl")]
    records = []
    for owner, kind, data, ttl in zip(*parts, strict=True):
        spelled = asked if owner == asked.lower() else owner
        texts = [re.sub(r"\\(.)", r"\1", text) for text in QUOTED.findall(data)] if kind == "TXT" else []
        for text in texts or [data]:
            records.append({"rrname": spelled, "rrtype": kind, "ttl": ttl} | _data(kind, text))
    return records or None


def _data(kind: str, text: str) -> Record:
    words = text.split(" ")
    if kind == "SOA" and len(words) == 7:
        names = ("serial", "refresh", "retry", "expire", "minimum")
        return {"soa": {"mname": words[0], "rname": words[1]} | dict(zip(names, map(int, words[2:]), strict=True))}
    if kind == "SRV" and len(words) == 4:
        return {"srv": dict(zip(("priority", "weight", "port"), map(int, words), strict=False)) | {"name": words[3]}}
    if kind == "SSHFP" and len(words) == 3:
        return {"sshfp": {"algo": int(words[0]), "type": int(words[1]), "fingerprint": _colons(words[2])}}
    if kind == "MX" and len(words) == 2:
        return {"rdata": words[1]}
    return {"rdata": text}


def _colons(digits: str) -> str:
    return ":".join(digits[at : at + 2] for at in range(0, len(digits), 2))


def _http(event: Event) -> list[Record]:
    return [_base(event, "http") | {"http": _transaction(event)}]


def _transaction(event: Event) -> Record:
    version = event.get("http.version")
    media_type = event.get("vonggac.http.response.content_type")
    return {
        "hostname": _hostname(event),
        "http_port": event.get("url.port"),
        "url": event.get("url.original"),
        "http_method": event.get("http.request.method"),
        "http_user_agent": event.get("user_agent.original"),
        "http_refer": event.get("http.request.referrer"),
        "http_content_type": media_type and media_type.split(";")[0].strip(),
        "protocol": version and f"HTTP/{version}",
        "status": event.get("http.response.status_code"),
        "redirect": event.get("vonggac.http.response.location"),
        "length": event.get("http.response.body.bytes") or 0,
    }


def _hostname(event: Event) -> str | None:
    """EVE leaves the brackets of an IPv6 literal."""
    domain: str | None = event.get("url.domain")
    return f"[{domain}]" if domain and ":" in domain else domain


def _tls(event: Event) -> list[Record]:
    version = event.get("tls.version") or event.get("vonggac.tls.client.version")
    serial = event.get("tls.server.x509.serial_number")
    sha1 = event.get("tls.server.hash.sha1")
    chosen = event.get("tls.next_protocol")
    tls = {
        "version": version and TLS_VERSIONS.get(version, f"TLS {version.replace('-draft', ' draft-')}"),
        "sni": event.get("tls.client.server_name"),
        "subject": event.get("tls.server.x509.subject.distinguished_name"),
        "issuerdn": event.get("tls.server.x509.issuer.distinguished_name"),
        "serial": serial and _colons(f"00{serial}" if len(serial) % 2 == 0 and serial[0] in "89ABCDEF" else serial),
        "fingerprint": sha1 and _colons(sha1),
        "subjectaltname": event.get("tls.server.x509.alternative_names"),
        "notbefore": _second(event.get("tls.server.x509.not_before")),
        "notafter": _second(event.get("tls.server.x509.not_after")),
        "ja3": {"hash": event.get("tls.client.ja3")},
        "ja3s": {"hash": event.get("tls.server.ja3s")},
        "ja4": event.get("tls.client.ja4"),
        "client_alpns": event.get("vonggac.tls.client.alpn"),
        "server_alpns": chosen and [chosen],
        "session_resumed": event.get("tls.resumed") or None,
    }
    return [_base(event, "tls") | {"tls": tls}]


def _second(time: str | None) -> str | None:
    """``2026-01-01T00:00:00.000000Z`` → ``2026-01-01T00:00:00``."""
    return time and time.removesuffix("Z").partition(".")[0]


def _file(event: Event) -> list[Record]:
    """The sender of a download is the server."""
    record = _base(event, "fileinfo", reverse=event.get("vonggac.file.direction") == "download")
    protocol = event.get("network.protocol")
    name, path = event.get("file.name"), event.get("url.path")
    if path and (name is None or path.endswith(f"/{name}")):
        name = path  # a name that was taken from the target: EVE shows all of it
    carrier = {
        "http": {
            "hostname": _hostname(event),
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
    return [record | {"app_proto": protocol, "fileinfo": file} | (carrier if protocol == "http" else {})]


def _dhcp(event: Event) -> list[Record]:
    kind = event.get("vonggac.dhcp.message_type")
    reply = kind in DHCP_REPLIES
    parameters = event.get("vonggac.dhcp.parameters")
    dhcp = {
        "type": "reply" if reply else "request",
        "id": event.get("vonggac.dhcp.transaction_id"),
        "dhcp_type": kind and kind.lower(),
        "client_mac": event.get("vonggac.dhcp.client_mac"),
        "client_ip": event.get("vonggac.dhcp.client_ip"),
        "assigned_ip": event.get("vonggac.dhcp.assigned_ip"),
        "requested_ip": event.get("vonggac.dhcp.requested_ip"),
        "relay_ip": event.get("vonggac.dhcp.relay_ip"),
        "hostname": event.get("vonggac.dhcp.host_name"),
        "lease_time": event.get("vonggac.dhcp.lease_seconds"),
        "routers": event.get("vonggac.dhcp.routers"),
        "dns_servers": event.get("vonggac.dhcp.name_servers"),
        "params": parameters and [DHCP_PARAMETERS.get(number, str(number)) for number in parameters],
    }
    return [_base(event, "dhcp") | {"dhcp": dhcp}]


def _arp(event: Event) -> list[Record]:
    arp = {
        "hw_type": "ethernet",
        "proto_type": "ipv4",
        "opcode": event.get("vonggac.arp.operation"),
        "src_mac": event.get("vonggac.arp.sender_mac"),
        "src_ip": event.get("source.ip"),
        "dest_mac": event.get("vonggac.arp.target_mac") or "00:00:00:00:00:00",
        "dest_ip": event.get("destination.ip"),
    }
    return [_base(event, "arp") | {"arp": arp}]


def _anomaly(event: Event) -> list[Record]:
    """EVE has other names for what is wrong; the count stays comparable."""
    name, protocol = event.get("vonggac.anomaly.name"), event.get("network.protocol")
    return [_base(event, "anomaly") | {"app_proto": protocol, "anomaly": {"type": "applayer", "event": name}}]


# log-ins and identity


# shares and remote procedures


# mail


# files and remote shells


# secure and multiplexed transports


# names and the local network


# things and other services


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
    return [_base(event, "mqtt") | {"mqtt": mqtt}] if mqtt else []


def _sip(event: Event) -> list[Record]:
    """EVE has a record for every message; only version 2.0 is SIP."""
    records, reverse = [], bool(event.get("vonggac.sip.from_server"))
    method, uri = event.get("vonggac.sip.method"), event.get("vonggac.sip.uri")
    if method:
        sip = {"method": method, "uri": uri, "version": "SIP/2.0", "request_line": f"{method} {uri} SIP/2.0"}
        records.append(_base(event, "sip", reverse) | {"sip": sip})
    answers = zip(event.get("vonggac.sip.statuses") or [], event.get("vonggac.sip.reasons") or [], strict=True)
    for code, reason in answers:
        sip = {"version": "SIP/2.0", "code": str(code), "reason": reason, "response_line": f"SIP/2.0 {code} {reason}"}
        records.append(_base(event, "sip", not reverse) | {"sip": sip})
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
    return [_base(event, "pgsql") | {"pgsql": pgsql}] if get("network.protocol") == "pgsql" else []


def _dht(event: Event) -> list[Record]:
    """Question and answer are two records."""
    get = {name.removeprefix("vonggac.dht."): value for name, value in event.items()}.get
    records, reverse, query = [], bool(get("from_server")), get("query")
    dht: Record = {"transaction_id": get("transaction_id"), "client_version": get("client_version")}
    if query:
        request = {name: get(name) for name in ("target", "info_hash", "port")} | {"id": get("node_id")}
        request["token"] = get("token") if query == "announce_peer" else None
        question = dht | {"request_type": query, "request": request}
        records.append(_base(event, "bittorrent_dht", reverse) | {"bittorrent_dht": question})
    if get("answer_id") or get("error_code") is not None:
        peers = [peer.rpartition(":") for peer in get("peers") or []]
        values = [{"ip": host, "port": int(port)} for host, _, port in peers] or None
        answer = {"id": get("answer_id"), "token": get("token") if query != "announce_peer" else None, "values": values}
        dht |= {"client_version": get("answer_version"), "response": answer}
        dht["error"] = {"num": get("error_code"), "msg": get("error")}
        records.append(_base(event, "bittorrent_dht", not reverse) | {"bittorrent_dht": dht})
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
    return [_base(event, "dnp3") | {"dnp3": dnp3}]


def _nfs(event: Event) -> list[Record]:
    get = {name.removeprefix("vonggac.nfs."): value for name, value in event.items()}.get
    nfs = {
        "version": get("version"),
        "procedure": get("procedure"),
        "filename": get("file.name"),
        "status": get("status"),
    }
    return [_base(event, "nfs", reverse=not get("from_server")) | {"nfs": nfs | {"type": "response"}}] * get("count", 1)


TRANSLATIONS: Final[dict[str, Callable[[Event], list[Record]]]] = {
    "flow": _flow,
    "dns": _dns,
    "http": _http,
    "tls": _tls,
    "file": _file,
    "dhcp": _dhcp,
    "arp": _arp,
    "anomaly": _anomaly,
    # log-ins and identity
    # shares and remote procedures
    # mail
    # files and remote shells
    # secure and multiplexed transports
    # names and the local network
    # things and other services
    "mqtt": _mqtt,
    "sip": _sip,
    "sql": _sql,
    "dht": _dht,
    "dnp3": _dnp3,
    "nfs": _nfs,
}
