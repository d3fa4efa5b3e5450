"""TCP conversations (RFC 9293): handshake, data both ways in segments, acknowledgements, the ways to end."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scenarios.net.host import Host
from scenarios.net.route import TCP, Route

if TYPE_CHECKING:
    from scenarios.scene import Scene

FIN, SYN, RST, PSH, ACK = 0x01, 0x02, 0x04, 0x08, 0x10
MSS_ETHERNET = 1460
WINDOW_OFFERED, WINDOW = 64_240, 1026
"""In the first segment, and afterwards in units of 256 bytes."""
SYN_OPTIONS = bytes.fromhex("020405b4 01 030308 0101 0402")
"""MSS 1460, window scale 8, selective acknowledgements: what Windows offers."""
SYN_RETRIES = (0.0, 1.0, 3.0)
"""Seconds after the first attempt at which an unanswered SYN is sent."""
SEGMENT_GAP = 0.00012
"""Seconds between segments of one flight (a 100 Mbit/s link)."""


@dataclass
class End:
    """One side of a connection."""

    host: Host
    port: int
    seq: int
    route: Route
    owes_ack: bool = False


class TcpSession:
    """One connection; ``now`` moves on with every act, so that conversations read as a script."""

    def __init__(
        self,
        scene: Scene,
        client: Host,
        server: Host,
        port: int,
        when: float,
        *,
        client_port: int = 0,
        mss: int = MSS_ETHERNET,
    ) -> None:
        self.scene = scene
        self.now = when
        self.mss = mss
        self.rtt = client.rtt + server.rtt
        self.client = End(client, client_port or client.port(), scene.rng.getrandbits(32), scene.route(client, server))
        self.server = End(server, port, scene.rng.getrandbits(32), scene.route(server, client))

    def connect(self) -> TcpSession:
        """The three-way handshake."""
        self._emit(self.client, SYN, options=SYN_OPTIONS)
        self.client.seq += 1
        self.now += self.rtt
        self._emit(self.server, SYN | ACK, options=SYN_OPTIONS)
        self.server.seq += 1
        self.now += 0.0001
        self._emit(self.client, ACK)
        return self

    def send(self, data: bytes) -> TcpSession:
        """Data from the client."""
        return self._flight(self.client, self.server, data)

    def reply(self, data: bytes) -> TcpSession:
        """Data from the server, one round trip later."""
        self.now += self.rtt
        return self._flight(self.server, self.client, data)

    def wait(self, seconds: float) -> TcpSession:
        """Nothing happens but what is owed: acknowledgements after the usual delay."""
        self.settle(min(seconds, 0.04))
        self.now += max(0.0, seconds - 0.04)
        return self

    def settle(self, delay: float = 0.04) -> None:
        """Send the acknowledgements that are owed."""
        self.now += delay
        for end in (self.client, self.server):
            if end.owes_ack:
                self._emit(end, ACK)

    def close(self, by: str = "client") -> None:
        """An orderly end: FIN both ways."""
        first, second = (self.client, self.server) if by == "client" else (self.server, self.client)
        self.settle(0.002)
        self._emit(first, FIN | ACK)
        first.seq += 1
        self.now += self.rtt
        self._emit(second, FIN | ACK)
        second.seq += 1
        self.now += self.rtt / 2
        self._emit(first, ACK)

    def reset(self, by: str = "client") -> None:
        """An abrupt end: one RST."""
        self.now += 0.001
        self._emit(self.client if by == "client" else self.server, RST | ACK)

    def place(self, end: End, offset: int, data: bytes, flags: int = PSH | ACK) -> None:
        """One segment ``offset`` bytes from the end's present position, which does not move (tests of reassembly)."""
        kept, end.seq = end.seq, end.seq + offset & 0xFFFFFFFF
        self.now += SEGMENT_GAP
        self._emit(end, flags, data)
        end.seq = kept

    def skip(self, end: End, count: int) -> None:
        """Move on by ``count`` bytes that were placed, or that the recorder missed."""
        end.seq = end.seq + count & 0xFFFFFFFF

    def _flight(self, end: End, peer: End, data: bytes) -> TcpSession:
        self.now += 0.0002
        end.owes_ack = False  # the data carries it
        for count, offset in enumerate(range(0, len(data), self.mss), 1):
            piece = data[offset : offset + self.mss]
            last = offset + self.mss >= len(data)
            self._emit(end, PSH | ACK if last else ACK, piece)
            end.seq = end.seq + len(piece) & 0xFFFFFFFF
            self.now += SEGMENT_GAP
            peer.owes_ack = True
            if count % 2 == 0 and not last:  # every second full segment is acknowledged (RFC 5681 §4.2)
                self._emit(peer, ACK)
        return self

    def _emit(self, end: End, flags: int, payload: bytes = b"", options: bytes = b"") -> None:
        peer = self.server if end is self.client else self.client
        acknowledged = peer.seq & 0xFFFFFFFF if flags & ACK else 0
        header = struct.pack(
            "!HHIIBBHHH",
            end.port,
            peer.port,
            end.seq & 0xFFFFFFFF,
            acknowledged,
            (20 + len(options)) << 2,
            flags,
            0 if flags & RST else WINDOW_OFFERED if flags & SYN else WINDOW,
            0,
            0,
        )
        if flags & ACK:
            end.owes_ack = False
        self.scene.wire.add(self.now, end.route.segment(TCP, header + options, payload, 16))


def unanswered(scene: Scene, client: Host, server: Host, port: int, when: float, *, attempts: int = 3) -> float:
    """SYNs that nobody answers; gives the time of the last one."""
    session = TcpSession(scene, client, server, port, when)
    for delay in SYN_RETRIES[:attempts]:
        session.now = when + delay
        session._emit(session.client, SYN, options=SYN_OPTIONS)
    return session.now


def refused(scene: Scene, client: Host, server: Host, port: int, when: float) -> float:
    """A SYN answered by RST; gives the time of the answer."""
    session = TcpSession(scene, client, server, port, when)
    session._emit(session.client, SYN, options=SYN_OPTIONS)
    session.client.seq += 1
    session.server.seq = 0
    session.now += session.rtt
    session._emit(session.server, RST | ACK)
    return session.now
