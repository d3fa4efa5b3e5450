"""Talk with many strangers: file sharing, peer-to-peer bots, coin mining."""

from __future__ import annotations

import json

from scenarios.clock import HOUR, periodic
from scenarios.net.datagram import udp, udp_exchange
from scenarios.net.tcp import TcpSession, unanswered
from scenarios.protocols.dns import resolve
from scenarios.registry import one_of, scenario
from scenarios.scene import Scene

BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
TORRENT = b"\x13BitTorrent protocol"


@scenario("p2p")
def p2p(
    scene: Scene,
    *,
    protocol: str = "bittorrent",
    peers_asked: int = 80,
    answered: float = 0.4,
    rate: float = 2.0,
    pieces: int = 4,
) -> None:
    """A machine talks with many strangers whose addresses it did not look up.

    protocol: bittorrent (file sharing) or bot (small noise over UDP)
    peers_asked: how many strangers
    answered: share that answers
    rate: strangers a second
    pieces: blocks that are downloaded from each stranger over TCP
    """
    one_of("protocol", protocol, ("bittorrent", "bot"))
    rng, when = scene.rng, scene.start
    node, wanted = rng.randbytes(20), rng.randbytes(20)
    own = scene.actor.port()
    for number in range(peers_asked):
        host = scene.outside(_stranger(scene))
        port = rng.randint(6_881, 60_000)
        alive = rng.random() < answered
        if protocol == "bot":
            udp_exchange(scene, scene.actor, host, port, when, rng.randbytes(36), rng.randbytes(48) if alive else None,
                         client_port=own)  # fmt: skip
        else:
            _ask(scene, host.ip, port, own, when, node, wanted, alive)
            if alive and number % 4 == 0:
                _share(scene, host.ip, port, when + 1, node, wanted, pieces)
            elif number % 4 == 1:
                unanswered(scene, scene.actor, host, port, when + 1, attempts=2)
        when += rng.expovariate(rate)


@scenario("mining")
def mining(
    scene: Scene,
    *,
    host: str = "pool.coin-hash.example",
    port: int = 3333,
    coin: str = "monero",
    hours: float = 1.0,
    jobs: float = 60.0,
    shares: float = 0.5,
) -> None:
    """A miner works for a pool, by Stratum in clear.

    host: name or address of the pool
    port: its port
    coin: monero (login) or bitcoin (subscribe and authorize)
    hours: how long
    jobs: seconds between jobs
    shares: share of jobs that bring a result
    """
    one_of("coin", coin, ("monero", "bitcoin"))
    rng = scene.rng
    server, ready = resolve(scene, scene.actor, host, scene.start)
    session = TcpSession(scene, scene.actor, server, port, ready).connect()
    _introduce(scene, session, coin)
    for number, when in enumerate(periodic(rng, ready + 1, jobs, 0.4, int(hours * HOUR / jobs)), 3):
        session.wait(max(0.0, when - session.now))
        if coin == "monero":
            session.reply(_line(jsonrpc="2.0", method="job", params=_job(scene)))
        else:
            session.reply(_line(id=None, method="mining.notify", params=["bf", rng.randbytes(32).hex(), True]))
        if rng.random() < shares:
            session.wait(rng.uniform(1, 15))
            method = "submit" if coin == "monero" else "mining.submit"
            session.send(_line(id=number, jsonrpc="2.0", method=method, params={"nonce": rng.randbytes(4).hex()}))
            session.reply(_line(id=number, jsonrpc="2.0", error=None, result={"status": "OK"}))
    session.wait(1).close()


def _introduce(scene: Scene, session: TcpSession, coin: str) -> None:
    """The miner's first words and the pool's answers."""
    wallet = "4" + "".join(scene.rng.choices(BASE58, k=94))
    if coin == "monero":
        login = {"login": wallet, "pass": "x", "agent": "XMRig/6.21.0"}
        session.send(_line(id=1, jsonrpc="2.0", method="login", params=login))
        session.reply(_line(id=1, jsonrpc="2.0", error=None, result={"id": "w1", "job": _job(scene), "status": "OK"}))
    else:
        session.send(_line(id=1, method="mining.subscribe", params=["cpuminer/2.5.1"]))
        session.reply(_line(id=1, result=[[["mining.notify", "ae6812eb4cd7735a"]], "81000001", 4], error=None))
        session.send(_line(id=2, method="mining.authorize", params=[wallet[:34], "x"]))
        session.reply(_line(id=2, result=True, error=None))


@scenario("json-calls")
def json_calls(
    scene: Scene, *, host: str = "api-vanban.example", port: int = 3333, count: int = 40, spacing: float = 60.0
) -> None:
    """A program makes JSON-RPC calls of its own on one connection: no mining.

    host: name or address of the server
    port: its port
    count: calls
    spacing: seconds between on average
    """
    rng = scene.rng
    server, ready = resolve(scene, scene.actor, host, scene.start)
    session = TcpSession(scene, scene.actor, server, port, ready).connect()
    for number in range(count):
        session.send(_line(id=number, jsonrpc="2.0", method="document.list", params={"page": number}))
        session.reply(_line(id=number, jsonrpc="2.0", result={"items": [rng.randrange(10**6) for _ in range(20)]}))
        session.wait(rng.expovariate(1 / spacing))
    session.close()


def _ask(scene: Scene, ip: str, port: int, own: int, when: float, node: bytes, wanted: bytes, alive: bool) -> None:
    host = scene.outside(ip)
    asked = b"d1:ad2:id20:%b9:info_hash20:%be1:q9:get_peers1:t2:aa1:y1:qe" % (node, wanted)
    udp(scene, scene.actor, own, host, port, when, asked)
    if alive:
        nodes = scene.rng.randbytes(26 * 8)
        answer = b"d1:rd2:id20:%b5:nodes208:%b5:token4:vpvpe1:t2:aa1:y1:re" % (scene.rng.randbytes(20), nodes)
        udp(scene, host, port, scene.actor, own, when + host.rtt, answer)


def _share(scene: Scene, ip: str, port: int, when: float, node: bytes, wanted: bytes, pieces: int) -> None:
    session = TcpSession(scene, scene.actor, scene.outside(ip), port, when).connect()
    session.send(TORRENT + bytes(8) + wanted + node).reply(TORRENT + bytes(8) + wanted + scene.rng.randbytes(20))
    session.send(b"\0\0\0\x01\x02").reply(b"\0\0\0\x01\x01")
    for number in range(pieces):
        session.send(b"\0\0\0\x0d\x06" + number.to_bytes(4) + bytes(4) + (4096).to_bytes(4))
        session.reply((4105).to_bytes(4) + b"\x07" + number.to_bytes(4) + bytes(4) + scene.rng.randbytes(4096))
    session.close()


def _stranger(scene: Scene) -> str:
    """An address anywhere outside; strangers are spread over many networks."""
    first = scene.rng.choice((31, 45, 77, 81, 94, 109, 151, 178, 185, 188, 195, 212, 217))
    return f"{first}.{scene.rng.randrange(256)}.{scene.rng.randrange(256)}.{scene.rng.randrange(1, 255)}"


def _job(scene: Scene) -> dict[str, object]:
    return {
        "blob": scene.rng.randbytes(76).hex(),
        "job_id": scene.rng.randbytes(8).hex(),
        "target": "b88d0600",
        "algo": "rx/0",
    }


def _line(**fields: object) -> bytes:
    return json.dumps(fields, separators=(",", ":")).encode() + b"\n"
