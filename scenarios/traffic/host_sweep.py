"""A machine tries many hosts."""

from __future__ import annotations

import ipaddress

from scenarios.clock import periodic
from scenarios.net.datagram import ping
from scenarios.net.tcp import TcpSession
from scenarios.protocols import arp
from scenarios.registry import ScenarioError, one_of, scenario
from scenarios.scene import Scene
from scenarios.traffic.port_scan import probe


@scenario("host-sweep")
def host_sweep(
    scene: Scene,
    *,
    network: str = "",
    hosts: int = 100,
    port: int = 445,
    rate: float = 20.0,
    answered: float = 0.15,
    open_share: float = 0.05,
    protocol: str = "tcp",
) -> None:
    """A machine tries one port of many hosts, one after the other.

    network: where the hosts are; empty for the machine's own 256 addresses
    hosts: how many
    port: which port (tcp, udp)
    rate: hosts a second
    answered: share of the hosts that answer at all
    open_share: share of the hosts whose port is open
    protocol: tcp, udp, icmp or arp
    """
    one_of("protocol", protocol, ("tcp", "udp", "icmp", "arp"))
    rng = scene.rng
    when = scene.start
    for number, ip in enumerate(_addresses(scene, network, hosts)):
        draw = rng.random()
        state = "open" if draw < open_share else "closed" if draw < max(answered, open_share) else "silent"
        if protocol == "arp":
            arp.ask(scene, scene.actor, scene.machine(ip), when, answered=state != "silent")
        elif protocol == "icmp":
            data = bytes(range(97, 129))
            ping(scene, scene.actor, scene.host(ip), when, data, sequence=number, answered=state != "silent")
        else:
            probe(scene, scene.actor, scene.host(ip), port, when, state, protocol)
        when += rng.uniform(0.5, 1.5) / rate


@scenario("monitoring")
def monitoring(
    scene: Scene,
    *,
    network: str = "",
    hosts: int = 60,
    ports: tuple[int, ...] = (135, 445),
    period: float = 300.0,
    rounds: int = 4,
    down: float = 0.03,
) -> None:
    """A monitoring server looks after many hosts and nearly all answer: no sweep.

    network: where the hosts are; empty for the machine's own 256 addresses
    hosts: how many
    ports: which ports it asks
    period: seconds between rounds
    rounds: how often
    down: share of hosts that are switched off
    """
    rng = scene.rng
    off = {ip for ip in _addresses(scene, network, hosts) if rng.random() < down}
    for start in periodic(rng, scene.start, period, 0.0, rounds):
        when = start
        for ip in _addresses(scene, network, hosts):
            for port in ports:
                if ip in off:
                    probe(scene, scene.actor, scene.host(ip), port, when, "silent")
                else:
                    session = TcpSession(scene, scene.actor, scene.host(ip), port, when).connect()
                    session.send(b"PING\r\n").reply(b"OK\r\n").close()
                when += rng.uniform(0.02, 0.1)


def _addresses(scene: Scene, network: str, count: int) -> list[str]:
    try:
        hosts = ipaddress.ip_network(network or f"{scene.actor.ip}/24", strict=False).hosts()
    except ValueError as error:
        raise ScenarioError(f"parameter network: {error}") from None
    own = scene.actor.ip
    found = []
    for host in hosts:
        if str(host) != own:
            found.append(str(host))
        if len(found) == count:
            break
    return found
