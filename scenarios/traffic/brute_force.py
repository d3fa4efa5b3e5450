"""Guessing of passwords, and log-ins of people and services."""

from __future__ import annotations

import base64
from collections.abc import Callable
from random import Random

from scenarios.clock import periodic
from scenarios.net.host import Host
from scenarios.net.tcp import TcpSession
from scenarios.protocols import ftp, http, rdp, smb2, ssh
from scenarios.registry import one_of, scenario
from scenarios.scene import Scene

USERS = ("administrator", "admin", "quantri", "vanthu", "ketoan", "root", "test", "user", "guest", "backup")


@scenario("brute-force")
def brute_force(
    scene: Scene,
    *,
    service: str = "ssh",
    target: str = "10.20.7.60",
    port: int = 0,
    attempts: int = 60,
    rate: float = 1.0,
    user: str = "",
    success: bool = False,
    client: str = "libssh",
) -> None:
    """A machine guesses passwords, a new connection for each.

    service: ssh, ftp, rdp, smb, http or telnet
    target: whose
    port: 0 for the usual one
    attempts: guesses that fail
    rate: guesses a second
    user: always this name; empty for many
    success: the last guess is right
    client: of SSH: openssh, putty, libssh, paramiko or go
    """
    one_of("service", service, SERVICES)
    one_of("client", client, ssh.CLIENT_BANNERS)
    for number, when in enumerate(periodic(scene.rng, scene.start, 1 / rate, 0.4, attempts + success)):
        name = user or USERS[number % len(USERS)]
        _attempt(scene, service, target, port, name, when, client, failed=number < attempts)


@scenario("logins")
def logins(
    scene: Scene,
    *,
    service: str = "ssh",
    target: str = "10.20.7.60",
    count: int = 40,
    rate: float = 0.02,
    failed: float = 0.05,
    user: str = "quantri",
    client: str = "openssh",
) -> None:
    """Somebody logs in to a server often and mistypes now and then: no guessing.

    service: ssh, ftp, rdp, smb, http or telnet
    target: which server
    count: log-ins
    rate: log-ins a second
    failed: share that fail
    user: who
    client: of SSH: openssh, putty, libssh, paramiko or go
    """
    one_of("service", service, SERVICES)
    when = scene.start
    for _ in range(count):
        _attempt(scene, service, target, 0, user, when, client, failed=scene.rng.random() < failed)
        when += scene.rng.expovariate(rate)


def _attempt(
    scene: Scene, service: str, target: str, port: int, user: str, when: float, client: str, *, failed: bool
) -> None:
    usual, act = SERVICES[service]
    server = scene.host(target)
    if service == "smb":
        _smb(scene, server, user, when, failed=failed)
        return
    session = TcpSession(scene, scene.actor, server, port or usual, when).connect()
    if service == "ssh":
        ssh.connect(session, client)
    act(session, user, failed)


def _ssh(session: TcpSession, user: str, failed: bool) -> None:
    rng = session.scene.rng
    if failed:
        ssh.attempts(session, 1).close()
    else:
        ssh.work(session, [(rng.randint(36, 120), rng.randint(100, 3_000)) for _ in range(12)]).close()


def _ftp(session: TcpSession, user: str, failed: bool) -> None:
    ftp.log_in(ftp.greet(session), user, _password(session.scene.rng), failed=failed)
    if not failed:
        ftp.command(session, "CWD /vanban", "250 OK")
    ftp.command(session, "QUIT", "221 Goodbye.").close("server")


def _rdp(session: TcpSession, user: str, failed: bool) -> None:
    link = rdp.log_on(session, user, failed=failed)
    if not failed:
        for _ in range(20):
            link.send(60).reply(session.scene.rng.randint(500, 6_000))
        link.close()


def _http(session: TcpSession, user: str, failed: bool) -> None:
    proof = base64.b64encode(f"{user}:{_password(session.scene.rng)}".encode()).decode()
    headers = http.program_headers(session.server.host.ip, "python-requests/2.31.0", Authorization=f"Basic {proof}")
    refused = http.Response(
        401, {"WWW-Authenticate": 'Basic realm="quan tri"', "Content-Type": "text/html"}, b"<p>401</p>"
    )
    accepted = http.Response(200, {"Content-Type": "text/html"}, b"<html><body>Quan tri</body></html>" * 20)
    http.exchange(session, http.Request("GET", "/quantri/", headers), refused if failed else accepted).close()


def _telnet(session: TcpSession, user: str, failed: bool) -> None:
    session.reply(bytes.fromhex("fffd18fffd20fffd23fffd27")).send(bytes.fromhex("fffc18fffc20fffc23fffc27"))
    session.reply(b"login: ").send(f"{user}\r\n".encode()).reply(b"Password: ")
    session.send(f"{_password(session.scene.rng)}\r\n".encode())
    session.reply(b"\r\nLogin incorrect\r\nlogin: " if failed else b"\r\nLast login: Mon Nov  2\r\n$ ").close()


def _smb(scene: Scene, server: Host, user: str, when: float, *, failed: bool) -> None:
    session = smb2.SmbSession(scene, scene.actor, server, when).negotiate()
    if session.log_on(user, "TINHUY", scene.actor.name, failed=failed):
        session.tree(f"\\\\{server.ip}\\VanBan").end()
    else:
        session.tcp.close()


def _password(rng: Random) -> str:
    return "".join(rng.choices("abcdefghkmnpqrstuvwxyz23456789", k=rng.randint(6, 10)))


Act = Callable[[TcpSession, str, bool], None]
SERVICES: dict[str, tuple[int, Act]] = {
    "ssh": (ssh.PORT, _ssh),
    "ftp": (ftp.PORT, _ftp),
    "rdp": (rdp.PORT, _rdp),
    "http": (http.PORT, _http),
    "telnet": (23, _telnet),
    "smb": (smb2.PORT, _ssh),
}
"""Service → usual port, what happens on the connection (SMB has a session class of its own)."""
