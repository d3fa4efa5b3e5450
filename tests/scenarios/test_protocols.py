"""Messages are taken apart by scapy, which knows the protocols better than we do."""

from __future__ import annotations

import struct
from random import Random

import pytest
from scapy.layers.dhcp import BOOTP, DHCP
from scapy.layers.dns import DNS
from scapy.layers.ntp import NTPHeader
from scapy.packet import Packet

from scenarios.clock import at_work, moment
from scenarios.net.tcp import TcpSession
from scenarios.protocols import der, dhcp, dns, kerberos, media, ntlm, ntp, quic, rdp, smb2, ssh, tls
from scenarios.protocols.certificate import Subject, self_signed
from scenarios.protocols.tls_connection import TlsConnection, visit
from scenarios.scene import Scene, is_private
from tests.scenarios.captures import TCP, checked

WHEN = moment("2026-11-02T01:00:00Z")


def scene() -> Scene:
    return Scene("tests", WHEN)


def streams(world: Scene, port: int) -> tuple[bytes, bytes]:
    """What clients and servers of that port said, in order."""
    seen = [each for _, frame in world.wire.packets if (each := checked(frame)) and each.protocol == TCP]
    up = b"".join(each.payload for each in seen if each.target_port == port)
    return up, b"".join(each.payload for each in seen if each.source_port == port)


def records(stream: bytes) -> list[tuple[int, bytes]]:
    """Type and body of every TLS record; the stream must end with a whole one."""
    found, at = [], 0
    while at < len(stream):
        kind, _, size = struct.unpack_from("!BHH", stream, at)
        found.append((kind, stream[at + 5 : at + 5 + size]))
        at += 5 + size
    assert at == len(stream)
    return found


def extensions(hello: bytes) -> dict[int, bytes]:
    """Extensions of a ClientHello."""
    at = 4 + 2 + 32
    at += 1 + hello[at]
    at += 2 + int.from_bytes(hello[at : at + 2])
    at += 1 + hello[at]
    end = at + 2 + int.from_bytes(hello[at : at + 2])
    at, found = at + 2, {}
    while at < end:
        kind, size = struct.unpack_from("!HH", hello, at)
        found[kind] = hello[at + 4 : at + 4 + size]
        at += 4 + size
    assert at == end == len(hello)
    return found


@pytest.mark.parametrize("profile", tls.PROFILES)
def test_a_hello_names_its_server_only_when_told_to(profile: str) -> None:
    named = tls.client_hello(Random(1), tls.PROFILES[profile], "mail.example", alpn=("h2",))
    nameless = tls.client_hello(Random(1), tls.PROFILES[profile], alpn=())
    assert int.from_bytes(named[1:4]) == len(named) - 4
    assert b"mail.example" in extensions(named)[0]
    assert extensions(named)[16] == b"\0\x03\x02h2"
    assert not {0, 16} & extensions(nameless).keys()


def test_a_browser_shuffles_and_greases_and_a_library_does_not() -> None:
    rng = Random(1)

    def orders(profile: str) -> set[tuple[int, ...]]:
        return {tuple(extensions(tls.client_hello(rng, tls.PROFILES[profile], "a.example"))) for _ in range(5)}

    assert len(orders("browser")) == 5
    assert all(order[0] in tls.GREASE for order in orders("browser"))
    assert len(orders("library")) == len(orders("windows")) == 1


def test_certificates_are_in_clear_up_to_tls_12_and_hidden_after() -> None:
    der_bytes = self_signed(Subject("localhost"))
    for version, shown in ((tls.TLS12, True), (tls.TLS13, False)):
        world = scene()
        session = TcpSession(world, world.actor, world.outside("203.0.113.9"), 443, WHEN).connect()
        TlsConnection(session, "library", "", version=version, chain=[der_bytes]).open().send(100).reply(500).close()
        up, down = streams(world, 443)
        assert (der_bytes in down) is shown
        assert next(kind for kind, _ in records(up)) == tls.HANDSHAKE
        assert sum(kind == tls.APPLICATION for kind, _ in records(down)) == (1 if shown else 5)


