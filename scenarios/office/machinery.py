"""What the office's own servers and devices do: monitoring, scanning for assets and holes, backup, mail, proxy, names."""

from __future__ import annotations

import struct

from scenarios.clock import HOUR, MINUTE, periodic, poisson
from scenarios.net.datagram import ping, udp_exchange
from scenarios.net.host import Host
from scenarios.net.tcp import TcpSession, refused, unanswered
from scenarios.office.staff import Office
from scenarios.protocols import arp, dcerpc, dns, http, kerberos, ntp, smb2, smtp
from scenarios.protocols.call import Call
from scenarios.protocols.tls import TLS12
from scenarios.protocols.tls_connection import TlsConnection, public_chain, visit
from scenarios.scene import Scene
from scenarios.sites import SITES
from scenarios.traffic.port_scan import well_known_ports

SNMP, PROXY_PORT, REPLICATION_PORT = 161, 3128, 49_671
PARTNERS = ("xaphuong", "sonoivu", "sotaichinh", "congan", "vanphong-ubnd", "baochi", "trungtam-cntt")
BLOCK_LIST = "zen.danhsach-thu-rac.example"


def monitors(office: Office, watcher: Host, first: float, last: float, every: float = 10 * MINUTE) -> None:
    """Pings every machine and server, asks devices by SNMP, opens the ports of servers."""
    scene = office.scene
    servers = [host for host in office.servers.values() if host is not watcher]
    targets = [*servers, office.printer, scene.gateway, *(seat.host for seat in office.seats)]
    for number, when in enumerate(periodic(scene.rng, first, every, 0.01, int((last - first) / every))):
        for target in targets:
            ping(scene, watcher, target, when, bytes(range(56)), ident=7, sequence=number + 1)
            when += 0.04
        for target in (office.printer, scene.gateway):
            question = bytes.fromhex("302602010104067075626c6963a019") + scene.rng.randbytes(25)
            udp_exchange(scene, watcher, target, SNMP, when, question, question + bytes(12))
        for target in servers:
            for port in (80, 445):
                session = TcpSession(scene, watcher, target, port, when).connect()
                session.close()
                when += 0.2


def finds_assets(office: Office, finder: Host, when: float) -> float:
    """An inventory of the segment: who is there, and which services each one offers."""
    scene, rng = office.scene, office.scene.rng
    net = scene.actor.ip.rpartition(".")[0]
    live = {host.ip for host in (*(seat.host for seat in office.seats), office.printer, *office.servers.values())}
    for number in range(2, 255):
        ip = f"{net}.{number}"
        target = Host(ip, "00:00:00:00:00:00") if ip not in live else scene.machine(ip)
        if finder.mac != scene.gateway.mac:
            arp.ask(scene, finder, target, when, answered=ip in live)
        when += rng.uniform(0.01, 0.03)
        if ip in live and target is not finder:
            ping(scene, finder, target, when, bytes(32))
            for port in (22, 80, 135, 161, 445, 9100):
                act = refused if port not in (135, 445) else _opened
                act(scene, finder, target, port, when + 0.01)
    return when


def looks_for_holes(office: Office, scanner: Host, when: float) -> float:
    """The approved scanner goes through the servers: every well-known port, then what the web servers answer."""
    scene, rng = office.scene, office.scene.rng
    for target in list(office.servers.values())[:4]:
        if target is scanner:
            continue
        for port in well_known_ports(110):
            act = _opened if port in (53, 80, 88, 135, 389, 443, 445) else refused if rng.random() < 0.7 else unanswered
            act(scene, scanner, target, port, when)
            when += rng.uniform(0.02, 0.1)
        session = TcpSession(scene, scanner, target, 80, when).connect()
        for path in (
            "/",
            "/robots.txt",
            "/admin/",
            "/.git/HEAD",
            "/phpmyadmin/",
            "/cgi-bin/test.cgi",
            "/server-status",
            "/backup.zip",
        ):
            headers = http.program_headers(target.ip, "Mozilla/5.0 [en] (X11, U; OpenVAS-VT 22.7.9)", Accept="*/*")
            answer = http.Response(200 if path == "/" else 404, {"Content-Type": "text/html"}, b"<html>...</html>")
            http.exchange(session, http.Request("GET", path, headers), answer)
        session.close()
        when = session.now + rng.uniform(5, 30)
    return when


