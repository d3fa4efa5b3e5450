"""Video conferences: much UDP with one server, both ways."""

from __future__ import annotations

from scenarios.protocols import media, quic
from scenarios.protocols.dns import resolve
from scenarios.registry import one_of, scenario
from scenarios.scene import Scene


@scenario("conference")
def conference(
    scene: Scene,
    *,
    kind: str = "rtp",
    host: str = "meet.google.com",
    port: int = 3478,
    seconds: float = 120.0,
    rate: float = 8.0,
    machines: int = 2,
) -> None:
    """People meet by video: sound and pictures over UDP, no control channel.

    kind: rtp (found by STUN) or quic
    host: name or address of the server
    port: of the server (rtp)
    seconds: how long
    rate: packets a second each way
    machines: how many people
    """
    one_of("kind", kind, ("rtp", "quic"))
    for machine in scene.machines(machines):
        when = scene.start + scene.rng.uniform(0, 5)
        if kind == "quic":
            quic.visit(scene, machine, host, when, packets=int(seconds * rate))
        else:
            server, ready = resolve(scene, machine, host, when)
            media.conference(scene, machine, server, port, ready, seconds=seconds, per_second=rate)