def test_application_data_have_the_given_sizes() -> None:
    world = scene()
    visit(world, world.actor, "a.example", WHEN, [(700, 20_000)])
    up, down = streams(world, 443)
    assert 717 in [len(body) for _, body in records(up)]
    assert sum(len(body) for kind, body in records(down) if kind == tls.APPLICATION) > 20_000


def test_a_lease_gives_address_and_name() -> None:
    world = scene()
    dhcp.lease(world, world.actor, WHEN, name="VP-TINHUY-07")
    messages: list[Packet] = [BOOTP(each.payload) for _, frame in world.wire.packets if (each := checked(frame))]
    kinds = [dict(option for option in each[DHCP].options if len(option) == 2) for each in messages]
    assert [each["message-type"] for each in kinds] == [1, 2, 3, 5]
    assert kinds[2]["hostname"] == b"VP-TINHUY-07"
    assert messages[3].yiaddr == world.actor.ip
    assert kinds[3]["router"] == "10.20.7.1"


@pytest.mark.parametrize("kind", ["A", "TXT", "MX", "CNAME", "SRV", "NULL"])
def test_answers_are_read_back(kind: str) -> None:
    data: dict[str, str | bytes] = {
        "A": "203.0.113.4",
        "TXT": "x" * 300,
        "MX": "10 mx.example",
        "SRV": "0 100 389 dc01.example",
        "NULL": b"\1\2",
    }
    record = dns.Record(kind, data.get(kind, "b.example"))
    told = DNS(dns.response(7, "a.example", kind, [record], edns=True))
    assert (told.id, told.ancount, told.arcount) == (7, 1, 1)
    assert told.an[0].type == dns.TYPES[kind]


def test_the_clock_is_right() -> None:
    told = NTPHeader(ntp.packet(ntp.SERVER, WHEN, stratum=3))
    assert (told.mode, told.stratum) == (4, 3)
    assert abs(float(told.sent) - ntp.ERA - WHEN) < 0.01


def test_kerberos_messages_nest_as_they_should() -> None:
    world = scene()
    kerberos.authenticate(world, world.actor, "nguyen.van.a", WHEN)
    kerberos.service_ticket(world, world.actor, "nguyen.van.a", ("cifs", "tepchung.tinhuy.example"), WHEN + 1)
    seen = [each for _, frame in world.wire.packets if (each := checked(frame))]
    tags = [each.payload[0] & 31 for each in seen if each.protocol != TCP]
    assert tags == [kerberos.AS_REQ, kerberos.ERROR, kerberos.AS_REQ, kerberos.AS_REP]
    up, down = streams(world, kerberos.PORT)
    assert int.from_bytes(up[:4]) == len(up) - 4
    assert int.from_bytes(down[:4]) == len(down) - 4
    assert (up[4] & 31, down[4] & 31) == (kerberos.TGS_REQ, kerberos.TGS_REP)
    assert b"tepchung.tinhuy.example" in up


def test_long_der_values_have_long_lengths() -> None:
    assert der.octets(bytes(300))[:4] == b"\x04\x82\x01\x2c"
    assert der.integer(128) == b"\x02\x02\x00\x80"
    assert der.identifier("1.2.840.113554.1.2.2").hex() == "06092a864886f712010202"


