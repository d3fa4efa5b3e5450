"""Services that give themselves away by their names."""

from __future__ import annotations

from scenarios.clock import MINUTE, periodic
from scenarios.net.host import Host
from scenarios.net.tcp import TcpSession
from scenarios.protocols import http
from scenarios.protocols.dns import Record, lookup, resolve
from scenarios.protocols.tls import TLS12
from scenarios.protocols.tls_connection import TlsConnection, public_chain, visit
from scenarios.registry import one_of, scenario
from scenarios.scene import Scene
from scenarios.sites import SITES

REMOTE_TOOLS = {
    "teamviewer": (("router7.teamviewer.com", 5938), ("master12.teamviewer.com", 443), ("ping3.teamviewer.com", 443)),
    "anydesk": (("boot.net.anydesk.com", 443), ("relay-3f1c09aa.net.anydesk.com", 443)),
    "ultraviewer": (("www.ultraviewer.net", 443), ("node3.ultraviewer.net", 443)),
    "rustdesk": (("rs-sg.rustdesk.com", 21_116), ("rs-sg.rustdesk.com", 21_117)),
    "screenconnect": (("instance-k2v9qe-relay.screenconnect.com", 443),),
    "splashtop": (("relay-ap.api.splashtop.com", 443),),
    "chrome": (("remotedesktop-pa.googleapis.com", 443), ("remotedesktop.google.com", 443)),
}
"""Tool → names that it calls and their ports, in this order."""


@scenario("dynamic-dns")
def dynamic_dns(
    scene: Scene, *, name: str = "hopthu-vp.duckdns.org", count: int = 6, spacing: float = 300.0, connect: bool = True
) -> None:
    """A machine looks up a name of a dynamic DNS service and calls it.

    name: which name
    count: lookups
    spacing: seconds between them on average (names are remembered for 15 minutes)
    connect: the address is called
    """
    when = scene.start
    for _ in range(count):
        address = scene.address(name)
        lookup(scene, scene.actor, name, when, answers=[Record("A", address, ttl=60)])
        if connect:
            visit(scene, scene.actor, address, when + 0.05, [(300, 900)], profile="windows", name=name)
        when += scene.rng.expovariate(1 / spacing)


@scenario("ip-lookup")
def ip_lookup(
    scene: Scene,
    *,
    name: str = "api.ipify.org",
    transport: str = "http",
    path: str = "/",
    agent: str = "Mozilla/5.0",
    count: int = 1,
    spacing: float = 600.0,
) -> None:
    """A program asks a service for the network's public address.

    name: the service
    transport: http, tls or dns (the lookup only)
    path: path over http
    agent: user agent over http
    count: how often
    spacing: seconds between on average
    """
    one_of("transport", transport, ("http", "tls", "dns"))
    when = scene.start
    for _ in range(count):
        if transport == "http":
            answer = http.Response(200, {"Content-Type": "text/plain"}, b"203.0.113.200")
            request = http.Request("GET", path, http.program_headers(name, agent))
            http.fetch(scene, scene.actor, name, when, [(request, answer)])
        elif transport == "tls":
            visit(scene, scene.actor, name, when, [(180, 220)], profile="windows")
        else:
            resolve(scene, scene.actor, name, when)
        when += scene.rng.expovariate(1 / spacing)


@scenario("remote-control")
def remote_control(
    scene: Scene,
    *,
    tool: str = "ultraviewer",
    name: str = "",
    minutes: float = 20.0,
    screen: int = 4_000,
    machines: int = 1,
) -> None:
    """Somebody controls the machine with a tool that is not allowed.

    tool: teamviewer, anydesk, ultraviewer, rustdesk, screenconnect, splashtop or chrome
    name: another name instead of the tool's own
    minutes: how long
    screen: bytes of screen content that go out every few seconds
    machines: how many machines do it
    """
    one_of("tool", tool, REMOTE_TOOLS)
    for machine in scene.machines(machines):
        controlled(scene, machine, tool, scene.start, minutes, screen, name)


