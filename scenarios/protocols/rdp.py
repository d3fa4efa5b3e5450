"""Remote Desktop (MS-RDPBCGR): the connection request in clear with its cookie, then TLS."""

from __future__ import annotations

import struct

from scenarios.net.tcp import TcpSession
from scenarios.protocols.certificate import Subject, self_signed
from scenarios.protocols.tls import TLS12
from scenarios.protocols.tls_connection import TlsConnection

PORT = 3389
TLS, CREDSSP = 1, 2
"""Security protocols that the client asks for."""


def request(user: str, protocols: int = TLS | CREDSSP) -> bytes:
    """TPKT, X.224 connection request, cookie and negotiation request."""
    cookie = f"Cookie: mstshash={user}\r\n".encode()
    body = b"\xe0\0\0\0\0\0" + cookie + struct.pack("<BBHI", 1, 0, 8, protocols)
    return struct.pack("!BBH", 3, 0, len(body) + 5) + bytes([len(body)]) + body


def confirm(protocol: int = CREDSSP) -> bytes:
    """TPKT, X.224 connection confirm and negotiation response."""
    body = b"\xd0\0\0\x12\x34\0" + struct.pack("<BBHI", 2, 0x1F, 8, protocol)
    return struct.pack("!BBH", 3, 0, len(body) + 5) + bytes([len(body)]) + body


def connect(session: TcpSession, user: str) -> TlsConnection:
    """The request and the TLS handshake with the server's own certificate."""
    session.send(request(user)).reply(confirm())
    computer = session.server.host.name or session.server.host.ip
    der = self_signed(Subject(computer, days=180, rsa_bits=0))
    return TlsConnection(session, "windows", computer, version=TLS12, chain=[der], alpn=()).open()


def log_on(session: TcpSession, user: str, *, failed: bool) -> TlsConnection:
    """CredSSP inside TLS; a wrong password ends the connection."""
    link = connect(session, user)
    link.send(120).reply(280).send(610)
    if failed:
        link.reply(40)
        session.reset("server")
    else:
        link.reply(110).send(400).reply(1_500)
    return link
