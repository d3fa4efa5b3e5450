"""TLS connections: ``open`` shakes hands, then application data have sizes only."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from scenarios.net.host import Host
from scenarios.net.tcp import TcpSession
from scenarios.protocols import tls
from scenarios.protocols.certificate import Subject, chain
from scenarios.protocols.dns import resolve

if TYPE_CHECKING:
    from scenarios.scene import Scene

PORT = 443
AEAD = 17
"""Bytes that encryption adds to a record of TLS 1.3: tag and content type."""


class TlsConnection:
    """A TLS connection on a TCP session: ``open`` shakes hands, then application data have sizes only."""

    def __init__(
        self, session: TcpSession, profile: str = "browser", server_name: str = "", *, version: int = tls.TLS13,
        chain: Sequence[bytes] = (), alpn: Sequence[str] | None = None,
    ) -> None:  # fmt: skip
        self.session = session
        self._rng = session.scene.rng
        self._profile = tls.PROFILES[profile]
        self._name = server_name
        self._version = min(version, self._profile.newest)
        self._chain = chain
        self._alpn = self._profile.alpn if alpn is None else tuple(alpn)

    def open(self) -> TlsConnection:
        """The whole handshake of this version."""
        hello = tls.client_hello(self._rng, self._profile, self._name, alpn=self._alpn)
        self.session.send(tls.record(tls.HANDSHAKE, hello, tls.TLS10))
        (self._open_13 if self._version == tls.TLS13 else self._open_12)()
        return self

    def send(self, size: int) -> TlsConnection:
        """``size`` bytes of the client's data, encrypted."""
        self.session.send(tls.record(tls.APPLICATION, self._rng.randbytes(size + AEAD)))
        return self

    def reply(self, size: int) -> TlsConnection:
        """``size`` bytes of the server's data, encrypted."""
        self.session.reply(tls.record(tls.APPLICATION, self._rng.randbytes(size + AEAD)))
        return self

    def close(self, by: str = "client") -> None:
        """An alert (close_notify, encrypted) and the end of the TCP session."""
        kind = tls.APPLICATION if self._version == tls.TLS13 else tls.ALERT
        farewell = tls.record(kind, self._rng.randbytes(19 if kind == tls.APPLICATION else 26))
        if by == "client":
            self.session.send(farewell)
        else:
            self.session.reply(farewell)
        self.session.close(by)

    def _open_13(self) -> None:
        suite = 0x1302 if self._profile.suites[0] == 0x1302 else 0x1301
        hello = tls.record(
            tls.HANDSHAKE, tls.server_hello(self._rng, tls.TLS13, suite, session=self._rng.randbytes(32))
        )
        changed = tls.record(tls.CHANGE_CIPHER, b"\x01")
        size = sum(map(len, self._chain)) + 24 or 2400
        hidden = b"".join(tls.record(tls.APPLICATION, self._rng.randbytes(part + AEAD)) for part in (23, size, 79, 52))
        self.session.reply(hello + changed + hidden)
        self.session.send(changed + tls.record(tls.APPLICATION, self._rng.randbytes(52 + AEAD)))

    def _open_12(self) -> None:
        rng, version = self._rng, self._version
        suite = 0xC02B if self._profile.grease else 0xC02C
        alpn = "http/1.1" if "http/1.1" in self._alpn else ""
        point = tls.short(b"\x04" + rng.randbytes(64))
        signature = struct.pack("!H", 0x0403) + tls.long(b"\x30\x45" + rng.randbytes(69))
        exchange = struct.pack("!BH", 3, tls.P256) + point + signature
        flight = [tls.server_hello(rng, version, suite, alpn=alpn, session=rng.randbytes(32))]
        flight += [tls.certificates(self._chain), tls.message(tls.KEY_EXCHANGE, exchange), tls.message(tls.DONE, b"")]
        self.session.reply(b"".join(tls.record(tls.HANDSHAKE, part, version) for part in flight))
        finished = tls.record(tls.HANDSHAKE, rng.randbytes(40), version)
        changed = tls.record(tls.CHANGE_CIPHER, b"\x01", version)
        key = tls.message(tls.CLIENT_KEY, tls.short(b"\x04" + rng.randbytes(64)))
        self.session.send(tls.record(tls.HANDSHAKE, key, version) + changed + finished)
        self.session.reply(changed + tls.record(tls.HANDSHAKE, rng.randbytes(40), version))


def public_chain(host: str) -> tuple[bytes, bytes]:
    """What a well-kept public server shows for ``host``."""
    bare = ".".join(host.split(".")[-2:]) if host.count(".") > 1 else host
    return chain(Subject(host, alternative_names=(host, bare)))


def visit(
    scene: Scene, client: Host, host: str, when: float, turns: Sequence[tuple[int, int]] = ((520, 6_000),), *,
    port: int = PORT, profile: str = "browser", version: int = tls.TLS13, name: str | None = None,
    ders: Sequence[bytes] | None = None, think: Callable[[], float] = lambda: 0.03,
) -> tuple[Host, float]:  # fmt: skip
    """Resolve ``host``, open one connection, exchange ``(bytes up, bytes down)`` turns; gives server and end's time.

    ``name`` is the server name in the hello where it is not the host (empty: none); ``ders`` the certificates.
    """
    server, ready = resolve(scene, client, host, when)
    session = TcpSession(scene, client, server, port, ready).connect()
    told = ("" if host == server.ip else host) if name is None else name
    shown = public_chain(host) if ders is None else ders
    connection = TlsConnection(session, profile, told, version=version, chain=shown).open()
    for up, down in turns:
        session.wait(think())
        connection.send(up)
        if down:
            session.now += 0.02
            connection.reply(down)
    session.wait(think())
    connection.close()
    return server, session.now
