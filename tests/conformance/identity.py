"""Kerberos, LDAP and SNMP."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from tests.conformance.record import Event, Record, record_of

LDAP_OBJECTS: Final = {"bind": "name", "search": "base_object", "modify": "object", "delete": "dn"}
LDAP_SCOPES: Final = {"base": 0, "one": 1, "sub": 2, "children": 3}
LDAP_ALIASES: Final = {"never": 0, "searching": 1, "finding": 2, "always": 3}
LDAP_EXTENSIONS: Final = {"StartTLS": "1.3.6.1.4.1.1466.20037", "who-am-i": "1.3.6.1.4.1.4203.1.11.3"}
SNMP_KINDS: Final = {"get": "get_request", "get-next": "get_next_request", "get-bulk": "get_bulk_request"} | {
    "set": "set_request",
    "inform": "inform_request",
    "trap": "trap_v1",
    "trap-v2": "trap_v2",
}


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
        records.append(record_of(event, "krb5") | {"krb5": common | request})
    if replied:
        answer: Record = {"msg_type": "KRB_ERROR" if replied == "ERROR" else f"KRB_{replied}_REP"}
        answer |= {"encryption": own.get("encryption.reply", "<none>")}
        answer |= {"weak_encryption": own.get("encryption.reply_weak", False), "error_code": own.get("error_code")}
        answer |= {"ticket_encryption": own.get("encryption.ticket")}
        answer |= {"ticket_weak_encryption": own.get("encryption.ticket_weak")}
        answer |= {"cname": granted or "<empty>", "realm": own.get("reply.realm", "<empty>")}
        answer["failed_request"] = f"KRB_{asked}_REQ" if asked and replied == "ERROR" else None
        records.append(record_of(event, "krb5", reverse=True) | {"krb5": common | answer})
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
    return [record_of(event, "ldap") | {"ldap": request | {"responses": responses}}]


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


def _snmp(event: Event) -> list[Record]:
    """The request, where we saw it, and the response, where there is one; notifications as requests."""
    own = {name.removeprefix("vonggac.snmp."): value for name, value in event.items()}
    common = {"version": int(own["version"][0]), "community": own.get("community"), "usm": own.get("user.name")}
    sent = [(own.get("request_type"), False), (own.get("response_type"), True)]
    return [
        record_of(event, "snmp", reverse)
        | {"snmp": common | {"pdu_type": SNMP_KINDS.get(kind, kind), "vars": own.get("oids")}}
        for kind, reverse in sent
        if kind
    ]


TRANSLATIONS: Final[dict[str, Callable[[Event], list[Record]]]] = {
    "kerberos": _kerberos,
    "ldap": _ldap,
    "snmp": _snmp,
}
