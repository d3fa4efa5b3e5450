"""A capture as if it had been taken elsewhere: other home addresses, hardware addresses, host names and weeks; nothing
else changes.

Home addresses stay in their class and keep their common prefixes; texts keep their lengths; checksums stay as right as they were.
Whatever then changes in the verdicts was keyed on an accident of the capture.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from random import Random
from typing import Final

from judging import packets
from judging.packets import Frame, Ip4, ip4, place

WEEK: Final = 7 * 86_400
BINARY_PORTS: Final = frozenset({53, 67, 68, 137, 138, 5353, 5355})
"""Protocols that carry addresses as four bytes."""
ERRORS: Final = (3, 4, 5, 11, 12)
"""ICMP messages that quote the packet that they are about."""
KEPT_MAKERS: Final = (b"\0\0\x5e", b"\0\0\x0c", b"\x01\x00\x5e")
"""Prefixes with a meaning of their own: shared gateways, groups."""
NAME_LEAST: Final = 6
"""Shorter names, and names that are plain words, stand in too many texts."""
NETBIOS: Final = 15
"""Characters of a NetBIOS name."""
QUAD: Final = re.compile(rb"(?<![\d.])(?:10|172|192)(?:\.\d{1,3}){3}(?![\d.])")
WIDE_QUAD: Final = re.compile(rb"(?:1\x000\x00|1\x007\x002\x00|1\x009\x002\x00)(?:\.\x00(?:\d\x00){1,3}){3}")
REVERSED: Final = re.compile(rb"(?:[\x01-\x03]\d{1,3}){3}(?:\x0210|\x03172|\x03192)\x07in-addr")


class Rewriter:
    """One mapping of addresses and names, from a seed; ``back`` undoes it."""

    def __init__(self, seed: str, names: Iterable[str] = (), homes: Collection[str] = ()) -> None:
        """``names``: of the machines at home; ``homes``: their addresses that are no private ones."""
        rng = Random(seed)
        self.shift = rng.choice((-1, 1)) * rng.randint(1, 4) * WEEK
        self._octets = [_octets(rng) for _ in range(3)]
        self._sixteen = dict(zip(range(16, 32), rng.sample(range(16, 32), 16), strict=True))
        self._mac = bytes([rng.getrandbits(6) << 2, *(rng.getrandbits(8) for _ in range(5))])
        self._networks = {bytes(map(int, ip.split(".")[:3])) for ip in homes if "." in ip and not _private(ip)}
        self._known: dict[bytes, bytes] = {}
        labels = sorted({name.split(".")[0].lower() for name in names})
        self._names = {old: new for old in labels if (new := _renamed(rng, old)) != old}
        self._pattern = _pattern(self._names)

    def capture(self, content: bytes) -> bytes:
        """The whole file anew. Raises FormatError."""
        return packets.rewritten(content, self._frame, self.shift)

    def forth(self, ip: str) -> str:
        """An address as it is in the new file."""
        return ".".join(map(str, self._address(bytes(map(int, ip.split(".")))))) if ip.count(".") == 3 else ip

    def back(self, ips: Iterable[str]) -> dict[str, str]:
        """New address → old one, for these old ones."""
        return {self.forth(ip): ip for ip in ips}

    def _address(self, old: bytes) -> bytes:
        new = self._known.get(old)
        if new is None:
            new = self._known[old] = self._mapped(old)
        return new

    def _mapped(self, old: bytes) -> bytes:
        second, third, fourth = self._octets
        if old[0] == 10:
            return bytes((10, second[old[1]], third[old[2]], fourth[old[3]]))
        if old[0] == 172 and 16 <= old[1] < 32:
            return bytes((172, self._sixteen[old[1]], third[old[2]], fourth[old[3]]))
        if old[:2] == b"\xc0\xa8":
            return bytes((192, 168, third[old[2]], fourth[old[3]]))
        return old[:3] + bytes([fourth[old[3]]]) if old[:3] in self._networks else old

    def _frame(self, frame: Frame) -> bool:
        data = frame.data
        if frame.link == packets.ETHERNET and len(data) >= 14:
            for at in (0, 6):
                data[at : at + 6] = self._hardware(bytes(data[at : at + 6]))
        kind, at = packets.network(frame)
        if kind == packets.ARP and len(data) >= at + 28:
            for offset in (8, 18):
                data[at + offset : at + offset + 6] = self._hardware(bytes(data[at + offset : at + offset + 6]))
                ip = slice(at + offset + 6, at + offset + 10)
                data[ip] = self._address(bytes(data[ip]))
        elif kind == packets.IPV4:
            self._packet(data, at)
        return True

    def _packet(self, data: bytearray, at: int) -> None:
        packet = ip4(data, at)
        if packet is None:
            return
        for offset in (at + 12, at + 16):
            place(data, packet, offset, self._address(bytes(data[offset : offset + 4])))
        if packet.protocol == packets.IP_IN_IP:
            self._packet(data, packet.body)
        elif packet.protocol == packets.ICMP and packet.whole and packet.end >= packet.body + 28:
            if data[packet.body] in ERRORS:
                self._quoted(data, packet)
        elif packet.protocol in (packets.TCP, packets.UDP) and packet.whole:
            self._texts(data, packet)

    def _quoted(self, data: bytearray, packet: Ip4) -> None:
        inner = packet.body + 8
        copy = bytearray(data[inner : packet.end])
        quoted = ip4(copy, 0)
        if quoted is None:
            return
        quoted.whole = False  # most of it is missing: only its own header's checksum can follow
        for offset in (12, 16):
            place(copy, quoted, offset, self._address(bytes(copy[offset : offset + 4])))
        place(data, packet, inner, bytes(copy))

    def _texts(self, data: bytearray, packet: Ip4) -> None:
        udp = packet.protocol == packets.UDP
        start = packet.body + (8 if udp else (data[packet.body + 12] >> 4) * 4 if packet.end > packet.body + 12 else 20)
        if start >= packet.end:
            return
        old = new = bytes(data[start : packet.end])
        new = QUAD.sub(lambda found: self._text(found[0]), new)
        if b".\0" in new:
            new = WIDE_QUAD.sub(lambda found: self._text(found[0][::2]).decode().encode("utf-16-le"), new)
        if b"in-addr" in new:
            new = REVERSED.sub(lambda found: self._labels(found[0]), new)
        if self._pattern:
            new = self._pattern.sub(self._name, new)
        ports = {int.from_bytes(data[packet.body + at : packet.body + at + 2]) for at in (0, 2)}
        if ports & BINARY_PORTS:
            new = self._binary(new)
        if new != old:
            place(data, packet, start, new)

    def _text(self, quad: bytes) -> bytes:
        octets = [int(part) for part in quad.split(b".")]
        return ".".join(map(str, self._address(bytes(octets)))).encode() if max(octets) < 256 else quad

    def _labels(self, name: bytes) -> bytes:
        quad = re.findall(rb"\d+", name[:-8])
        new = self._text(b".".join(reversed(quad))).split(b".")
        return b"".join(bytes([len(part)]) + part for part in reversed(new)) + name[-8:]

    def _binary(self, payload: bytes) -> bytes:
        """Addresses and hardware addresses as bytes: those that stand in headers too."""
        out = bytearray(payload)
        for old, new in list(self._known.items()):
            if old != new and _private(".".join(map(str, old))):
                at = payload.find(old)
                while at >= 0:
                    out[at : at + 4] = new
                    at = payload.find(old, at + 4)
        if len(out) > 240 and out[0] in (1, 2) and out[1:3] == b"\x01\x06":  # DHCP: the client's hardware address
            mac = bytes(out[28:34])
            return bytes(out).replace(mac, self._hardware(mac)) if any(mac) else bytes(out)
        return bytes(out)

    def _hardware(self, mac: bytes) -> bytes:
        if mac[0] & 1 or mac[:3] in KEPT_MAKERS or not any(mac):
            return mac
        return bytes(one ^ other for one, other in zip(mac, self._mac, strict=True))

    def _name(self, found: re.Match[bytes]) -> bytes:
        text = found[0]
        if b"\0" in text:
            return self._like(text[::2].decode("latin-1")).encode("utf-16-le")
        if len(text) == 2 * NETBIOS and text.isupper():
            coded = bytes((text[at] - 65) << 4 | text[at + 1] - 65 for at in range(0, len(text), 2))
            plain = coded.decode("latin-1").rstrip()
            return _netbios(self._like(plain))
        return self._like(text.decode("latin-1")).encode("latin-1")

    def _like(self, old: str) -> str:
        """The new name in the letters' case of the old one."""
        new = self._names.get(old.lower(), old)
        return "".join(one.upper() if other.isupper() else one.lower() for one, other in zip(new, old, strict=True))


