"""One short conversation of a program with a server, over any transport: what a beacon or a poller does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scenarios.net.datagram import udp_exchange
from scenarios.net.host import Host
from scenarios.net.tcp import TcpSession, refused, unanswered
from scenarios.protocols import http
from scenarios.protocols.certificate import Subject, chain, self_signed
from scenarios.protocols.dns import resolve
from scenarios.protocols.tls import TLS13
from scenarios.protocols.tls_connection import visit

if TYPE_CHECKING:
    from scenarios.scene import Scene

PORTS = {"http": 80, "tls": 443, "tcp": 4444, "udp": 8443}
"""Where a call of each transport goes when no port is said."""
TRANSPORTS = tuple(PORTS)


@dataclass(frozen=True)
class Call:
    """What is said, and over what."""

    host: str
    """A name, which is looked up, or an address."""
    transport: str = "tls"
    port: int = 0
    up: int = 300
    """Bytes of the client's data (body of a POST, size of a GET's path is its own)."""
    down: int = 200
    agent: str = ""
    path: str = "/"
    method: str = "GET"
    fault: str = ""
    """``silent``: nobody answers; ``refused``: the port is closed."""
    signed_by_itself: bool = False
    subject: str = ""
    """Common name of the certificate where it is not the name or the host."""
    profile: str = "library"
    sends: str = ""
    """Media type of a POST; none: it is not said."""
    gives: str = "application/octet-stream"
    """Media type of the answer over HTTP; noise for all but texts."""
    name: str | None = None
    """Server name of TLS where it is not the host; empty for none."""
    version: int = TLS13

    @property
    def target_port(self) -> int:
        """The port that is called. Raises KeyError for an unknown transport."""
        return self.port or PORTS[self.transport]

    def make(self, scene: Scene, client: Host, when: float) -> float:
        """Carry it out; gives the time of its end."""
        if self.fault:
            return self._fail(scene, client, when)
        if self.transport == "http":
            return self._http(scene, client, when)
        if self.transport == "tls":
            return self._tls(scene, client, when)
        server, ready = resolve(scene, client, self.host, when)
        data = scene.rng.randbytes(self.up), scene.rng.randbytes(self.down)
        if self.transport == "udp":
            return udp_exchange(scene, client, server, self.target_port, ready, data[0], data[1] or None)
        session = TcpSession(scene, client, server, self.target_port, ready).connect().send(data[0])
        if self.down:
            session.reply(data[1])
        session.wait(0.05).close()
        return session.now

    def _fail(self, scene: Scene, client: Host, when: float) -> float:
        server, ready = resolve(scene, client, self.host, when)
        if self.transport == "udp":
            data = scene.rng.randbytes(self.up)
            return udp_exchange(scene, client, server, self.target_port, ready, data, None)
        act = refused if self.fault == "refused" else unanswered
        return act(scene, client, server, self.target_port, ready)

    def _http(self, scene: Scene, client: Host, when: float) -> float:
        headers = http.program_headers(self.host, self.agent, Accept="*/*")
        if self.sends:
            headers = {**headers, "Content-Type": self.sends}
        sent = _said(scene, self.sends, self.up) if self.method == "POST" else b""
        answer = http.Response(200, {"Content-Type": self.gives}, _said(scene, self.gives, self.down))
        request = http.Request(self.method, self.path, headers, sent)
        return http.fetch(scene, client, self.host, when, [(request, answer)], port=self.target_port)[1]

    def _tls(self, scene: Scene, client: Host, when: float) -> float:
        subject = Subject(self.subject or self.name or self.host, days=3650 if self.signed_by_itself else 90)
        ders = (self_signed(subject),) if self.signed_by_itself else chain(subject) if self.subject else None
        return visit(
            scene, client, self.host, when, [(self.up, self.down)],
            port=self.target_port, profile=self.profile, version=self.version, name=self.name, ders=ders,
        )[1]  # fmt: skip


def _said(scene: Scene, media_type: str, size: int) -> bytes:
    if not media_type.startswith("text/"):
        return scene.rng.randbytes(size)
    line = f"version=2026.{scene.rng.randrange(1, 99)}\r\n"
    return (line * (size // len(line) + 1)).encode()[:size]
