"""QUIC version 1 (RFC 9000, RFC 9001): first packets that anybody can decrypt, then packets that nobody can."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from scenarios.net.datagram import udp
from scenarios.net.host import Host
from scenarios.protocols import tls
from scenarios.protocols.dns import resolve

if TYPE_CHECKING:
    from scenarios.scene import Scene

PORT = 443
VERSION = 1
SALT = bytes.fromhex("38762cf7f55934b34d179ae6a4c80cadccbb7f0a")
"""Of version 1 (RFC 9001 §5.2)."""
INITIAL, HANDSHAKE = 0xC3, 0xE3
"""First bytes of long headers with packet numbers of four bytes."""
SMALLEST = 1200
"""Bytes of a datagram that carries an Initial packet, at least (RFC 9000 §14.1)."""
PARAMETERS = bytes.fromhex("01048000ea60 040480100000 0504800a0000 0604800a0000 0704800a0000 08024064 09024064 0f00")
"""Transport parameters: idle time-out, flow control, streams, an empty connection identifier."""
TAG = 16
"""Bytes of an AEAD tag."""


@dataclass(frozen=True)
class Keys:
    """What protects one direction's Initial packets."""

    key: bytes
    iv: bytes
    header: bytes

    def seal(self, header: bytes, number: int, payload: bytes) -> bytes:
        """A protected packet; ``header`` ends with the packet number in four bytes."""
        nonce = (int.from_bytes(self.iv) ^ number).to_bytes(12)
        sealed = AESGCM(self.key).encrypt(nonce, payload, header)
        encryptor = Cipher(algorithms.AES(self.header), modes.ECB()).encryptor()  # noqa: S305 - RFC 9001 §5.4.3
        mask = encryptor.update(sealed[:16])
        first = bytes([header[0] ^ mask[0] & 0x0F])
        hidden = bytes(a ^ b for a, b in zip(header[-4:], mask[1:5], strict=True))
        return first + header[1:-4] + hidden + sealed


@lru_cache(maxsize=256)
def keys(identifier: bytes, side: str) -> Keys:
    """Keys of Initial packets; ``identifier`` is the client's first destination, ``side`` client or server."""
    extract = hmac.HMAC(SALT, hashes.SHA256())
    extract.update(identifier)
    secret = _expanded(extract.finalize(), f"{side} in", 32)
    return Keys(_expanded(secret, "quic key", 16), _expanded(secret, "quic iv", 12), _expanded(secret, "quic hp", 16))


def initial(
    side: str, identifiers: tuple[bytes, bytes, bytes], number: int, frames: bytes, size: int = SMALLEST
) -> bytes:
    """An Initial packet filled up to ``size``; ``identifiers`` are the first one, the receiver's and the sender's."""
    first, receiver, sender = identifiers
    head = struct.pack("!BI", INITIAL, VERSION) + tls.short(receiver) + tls.short(sender) + b"\0"
    payload = frames.ljust(size - len(head) - 6 - TAG, b"\0")
    head += struct.pack("!H", 0x4000 | 4 + len(payload) + TAG) + struct.pack("!I", number)
    return keys(first, side).seal(head, number, payload)


def crypto(message: bytes) -> bytes:
    """A CRYPTO frame at the start of the stream."""
    return b"\x06\x00" + struct.pack("!H", 0x4000 | len(message)) + message


def client_hello(scene: Scene, name: str) -> bytes:
    """What a browser says for HTTP/3."""
    profile = tls.Profile((0x1301, 0x1302, 0x1303), alpn=("h3",))
    return tls.client_hello(scene.rng, profile, name, more=[tls.extension(57, PARAMETERS)], session=b"")


def visit(scene: Scene, client: Host, host: str, when: float, *, packets: int = 20, size: int = 1_000) -> float:
    """Resolve ``host``, shake hands, exchange ``packets`` each way; gives the end's time."""
    rng = scene.rng
    server, ready = resolve(scene, client, host, when)
    own, first, answered = client.port(), rng.randbytes(8), rng.randbytes(8)
    trip = client.rtt + server.rtt
    hello = crypto(client_hello(scene, host))
    udp(scene, client, own, server, PORT, ready, initial("client", (first, first, b""), 0, hello))
    greeting = b"\x02\0\0\0\0" + crypto(tls.server_hello(rng, tls.TLS13, 0x1301))
    reply = initial("server", (first, b"", answered), 0, greeting)
    udp(scene, server, PORT, client, own, ready + trip, reply)
    for number in range(3):
        udp(
            scene, server, PORT, client, own, ready + trip + 0.0002 * (number + 1), _hidden(scene, b"", answered, 1_100)
        )
    last = initial("client", (first, answered, b""), 1, b"\x02\0\0\0\0")
    udp(scene, client, own, server, PORT, ready + trip + 0.002, last)
    moment = ready + trip + 0.003
    udp(scene, client, own, server, PORT, moment, _hidden(scene, answered, b"", 60))
    for _ in range(packets):
        udp(scene, client, own, server, PORT, moment, b"\x4c" + answered + rng.randbytes(rng.randint(24, 90)))
        body = b"\x4c" + rng.randbytes(rng.randint(size // 2, size))
        udp(scene, server, PORT, client, own, moment + trip, body)
        moment += rng.uniform(0.01, 0.2)
    return moment


def _hidden(scene: Scene, receiver: bytes, sender: bytes, size: int) -> bytes:
    """A Handshake packet, whose keys nobody else has."""
    head = struct.pack("!BI", HANDSHAKE, VERSION) + tls.short(receiver) + tls.short(sender)
    return head + struct.pack("!H", 0x4000 | size) + scene.rng.randbytes(size)


def _expanded(secret: bytes, label: str, size: int) -> bytes:
    """HKDF-Expand-Label (RFC 8446 §7.1)."""
    info = struct.pack("!H", size) + tls.short(f"tls13 {label}".encode()) + b"\0"
    return HKDFExpand(hashes.SHA256(), size, info).derive(secret)
