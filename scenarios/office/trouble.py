"""What goes wrong at the office: four machines, each in its own way."""

from __future__ import annotations

from scenarios.clock import DAY, HOUR, MINUTE, periodic
from scenarios.files.kinds import made
from scenarios.office.staff import MACHINES, Office, Seat
from scenarios.protocols import http
from scenarios.protocols.call import Call
from scenarios.protocols.dns import Record, lookup
from scenarios.protocols.tls import TLS12
from scenarios.traffic.dns_tunnel import tunnel_name
from scenarios.traffic.names import controlled
from scenarios.traffic.port_scan import probe, well_known_ports

INFECTED, TUNNEL, SCANNER, REMOTE = 7, 20, 28, 34
"""Numbers of their machines."""
DROPPER_HOST = "198.51.100.214"
DROPPER_NAME = "Cong-van-hoa-toc.pdf.exe"
"""rules/yara/pe_structure.yar names it: rule pe-document-name (a program posing as a document)."""
CONTROL_HOST = "lich-congtac-sync.example"
SLEEP, JITTER = 900.0, 0.2
"""Seconds between the beacon's calls, and the share by which they differ."""
TUNNEL_DOMAIN = "ns.kho-dulieu.example"


def four_machines(office: Office, midnight: float, last: float) -> None:
    """All of them; ``midnight`` starts the first day, ``last`` ends the capture."""
    infected(office, office.seat(INFECTED), midnight + 9 * HOUR + 12 * MINUTE, last)
    tunnelling(office, office.seat(TUNNEL), midnight + 14 * HOUR + 5 * MINUTE)
    scanning(office, office.seat(SCANNER), midnight + DAY + 10 * HOUR + 24 * MINUTE)
    controlled(office.scene, office.seat(REMOTE).host, "ultraviewer", midnight + 15 * HOUR + 20 * MINUTE, 18, 3_500)


def infected(office: Office, seat: Seat, when: float, last: float) -> None:
    """A program that poses as a document is downloaded and run; from then on it calls home, day and night."""
    scene = office.scene
    program = made("pe-disguised", scene.rng, 46_000)
    request = http.Request("GET", f"/vb/{DROPPER_NAME}", http.browser_headers(DROPPER_HOST))
    answer = http.Response(200, {"Content-Type": "application/octet-stream"}, program.content, server="Apache/2.4.6")
    _, when = http.fetch(scene, seat.host, DROPPER_HOST, when, [(request, answer)])
    call = Call(CONTROL_HOST, "tls", 443, up=280, down=180, profile="windows", version=TLS12, signed_by_itself=True)
    first = when + 40
    for moment in periodic(scene.rng, first, SLEEP, JITTER, int((last - first) / SLEEP)):
        call.make(scene, seat.host, moment)


def tunnelling(office: Office, seat: Seat, when: float, count: int = 420) -> None:
    """Data leaves in the names of lookups."""
    scene = office.scene
    for _ in range(count):
        answers = [Record("TXT", scene.rng.randbytes(40).hex(), ttl=5)]
        name = f"{tunnel_name(scene, 110, 'base32')}.{TUNNEL_DOMAIN}"
        lookup(scene, seat.host, name, when, kind="TXT", answers=answers, delay=0.03)
        when += scene.rng.uniform(0.4, 1.6)


def scanning(office: Office, seat: Seat, when: float) -> None:
    """First who has file sharing, then every well-known port of three neighbours."""
    scene, rng = office.scene, office.scene.rng
    net = seat.host.ip.rpartition(".")[0]
    known = {each.host.ip for each in office.seats}
    for number in range(1, 121):
        target = scene.machine(f"{net}.{number}") if number != 1 else scene.gateway
        if target.ip == seat.host.ip:
            continue
        state = "silent" if target.ip not in known else "open" if rng.random() < 0.2 else "closed"
        probe(scene, seat.host, target, 445, when, state)
        when += rng.uniform(0.02, 0.08)
    for neighbour in (SCANNER % MACHINES + 1, SCANNER % MACHINES + 3, SCANNER % MACHINES + 6):
        for port in well_known_ports(110):
            probe(scene, seat.host, office.seat(neighbour).host, port, when, "open" if port in (135, 445) else "closed")
            when += rng.uniform(0.01, 0.05)
