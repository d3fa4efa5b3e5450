"""Data in echoes, and echoes that ask whether somebody is there."""

from __future__ import annotations

from scenarios.clock import periodic
from scenarios.net.datagram import ping
from scenarios.registry import scenario
from scenarios.scene import Scene

WINDOWS_PATTERN = b"abcdefghijklmnopqrstuvwabcdefghi"
"""Data of Windows' ping."""


@scenario("icmp-tunnel")
def icmp_tunnel(
    scene: Scene,
    *,
    host: str = "203.0.113.77",
    count: int = 200,
    size: int = 600,
    answer_size: int = 400,
    period: float = 0.5,
    jitter: float = 0.5,
    varying: bool = True,
    same_answer: bool = False,
) -> None:
    """A program carries data in echoes and their answers.

    host: the other end
    count: echoes
    size: bytes of data in an echo
    answer_size: bytes of data in an answer
    period: seconds between echoes
    jitter: share of the period by which each gap differs at most
    varying: each echo carries something else
    same_answer: the answer carries what the echo did, as it should
    """
    rng = scene.rng
    server = scene.host(host)
    data = rng.randbytes(size)
    for number, when in enumerate(periodic(rng, scene.start, period, jitter, count)):
        if varying:
            data = rng.randbytes(max(8, int(size * rng.uniform(0.7, 1.3))))
        answer = None if same_answer else rng.randbytes(max(8, int(answer_size * rng.uniform(0.5, 1.5))))
        ping(scene, scene.actor, server, when, data, ident=scene.actor.ident(), sequence=number, answer=answer)


@scenario("ping")
def ping_host(
    scene: Scene,
    *,
    host: str = "www.google.com",
    count: int = 200,
    size: int = 32,
    period: float = 1.0,
    answered: float = 0.98,
) -> None:
    """Somebody pings a host; each echo carries the same letters.

    host: name or address
    count: echoes
    size: bytes of data
    period: seconds between echoes
    answered: share that is answered
    """
    server = scene.host(host)
    data = (WINDOWS_PATTERN * (size // len(WINDOWS_PATTERN) + 1))[:size]
    for number, when in enumerate(periodic(scene.rng, scene.start, period, 0.01, count)):
        ping(scene, scene.actor, server, when, data, sequence=number, answered=scene.rng.random() < answered)


@scenario("mtu-test")
def mtu_test(
    scene: Scene, *, host: str = "203.0.113.50", largest: int = 1472, rounds: int = 5, period: float = 1.0
) -> None:
    """An administrator looks for the largest packet that passes: big echoes of a fixed pattern, the same ones back.

    host: name or address
    largest: most bytes that pass
    rounds: how often the search is made
    period: seconds between echoes
    """
    server, when, number = scene.host(host), scene.start, 0
    for _ in range(rounds):
        low, high = 500, 1473
        while high - low > 1:
            size = (low + high) // 2
            passes = size <= largest
            data = (WINDOWS_PATTERN * 46)[:size]
            ping(scene, scene.actor, server, when, data, sequence=number, answered=passes)
            low, high = (size, high) if passes else (low, size)
            when, number = when + period, number + 1
