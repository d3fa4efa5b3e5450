"""SSH (RFC 4253): banners, key exchange in clear, then packets that have sizes only."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from random import Random

from scenarios.net.tcp import TcpSession

PORT = 22
KEXINIT, NEWKEYS, ECDH_INIT, ECDH_REPLY = 20, 21, 30, 31
SERVER_BANNER = "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3"
CLIENT_BANNERS = {
    "openssh": "SSH-2.0-OpenSSH_for_Windows_9.5",
    "putty": "SSH-2.0-PuTTY_Release_0.81",
    "libssh": "SSH-2.0-libssh_0.10.6",
    "paramiko": "SSH-2.0-paramiko_3.4.0",
    "go": "SSH-2.0-Go",
}
KEX = "curve25519-sha256,curve25519-sha256@libssh.org,ecdh-sha2-nistp256,diffie-hellman-group14-sha256"
HOST_KEYS = "ssh-ed25519,ecdsa-sha2-nistp256,rsa-sha2-512,rsa-sha2-256"
CIPHERS = "chacha20-poly1305@openssh.com,aes128-ctr,aes256-ctr,aes128-gcm@openssh.com,aes256-gcm@openssh.com"
MACS = "umac-128-etm@openssh.com,hmac-sha2-256-etm@openssh.com,hmac-sha2-256,hmac-sha1"
SMALL_CIPHERS, SMALL_MACS = "aes128-ctr,aes256-ctr", "hmac-sha2-256,hmac-sha1"
"""What small libraries offer."""


def key_exchange(rng: Random, ciphers: str = CIPHERS, macs: str = MACS) -> bytes:
    """KEXINIT."""
    lists = (KEX, HOST_KEYS, ciphers, ciphers, macs, macs, "none,zlib@openssh.com", "none,zlib@openssh.com", "", "")
    return bytes([KEXINIT]) + rng.randbytes(16) + b"".join(_string(text.encode()) for text in lists) + bytes(5)


def packet(rng: Random, payload: bytes) -> bytes:
    """A packet before encryption starts."""
    padding = 8 - (len(payload) + 5) % 8
    padding += 8 if padding < 4 else 0
    return struct.pack("!IB", len(payload) + padding + 1, padding) + payload + rng.randbytes(padding)


def connect(session: TcpSession, client: str = "openssh") -> TcpSession:
    """Banners, key exchange and the request for user authentication; ``client`` is a key of ``CLIENT_BANNERS``."""
    rng = session.scene.rng
    small = client in ("libssh", "paramiko", "go")
    offered = (SMALL_CIPHERS, SMALL_MACS) if small else (CIPHERS, MACS)
    session.send(f"{CLIENT_BANNERS[client]}\r\n".encode()).reply(f"{SERVER_BANNER}\r\n".encode())
    session.send(packet(rng, key_exchange(rng, *offered))).reply(packet(rng, key_exchange(rng)))
    session.send(packet(rng, bytes([ECDH_INIT]) + _string(rng.randbytes(32))))
    key = _string(_string(b"ssh-ed25519") + _string(rng.randbytes(32)))
    signature = _string(_string(b"ssh-ed25519") + _string(rng.randbytes(64)))
    answer = packet(rng, bytes([ECDH_REPLY]) + key + _string(rng.randbytes(32)) + signature)
    session.reply(answer + packet(rng, bytes([NEWKEYS])))
    session.send(packet(rng, bytes([NEWKEYS])) + rng.randbytes(44))
    session.reply(rng.randbytes(44))
    return session


def attempts(session: TcpSession, count: int) -> TcpSession:
    """Password attempts that fail: each a packet and a short answer."""
    for _ in range(count):
        session.send(session.scene.rng.randbytes(84))
        session.now += 1.8  # the server's delay after a wrong password
        session.reply(session.scene.rng.randbytes(52))
    return session


def work(session: TcpSession, turns: Sequence[tuple[int, int]]) -> TcpSession:
    """A log-in that succeeds and what is done then: ``(bytes up, bytes down)``."""
    rng = session.scene.rng
    session.send(rng.randbytes(84)).reply(rng.randbytes(28))
    session.send(rng.randbytes(112)).reply(rng.randbytes(500))
    for up, down in turns:
        session.wait(rng.uniform(0.2, 4.0))
        session.send(rng.randbytes(up)).reply(rng.randbytes(down))
    return session


def _string(raw: bytes) -> bytes:
    return struct.pack("!I", len(raw)) + raw
