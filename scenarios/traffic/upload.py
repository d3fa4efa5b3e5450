"""Data on its way out."""

from __future__ import annotations

from scenarios.files.document import archive
from scenarios.net.datagram import ping
from scenarios.net.tcp import TcpSession
from scenarios.protocols import http
from scenarios.protocols.dns import resolve
from scenarios.protocols.smtp import Mail, deliver, greet, leave
from scenarios.protocols.tls_connection import visit
from scenarios.registry import one_of, scenario
from scenarios.scene import Scene

FORM = "----WebKitFormBoundaryvp7"


@scenario("exfil-http")
def exfil_http(
    scene: Scene,
    *,
    host: str = "drop-box-files.example",
    path: str = "/up.php",
    posts: int = 8,
    size: int = 300_000,
    spacing: float = 20.0,
    agent: str = "Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 5.1)",
    form: bool = False,
    content: str = "zip",
) -> None:
    """A program posts packed files to a server, one after the other.

    host: name or address of the server
    path: the script
    posts: how many
    size: bytes of each
    spacing: seconds between on average
    agent: user agent
    form: as a multipart form of a browser
    content: zip, or noise (encrypted)
    """
    one_of("content", content, ("zip", "noise"))
    rng, when = scene.rng, scene.start
    for number in range(posts):
        data = rng.randbytes(size)
        if content == "zip":
            data = archive({f"tailieu{number}.docx": data})
        headers = http.program_headers(host, agent, Content_Type="application/octet-stream")
        if form:
            headers = {**http.browser_headers(host), "Content-Type": f"multipart/form-data; boundary={FORM}"}
            part = f'--{FORM}\r\nContent-Disposition: form-data; name="tep"; filename="t{number}.zip"\r\n'
            data = f"{part}Content-Type: application/zip\r\n\r\n".encode() + data + f"\r\n--{FORM}--\r\n".encode()
        answer = http.Response(200, {"Content-Type": "text/html"}, b"ok")
        http.fetch(scene, scene.actor, host, when, [(http.Request("POST", path, headers, data), answer)])
        when += rng.expovariate(1 / spacing) + 2


@scenario("upload")
def upload(
    scene: Scene, *, host: str = "dichvucong.gov.vn", size: int = 1_500_000, pieces: int = 6, spacing: float = 30.0
) -> None:
    """Somebody uploads a file over TLS.

    host: where to
    size: bytes of all
    pieces: connections
    spacing: seconds between on average
    """
    when = scene.start
    for _ in range(pieces):
        visit(scene, scene.actor, host, when, [(size // pieces, 400)])
        when += scene.rng.expovariate(1 / spacing)


@scenario("exfil-mail")
def exfil_mail(
    scene: Scene, *, host: str = "mx.free-mail.example", letters: int = 6, size: int = 60_000, port: int = 25
) -> None:
    """A program mails files straight to an outside mail server.

    host: name or address of the server
    letters: how many
    size: bytes of each file
    port: of the server
    """
    when = scene.start
    for number in range(letters):
        server, ready = resolve(scene, scene.actor, host, when)
        session = TcpSession(scene, scene.actor, server, port, ready).connect()
        greet(session, scene.actor.name, server=host)
        mail = Mail(f"{scene.actor.name.lower()}@tinhuy.example", ("thu.gui@free-mail.example",), f"{scene.actor.name} {number}",
                    attachment=scene.rng.randbytes(size), attachment_name=f"d{number}.zip")  # fmt: skip
        leave(deliver(session, mail))
        when = session.now + scene.rng.uniform(20, 90)


@scenario("exfil-icmp")
def exfil_icmp(
    scene: Scene, *, host: str = "203.0.113.78", count: int = 400, size: int = 1200, period: float = 0.2
) -> None:
    """A program sends files in echoes that nobody answers in kind.

    host: the other end
    count: echoes
    size: bytes of data in each
    period: seconds between
    """
    for number in range(count):
        data = scene.rng.randbytes(size)
        when = scene.start + number * period
        ping(scene, scene.actor, scene.host(host), when, data, sequence=number, answer=b"ok".ljust(8, b"\0"))
