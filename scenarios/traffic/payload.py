"""Programs and documents on their way in, and updates that come the same way."""

from __future__ import annotations

from pathlib import Path

from scenarios.files.kinds import KINDS, File, made
from scenarios.net.host import Host
from scenarios.protocols import http
from scenarios.registry import ScenarioError, one_of, scenario
from scenarios.scene import Scene
from scenarios.sites import UPDATE_AGENT, UPDATES


@scenario("payload-download")
def payload_download(
    scene: Scene,
    *,
    kind: str = "pe",
    name: str = "",
    declared: str = "",
    host: str = "198.51.100.23",
    port: int = 80,
    folder: str = "/tai/",
    agent: str = http.BROWSER_AGENT,
    referrer: str = "",
    disposition: str = "",
    size: int = 40_000,
    packing: str = "",
    status: int = 200,
    content_file: str = "",
    count: int = 1,
    machines: int = 1,
) -> None:
    """A machine downloads a file over HTTP in clear.

    kind: pe, pe-packed, pe-disguised, pe-published, dll, ps1, vbs, js, hta, html, lnk, one, iso, … (files/kinds)
    name: the name in the URL; empty for the kind's usual one
    declared: Content-Type; empty for the kind's honest one
    host: name or address of the server
    port: its port
    folder: path before the name
    agent: user agent; a browser's comes with a browser's headers, any other with few
    referrer: where the link stood
    disposition: file name in Content-Disposition; empty for no such header
    size: bytes, about
    packing: gzip, chunked or empty
    status: of the answer
    content_file: take the content from this file
    count: downloads of each machine
    machines: how many machines do it
    """
    file = _file(scene, one_of("kind", kind, KINDS), size, content_file)
    answer = _answer(file, declared or file.media_type, disposition, packing, status)
    target = folder + (name or file.name).replace(" ", "%20")
    for number, machine in enumerate(scene.machines(machines)):
        for turn in range(count):
            when = scene.start + number * scene.rng.uniform(5, 60) + turn * 30
            request = http.Request("GET", target, _headers(host, agent, referrer))
            http.fetch(scene, machine, host, when, [(request, answer)], port=port)


@scenario("update-download")
def update_download(
    scene: Scene,
    *,
    host: str = UPDATES,
    path: str = "/c/msdownload/update/software/secu/2026/10/windows10.0-kb5031356-x64.exe",
    agent: str = UPDATE_AGENT,
    kind: str = "pe-published",
    declared: str = "application/octet-stream",
    size: int = 160_000,
    ranges: int = 4,
    machines: int = 5,
) -> None:
    """Machines fetch a signed update from its maker, in ranges: no payload.

    host: name of the update server
    path: of the update
    agent: user agent
    kind: of the file, as for payload-download
    declared: Content-Type
    size: bytes, about
    ranges: parts that are asked for one by one
    machines: how many machines do it
    """
    file = made(one_of("kind", kind, KINDS), scene.rng, size)
    for number, machine in enumerate(scene.machines(machines)):
        ranged(scene, machine, host, path, agent, file.content, declared, ranges, scene.start + number * 40)


def ranged(
    scene: Scene,
    machine: Host,
    host: str,
    path: str,
    agent: str,
    content: bytes,
    declared: str,
    parts: int,
    when: float,
) -> float:
    """Download ``content`` in ``parts`` ranges over one connection; gives the end's time."""
    step = -(-len(content) // parts)
    pairs: list[tuple[http.Request, http.Response | None]] = []
    for first in range(0, len(content), step):
        piece = content[first : first + step]
        last = first + len(piece) - 1
        headers = http.program_headers(host, agent, Accept="*/*", Range=f"bytes={first}-{last}")
        told = {"Content-Type": declared, "Content-Range": f"bytes {first}-{last}/{len(content)}"}
        pairs.append((http.Request("GET", path, headers), http.Response(206, told, piece, server="ECAcc")))
    return http.fetch(scene, machine, host, when, pairs)[1]


def _file(scene: Scene, kind: str, size: int, path: str) -> File:
    file = made(kind, scene.rng, size)
    if not path:
        return file
    try:
        return File(Path(path).name, file.media_type, Path(path).read_bytes())
    except OSError as error:
        raise ScenarioError(f"parameter content_file: cannot read {path}: {error.strerror}") from None


def _answer(file: File, declared: str, disposition: str, packing: str, status: int) -> http.Response:
    body, headers = file.content, {"Content-Type": declared}
    if disposition:
        headers["Content-Disposition"] = f'attachment; filename="{disposition}"'
    if one_of("packing", packing, ("", "gzip", "chunked")) == "gzip":
        body, headers["Content-Encoding"] = http.gzipped(body), "gzip"
    elif packing == "chunked":
        body, headers["Transfer-Encoding"] = http.chunked(body), "chunked"
    if status not in http.REASONS:
        raise ScenarioError(f"parameter status: {status} is not one of {', '.join(map(str, http.REASONS))}")
    return http.Response(status, headers, body)


def _headers(host: str, agent: str, referrer: str) -> http.Headers:
    if agent.startswith("Mozilla/5.0"):
        return http.browser_headers(host, referrer=referrer, agent=agent)
    return http.program_headers(host, agent, Accept="*/*", **({"Referer": referrer} if referrer else {}))
