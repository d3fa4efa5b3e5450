"""Going out through somebody else."""

from __future__ import annotations

import struct

from scenarios.net.tcp import TcpSession
from scenarios.protocols import http
from scenarios.protocols.dns import resolve
from scenarios.protocols.tls_connection import TlsConnection, public_chain
from scenarios.registry import one_of, scenario
from scenarios.scene import Scene
from scenarios.sites import SITES

KINDS = ("connect", "http", "socks5")


@scenario("proxy")
def proxy(
    scene: Scene,
    *,
    kind: str = "connect",
    host: str = "198.51.100.88",
    port: int = 8080,
    count: int = 10,
    spacing: float = 40.0,
) -> None:
    """A machine reads pages through a proxy.

    kind: connect (HTTP CONNECT, then TLS), http (whole URLs) or socks5
    host: name or address of the proxy; an address of the office for the office's own (no breach)
    port: its port
    count: pages
    spacing: seconds between on average
    """
    one_of("kind", kind, KINDS)
    when = scene.start
    for _ in range(count):
        server, ready = (scene.host(host), when) if host[0].isdigit() else resolve(scene, scene.actor, host, when)
        session = TcpSession(scene, scene.actor, server, port, ready).connect()
        _through(scene, session, kind, scene.rng.choice(SITES))
        when += scene.rng.expovariate(1 / spacing)


def _through(scene: Scene, session: TcpSession, kind: str, site: str) -> None:
    if kind == "http":
        page = http.Response(
            200, {"Content-Type": "text/html", "Via": "1.1 proxy"}, b"<html>" + b"<p>Tin</p>" * 300 + b"</html>"
        )
        http.exchange(session, http.Request("GET", f"http://{site}/", http.browser_headers(site)), page).close()
        return
    if kind == "connect":
        session.send(
            f"CONNECT {site}:443 HTTP/1.1\r\nHost: {site}:443\r\nUser-Agent: {http.BROWSER_AGENT}\r\n\r\n".encode()
        )
        session.reply(b"HTTP/1.1 200 Connection established\r\n\r\n")
    else:
        session.send(b"\x05\x01\x00").reply(b"\x05\x00")
        session.send(b"\x05\x01\x00\x03" + bytes([len(site)]) + site.encode() + struct.pack("!H", 443))
        session.reply(b"\x05\x00\x00\x01" + bytes(6))
    link = TlsConnection(session, "browser", site, chain=public_chain(site)).open()
    link.send(500).reply(6_000).close()
