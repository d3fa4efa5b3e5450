"""Kerberos 5 (RFC 4120) between a machine and its domain controller; what is encrypted is noise of the right size."""

from __future__ import annotations

import struct
from datetime import UTC, datetime
from random import Random
from typing import TYPE_CHECKING

from scenarios.net.datagram import udp_exchange
from scenarios.net.host import Host
from scenarios.net.tcp import TcpSession
from scenarios.protocols import der

if TYPE_CHECKING:
    from scenarios.scene import Scene

PORT = 88
AS_REQ, AS_REP, TGS_REQ, TGS_REP, AP_REQ, AP_REP, ERROR = 10, 11, 12, 13, 14, 15, 30
"""Message types, which are their application tags."""
AES256, AES128, RC4 = 18, 17, 23
"""Encryption types."""
PRINCIPAL_UNKNOWN, PREAUTH_FAILED, PREAUTH_REQUIRED = 6, 24, 25
"""Error codes."""
PA_TGS, PA_TIMESTAMP, PA_ETYPE_INFO = 1, 2, 19
PRINCIPAL, SERVICE = 1, 2
"""Name types: a user or machine, a service."""
OPTIONS = bytes.fromhex("0040810010")
"""Forwardable, renewable, canonicalize, renewable-ok; the first byte counts unused bits."""


def authenticate(
    scene: Scene, client: Host, user: str, when: float, *, server: Host | None = None, error: int = 0,
    etypes: tuple[int, ...] = (AES256, AES128, RC4),
) -> float:  # fmt: skip
    """Ask for a ticket-granting ticket over UDP: refused without proof, then given (or ``error``); time of the end."""
    rng, kdc = scene.rng, server or scene.resolver
    realm = _realm(kdc)
    asked = as_request(rng, user, realm, when, etypes=etypes)
    first = (
        error_message(PREAUTH_REQUIRED, realm, when)
        if error != PRINCIPAL_UNKNOWN
        else error_message(error, realm, when)
    )
    done = udp_exchange(scene, client, kdc, PORT, when, asked, first)
    if error == PRINCIPAL_UNKNOWN:
        return done
    proved = as_request(rng, user, realm, when, etypes=etypes, proof=True)
    answer = error_message(error, realm, when) if error else reply(rng, AS_REP, user, realm, ("krbtgt", realm))
    return udp_exchange(scene, client, kdc, PORT, done + 0.002, proved, answer, delay=0.001)


def service_ticket(
    scene: Scene, client: Host, user: str, service: tuple[str, str], when: float, *, server: Host | None = None,
    etypes: tuple[int, ...] = (AES256, AES128, RC4), ticket: int = AES256,
) -> float:  # fmt: skip
    """Ask for a ticket to ``service``, such as ``("cifs", "tepchung.tinhuy.example")``, over TCP; time of the end."""
    rng, kdc = scene.rng, server or scene.resolver
    realm = _realm(kdc)
    session = TcpSession(scene, client, kdc, PORT, when).connect()
    for act, message in (
        (session.send, tgs_request(rng, realm, service, when, etypes=etypes)),
        (session.reply, reply(rng, TGS_REP, user, realm, service, etype=ticket)),
    ):
        act(struct.pack("!I", len(message)) + message)
    session.close()
    return session.now


def as_request(
    rng: Random, user: str, realm: str, when: float, *, etypes: tuple[int, ...], proof: bool = False
) -> bytes:
    """AS-REQ, with an encrypted time stamp as proof of the password or without."""
    padata = [der.fields([(1, der.integer(128)), (2, der.octets(bytes.fromhex("3005a0030101ff")))])]
    if proof:
        sealed = encrypted(rng, etypes[0], 56)
        padata.insert(0, der.fields([(1, der.integer(PA_TIMESTAMP)), (2, der.octets(sealed))]))
    body = _body(rng, realm, ("krbtgt", realm), when, etypes, user)
    return _request(AS_REQ, padata, body)