def controlled(
    scene: Scene, machine: Host, tool: str, when: float, minutes: float, screen: int, name: str = ""
) -> None:
    """One session of a tool: it finds its servers, then the last connection carries the screen."""
    for host, port in [(name, 443)] if name else REMOTE_TOOLS[tool]:
        server, ready = resolve(scene, machine, host, when)
        session = TcpSession(scene, machine, server, port, ready).connect()
        link = TlsConnection(session, "windows", host, version=TLS12, chain=public_chain(host), alpn=()).open()
        link.send(300).reply(900)
        when = session.now + 0.5
    end = when + minutes * MINUTE
    while session.now < end:
        session.wait(scene.rng.uniform(2, 12))
        link.reply(scene.rng.randint(40, 120)).send(scene.rng.randint(screen // 4, screen))
    link.close()


@scenario("public-dns")
def public_dns(
    scene: Scene,
    *,
    resolver: str = "8.8.8.8",
    transport: str = "udp",
    count: int = 40,
    spacing: float = 20.0,
    answered: bool = True,
) -> None:
    """A machine asks a public resolver instead of the office's.

    resolver: its address
    transport: udp, or tls on port 853
    count: lookups
    spacing: seconds between on average
    answered: the resolver answers
    """
    one_of("transport", transport, ("udp", "tls"))
    server, when = scene.outside(resolver), scene.start
    for _ in range(count):
        site = scene.rng.choice(SITES)
        if transport == "tls":
            visit(scene, scene.actor, resolver, when, [(60, 140)], port=853, profile="library")
        else:
            answers = [Record("A", scene.address(site))]
            lookup(scene, scene.actor, site, when, answers=answers, resolver=server, answered=answered)
        when += scene.rng.expovariate(1 / spacing)


@scenario("doh")
def doh(scene: Scene, *, name: str = "dns.google", count: int = 8, spacing: float = 90.0, questions: int = 6) -> None:
    """A browser looks names up over HTTPS at a public service.

    name: the service
    count: connections
    spacing: seconds between on average
    questions: lookups on each connection
    """
    for when in periodic(scene.rng, scene.start, spacing, 0.6, count):
        visit(scene, scene.actor, name, when, [(90, 180)] * questions)


@scenario("internet-from-isolated", machine="192.168.50.12")
def internet_from_isolated(
    scene: Scene, *, kind: str = "ncsi", host: str = "", count: int = 3, spacing: float = 120.0, answered: bool = True
) -> None:
    """A machine of a network that has no Internet reaches it all the same.

    kind: ncsi (Windows' own test of the connection), dns, tls or http
    host: what is reached; empty for the kind's usual place
    count: how often
    spacing: seconds between
    answered: somebody answers (false: the machine only tries)
    """
    one_of("kind", kind, ("ncsi", "dns", "tls", "http"))
    for when in periodic(scene.rng, scene.start, spacing, 0.3, count):
        _reach(scene, kind, host, when, answered)


def _reach(scene: Scene, kind: str, host: str, when: float, answered: bool) -> None:
    actor = scene.actor
    if kind == "dns" or not answered:
        resolver = scene.outside(host or "8.8.8.8")
        answers = [Record("A", scene.address("vnexpress.net"))]
        lookup(scene, actor, "vnexpress.net", when, answers=answers, resolver=resolver, answered=answered)
    elif kind == "tls":
        visit(scene, actor, host or "www.google.com", when)
    else:
        name = host or ("www.msftconnecttest.com" if kind == "ncsi" else "vnexpress.net")
        path = "/connecttest.txt" if kind == "ncsi" else "/"
        agent = "Microsoft NCSI" if kind == "ncsi" else http.BROWSER_AGENT
        answer = http.Response(
            200, {"Content-Type": "text/plain"}, b"Microsoft Connect Test" if kind == "ncsi" else b"<html/>"
        )
        http.fetch(scene, actor, name, when, [(http.Request("GET", path, http.program_headers(name, agent)), answer)])
