"""What people and machines do at the office, one act a function: each gives the time of its end."""

from __future__ import annotations

from random import Random

from scenarios.files import document
from scenarios.files.kinds import made
from scenarios.net.tcp import TcpSession
from scenarios.office.staff import Office, Seat
from scenarios.protocols import arp, dhcp, http, kerberos, media, quic, smb2
from scenarios.protocols.dns import Record, lookup, resolve
from scenarios.protocols.ntp import synchronise
from scenarios.protocols.tls_connection import visit
from scenarios.sites import SITES, UPDATE_AGENT, UPDATE_SERVICES, UPDATES
from scenarios.traffic.browsing import page
from scenarios.traffic.payload import ranged

FOLDERS = ("Cong van den", "Cong van di", "Bao cao thang", "Lich cong tac", "Nghi quyet")
PRINT_PORT = 9100
CABINET = b"MSCF" + bytes(4)


def switch_on(office: Office, seat: Seat, when: float) -> float:
    """Address, gateway, domain controller, tickets, policies, clock."""
    scene, host, controller = office.scene, seat.host, office.servers["dc01"]
    when = dhcp.lease(scene, host, when) + 0.3
    arp.announce(scene, host, when)
    when = arp.ask(scene, host, scene.gateway, when + 0.5)
    if not office.plan.joined:
        return when
    domain = office.plan.domain
    place = [Record("SRV", f"0 100 389 dc01.{domain}"), Record("A", controller.ip, name=f"dc01.{domain}")]
    when = lookup(scene, host, f"_ldap._tcp.dc._msdcs.{domain}", when + 0.4, kind="SRV", answers=place)
    when = kerberos.authenticate(scene, host, seat.account, when + 0.1)
    when = kerberos.service_ticket(scene, host, seat.account, ("cifs", controller.name), when + 0.05)
    session = (
        smb2.SmbSession(scene, host, controller, when + 0.1)
        .negotiate()
        .log_on_with_ticket(office.realm, controller.name)
    )
    session.tree(f"\\\\dc01.{domain}\\SysVol")
    file = session.create(f"{domain}\\Policies\\{{31B2F340-016D-11D2-945F-00C04FB984F9}}\\gpt.ini", size=60)
    when = session.read(file, b"[General]\r\nVersion=65541\r\ndisplayName=VP").close(file).end()
    when = synchronise(scene, host, controller, when + 0.5)
    return log_on(office, seat, when + scene.rng.uniform(20, 90))


def log_on(office: Office, seat: Seat, when: float) -> float:
    """The person at the keyboard; one in twenty mistypes the password first."""
    scene = office.scene
    if scene.rng.random() < 0.05:
        error = kerberos.PREAUTH_FAILED
        when = kerberos.authenticate(scene, seat.host, seat.user, when, error=error) + scene.rng.uniform(4, 12)
    return kerberos.authenticate(scene, seat.host, seat.user, when)


def shared_files(office: Office, seat: Seat, when: float) -> float:
    """Read a document from the file server, sometimes save one."""
    scene, rng, server = office.scene, office.scene.rng, office.servers["tepchung"]
    when = resolve(scene, seat.host, server.name, when)[1]
    when = kerberos.service_ticket(scene, seat.host, seat.user, ("cifs", server.name), when)
    session = (
        smb2.SmbSession(scene, seat.host, server, when + 0.02).negotiate().log_on_with_ticket(office.realm, server.name)
    )
    session.tree("\\\\tepchung\\VanBan")
    content = document.document(f"Văn bản số {rng.randrange(1, 2000)} " * rng.randint(20, 200))
    file = session.create(f"{rng.choice(FOLDERS)}\\{rng.randrange(1, 2000)}-CV.docx", size=len(content))
    session.read(file, content).close(file)
    if rng.random() < 0.3:
        session.tcp.wait(rng.uniform(60, 600))
        file = session.create(f"{rng.choice(FOLDERS)}\\{rng.randrange(1, 2000)}-DT.docx", write=True)
        session.write(file, content).close(file)
    return session.end()


def letters(office: Office, seat: Seat, when: float) -> float:
    """Outlook at the mail server, over TLS."""
    rng = office.scene.rng
    turns = [(rng.randint(400, 1_200), rng.randint(500, 6_000)) for _ in range(rng.randint(1, 3))]
    if rng.random() < 0.3:
        turns.append((rng.randint(2_000, 14_000), 300))
    return visit(office.scene, seat.host, office.servers["mail"].name, when, turns, profile="windows")[1]


