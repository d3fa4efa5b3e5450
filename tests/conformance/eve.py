"""Our events under the field names of EVE, the output of another engine, to compare the two on the same captures.

``convert`` translates names and spellings, nothing else: ``tls.version`` ``1.2`` becomes ``TLS 1.2``, an address of IPv6 is
written out, question and answer of one ``dns`` event become the two records that EVE writes. What we do not record is absent.
This file imports nothing of the project, because the scorer loads it by its path.
"""

from __future__ import annotations

import datetime as dt
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
FLOW_PROTOCOLS: Final = {"doh": "doh2", "dot": "tls", "doq": "quic"}
TLS_VERSIONS: Final = {"1.0": "TLSv1", "SSLv2": "SSLv2", "SSLv3": "SSLv3"}
DNS_FLAGS: Final = {"AA": 0x0400, "TC": 0x0200, "RD": 0x0100, "RA": 0x0080, "AD": 0x0020, "CD": 0x0010}
DNS_OPERATIONS: Final = {"QUERY": 0, "IQUERY": 1, "STATUS": 2, "NOTIFY": 4, "UPDATE": 5}
DNS_CODES: Final = ["NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"]
DHCP_PARAMETERS: Final = {1: "subnet_mask", 3: "router", 6: "dns_server", 12: "hostname", 15: "domain"}
DHCP_REPLIES: Final = {"OFFER", "ACK", "NAK"}
TCP_FLAGS: Final = ("fin", "syn", "rst", "psh", "ack", "urg", "ecn", "cwr")
LDAP_OBJECTS: Final = {"bind": "name", "search": "base_object", "modify": "object", "delete": "dn"}
LDAP_SCOPES: Final = {"base": 0, "one": 1, "sub": 2, "children": 3}
LDAP_ALIASES: Final = {"never": 0, "searching": 1, "finding": 2, "always": 3}
LDAP_EXTENSIONS: Final = {"StartTLS": "1.3.6.1.4.1.1466.20037", "who-am-i": "1.3.6.1.4.1.4203.1.11.3"}
SNMP_KINDS: Final = {"get": "get_request", "get-next": "get_next_request", "get-bulk": "get_bulk_request"} | {
    "set": "set_request",
    "inform": "inform_request",
    "trap": "trap_v1",
    "trap-v2": "trap_v2",
MODBUS_FUNCTIONS: Final = {
    "read-coils": "RdCoils",
    "read-holding-registers": "RdHoldRegs",
    "write-single-coil": "WrSingleCoil",
}
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
    vlans = event.get("vonggac.flow.vlans") or (None if vlan is None else [vlan])
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
        "vlan": vlans,
        "spi": event.get("vonggac.flow.spi"),
        "ether": {"src_mac": event.get(f"{sender}.mac"), "dest_mac": event.get(f"{receiver}.mac")},
    }


def _address(text: str | None) -> str | None:
    return None if text is None else ipaddress.ip_address(text).exploded


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
    http = _transaction(event) | (_http2_stream(event) if event.get("vonggac.http.stream") is not None else {})
    return [_base(event, "http") | {"http": http}]


def _transaction(event: Event) -> Record:
    version = event.get("http.version")
    media_type = event.get("vonggac.http.response.content_type")
    reason = event.get("vonggac.http.response.reason")
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
        "status_string": None if event.get("http.response.status_code") else (reason or "").split(" ")[0] or None,
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
    return [_base(event, "tls") | {"tls": tls}] if event.get("vonggac.quic.version") is None else _quic(event, tls)


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
    if protocol == "smb":
        return _carried(event, record | {"app_proto": protocol, "fileinfo": file})
    if protocol == "ftp":
        protocol, record["ftp_data"] = "ftp-data", _ftp_transfer(event)
        file["filename"] = record["ftp_data"]["filename"]
    return [record | {"app_proto": protocol, "fileinfo": file} | (carrier if protocol == "http" else {})]
    carrier = _envelope(event) if protocol == "smtp" else carrier if protocol == "http" else {}
    return [record | {"app_proto": protocol, "fileinfo": file} | carrier]


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