def tgs_request(rng: Random, realm: str, service: tuple[str, str], when: float, *, etypes: tuple[int, ...]) -> bytes:
    """TGS-REQ: the ticket-granting ticket stands in its first padata."""
    authenticator = encrypted(rng, AES256, 180)
    proof = [(0, der.integer(5)), (1, der.integer(AP_REQ)), (2, der.value(der.BITS, bytes(5)))]
    proof += [(3, ticket(rng, realm, ("krbtgt", realm), AES256, 1000)), (4, authenticator)]
    sealed = der.application(AP_REQ, der.fields(proof))
    padata = [der.fields([(1, der.integer(PA_TGS)), (2, der.octets(sealed))])]
    return _request(TGS_REQ, padata, _body(rng, realm, service, when, etypes))


def reply(rng: Random, kind: int, user: str, realm: str, service: tuple[str, str], *, etype: int = AES256) -> bytes:
    """AS-REP or TGS-REP."""
    parts = [(0, der.integer(5)), (1, der.integer(kind))]
    if kind == AS_REP:
        salt = der.sequence(der.fields([(0, der.integer(etype)), (1, der.text(realm + user))]))
        parts.append((2, der.sequence(der.fields([(1, der.integer(PA_ETYPE_INFO)), (2, der.octets(salt))]))))
    parts += [(3, der.text(realm)), (4, name(PRINCIPAL, (user,)))]
    parts += [(5, ticket(rng, realm, service, etype, 900)), (6, encrypted(rng, AES256, 280))]
    return der.application(kind, der.fields(parts))


def error_message(code: int, realm: str, when: float) -> bytes:
    """KRB-ERROR."""
    parts = [(0, der.integer(5)), (1, der.integer(ERROR)), (4, _time(when)), (5, der.integer(500))]
    parts += [(6, der.integer(code)), (9, der.text(realm)), (10, name(SERVICE, ("krbtgt", realm)))]
    return der.application(ERROR, der.fields(parts))


def ticket(rng: Random, realm: str, service: tuple[str, ...], etype: int, size: int) -> bytes:
    """A ticket that nobody can read."""
    parts = [
        (0, der.integer(5)),
        (1, der.text(realm)),
        (2, name(SERVICE, service)),
        (3, encrypted(rng, etype, size, 2)),
    ]
    return der.application(1, der.fields(parts))


def encrypted(rng: Random, etype: int, size: int, version: int = 0) -> bytes:
    """EncryptedData of ``size`` bytes."""
    parts = [(0, der.integer(etype))] + ([(1, der.integer(version))] if version else [])
    return der.fields([*parts, (2, der.octets(rng.randbytes(size)))])


def name(kind: int, parts: tuple[str, ...]) -> bytes:
    """A PrincipalName."""
    return der.fields([(0, der.integer(kind)), (1, der.sequence(*map(der.text, parts)))])


def _request(kind: int, padata: list[bytes], body: bytes) -> bytes:
    parts = [(1, der.integer(5)), (2, der.integer(kind)), (3, der.sequence(*padata)), (4, body)]
    return der.application(kind, der.fields(parts))


def _body(
    rng: Random, realm: str, service: tuple[str, str], when: float, etypes: tuple[int, ...], user: str = ""
) -> bytes:
    parts = [(0, der.value(der.BITS, OPTIONS))]
    parts += [(1, name(PRINCIPAL, (user,)))] if user else []
    parts += [(2, der.text(realm)), (3, name(SERVICE, service)), (5, _time(when + 36_000))]
    parts += [(7, der.integer(rng.getrandbits(31))), (8, der.sequence(*map(der.integer, etypes)))]
    return der.fields(parts)


def _time(when: float) -> bytes:
    return der.value(der.TIME, datetime.fromtimestamp(int(when), UTC).strftime("%Y%m%d%H%M%SZ").encode())


def _realm(server: Host) -> str:
    return (server.name.partition(".")[2] or "tinhuy.example").upper()
