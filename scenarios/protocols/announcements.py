"""What machines call out to everybody on their segment: names and services (RFC 1002, RFC 4795, RFC 6762, SSDP)."""

from __future__ import annotations

import ipaddress
import struct
from typing import TYPE_CHECKING

from scenarios.net.datagram import udp
from scenarios.net.host import Host
from scenarios.protocols import dns

if TYPE_CHECKING:
    from scenarios.scene import Scene

NBNS, LLMNR, MDNS, SSDP = 137, 5355, 5353, 1900
GROUPS = {LLMNR: "224.0.0.252", MDNS: "224.0.0.251", SSDP: "239.255.255.250"}
SEARCH = b'M-SEARCH * HTTP/1.1\r\nHost: 239.255.255.250:1900\r\nMan: "ssdp:discover"\r\nMX: 3\r\nST: %s\r\n\r\n'
SERVICES = (
    b"urn:schemas-upnp-org:device:InternetGatewayDevice:1",
    b"urn:dial-multiscreen-org:service:dial:1",
    b"upnp:rootdevice",
)
NETBIOS_QUESTION, NETBIOS_REGISTRATION = 0x0110, 0x2910
"""Flags: a broadcast question, a broadcast registration."""


def netbios(scene: Scene, host: Host, name: str, when: float, *, registers: bool = False) -> None:
    """Who is ``name``, or: I am."""
    padded = name.upper().encode()[:15].ljust(15) + b"\0"
    coded = b"\x20" + bytes(65 + half for byte in padded for half in (byte >> 4, byte & 15)) + b"\0"
    flags = NETBIOS_REGISTRATION if registers else NETBIOS_QUESTION
    question = (
        struct.pack("!HHHHHH", scene.rng.getrandbits(16), flags, 1, 0, 0, int(registers)) + coded + b"\0\x20\0\x01"
    )
    if registers:
        question += b"\xc0\x0c\0\x20\0\x01" + struct.pack("!IHH", 300_000, 6, 0) + ipaddress.IPv4Address(host.ip).packed
    everybody = Host(f"{host.ip.rpartition('.')[0]}.255", "ff:ff:ff:ff:ff:ff")
    udp(scene, host, NBNS, everybody, NBNS, when, question)


def multicast_name(scene: Scene, host: Host, name: str, when: float, *, port: int = LLMNR, kind: str = "A") -> None:
    """A question to the group; nobody answers."""
    own = MDNS if port == MDNS else host.port()
    question = dns.query(0 if port == MDNS else scene.rng.getrandbits(16), name, kind, flags=0)
    udp(scene, host, own, group(port), port, when, question)


def search(scene: Scene, host: Host, when: float) -> None:
    """Programs look for devices."""
    own = host.port()
    for number in range(2):
        udp(scene, host, own, group(SSDP), SSDP, when + number, SEARCH % scene.rng.choice(SERVICES))


def group(port: int) -> Host:
    """The multicast group of that service, with its hardware address (RFC 1112)."""
    ip = ipaddress.IPv4Address(GROUPS[port])
    tail = ip.packed[1] & 0x7F, ip.packed[2], ip.packed[3]
    return Host(str(ip), "01:00:5e:" + ":".join(f"{byte:02x}" for byte in tail), 1)
