"""A machine tries the ports of another."""

from __future__ import annotations

from scenarios.net.datagram import icmp, udp
from scenarios.net.host import Host
from scenarios.net.tcp import TcpSession, refused, unanswered
from scenarios.registry import one_of, scenario
from scenarios.scene import Scene

UNREACHABLE, PORT_CLOSED = 3, 3
"""ICMP type and code that a closed UDP port answers with."""
WELL_KNOWN = (
    21, 22, 23, 25, 53, 80, 88, 110, 111, 135, 139, 143, 389, 443, 445, 465, 587, 593, 636, 993, 995, 1433, 1521, 1723,
    2049, 3268, 3306, 3389, 5060, 5432, 5900, 5985, 6379, 8000, 8080, 8443, 9100, 9200, 27017,
)  # fmt: skip


@scenario("port-scan")
def port_scan(
    scene: Scene,
    *,
    target: str = "10.20.7.60",
    ports: int = 200,
    first: int = 0,
    rate: float = 50.0,
    answered: float = 0.9,
    open_share: float = 0.02,
    protocol: str = "tcp",
    shuffled: bool = True,
) -> None:
    """A machine tries many ports of one target.

    target: whose ports
    ports: how many
    first: the first of ports that follow one another; 0 for well-known ones, then all from 1
    rate: tries a second
    answered: share of the closed ports that answer (RST, or ICMP over udp); the rest is silent
    open_share: share of the ports that are open (a connection that is dropped at once)
    protocol: tcp or udp
    shuffled: in random order
    """
    one_of("protocol", protocol, ("tcp", "udp"))
    rng = scene.rng
    host = scene.host(target)
    chosen = list(range(first, first + ports)) if first else well_known_ports(ports)
    if shuffled:
        rng.shuffle(chosen)
    when = scene.start
    for port in chosen:
        draw = rng.random()
        state = "open" if draw < open_share else "closed" if rng.random() < answered else "silent"
        probe(scene, scene.actor, host, port, when, state, protocol)
        when += rng.uniform(0.5, 1.5) / rate


@scenario("many-ports")
def manywell_known_ports(
    scene: Scene, *, target: str = "10.20.1.20", ports: int = 120, rate: float = 1.0, size: int = 4_000
) -> None:
    """A client talks to many high ports of one server and all answer, as passive FTP or remote calls do: no scan.

    target: the server
    ports: how many
    rate: connections a second
    size: bytes that come back on each
    """
    when = scene.start
    for _ in range(ports):
        port = scene.rng.randint(49_152, 65_535)
        session = TcpSession(scene, scene.actor, scene.host(target), port, when).connect()
        session.send(b"RETR\r\n").reply(scene.rng.randbytes(size)).close("server")
        when += scene.rng.expovariate(rate)


def probe(scene: Scene, client: Host, target: Host, port: int, when: float, state: str, protocol: str = "tcp") -> None:
    """One try; ``state`` of the port is open, closed or silent."""
    if protocol == "udp":
        own = client.port()
        udp(scene, client, own, target, port, when, bytes(8))
        if state == "open":
            udp(scene, target, port, client, own, when + 0.001, bytes(12))
        elif state == "closed":
            quoted = scene.route(client, target).quoted(own, port)
            icmp(scene, target, client, when + 0.001, UNREACHABLE, PORT_CLOSED, bytes(4), quoted)
    elif state == "open":
        TcpSession(scene, client, target, port, when).connect().reset()
    elif state == "closed":
        refused(scene, client, target, port, when)
    else:
        unanswered(scene, client, target, port, when, attempts=1)


def well_known_ports(count: int) -> list[int]:
    """``count`` ports: those that services use, then all from 1."""
    rest = (port for port in range(1, 65_536) if port not in WELL_KNOWN)
    return [*WELL_KNOWN[:count], *(next(rest) for _ in range(count - len(WELL_KNOWN)))]