def backs_up(office: Office, keeper: Host, when: float) -> float:
    """At night the backup server reads the file server; the copy has the names that it always has."""
    scene, rng, source = office.scene, office.scene.rng, office.servers["tepchung"]
    when = kerberos.service_ticket(scene, keeper, "saoluu", ("cifs", source.name), when)
    session = (
        smb2.SmbSession(scene, keeper, source, when + 0.1).negotiate().log_on_with_ticket(office.realm, source.name)
    )
    session.tree(rf"\\{source.name}\VanBan")
    for number in range(60):
        content = rng.randbytes(rng.randint(2_000, 24_000))
        file = session.create(rf"Cong van den\{number}-CV.docx", size=len(content))
        session.read(file, content).close(file)
    return session.end()


def machine_backup(office: Office, client: Host, when: float) -> float:
    """A machine writes its own image to the file server."""
    scene, rng, target = office.scene, office.scene.rng, office.servers["tepchung"]
    when = kerberos.service_ticket(scene, client, f"{client.name}$", ("cifs", target.name), when)
    session = (
        smb2.SmbSession(scene, client, target, when + 0.1).negotiate().log_on_with_ticket(office.realm, target.name)
    )
    session.tree(rf"\\{target.name}\SaoLuu$")
    file = session.create(rf"{client.name}\2026-11-02.vbk", write=True)
    for offset in range(0, 400_000, 50_000):
        session.write(file, rng.randbytes(50_000), offset)
    return session.close(file).end()


def replicates(office: Office, first: float, last: float) -> None:
    """A second domain controller keeps in step with the first, and answers log-ins itself."""
    scene, partner, main = office.scene, office.servers["dc02"], office.servers["dc01"]
    for seat in office.seats[:6]:
        kerberos.authenticate(scene, seat.host, seat.user, first + scene.rng.uniform(0, HOUR), server=partner)
    for when in periodic(scene.rng, first, 45 * MINUTE, 0.3, int((last - first) / (45 * MINUTE))):
        session = TcpSession(scene, partner, main, REPLICATION_PORT, when).connect()
        calls = dcerpc.TcpCalls(session, dcerpc.REPLICATION).call(0, scene.rng.randbytes(60), scene.rng.randbytes(80))
        calls.call(3, scene.rng.randbytes(240), scene.rng.randbytes(900)).close()


def asks_the_world(office: Office, resolver: Host, first: float, last: float, per_hour: float = 60) -> None:
    """The office's resolver asks name servers outside on behalf of all; some names do not exist."""
    scene, rng = office.scene, office.scene.rng
    for when in poisson(rng, first, last, per_hour):
        site = rng.choice(SITES)
        server = scene.outside(f"ns{rng.randint(1, 2)}.{'.'.join(site.split('.')[-2:])}")
        if rng.random() < 0.1:
            dns.lookup(
                scene,
                resolver,
                f"{rng.choice(('autodiscover', 'wpad', '_ldap._tcp', 'www1'))}.{site}",
                when,
                rcode=dns.NXDOMAIN,
                resolver=server,
            )
        else:
            dns.lookup(scene, resolver, site, when, answers=[dns.Record("A", scene.address(site))], resolver=server)


def exchanges_letters(office: Office, server: Host, first: float, last: float) -> None:
    """The mail server brings letters to other offices, takes theirs, and asks a block list about each sender."""
    scene, rng = office.scene, office.scene.rng
    for when in poisson(rng, first, last, 5):
        domain = f"{rng.choice(PARTNERS)}.example"
        partner = scene.outside(f"mx.{domain}")
        if rng.random() < 0.5:
            mx = [dns.Record("MX", f"10 mx.{domain}"), dns.Record("A", partner.ip, name=f"mx.{domain}")]
            ready = dns.lookup(scene, server, domain, when, kind="MX", answers=mx) + 0.01
            link = smtp.secured(
                TcpSession(scene, server, partner, smtp.PORT, ready).connect(), server.name, f"mx.{domain}"
            )
            link.send(rng.randint(2_000, 20_000)).reply(60).close()
            continue
        reverse = ".".join(reversed(partner.ip.split(".")))
        dns.lookup(scene, server, f"{reverse}.{BLOCK_LIST}", when, rcode=dns.NXDOMAIN)
        dns.lookup(
            scene,
            server,
            f"_dmarc.{domain}",
            when + 0.02,
            kind="TXT",
            answers=[dns.Record("TXT", "v=DMARC1; p=reject")],
        )
        link = smtp.secured(
            TcpSession(scene, partner, server, smtp.PORT, when + 0.1).connect(), f"mx.{domain}", server.name
        )
        link.send(rng.randint(2_000, 20_000)).reply(60).close()