def _kerberos(event: Event) -> list[Record]:
    """The request, where we saw it, and the reply, where there is one; EVE spells out what is absent."""
    own = {name.removeprefix("vonggac.kerberos."): value for name, value in event.items()}
    asked, replied, granted = own.get("request_type"), own.get("reply_type"), own.get("reply.client")
    common: Record = {"sname": own.get("service.name", "<empty>"), "encryption": "<none>", "weak_encryption": False}
    records = []
    if asked in ("AS", "TGS"):
        client = own.get("user.name")
        named = client if asked == "AS" or client != granted else None
        request = {"cname": named or "<empty>", "realm": own.get("service.realm", "<empty>")}
        request["msg_type"] = f"KRB_{asked}_REQ"
        records.append(_base(event, "krb5") | {"krb5": common | request})
    if replied:
        answer: Record = {"msg_type": "KRB_ERROR" if replied == "ERROR" else f"KRB_{replied}_REP"}
        answer |= {"encryption": own.get("encryption.reply", "<none>")}
        answer |= {"weak_encryption": own.get("encryption.reply_weak", False), "error_code": own.get("error_code")}
        answer |= {"ticket_encryption": own.get("encryption.ticket")}
        answer |= {"ticket_weak_encryption": own.get("encryption.ticket_weak")}
        answer |= {"cname": granted or "<empty>", "realm": own.get("reply.realm", "<empty>")}
        answer["failed_request"] = f"KRB_{asked}_REQ" if asked and replied == "ERROR" else None
        records.append(_base(event, "krb5", reverse=True) | {"krb5": common | answer})
    return records


def _ldap(event: Event) -> list[Record]:
    """One record an operation: the request, and the responses as far as they are recorded (of the entries the first)."""
    own = {name.removeprefix("vonggac.ldap."): value for name, value in event.items()}
    operation, responses = own.get("operation", ""), []
    short = {"delete": "del", "modify_dn": "mod_dn"}.get(operation, operation)
    if "entry.name" in own:
        found = [{"type": name, "values": values} for _, name, values in _ldap_values(own.get("entry.attributes"))]
        entry = {"base_object": own["entry.name"], "attributes": found}
        responses.append({"operation": "search_result_entry", "search_result_entry": entry})
    if code := own.get("result_code"):
        name = "search_result_done" if operation == "search" else f"{short}_response"
        result = {"matched_dn": own.get("result_name", ""), "message": own.get("result_text", "")}
        result |= {"result_code": re.sub("([A-Z]+)", r"_\1", code).lower()}
        responses.append({"operation": name, name: result})
    asked: Record = {"message_id": own.get("message_id"), "operation": f"{short}_request"}
    request = {"request": asked | {f"{short}_request": _ldap_request(own)}} if own.get("message_id") else {}
    return [_base(event, "ldap") | {"ldap": request | {"responses": responses}}]


def _ldap_request(own: Event) -> Record:
    operation, attributes, changes = own.get("operation", ""), own.get("attributes"), _ldap_values(own.get("changes"))
    asked = {name: own.get(name) for name in ("version", "size_limit", "time_limit", "types_only", "new_superior")}
    asked[LDAP_OBJECTS.get(operation, "entry")] = own.get("name")
    asked |= {"new_rdn": own.get("new_name"), "delete_old_rdn": own.get("delete_old_name")}
    if operation == "search":
        asked |= {"scope": LDAP_SCOPES.get(own["scope"]), "deref_alias": LDAP_ALIASES.get(own["dereference"])}
        asked["attributes"] = attributes
    elif operation == "extended":
        asked["name"] = LDAP_EXTENSIONS.get(own.get("extension", ""), own.get("extension"))
    elif operation == "bind" and own.get("method", "").isupper():
        asked["sasl"] = {"mechanism": own["method"]}
    elif operation == "compare" and attributes:
        asked["attribute_value_assertion"] = {"description": attributes[0], "value": own.get("value")}
    elif operation == "add":
        asked["attributes"] = [{"name": name, "values": values} for _, name, values in changes]
    elif operation == "modify":
        parts = ("attribute_type", "attribute_values")
        asked["changes"] = [
            {"operation": kind, "modification": dict(zip(parts, rest, strict=True))} for kind, *rest in changes
        ]
    return asked


def _ldap_values(texts: list[str] | None) -> list[tuple[str, str, list[str]]]:
    """``replace cn=x`` → operation, attribute and values; those of one attribute together."""
    found: list[tuple[str, str, list[str]]] = []
    for text in texts or []:
        name, equals, value = text.partition("=")
        kind, _, name = name.rpartition(" ")
        if not found or found[-1][:2] != (kind, name):
            found.append((kind, name, []))
        found[-1][2].extend([value] if equals else [])
    return found


# shares and remote procedures


