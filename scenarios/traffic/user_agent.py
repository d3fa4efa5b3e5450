"""Programs that say who they are, or lie."""

from __future__ import annotations

from scenarios.protocols import http
from scenarios.registry import scenario
from scenarios.scene import Scene


@scenario("user-agent")
def user_agent(
    scene: Scene,
    *,
    agent: str = "WinInetLoader/1.0",
    host: str = "files-portal.example",
    path: str = "/check",
    method: str = "GET",
    browser: bool = False,
    count: int = 5,
    spacing: float = 40.0,
    size: int = 200,
    machines: int = 1,
) -> None:
    """A program with a given user agent asks a server over HTTP.

    agent: user agent; empty for none
    host: name or address of the server
    path: what is asked for
    method: GET, POST or HEAD
    browser: with the headers of a browser (false: only Host, User-Agent and Accept)
    count: requests of each machine
    spacing: seconds between requests on average
    size: bytes that come back
    machines: how many machines do it
    """
    rng = scene.rng
    answer = http.Response(200, {"Content-Type": "text/plain"}, b"ok\n" * (size // 3 + 1))
    for machine in scene.machines(machines):
        when = scene.start
        for _ in range(count):
            headers = (
                http.browser_headers(host, agent=agent) if browser else http.program_headers(host, agent, Accept="*/*")
            )
            body = rng.randbytes(64) if method == "POST" else b""
            http.fetch(scene, machine, host, when, [(http.Request(method, path, headers, body), answer)])
            when += rng.expovariate(1 / spacing)
