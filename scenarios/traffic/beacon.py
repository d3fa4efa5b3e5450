"""Sleeping implants that call home, and callers that only look like them."""

from __future__ import annotations

from collections.abc import Iterable

from scenarios.clock import HOUR, at_work, periodic
from scenarios.net.host import Host
from scenarios.net.tcp import TcpSession
from scenarios.protocols.call import TRANSPORTS, Call
from scenarios.protocols.dns import resolve
from scenarios.protocols.tls_connection import TlsConnection, public_chain
from scenarios.registry import one_of, scenario
from scenarios.scene import Scene
from scenarios.sites import DOMAIN

OLD_AGENT = "Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 5.1)"


@scenario("beacon")
def beacon(
    scene: Scene,
    *,
    transport: str = "tls",
    host: str = "status-sync.example",
    port: int = 0,
    period: float = 60.0,
    jitter: float = 0.1,
    count: int = 100,
    up: int = 300,
    down: int = 200,
    failed: bool = False,
    fault: str = "silent",
    agent: str = OLD_AGENT,
    path: str = "/s/u.php",
    method: str = "GET",
    self_signed: bool = False,
    workday: bool = False,
    machines: int = 1,
) -> None:
    """An implant sleeps and calls its server, again and again.

    transport: http, tls, tcp or udp
    host: name or address of the server
    port: 0 for the usual one of the transport
    period: seconds between calls
    jitter: share of the period by which each gap differs at most
    count: calls of each machine
    up: bytes that the implant sends (POST body over http)
    down: bytes that come back
    failed: the server is dead
    fault: how it is dead: silent or refused
    agent: user agent over http
    path: path over http
    method: GET or POST over http
    self_signed: the server's certificate signs itself (visible up to TLS 1.2)
    workday: only in office hours, as a machine that is switched off at night
    machines: how many machines do it
    """
    one_of("transport", transport, TRANSPORTS)
    one_of("fault", fault, ("silent", "refused"))
    call = Call(
        host, transport, port, up, down, agent, path, method,
        fault=fault if failed else "", signed_by_itself=self_signed,
    )  # fmt: skip
    for number, machine in enumerate(scene.machines(machines)):
        start = scene.start + (number and scene.rng.uniform(0, period))
        times: Iterable[float] = periodic(scene.rng, start, period, jitter, count)
        if workday:
            times = _in_office_hours(scene, start, period, jitter, count)
        _call(scene, machine, call, times)


@scenario("updater")
def updater(
    scene: Scene,
    *,
    host: str = f"wsus.{DOMAIN}",
    transport: str = "http",
    period: float = 900.0,
    jitter: float = 0.05,
    count: int = 60,
    agent: str = "Windows-Update-Agent/10.0.10011.16384 Client-Protocol/2.50",
    path: str = "/ClientWebService/client.asmx",
    machines: int = 6,
) -> None:
    """Every machine asks the office's update server for news, as regular as a beacon.

    host: the update server; names of the office stand inside, others outside
    transport: http, tls, tcp or udp
    period: seconds between calls
    jitter: share of the period by which each gap differs at most
    count: calls of each machine
    agent: user agent over http
    path: path over http
    machines: how many machines do it
    """
    if host.endswith(DOMAIN):
        scene.pin(host, scene.server("10.20.1.12", name=host).ip)
    call = Call(host, one_of("transport", transport, TRANSPORTS), up=700, down=1200, agent=agent, path=path)
    for machine in scene.machines(machines):
        start = scene.start + scene.rng.uniform(0, period)
        _call(scene, machine, call, periodic(scene.rng, start, period, jitter, count))


@scenario("random-caller")
def random_caller(
    scene: Scene,
    *,
    transport: str = "tls",
    host: str = "partner-portal.example",
    mean: float = 60.0,
    count: int = 100,
    machines: int = 1,
) -> None:
    """A program that calls one server at random moments (exponential gaps): no beacon.

    transport: http, tls, tcp or udp
    host: name or address of the server
    mean: seconds between calls on average
    count: calls of each machine
    machines: how many machines do it
    """
    call = Call(host, one_of("transport", transport, TRANSPORTS), agent=OLD_AGENT)
    for machine in scene.machines(machines):
        when, times = scene.start, []
        for _ in range(count):
            times.append(when)
            when += scene.rng.expovariate(1 / mean)
        _call(scene, machine, call, times)


@scenario("long-connection")
def long_connection(
    scene: Scene,
    *,
    host: str = "push-gateway.example",
    port: int = 443,
    tls: bool = True,
    hours: float = 5.0,
    period: float = 60.0,
    jitter: float = 0.05,
    up: int = 40,
    down: int = 40,
) -> None:
    """One connection held open for hours, with a keep-alive now and then.

    host: name or address of the server
    port: its port
    tls: as TLS (false: noise)
    hours: how long
    period: seconds between messages
    jitter: share of the period by which each gap differs at most
    up: bytes of a message
    down: bytes of its answer
    """
    server, ready = resolve(scene, scene.actor, host, scene.start)
    session = TcpSession(scene, scene.actor, server, port, ready).connect()
    link = TlsConnection(session, "windows", host, chain=public_chain(host)).open() if tls else None
    for when in periodic(scene.rng, ready + 0.2, period, jitter, max(1, int(hours * HOUR / period))):
        session.wait(max(0.0, when - session.now))
        if link:
            link.send(up).reply(down)
        else:
            session.send(scene.rng.randbytes(up)).reply(scene.rng.randbytes(down))
    session.wait(1).close()


def _call(scene: Scene, machine: Host, call: Call, times: Iterable[float]) -> None:
    for when in times:
        call.make(scene, machine, when)


def _in_office_hours(scene: Scene, start: float, period: float, jitter: float, count: int) -> Iterable[float]:
    """``count`` periodic times; while the machine is off the implant sleeps on with it."""
    when = start
    while count:
        if at_work(when):
            yield when
            count -= 1
        when += period * (1 + scene.rng.uniform(-jitter, jitter))