def goes_out_for(office: Office, proxy: Host, client: Host, when: float) -> float:
    """One page through the office's proxy: both legs are seen."""
    scene, rng, site = office.scene, office.scene.rng, office.scene.rng.choice(SITES)
    session = TcpSession(scene, client, proxy, PROXY_PORT, when).connect()
    session.send(
        f"CONNECT {site}:443 HTTP/1.1\r\nHost: {site}:443\r\nUser-Agent: {http.BROWSER_AGENT}\r\n\r\n".encode()
    )
    visit(scene, proxy, site, session.now + 0.002, [(rng.randint(350, 900), rng.randint(900, 9_000))])
    session.now += 0.06
    session.reply(b"HTTP/1.1 200 Connection established\r\n\r\n")
    link = TlsConnection(session, "browser", site, chain=public_chain(site)).open()
    link.send(rng.randint(350, 900)).reply(rng.randint(900, 9_000)).close()
    return session.now


def serves_the_public(office: Office, server: Host, first: float, last: float) -> None:
    """People outside read the office's public site; robots read it too."""
    scene, rng = office.scene, office.scene.rng
    for when in poisson(rng, first, last, 14):
        reader = scene.outside(f"nguoi-doc-{rng.randrange(40)}.example")
        session = TcpSession(scene, reader, server, 80, when).connect()
        robot = rng.random() < 0.2
        agent = (
            "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)" if robot else http.BROWSER_AGENT
        )
        for _ in range(rng.randint(1, 4)):
            path = f"/tin-tuc/{rng.randrange(900)}?trang={rng.randrange(9)}"
            page = http.Response(
                200 if rng.random() < 0.95 else 404,
                {"Content-Type": "text/html; charset=utf-8"},
                b"<html>" + b"<p>Tin</p>" * rng.randint(20, 200) + b"</html>",
            )
            http.exchange(session, http.Request("GET", path, http.browser_headers(server.name, agent=agent)), page)
        session.close()


def documents_connector(office: Office, server: Host, first: float, last: float) -> None:
    """The connector of the official-documents axis asks the province's hub for new documents every two minutes, day and night."""
    call = Call("truclienthong.tinhmau.gov.vn", up=640, down=420, profile="library", version=TLS12)
    for when in periodic(office.scene.rng, first, 2 * MINUTE, 0.02, int((last - first) / (2 * MINUTE))):
        call.make(office.scene, server, when)


def recorder(office: Office, device: Host, first: float, last: float) -> None:
    """A recorder of cameras keeps in touch with its maker's cloud, over odd ports, and sets its clock."""
    scene, rng = office.scene, office.scene.rng
    call = Call("dev.camera-cloud.example", port=8_666, up=180, down=120, profile="library", version=TLS12)
    for when in periodic(rng, first, 7 * MINUTE, 0.1, int((last - first) / (7 * MINUTE))):
        call.make(scene, device, when)
    for when in periodic(rng, first, HOUR, 0.1, int((last - first) / HOUR)):
        ntp.synchronise(scene, device, scene.outside("time.camera-cloud.example"), when)


def domino_replicates(office: Office, server: Host, first: float, last: float) -> None:
    """The office's Domino server exchanges databases with the province's, over its own protocol."""
    hub = office.scene.server("10.100.1.9", name="domino.tinh.example")
    for when in periodic(office.scene.rng, first, 30 * MINUTE, 0.03, int((last - first) / (30 * MINUTE))):
        session = TcpSession(office.scene, server, hub, 1352, when).connect()
        for _ in range(4):
            body = office.scene.rng.randbytes(office.scene.rng.randint(60, 900))
            session.send(struct.pack("<I", len(body)) + body).reply(
                struct.pack("<I", 600) + office.scene.rng.randbytes(600)
            )
        session.close()


def _opened(scene: Scene, client: Host, server: Host, port: int, when: float) -> float:
    session = TcpSession(scene, client, server, port, when).connect()
    session.reset()
    return session.now