SMB1: Final = {"TRANSACTION": "TRANS", "TRANSACTION2": "TRANS2", "NT_TRANSACT": "NT_TRANS"}
SMB1_COMMANDS: Final = SMB1 | {"READ": "READ_ANDX", "WRITE": "WRITE_ANDX", "NEGOTIATE": "NEGOTIATE_PROTOCOL"}
SMB2: Final = {"LOGOFF": "SESSION_LOGOFF", "QUERY_DIRECTORY": "FIND", "ECHO": "KEEPALIVE"}
SMB_COMMANDS: Final = {1: SMB1_COMMANDS, 2: SMB2 | {"NEGOTIATE": "NEGOTIATE_PROTOCOL"}}
SMB_DIALECTS: Final = {"2.0.2": "2.02", "2.1": "2.10", "3.0": "3.00", "3.0.2": "3.02", "3.1.1": "3.11"}
SMB_CARRIERS: Final[dict[str, Event]] = {}
SMB_FILES: Final[dict[str, list[tuple[str, Record]]]] = {}


def _smb(event: Event) -> list[Record]:
    """The command itself, and the reads and writes of a file, which EVE counts as one each."""
    command, function = event["vonggac.smb.command"], event.get("vonggac.smb.function")
    moved = {"READ": "bytes_read", "WRITE": "bytes_written"} if event.get("file.path") else {}
    commands = [name for name, field in moved.items() if event.get(f"vonggac.smb.{field}")]
    if command not in ("READ", "WRITE", "TRANSFORM", "TRANSACTION", "TRANSACTION2") or function in ("rename", "delete"):
        commands.append(command)
    SMB_CARRIERS[event["event.id"]] = event
    files = [_smb_file(event, *file) for file in SMB_FILES.pop(event["event.id"], [])]
    return [_base(event, "smb") | {"smb": _smb_command(event, name)} for name in commands] + files


def _carried(event: Event, record: Record) -> list[Record]:
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
        return [_base(event, "dcerpc") | {"dcerpc": rpc}]
    return [_base(event, "smb") | {"smb": {"dcerpc": rpc | {"opnum": of.get("operation.number")}}}]


def _interfaces(of: Record) -> list[Record] | None:
    """All that is offered, with the answers; of a call the one that is called."""
    if of.get("request") == "request":
        names = {"service": of.get("interface.name"), "procedure": of.get("operation.name")}
        one = {"uuid": of.get("interface.uuid"), "version": of.get("interface.version"), **names}
        return [_without_nothing(one)] if one["uuid"] else None
    lists = [of.get(f"offered.{part}") or [] for part in ("uuid", "version", "name")]
    results = [*(of.get("offered.result") or []), *[None] * len(lists[0])]
    parts = ("uuid", "version", "service", "ack_result")
    return [_without_nothing(dict(zip(parts, one, strict=True))) for one in zip(*lists, results, strict=False)] or None


# mail


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


def _envelope(event: Event) -> Record:
    names = ("helo", "mail_from", "rcpt_to")
    return {"smtp": {name: event.get(f"vonggac.smtp.{name}") for name in names}, "email": _mail(event)}


def _smtp(event: Event) -> list[Record]:
    return [_base(event, "smtp") | _envelope(event)]


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
    return [_base(event, "pop3") | {"pop3": {"request": request, "response": response}}]


# files and remote shells


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
    return [_base(event, "ftp") | {"ftp": ftp}]


def _ftp_transfer(event: Event) -> Record:
    """EVE writes ``<stou>`` where STOU leaves the name to the server."""
    command, name = event.get("vonggac.ftp.command"), event.get("file.name")
    return {"command": command, "filename": "<stou>" if command == "STOU" and name is None else name}


def _ftp_data(event: Event) -> list[Record]:
    return [_base(event, "ftp_data") | {"ftp_data": _ftp_transfer(event)}]


def _tftp(event: Event) -> list[Record]:
    tftp = {
        "packet": event.get("vonggac.tftp.operation"),
        "file": event.get("file.name"),
        "mode": event.get("vonggac.tftp.mode"),
    }
    return [_base(event, "tftp") | {"tftp": tftp}]


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
    return [_base(event, "ssh") | {"ssh": ssh}]


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
    return [_base(event, "rfb") | {"rfb": rfb}]


# secure and multiplexed transports


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


