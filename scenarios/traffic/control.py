"""Control channels that are told by what they say, not by their rhythm."""

from __future__ import annotations

import base64
import struct

from scenarios.clock import HOUR, periodic
from scenarios.net.tcp import TcpSession
from scenarios.protocols import http
from scenarios.protocols.call import Call
from scenarios.protocols.dns import resolve
from scenarios.protocols.tls import TLS12
from scenarios.registry import one_of, scenario
from scenarios.scene import Scene

ENCODINGS = ("raw", "base64", "hex", "form")
SHELL_BANNER = "Microsoft Windows [Version 10.0.19045.5011]\r\n(c) Microsoft Corporation. All rights reserved.\r\n\r\n"
PROMPT = "C:\\Users\\vanthu>"
COMMANDS = ("whoami", "ipconfig /all", "net user /domain", "dir C:\\", "systeminfo", "tasklist")


@scenario("c2-http")
def c2_http(
    scene: Scene,
    *,
    host: str = "panel-hosting.example",
    path: str = "/gate.php",
    count: int = 15,
    period: float = 90.0,
    jitter: float = 0.6,
    up: int = 240,
    down: int = 2,
    encoding: str = "base64",
    agent: str = "Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1; SV1)",
    method: str = "POST",
    media_type: str = "application/x-www-form-urlencoded",
    pages: int = 0,
) -> None:
    """An implant only ever posts to one script and gets next to nothing back.

    host: name or address of the server
    path: the script
    count: posts
    period: seconds between posts
    jitter: share of the period by which each gap differs at most
    up: bytes of data in a post
    down: bytes of an answer
    encoding: of the data: raw, base64, hex or form (readable fields)
    agent: user agent
    method: POST or GET
    media_type: Content-Type of a post
    pages: ordinary pages that are read from the same server (a person's form instead of an implant)
    """
    one_of("encoding", encoding, ENCODINGS)
    rng = scene.rng
    for when in periodic(rng, scene.start, period, jitter, count):
        headers = http.program_headers(host, agent, Accept="*/*", Content_Type=media_type, Cache_Control="no-cache")
        body = _body(scene, up, encoding) if method == "POST" else b""
        answer = http.Response(200, {"Content-Type": "text/html"}, b"ok"[:down].ljust(down, b"0"))
        http.fetch(scene, scene.actor, host, when, [(http.Request(method, path, headers, body), answer)])
    for number in range(pages):
        request = http.Request("GET", f"/trang/{number}.html", http.browser_headers(host))
        page = http.Response(
            200, {"Content-Type": "text/html"}, b"<html><body>" + b"<p>Tin</p>" * 400 + b"</body></html>"
        )
        when = scene.start + rng.uniform(0, count * period)
        http.fetch(scene, scene.actor, host, when, [(request, page)])


@scenario("c2-tls")
def c2_tls(
    scene: Scene,
    *,
    host: str = "203.0.113.140",
    port: int = 4433,
    name: str = "",
    subject: str = "localhost",
    self_signed: bool = True,
    profile: str = "windows",
    count: int = 12,
    period: float = 200.0,
    jitter: float = 0.7,
    up: int = 250,
    down: int = 160,
) -> None:
    """An implant speaks TLS with a server whose certificate nobody vouches for, often without a name.

    host: name or address of the server
    port: its port
    name: server name in the hello; empty for none
    subject: common name of the certificate
    self_signed: it signs itself
    profile: of the client: browser, library or windows
    count: connections
    period: seconds between
    jitter: share of the period by which each gap differs at most
    up: bytes sent on each
    down: bytes received on each
    """
    one_of("profile", profile, ("browser", "library", "windows"))
    call = Call(host, "tls", port, up, down, profile=profile, name=name, version=TLS12, subject=subject,
                signed_by_itself=self_signed)  # fmt: skip
    for when in periodic(scene.rng, scene.start, period, jitter, count):
        call.make(scene, scene.actor, when)


@scenario("c2-tcp")
def c2_tcp(
    scene: Scene,
    *,
    host: str = "203.0.113.141",
    port: int = 5552,
    hours: float = 1.0,
    period: float = 20.0,
    jitter: float = 0.1,
    magic: str = "",
    up: int = 40,
    down: int = 12,
) -> None:
    """A remote access trojan: one raw connection; it introduces itself, the server asks, it answers.

    host: name or address of the server
    port: its port
    hours: how long
    period: seconds between the server's questions
    jitter: share of the period by which each gap differs at most
    magic: bytes at the start of each message, as text
    up: bytes of an answer
    down: bytes of a question
    """
    rng = scene.rng
    server, ready = resolve(scene, scene.actor, host, scene.start)
    session = TcpSession(scene, scene.actor, server, port, ready).connect()
    session.send(_message(magic, rng.randbytes(180)))
    for when in periodic(rng, ready + 1, period, jitter, max(1, int(hours * HOUR / period))):
        session.wait(max(0.0, when - session.now))
        session.reply(_message(magic, rng.randbytes(down))).send(_message(magic, rng.randbytes(up)))
    session.wait(1).reset()


@scenario("reverse-shell")
def reverse_shell(
    scene: Scene,
    *,
    host: str = "203.0.113.142",
    port: int = 4444,
    commands: int = 12,
    clear: bool = True,
    spacing: float = 15.0,
) -> None:
    """The machine calls out and the other end types commands.

    host: name or address of the other end
    port: its port
    commands: how many
    clear: text in clear (false: noise of the same sizes)
    spacing: seconds between commands on average
    """
    rng = scene.rng
    server, ready = resolve(scene, scene.actor, host, scene.start)
    session = TcpSession(scene, scene.actor, server, port, ready).connect()
    session.send(_typed(scene, SHELL_BANNER + PROMPT, clear))
    for _ in range(commands):
        session.wait(rng.expovariate(1 / spacing))
        command = rng.choice(COMMANDS)
        shown = "\r\n".join(f"{command} {rng.getrandbits(40):010x}" for _ in range(rng.randint(1, 25)))
        session.reply(_typed(scene, f"{command}\n", clear))
        session.now += 0.2
        session.send(_typed(scene, f"{command}\r\n{shown}\r\n\r\n{PROMPT}", clear))
    session.wait(2).close("server")


def _typed(scene: Scene, text: str, clear: bool) -> bytes:
    return text.encode() if clear else scene.rng.randbytes(len(text))


def _message(magic: str, data: bytes) -> bytes:
    return magic.encode() + struct.pack("<I", len(data)) + data


def _body(scene: Scene, size: int, encoding: str) -> bytes:
    data = scene.rng.randbytes(size)
    if encoding == "base64":
        return b"d=" + base64.b64encode(data)
    if encoding == "hex":
        return b"d=" + data.hex().encode()
    if encoding == "form":
        return b"&".join(b"truong%d=gia+tri+%d" % (number, number) for number in range(size // 20 + 1))
    return data
