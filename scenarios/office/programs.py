"""What programs do by themselves all day: updates, telemetry, licences, antivirus, chat, cloud printing."""

from __future__ import annotations

from dataclasses import dataclass, replace

from scenarios.clock import HOUR, MINUTE
from scenarios.files.kinds import made
from scenarios.net.host import Host
from scenarios.net.tcp import TcpSession
from scenarios.office.staff import Office, Seat
from scenarios.protocols import announcements, http
from scenarios.protocols.call import Call
from scenarios.protocols.dns import NXDOMAIN, lookup, resolve
from scenarios.protocols.tls import TLS12
from scenarios.protocols.tls_connection import TlsConnection, public_chain


@dataclass(frozen=True)
class Program:
    """A program that calls one place by itself."""

    name: str
    every: float
    """Seconds between calls; 0: one connection that is held all day."""
    call: Call
    share: float = 1.0
    """Of machines that have it."""
    jitter: float = 0.1
    inside: bool = False
    """The place is a server of the office: ``call.host`` is the server's name in the plan."""


CRYPTO, OCSP, CAB = "Microsoft-CryptoAPI/10.0", "application/ocsp-response", "application/x-cab"
DELL, ACCOUNTS = "Mozilla/4.0 (compatible; DellSupportAssist)", "MISA MIMOSA.NET Update"
CHROME_UPDATE = "Google Update/1.3.36.372;winhttp"
STAFF_AGENT, STAFF_MAKER = "QLCB Update", "capnhat.phanmem-quanlycanbo.example"
"""A program for personnel whose small maker is in nobody's list."""


def _windows(host: str, up: int, down: int) -> Call:
    return Call(host, up=up, down=down, profile="windows", version=TLS12)


def _clear(host: str, path: str, agent: str, down: int, gives: str = "text/plain") -> Call:
    return Call(host, "http", down=down, agent=agent, path=path, gives=gives)


TRUST_LIST = "/msdownload/update/v3/static/trustedr/en/disallowedcertstl.cab?3f1c2b7a90d1e5aa"
REVOCATION = "/MFEwTzBNMEswSTAJBgUrDgMCGgUABBTrjrydRyt%2BApF3GSPypfHBxR5XtQQUs9tIpPmhxdiuNkHMEWNpYim8S8YCEAI5"
SIGNING = Call("ocsp.vnpt-ca.vn", "http", up=120, down=1_600, agent=CRYPTO, path="/responder", method="POST",
               sends="application/ocsp-request", gives=OCSP)  # fmt: skip
PROGRAMS = (
    # Windows and its maker
    Program("settings", 2.2 * HOUR, _windows("settings-win.data.microsoft.com", 900, 2_600), jitter=0.5),
    Program("telemetry", 1.1 * HOUR, _windows("v10.events.data.microsoft.com", 5_200, 280), 0.7, 0.6),
    Program("defender", 3 * HOUR, _windows("wdcp.microsoft.com", 1_300, 900), 0.5),
    Program("connected", 4 * HOUR, _clear("www.msftconnecttest.com", "/connecttest.txt", "Microsoft NCSI", 22), jitter=0.7),
    Program("trust-list", 11 * HOUR, _clear("ctldl.windowsupdate.com", TRUST_LIST, CRYPTO, 4_900, CAB), 0.6, 0.9),
    Program("revocation", 3.5 * HOUR, _clear("ocsp.digicert.com", REVOCATION, CRYPTO, 471, OCSP), 0.7, 0.9),
    # Makers of antivirus, machines and programs
    Program("bkav", HOUR, _clear("update.bkav.com.vn", "/BkavPro/version.ini", "BkavPro", 310), 0.3),
    Program("eset", 0, Call("epns.eset.com", port=8883, up=34, down=30), 0.2),
    Program("kaspersky-cloud", 40 * MINUTE, _windows("ksn-a-stat-geo.kaspersky-labs.com", 420, 300), 0.3, 0.4),
    Program("chrome-update", 5 * HOUR, Call("update.googleapis.com", up=1_900, down=1_100), 0.8, 0.2),
    Program("coccoc-update", 5 * HOUR, Call("browser-update.coccoc.com", up=900, down=600), 0.3, 0.2),
    Program("foxit", 8 * HOUR, Call("cloud.foxit.com", up=700, down=900), 0.4, 0.5),
    Program("adobe", 8 * HOUR, _windows("armmf.adobe.com", 300, 1_400), 0.3, 0.5),
    Program("dell", 4 * HOUR, _clear("downloads.dell.com", "/catalog/CatalogIndexPC.cab", DELL, 2_900, CAB), 0.2),
    Program("logitech", 6 * HOUR, Call("updates.optionsplus.logitech.com", up=500, down=700), 0.2, 0.3),
    # Of the country: documents, taxes, accounts, chat
    Program("document-alerts", 5 * MINUTE, Call("vpdt.tinhmau.gov.vn", up=520, down=340), 0.6, 0.03),
    Program("accounts", 30 * MINUTE, _clear("update.misa.com.vn", "/mimosa/version.xml", ACCOUNTS, 260, "text/xml"), 0.15, 0.02),
    Program("tax", 2 * HOUR, _clear("hotro.gdt.gov.vn", "/htkk/update.txt", "HTKK", 180), 0.1),
    Program("personnel", 30 * MINUTE, _clear(STAFF_MAKER, "/qlcb/version.txt", STAFF_AGENT, 120), 0.06, 0.02),
    Program("signing", HOUR, SIGNING, 0.15, 0.8),
    Program("zalo", 0, Call("wpa.chat.zalo.me", up=60, down=48), 0.7),
    Program("zalo-poll", 15 * MINUTE, Call("tt-chat2-wpa.chat.zalo.me", up=600, down=420), 0.5, 0.05),
    Program("browser-push", 0, Call("mtalk.google.com", port=5228, up=26, down=26), 0.7),
    Program("weather", 30 * MINUTE, Call("api.msn.com", up=700, down=4_500), 0.6, 0.05),
)  # fmt: skip
"""Towards the outside."""
SYMANTEC = Call(
    "sep", "http", 8014, up=620, down=180, agent="Smc", method="POST", path="/secars/secars.dll?h=8F6C2AD00A37D35"
)
KASPERSKY = Call("ksc", port=13_000, up=900, down=420, profile="windows", version=TLS12, signed_by_itself=True)
INSIDE = (
    Program("symantec", 15 * MINUTE, SYMANTEC, jitter=0.05, inside=True),
    Program("kaspersky-agent", 15 * MINUTE, KASPERSKY, jitter=0.05, inside=True),
    Program("domino", 10 * MINUTE, Call("domino", "tcp", 1352, up=240, down=900), jitter=0.02, inside=True),
    Program("monitoring-agent", 10 * MINUTE, Call("giamsat", "tcp", 10_051, up=310, down=90), jitter=0.01, inside=True),
)
"""Towards servers of the office; a plan has some of them."""