def _quic(event: Event, tls: Record) -> list[Record]:
    """The hellos of both sides are two records."""
    common = {"version": event.get("vonggac.quic.version")}
    client = common | {name: tls.get(name) for name in ("sni", "ja3", "ja4")}
    client |= {"ua": event.get("user_agent.original")}
    values = {0: tls.get("sni") and [tls["sni"]], 16: tls.get("client_alpns")}
    client["extensions"] = _extensions(tls, "ja3", values)
    server = common | {"ja3s": tls.get("ja3s"), "extensions": _extensions(tls, "ja3s", {})}
    records = [_base(event, "quic") | {"quic": client}]
    return [*records, _base(event, "quic", reverse=True) | {"quic": server}] if server["extensions"] else records


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
    return [_without_nothing({"name": name, "value": values.get(name)}) for name in names or []]


def _http2(event: Event) -> list[Record]:
    """What each side says of the connection is a record of stream 0."""
    records = []
    for side, name in (("client", "request"), ("server", "response")):
        pairs = [text.split("=") for text in event.get(f"vonggac.http2.{side}_settings") or []]
        settings = [{"settings_id": f"SETTINGS{k.replace('_', '')}", "settings_value": int(v)} for k, v in pairs]
        error = event.get(f"vonggac.http2.{side}_error")
        told = {"settings": settings or None, "error_code": error and error.replace("_", "")}
        if any(told.values()):
            records.append(_base(event, "http") | {"http": {"version": "2", "http2": {"stream_id": 0, name: told}}})
    return records


def _websocket(event: Event) -> list[Record]:
    """EVE writes one record a frame."""
    pairs = zip(event.get("vonggac.websocket.kinds") or [], event.get("vonggac.websocket.counts") or [], strict=True)
    return [_base(event, "websocket") | {"websocket": {"opcode": kind}} for kind, count in pairs for _ in range(count)]


def _quic_without_tls(event: Event) -> list[Record]:
    google = str(event.get("vonggac.quic.version", "")).startswith("Q")
    return _quic(event, {"sni": event.get("tls.client.server_name")}) if google else []


# names and the local network


def _llmnr(event: Event) -> list[Record]:
    """EVE knows LLMNR alone; types in lower case, the address of a record under its type."""
    if event.get("network.protocol") != "llmnr":
        return []
    answer, kind = event.get("dns.type") == "answer", event.get("dns.question.type")
    asked = {"rrname": event.get("dns.question.name"), "rrtype": kind and kind.lower()}
    common = {"id": event.get("dns.id"), "opcode": DNS_OPERATIONS.get(event.get("dns.op_code", "")), "queries": [asked]}
    lists = [event.get(f"dns.answers.{part}") or [] for part in ("name", "type", "data")]
    answers = [
        {"rrname": name, "rrtype": kind.lower(), kind.lower(): data} for name, kind, data in zip(*lists, strict=True)
    ]
    records = []
    if not answer or event.get("vonggac.llmnr.asked"):
        records.append(_base(event, "llmnr") | {"llmnr": {"type": "request", **common}})
    if answer:
        response = {"type": "response", **common, "answers": answers or None}
        records.append(_base(event, "llmnr", reverse=True) | {"llmnr": response})
    return records


# things and other services


def _snmp(event: Event) -> list[Record]:
    """The request, where we saw it, and the response, where there is one; notifications as requests."""
    own = {name.removeprefix("vonggac.snmp."): value for name, value in event.items()}
    common = {"version": int(own["version"][0]), "community": own.get("community"), "usm": own.get("user.name")}
    sent = [(own.get("request_type"), False), (own.get("response_type"), True)]
    return [
        _base(event, "snmp", reverse)
        | {"snmp": common | {"pdu_type": SNMP_KINDS.get(kind, kind), "vars": own.get("oids")}}
        for kind, reverse in sent
        if kind
    ]
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
    "kerberos": _kerberos,
    "ldap": _ldap,
    # shares and remote procedures
    "smb": _smb,
    "dcerpc": _dcerpc,
    # mail
    "smtp": _smtp,
    "pop3": _pop3,
    # files and remote shells
    "ftp": _ftp,
    "ftp_data": _ftp_data,
    "tftp": _tftp,
    "ssh": _ssh,
    "rfb": _rfb,
    # secure and multiplexed transports
    "quic": _quic_without_tls,
    "http2": _http2,
    "websocket": _websocket,
    # names and the local network
    "llmnr": _llmnr,
    # things and other services
    "snmp": _snmp,
    "mqtt": _mqtt,
    "sip": _sip,
    "sql": _sql,
    "dht": _dht,
    "dnp3": _dnp3,
    "nfs": _nfs,
}
