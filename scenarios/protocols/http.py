"""HTTP/1.1 messages (RFC 9112) and exchanges."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scenarios.net.host import Host
from scenarios.net.tcp import TcpSession
from scenarios.protocols.dns import resolve

if TYPE_CHECKING:
    from scenarios.scene import Scene

Headers = Mapping[str, str]
REASONS = {
    200: "OK",
    204: "No Content",
    206: "Partial Content",
    301: "Moved Permanently",
    302: "Found",
    304: "Not Modified",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    500: "Internal Server Error",
    503: "Service Unavailable",
}
DATE = "Mon, 02 Nov 2026 01:00:00 GMT"
BROWSER_AGENT = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
)
PORT = 80


@dataclass(frozen=True)
class Request:
    """A request; headers keep their order."""

    method: str
    target: str
    headers: Headers = field(default_factory=dict)
    body: bytes = b""
    version: str = "HTTP/1.1"

    def encode(self) -> bytes:
        """The message; adds Content-Length where there is a body and no framing was chosen."""
        return _message(f"{self.method} {self.target} {self.version}", self.headers, self.body)


@dataclass(frozen=True)
class Response:
    """A response; ``headers`` come after Date and Server."""

    status: int = 200
    headers: Headers = field(default_factory=dict)
    body: bytes = b""
    version: str = "HTTP/1.1"
    server: str = "nginx"

    def encode(self, *, head: bool = False) -> bytes:
        """The message, without its body as the answer to HEAD."""
        first = f"{self.version} {self.status} {REASONS[self.status]}"
        own = {"Date": DATE, "Server": self.server}
        bodiless = self.status in (204, 304) or self.status < 200
        sent = _message(first, {**own, **self.headers}, self.body, always=not bodiless)
        return sent[: len(sent) - len(self.body)] if head else sent


def _message(first: str, headers: Headers, body: bytes, *, always: bool = False) -> bytes:
    names = {name.lower() for name in headers}
    lines = [first, *(f"{name}: {value}" for name, value in headers.items())]
    if (body or always) and not names & {"content-length", "transfer-encoding"} and "close" not in names:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def browser_headers(host: str, *, referrer: str = "", agent: str = BROWSER_AGENT, accept: str = "text/html") -> Headers:
    """What a desktop browser sends, in its order."""
    headers = {
        "Host": host,
        "Connection": "keep-alive",
        "Upgrade-Insecure-Requests": "1",
        "User-Agent": agent,
        "Accept": f"{accept},application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
    }
    if referrer:
        headers["Referer"] = referrer
    return headers | {"Accept-Encoding": "gzip, deflate", "Accept-Language": "vi-VN,vi;q=0.9,en-US;q=0.8,en;q=0.7"}


def program_headers(host: str, agent: str = "", **more: str) -> Headers:
    """What a small program sends: few headers, no referrer. ``_`` in names of ``more`` stands for ``-``."""
    first = {"Host": host} | ({"User-Agent": agent} if agent else {})
    return first | {name.replace("_", "-"): value for name, value in more.items()}


def chunked(body: bytes, sizes: Sequence[int] = (4096,)) -> bytes:
    """A chunked body (RFC 9112 §7.1) whose chunks have ``sizes``, the last of them repeated."""
    parts, offset, number = [], 0, 0
    while offset < len(body):
        piece = body[offset : offset + sizes[min(number, len(sizes) - 1)]]
        parts.append(b"%x\r\n%s\r\n" % (len(piece), piece))
        offset, number = offset + len(piece), number + 1
    return b"".join([*parts, b"0\r\n\r\n"])


def gzipped(body: bytes) -> bytes:
    """gzip (RFC 1952) without a time stamp, so that the same body gives the same bytes."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = packer.compress(body) + packer.flush()
    return b"\x1f\x8b\x08\0\0\0\0\0\x02\xff" + packed + struct.pack("<II", zlib.crc32(body), len(body) & 0xFFFFFFFF)


def brotli(body: bytes) -> bytes:
    """A valid brotli stream (RFC 7932) of uncompressed meta-blocks, so that no packer is needed."""
    bits, count, out = 0, 0, bytearray()

    def put(value: int, width: int) -> None:
        nonlocal bits, count
        bits |= value << count
        count += width
        while count >= 8:
            out.append(bits & 0xFF)
            bits, count = bits >> 8, count - 8

    put(0, 1)  # WBITS 16
    for offset in range(0, len(body), 65_536):
        piece = body[offset : offset + 65_536]
        put(0, 1)  # not the last meta-block
        put(0, 2)  # length in four nibbles
        put(len(piece) - 1, 16)
        put(1, 1)  # uncompressed
        put(0, -count % 8)
        out += piece
    put(0b11, 2)  # last and empty
    put(0, -count % 8)
    return bytes(out)


def exchange(session: TcpSession, request: Request, response: Response | None, *, think: float = 0.01) -> TcpSession:
    """One transaction on an open connection; no answer when ``response`` is ``None``."""
    session.send(request.encode())
    if response is not None:
        session.now += think
        session.reply(response.encode(head=request.method == "HEAD"))
    return session


def fetch(
    scene: Scene,
    client: Host,
    host: str,
    when: float,
    pairs: Sequence[tuple[Request, Response | None]],
    *,
    port: int = PORT,
    pause: float = 0.05,
) -> tuple[Host, float]:
    """Resolve ``host``, open one connection and carry out all transactions; gives the server and the end's time."""
    server, ready = resolve(scene, client, host, when)
    session = TcpSession(scene, client, server, port, ready).connect()
    for request, response in pairs:
        exchange(session, request, response)
        session.wait(pause)
    session.close()
    return server, session.now