def programs_of(office: Office, seat: Seat) -> list[Program]:
    """Which programs a machine has: the same in every run."""
    plan, rng = office.plan, office.scene.rng
    found = [one for one in INSIDE if one.call.host in plan.servers]
    if plan.internet:
        found += [one for one in PROGRAMS if rng.random() < one.share]
    return found


def running(office: Office, seat: Seat, program: Program, first: float, last: float) -> None:
    """All calls of a program of a machine between two times."""
    rng, call = office.scene.rng, program.call
    if program.inside:
        call = replace(call, host=office.servers[call.host].name)
    if not program.every:
        held(office, seat.host, call, first, last)
        return
    when = first + rng.uniform(0, min(program.every, 0.7 * (last - first)))
    while when < last:
        call.make(office.scene, seat.host, when)
        when += program.every * (1 + rng.uniform(-program.jitter, program.jitter))


def held(office: Office, client: Host, call: Call, first: float, last: float, period: float = 25 * MINUTE) -> None:
    """One connection for notices, open as long as the machine runs."""
    server, ready = resolve(office.scene, client, call.host, first)
    session = TcpSession(office.scene, client, server, call.target_port, ready).connect()
    link = TlsConnection(session, call.profile, call.host, chain=public_chain(call.host)).open()
    while session.now + period < last:
        session.wait(period)
        link.send(call.up).reply(call.down)
    link.close()


def browser_starts(office: Office, seat: Seat, when: float) -> float:
    """A Chromium browser asks for three names that nobody has, to notice resolvers that lie."""
    rng = office.scene.rng
    for _ in range(3):
        name = "".join(rng.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(rng.randint(7, 15)))
        for question in (name, f"{name}.{office.plan.domain}") if office.plan.joined else (name,):
            lookup(office.scene, seat.host, question, when, rcode=NXDOMAIN)
    return when


def browser_part(office: Office, seat: Seat, when: float) -> float:
    """The browser's own updater fetches a part of it, in clear, in ranges."""
    rng, host = office.scene.rng, "edgedl.me.gvt1.com"
    content = b"Cr24\x03\0\0\0" + rng.randbytes(24_000)
    headers = http.program_headers(host, CHROME_UPDATE, Accept="*/*", Range="bytes=0-24007")
    answer = http.Response(
        206, {"Content-Type": "application/octet-stream", "Content-Range": "bytes 0-24007/24008"}, content
    )
    path = "/edgedl/release2/chrome_component/ihnlcenocehgdaegdmhbidjhnhdchfmm_1.3.36.372.crx3"
    return http.fetch(office.scene, seat.host, host, when, [(http.Request("GET", path, headers), answer)])[1]


def program_update(office: Office, seat: Seat, when: float) -> float:
    """A program fetches its new version: an installer over HTTP from its small maker, by its own agent."""
    content = made("pe-published", office.scene.rng, 60_000).content
    headers = http.program_headers(STAFF_MAKER, STAFF_AGENT, Accept="*/*")
    answer = http.Response(200, {"Content-Type": "application/octet-stream"}, content, server="Microsoft-IIS/10.0")
    request = http.Request("GET", "/qlcb/2026/QLCB_Setup.exe", headers)
    return http.fetch(office.scene, seat.host, STAFF_MAKER, when, [(request, answer)])[1]


def chatter(office: Office, seat: Seat, when: float) -> float:
    """Names and devices that the machine looks for on its segment."""
    scene, host = office.scene, seat.host
    announcements.netbios(scene, host, host.name, when, registers=True)
    announcements.netbios(scene, host, scene.rng.choice(("WORKGROUP", "TEPCHUNG", "MAYIN-02")), when + 2)
    announcements.multicast_name(scene, host, "wpad", when + 3)
    announcements.multicast_name(scene, host, "_ipp._tcp.local", when + 4, port=announcements.MDNS, kind="PTR")
    announcements.search(scene, host, when + 6)
    lookup(scene, host, f"wpad.{office.plan.domain}", when + 3.1, rcode=NXDOMAIN)
    return when + 8


def no_internet(office: Office, seat: Seat, when: float) -> float:
    """Windows looks for the Internet where there is none: the office's resolver knows no such name."""
    for name in (
        "www.msftconnecttest.com",
        "dns.msftncsi.com",
        "settings-win.data.microsoft.com",
        "ctldl.windowsupdate.com",
    ):
        lookup(office.scene, seat.host, name, when, rcode=NXDOMAIN)
        when += office.scene.rng.uniform(0.1, 3)
    return when
