"""A person at a browser."""

from __future__ import annotations

from scenarios.clock import HOUR, MINUTE, bursts
from scenarios.files.kinds import made
from scenarios.net.host import Host
from scenarios.net.tcp import TcpSession
from scenarios.protocols import http
from scenarios.protocols.dns import resolve
from scenarios.protocols.tls_connection import TlsConnection, public_chain, visit
from scenarios.registry import scenario
from scenarios.scene import Scene
from scenarios.sites import SITES

HELPERS = ("fonts.googleapis.com", "www.gstatic.com", "ajax.googleapis.com", "cdn.jsdelivr.net")
"""Sites that pages load parts from."""


@scenario("browsing")
def browsing(
    scene: Scene,
    *,
    hours: float = 3.0,
    sittings: float = 4.0,
    pages: int = 4,
    host: str = "",
    clear: float = 0.15,
    machines: int = 1,
) -> None:
    """A person reads pages of several sites in sittings.

    hours: how long
    sittings: per hour on average
    pages: per sitting on average
    host: always this site; empty for many
    clear: share of pages over HTTP in clear
    machines: how many people
    """
    for machine in scene.machines(machines):
        for when in bursts(scene.rng, scene.start, scene.start + hours * HOUR, sittings, pages):
            page(scene, machine, host or scene.rng.choice(SITES), when, clear=scene.rng.random() < clear)


@scenario("page-refresh")
def page_refresh(
    scene: Scene,
    *,
    host: str = "vnexpress.net",
    period: float = 60.0,
    sittings: int = 6,
    refreshes: int = 12,
) -> None:
    """A page that refreshes itself while a person has it open, several times a day; in between they read other things.

    host: the site of the page
    period: seconds between refreshes
    sittings: how often the page is opened
    refreshes: how often it refreshes on average before it is closed
    """
    rng = scene.rng
    when = scene.start
    for _ in range(sittings):
        for _ in range(rng.randint(max(1, refreshes // 3), 2 * refreshes)):
            visit(scene, scene.actor, host, when, [(rng.randint(350, 700), rng.randint(1_500, 30_000))])
            if rng.random() < 0.45:  # the reader follows a link, which starts the page's clock again
                when += rng.lognormvariate(2.3, 0.9)
                page(scene, scene.actor, host, when)
            when += period + rng.uniform(0, 0.4)
        when += rng.expovariate(1 / (25 * MINUTE))


def page(scene: Scene, machine: Host, host: str, when: float, *, clear: bool = False) -> float:
    """One page with its parts; gives the time when it stands."""
    rng = scene.rng
    if clear:
        return _clear_page(scene, machine, host, when)
    turns = [(rng.randint(350, 900), int(rng.lognormvariate(8.6, 0.8)) + 300) for _ in range(rng.randint(1, 4))]
    _, done = visit(scene, machine, host, when, turns)
    if rng.random() < 0.4:
        part = (rng.randint(300, 500), rng.randint(1_000, 12_000))
        visit(scene, machine, rng.choice(HELPERS), when + 0.3, [part])
    return done


def _clear_page(scene: Scene, machine: Host, host: str, when: float) -> float:
    rng = scene.rng
    text = f"<!doctype html><html><head><title>{host}</title></head><body>" + "<p>Tin trong ngày</p>" * rng.randint(
        40, 300
    )
    html = http.Response(200, {"Content-Type": "text/html; charset=utf-8"}, (text + "</body></html>").encode())
    picture = made("jpeg", rng, rng.randint(2_000, 12_000)).content
    image = http.Response(200, {"Content-Type": "image/jpeg"}, picture)
    first = http.Request("GET", f"/tin/{rng.randrange(10**6)}.html", http.browser_headers(host))
    headers = http.browser_headers(host, referrer=f"http://{host}{first.target}", accept="image/avif")
    second = http.Request("GET", f"/anh/{rng.randrange(10**6)}.jpg", headers)
    return http.fetch(scene, machine, host, when, [(first, html), (second, image)])[1]


@scenario("push-and-read")
def push_and_read(scene: Scene, *, host: str = "login.microsoftonline.com", hours: float = 4.0) -> None:
    """A browser keeps one connection for notices open while a person reads other sites.

    host: where the notices come from
    hours: how long
    """
    rng = scene.rng
    server, ready = resolve(scene, scene.actor, host, scene.start)
    session = TcpSession(scene, scene.actor, server, 443, ready).connect()
    link = TlsConnection(session, "browser", host, chain=public_chain(host)).open()
    while session.now < scene.start + hours * HOUR:
        session.wait(45.0)
        link.send(24).reply(24)
    link.close()
    for when in bursts(rng, scene.start, scene.start + hours * HOUR, 3, 4):
        page(scene, scene.actor, rng.choice(SITES), when)