def _octets(rng: Random) -> list[int]:
    """A permutation of an octet's values that keeps the number of digits, and what means a network or everybody."""
    table = list(range(256))
    for group in (range(1, 10), range(10, 100), range(100, 255)):
        for old, new in zip(group, rng.sample(group, len(group)), strict=True):
            table[old] = new
    return table


def _private(ip: str) -> bool:
    first, second = (int(part) for part in ip.split(".")[:2])
    return first == 10 or (first == 172 and 16 <= second < 32) or (first == 192 and second == 168)


def _renamed(rng: Random, label: str) -> str:
    """A name of the same shape; what everybody's machines are called by stays in front."""
    telling = any(letter.isdigit() for letter in label) or "-" in label
    if len(label) < (NAME_LEAST if telling else 9) or not re.fullmatch(r"[a-z0-9-]+", label):
        return label
    head = re.match(r"(desktop|laptop|win|pc|server|srv|dc|admin)-?", label)
    kept = head.end() if head else 0
    letters = [
        str(rng.randrange(10)) if one.isdigit() else one if one == "-" else rng.choice("bcdfghklmnprstvx")
        for one in label[kept:]
    ]
    return label[:kept] + "".join(letters) if len(label) - kept >= 3 else label


def _pattern(names: dict[str, str]) -> re.Pattern[bytes] | None:
    parts: list[bytes] = []
    for name in sorted(names, key=len, reverse=True):
        raw = name.encode("latin-1")
        parts.append(rb"(?<![A-Za-z0-9])(?:" + re.escape(raw) + rb")(?![A-Za-z0-9])")
        parts.append(re.escape(name.encode("utf-16-le")))
        if len(name) <= NETBIOS:
            parts.append(re.escape(_netbios(name.upper())))
    return re.compile(b"|".join(parts), re.IGNORECASE) if parts else None


def _netbios(name: str) -> bytes:
    return b"".join(bytes((65 + (byte >> 4), 65 + (byte & 15))) for byte in name.upper().encode().ljust(NETBIOS))