def documents_system(office: Office, seat: Seat, when: float) -> float:
    """The system for official documents, in clear as it still is in many offices."""
    scene, rng = office.scene, office.scene.rng
    name = office.servers["vanban"].name
    pages: list[tuple[http.Request, http.Response | None]] = []
    for number in range(rng.randint(1, 3)):
        rows = "<tr><td>Công văn</td></tr>" * rng.randint(20, 90)
        text = f"<html><head><title>Văn bản đến</title></head><body>{rows}</body></html>"
        headers = http.browser_headers(name, referrer=f"http://{name}/" if number else "")
        answer = http.Response(
            200, {"Content-Type": "text/html; charset=utf-8"}, text.encode(), server="Microsoft-IIS/10.0"
        )
        pages.append((http.Request("GET", f"/vanban/den?trang={number + 1}", headers), answer))
    return http.fetch(scene, seat.host, name, when, pages, pause=0.4)[1]


def read_page(office: Office, seat: Seat, when: float) -> float:
    """A page of news or of the administration."""
    rng, site = office.scene.rng, office.scene.rng.choice(SITES)
    if rng.random() < 0.06:
        return page(office.scene, seat.host, site, when, clear=True)
    turns = [(rng.randint(350, 900), int(rng.lognormvariate(8.2, 0.6)) + 300) for _ in range(rng.randint(1, 2))]
    return visit(office.scene, seat.host, site, when, turns)[1]


def print_out(office: Office, seat: Seat, when: float) -> float:
    """A job for the office's printer."""
    scene = office.scene
    session = TcpSession(scene, seat.host, office.printer, PRINT_PORT, when).connect()
    session.send(b"\x1b%-12345X@PJL JOB\r\n" + scene.rng.randbytes(scene.rng.randint(3_000, 12_000)))
    session.wait(2).close()
    return session.now


def telemetry(office: Office, seat: Seat, when: float) -> float:
    """Windows asks its maker for settings and certificates."""
    rng = office.scene.rng
    host = rng.choice(UPDATE_SERVICES)
    return visit(
        office.scene, seat.host, host, when, [(rng.randint(300, 1_500), rng.randint(300, 3_000))], profile="windows"
    )[1]


def ask_for_updates(office: Office, seat: Seat, when: float) -> float:
    """The office's own update server."""
    name = office.servers["wsus"].name
    agent = "Windows-Update-Agent/10.0.10011.16384 Client-Protocol/2.50"
    headers = http.program_headers(name, agent, Content_Type="text/xml; charset=utf-8")
    asked = http.Request(
        "POST", "/ClientWebService/client.asmx", headers, b"<s:Envelope><s:Body><SyncUpdates/></s:Body></s:Envelope>"
    )
    body = b"<s:Envelope><s:Body><SyncUpdatesResponse/></s:Body></s:Envelope>" + b" " * office.scene.rng.randint(
        100, 900
    )
    answer = http.Response(200, {"Content-Type": "text/xml; charset=utf-8"}, body, server="Microsoft-IIS/10.0")
    return http.fetch(office.scene, seat.host, name, when, [(asked, answer)])[1]


def update(office: Office, seat: Seat, when: float) -> float:
    """A part of this month's update from its maker, the same for every machine: a cabinet, or a signed program."""
    scene = office.scene
    program = seat.number % 20 == 5
    same = Random(UPDATES)
    content = made("pe-published", same, 30_000).content if program else CABINET + same.randbytes(34_000)
    name = "windows-kb890830-x64-v5.130.exe" if program else "windows10.0-kb5066791-x64.cab"
    path = f"/c/msdownload/update/software/secu/2026/10/{name}"
    return ranged(scene, seat.host, UPDATES, path, UPDATE_AGENT, content, "application/octet-stream", 2, when)


def clock(office: Office, seat: Seat, when: float) -> float:
    """The time from the domain controller."""
    return synchronise(office.scene, seat.host, office.servers["dc01"], when)


def conference(office: Office, seat: Seat, when: float) -> float:
    """The office's own video conference; at two packets a second instead of fifty and more, to keep captures small."""
    server = office.servers["hop"]
    _, ready = visit(office.scene, seat.host, server.name, when, [(600, 3_000)])
    return media.conference(office.scene, seat.host, server, 10_000, ready, seconds=55, per_second=1.6)


def outside_conference(office: Office, seat: Seat, when: float) -> float:
    """A conference of a ministry at a public service, over QUIC."""
    return quic.visit(office.scene, seat.host, "meet.google.com", when, packets=45)


def renew(office: Office, seat: Seat, when: float) -> float:
    """The lease, at half its time."""
    return dhcp.renew(office.scene, seat.host, when)
