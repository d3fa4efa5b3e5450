"""Flows and the protocols of the web: DNS, HTTP, TLS, QUIC and what they carry, DHCP, ARP."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from tests.conformance.record import DNS_OPERATIONS, Event, Record, record_of, without_nothing

TLS_VERSIONS: Final = {"1.0": "TLSv1", "SSLv2": "SSLv2", "SSLv3": "SSLv3"}
DNS_FLAGS: Final = {"AA": 0x0400, "TC": 0x0200, "RD": 0x0100, "RA": 0x0080, "AD": 0x0020, "CD": 0x0010}
DNS_CODES: Final = ["NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"]
DHCP_PARAMETERS: Final = {1: "subnet_mask", 3: "router", 6: "dns_server", 12: "hostname", 15: "domain"}
DHCP_REPLIES: Final = {"OFFER", "ACK", "NAK"}
TCP_FLAGS: Final = ("fin", "syn", "rst", "psh", "ack", "urg", "ecn", "cwr")
QUOTED: Final = re.compile(r'"((?:[^"\\]|\\.)*)"')
FLOW_PROTOCOLS: Final = {"kerberos": "krb5", "doh": "doh2", "dot": "tls", "doq": "quic"}
TLS_EXTENSIONS: Final = {
    0: "server_name",
    5: "status_request",
    10: "supported_groups",
    11: "ec_point_formats",
    13: "signature_algorithms",
    16: "alpn",
    18: "signed_certificate_timestamp",
    23: "extended_master_secret",
    27: "compress_certificate",
    35: "session_ticket",
    41: "pre_shared_key",
    42: "early_data",
    43: "supported_versions",
    44: "cookie",
    45: "psk_key_exchange_modes",
    51: "key_share",
    57: "quic_transport_parameters",
    65281: "renegotiation_info",
}


def _flow(event: Event) -> list[Record]:
    """EVE keeps no flow for GRE itself, only for what it carries."""
    if event.get("network.transport") == "47":
        return []
    sides = {side: event.get(f"vonggac.{end}.tcp_flags") for side, end in (("ts", "source"), ("tc", "destination"))}
    tcp: Record = {}
    if sides["ts"] is not None:
        both = sides["ts"] | (sides["tc"] or 0)
        tcp = {"tcp_flags": f"{both:02x}"}
        tcp |= {f"tcp_flags_{side}": f"{flags or 0:02x}" for side, flags in sides.items()}
        tcp |= {name: True for bit, name in enumerate(TCP_FLAGS) if both >> bit & 1}
    record = record_of(event, "flow")
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
    protocol = event.get("network.protocol", "")
    return [record | {"app_proto": FLOW_PROTOCOLS.get(protocol, protocol) or None, "flow": flow, "tcp": tcp}]


def _dns(event: Event) -> list[Record]:
    """The question, where we saw it, and the answer, where there is one."""
    name = event.get("vonggac.dns.question.sent") or event.get("dns.question.name", "")
    common: Record = {"version": 3, "id": event.get("dns.id")}
    common["opcode"] = DNS_OPERATIONS.get(event.get("dns.op_code", ""))
    if event.get("dns.question.type"):
        common["queries"] = [{"rrname": name, "rrtype": event["dns.question.type"]}]
    records = []
    # Over HTTP one record has it all.
    whole = event.get("network.protocol") == "doh" and event.get("dns.type") == "answer"
    if event.get("vonggac.dns.query_bytes") is not None and not whole:
        records.append(record_of(event, "dns") | {"dns": {"type": "request", **common}})
    if event.get("dns.type") == "answer":
        records.append(
            record_of(event, "dns", reverse=True) | {"dns": {"type": "response", **common, **_answer(event, name)}}
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
    http = _transaction(event) | (_http2_stream(event) if event.get("vonggac.http.stream") is not None else {})
    return [record_of(event, "http") | {"http": http}]


def _transaction(event: Event) -> Record:
    version = event.get("http.version")
    media_type = event.get("vonggac.http.response.content_type")
    reason = event.get("vonggac.http.response.reason")
    return {
        "hostname": hostname(event),
        "http_port": event.get("url.port"),
        "url": event.get("url.original"),
        "http_method": event.get("http.request.method"),
        "http_user_agent": event.get("user_agent.original"),
        "http_refer": event.get("http.request.referrer"),
        "http_content_type": media_type and media_type.split(";")[0].strip(),
        "protocol": version and f"HTTP/{version}",
        "status": event.get("http.response.status_code"),
        "status_string": None if event.get("http.response.status_code") else (reason or "").split(" ")[0] or None,
        "redirect": event.get("vonggac.http.response.location"),
        "length": event.get("http.response.body.bytes") or 0,
    }


def hostname(event: Event) -> str | None:
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
        "ja3": {"hash": event.get("tls.client.ja3"), "string": event.get("vonggac.tls.client.ja3_string")},
        "ja3s": {"hash": event.get("tls.server.ja3s"), "string": event.get("vonggac.tls.server.ja3s_string")},
        "ja4": event.get("tls.client.ja4"),
        "client_alpns": event.get("vonggac.tls.client.alpn"),
        "server_alpns": chosen and [chosen],
        "session_resumed": event.get("tls.resumed") or None,
    }
    client_sha1 = event.get("tls.client.hash.sha1")
    tls["client"] = {
        "subject": event.get("tls.client.subject"),
        "issuerdn": event.get("tls.client.issuer"),
        "fingerprint": client_sha1 and _colons(client_sha1),
    }
    if event.get("network.protocol") == "dtls":
        return []  # EVE does not know it
    return [record_of(event, "tls") | {"tls": tls}] if event.get("vonggac.quic.version") is None else _quic(event, tls)


def _second(time: str | None) -> str | None:
    """``2026-01-01T00:00:00.000000Z`` → ``2026-01-01T00:00:00``."""
    return time and time.removesuffix("Z").partition(".")[0]


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
    return [record_of(event, "dhcp") | {"dhcp": dhcp}]


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
    return [record_of(event, "arp") | {"arp": arp}]


def _anomaly(event: Event) -> list[Record]:
    """EVE has other names for what is wrong; the count stays comparable."""
    name, protocol = event.get("vonggac.anomaly.name"), event.get("network.protocol")
    return [record_of(event, "anomaly") | {"app_proto": protocol, "anomaly": {"type": "applayer", "event": name}}]


def _quic(event: Event, tls: Record) -> list[Record]:
    """The hellos of both sides are two records."""
    common = {"version": event.get("vonggac.quic.version")}
    client = common | {name: tls.get(name) for name in ("sni", "ja3", "ja4")}
    client |= {"ua": event.get("user_agent.original")}
    values = {0: tls.get("sni") and [tls["sni"]], 16: tls.get("client_alpns")}
    client["extensions"] = _extensions(tls, "ja3", values)
    server = common | {"ja3s": tls.get("ja3s"), "extensions": _extensions(tls, "ja3s", {})}
    records = [record_of(event, "quic") | {"quic": client}]
    return [*records, record_of(event, "quic", reverse=True) | {"quic": server}] if server["extensions"] else records


def _extensions(tls: Record, fingerprint: str, values: Mapping[int, Any]) -> list[Record] | None:
    text = tls.get(fingerprint, {}).get("string") or ",,"
    numbers = [int(number) for number in text.split(",")[2].split("-") if number]
    return [{"name": TLS_EXTENSIONS.get(n), "type": n, "values": values.get(n) or []} for n in numbers] or None


def _http2_stream(event: Event) -> Record:
    """Header names as sent, with the values of those that are recorded."""
    asked = {
        ":authority": event.get("vonggac.http.request.host"),
        ":method": event.get("http.request.method"),
        ":path": event.get("url.original"),
        "user-agent": event.get("user_agent.original"),
    }
    status = event.get("http.response.status_code")
    answered = {":status": str(status) if status else None, "server": event.get("vonggac.http.response.server")}
    return {
        "version": event.get("http.version"),
        "http2": {"stream_id": event["vonggac.http.stream"]},
        "request_headers": _headers(event.get("vonggac.http.request.header_names"), asked),
        "response_headers": _headers(event.get("vonggac.http.response.header_names"), answered),
    }


def _headers(names: list[str] | None, values: Record) -> list[Record]:
    return [without_nothing({"name": name, "value": values.get(name)}) for name in names or []]


def _http2(event: Event) -> list[Record]:
    """What each side says of the connection is a record of stream 0."""
    records = []
    for side, name in (("client", "request"), ("server", "response")):
        pairs = [text.split("=") for text in event.get(f"vonggac.http2.{side}_settings") or []]
        settings = [{"settings_id": f"SETTINGS{k.replace('_', '')}", "settings_value": int(v)} for k, v in pairs]
        error = event.get(f"vonggac.http2.{side}_error")
        told = {"settings": settings or None, "error_code": error and error.replace("_", "")}
        if any(told.values()):
            records.append(record_of(event, "http") | {"http": {"version": "2", "http2": {"stream_id": 0, name: told}}})
    return records


def _websocket(event: Event) -> list[Record]:
    """EVE writes one record a frame."""
    pairs = zip(event.get("vonggac.websocket.kinds") or [], event.get("vonggac.websocket.counts") or [], strict=True)
    return [
        record_of(event, "websocket") | {"websocket": {"opcode": kind}} for kind, count in pairs for _ in range(count)
    ]


def _quic_without_tls(event: Event) -> list[Record]:
    google = str(event.get("vonggac.quic.version", "")).startswith("Q")
    return _quic(event, {"sni": event.get("tls.client.server_name")}) if google else []


TRANSLATIONS: Final[dict[str, Callable[[Event], list[Record]]]] = {
    "flow": _flow,
    "dns": _dns,
    "http": _http,
    "tls": _tls,
    "dhcp": _dhcp,
    "arp": _arp,
    "anomaly": _anomaly,
    "quic": _quic_without_tls,
    "http2": _http2,
    "websocket": _websocket,
}