def test_an_smb_session_is_a_chain_of_whole_messages() -> None:
    world = scene()
    session = smb2.SmbSession(world, world.actor, world.server("10.20.1.11", name="tepchung.tinhuy.example"), WHEN)
    assert session.negotiate().log_on("van.thu", "TINHUY", "VP-07")
    file = session.tree("\\\\tepchung\\VanBan").create("Bao cao.docx", size=90)
    session.read(file, b"x" * 90).close(file).end()
    up, down = streams(world, smb2.PORT)
    for stream, flag in ((up, 0), (down, smb2.RESPONSE)):
        commands, at = [], 0
        while at < len(stream):
            size = int.from_bytes(stream[at : at + 4])
            header = stream[at + 4 : at + 68]
            assert header[:4] == b"\xfeSMB"
            assert header[16] & 1 == flag
            commands.append(int.from_bytes(header[12:14], "little"))
            at += 4 + size
        assert at == len(stream)
        assert commands == [0, 1, 1, 3, 5, 8, 6, 4, 2]
    assert "Bao cao.docx".encode("utf-16-le") in up


def test_ntlm_names_who_logs_on() -> None:
    message = ntlm.authenticate(Random(1), "TINHUY", "van.thu", "VP-07")
    for at, text in ((28, "TINHUY"), (36, "van.thu"), (44, "VP-07")):
        size, _, offset = struct.unpack_from("<HHI", message, at)
        assert message[offset : offset + size].decode("utf-16-le") == text


def test_ssh_says_in_clear_what_hassh_needs() -> None:
    world = scene()
    ssh.connect(TcpSession(world, world.actor, world.machine("10.20.7.60"), 22, WHEN).connect(), "paramiko")
    up, down = streams(world, 22)
    banner, _, rest = up.partition(b"\r\n")
    assert banner == b"SSH-2.0-paramiko_3.4.0"
    size, padding, kind = struct.unpack_from("!IBB", rest)
    assert (kind, (size + 4) % 8) == (ssh.KEXINIT, 0)
    assert 4 <= padding < 255
    assert ssh.SMALL_CIPHERS.encode() in rest
    assert down.startswith(b"SSH-2.0-OpenSSH")


def test_remote_desktop_shows_its_cookie() -> None:
    request = rdp.request("quantri")
    assert int.from_bytes(request[2:4]) == len(request)
    assert b"Cookie: mstshash=quantri\r\n" in request


def test_quic_keys_are_those_of_the_standard() -> None:
    known = quic.keys(bytes.fromhex("8394c8f03e515708"), "client")  # RFC 9001 appendix A.1
    assert known.key.hex() == "1f369613dd76d5467730efcbe3b1a22d"
    assert known.iv.hex() == "fa044b2f42a3fd3b46fb255c"
    assert known.header.hex() == "9f50449e04a0e810283a1e9933adedd2"


def test_a_quic_visit_starts_with_full_datagrams() -> None:
    world = scene()
    quic.visit(world, world.actor, "a.example", WHEN, packets=4)
    seen = [
        each
        for _, frame in world.wire.packets
        if (each := checked(frame)) and 443 in (each.source_port, each.target_port)
    ]
    assert [len(each.payload) for each in seen[:2]] == [quic.SMALLEST] * 2
    assert [each.payload[0] >> 4 & 12 for each in seen[:2]] == [12, 12]
    assert all(each.payload[0] & 0xC0 == 0x40 for each in seen[-8:])


def test_media_packets_are_rtp() -> None:
    packet = media.rtp(media.OPUS, 5, 960, 7, b"x" * 20)
    assert (packet[0] >> 6, packet[1], int.from_bytes(packet[2:4]), len(packet)) == (2, 111, 5, 32)


def test_the_office_rests_at_weekends_and_at_night() -> None:
    assert at_work(moment("2026-11-02T09:00:00+07:00"))
    assert not at_work(moment("2026-11-02T20:00:00+07:00"))
    assert not at_work(moment("2026-11-07T09:00:00+07:00"))


def test_names_stand_outside_and_keep_their_address() -> None:
    first, second = scene(), scene()
    assert first.address("a.example") == second.address("a.example")
    assert not is_private(first.address("a.example"))
    assert is_private("10.1.2.3")
    assert is_private("192.168.1.1")
    assert len({first.address(f"{number}.example") for number in range(700)}) == 700
