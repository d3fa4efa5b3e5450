"""An administrator at work, from the one machine that is meant for it: everything that intruders do too, honestly."""

from __future__ import annotations

import struct
from collections.abc import Callable

from scenarios.clock import HOUR, MINUTE
from scenarios.files.kinds import made
from scenarios.net.host import Host
from scenarios.net.tcp import TcpSession
from scenarios.office.staff import Office, Seat
from scenarios.protocols import dcerpc, http, kerberos, rdp, smb2, ssh

Act = Callable[[Office, Seat, Host, float], float]
USER = "quantri"
AGENT = "Microsoft WinRM Client"
DYNAMIC = 49_667
"""Port of Windows's remote procedure calls beside 135."""
DONE = struct.pack("<I", 0)


def administers(office: Office, seat: Seat, midnight: float) -> None:
    """A day of it: a tool on four machines, questions to ten, a task on three, two servers by desktop and console."""
    rng = office.scene.rng
    others = [one.host for one in office.seats if one is not seat]
    kerberos.authenticate(office.scene, seat.host, USER, midnight + 8 * HOUR)
    _each(office, seat, rng.sample(others, min(4, len(others))), midnight + 8.4 * HOUR, 6 * MINUTE, remote_tool)
    _each(office, seat, rng.sample(others, min(10, len(others))), midnight + 9.5 * HOUR, 40, inventory)
    _each(office, seat, rng.sample(others, min(3, len(others))), midnight + 10.2 * HOUR, 3 * MINUTE, scheduled_task)
    servers = [host for name, host in office.servers.items() if name in ("dc01", "tepchung", "wsus", "vanban")]
    _each(office, seat, servers[:2], midnight + 14 * HOUR, 25 * MINUTE, desktop)
    _each(office, seat, servers[:3], midnight + 15 * HOUR, 9 * MINUTE, shell)
    _each(office, seat, rng.sample(others, min(1, len(others))), midnight + 15.7 * HOUR, MINUTE, desktop)
    _each(office, seat, [office.scene.gateway], midnight + 16.2 * HOUR, MINUTE, console)


def remote_tool(office: Office, seat: Seat, target: Host, when: float) -> float:
    """PsExec: its service is copied, installed and started."""
    session = _session(office, seat, target, when)
    session.tree(rf"\\{target.name}\ADMIN$")
    file = session.create("PSEXESVC.exe", write=True)
    session.write(file, made("pe", office.scene.rng, 60_000).content).close(file)
    session.tree(rf"\\{target.name}\IPC$", smb2.PIPE)
    dcerpc.install(session, office.scene.rng, "PSEXESVC", r"%SystemRoot%\PSEXESVC.exe")
    return session.end()


def inventory(office: Office, seat: Seat, target: Host, when: float) -> float:
    """Which programs and disks a machine has, by WMI."""
    scene, rng = office.scene, office.scene.rng
    session = TcpSession(scene, seat.host, target, 135, when).connect()
    calls = dcerpc.TcpCalls(session, dcerpc.ACTIVATION).call(4, rng.randbytes(540), rng.randbytes(620) + DONE)
    ready = calls.close() + 0.01
    session = TcpSession(scene, seat.host, target, DYNAMIC, ready).connect()
    questions = dcerpc.TcpCalls(session, dcerpc.MANAGEMENT)
    for _ in range(4):
        questions.call(20, rng.randbytes(260), rng.randbytes(180) + DONE)
        questions.session.wait(0.3)
    return questions.close()


def scheduled_task(office: Office, seat: Seat, target: Host, when: float) -> float:
    """A task that cleans temporary files each week."""
    session = _session(office, seat, target, when)
    session.tree(rf"\\{target.name}\IPC$", smb2.PIPE)
    task = (
        "<Task><Actions><Exec><Command>cleanmgr.exe</Command><Arguments>/sagerun:1</Arguments></Exec></Actions></Task>"
    )
    arguments = bytes(4) + _text(r"\DonDep") + _text(task) + struct.pack("<IIIIII", 6, 0, 0, 0, 0, 0)
    dcerpc.PipeCalls(session, "atsvc", dcerpc.TASKS).call(1, arguments, bytes(4) + _text(r"\DonDep") + bytes(4) + DONE)
    return session.end()


def desktop(office: Office, seat: Seat, target: Host, when: float) -> float:
    """Remote Desktop for a while."""
    rng = office.scene.rng
    kerberos.service_ticket(office.scene, seat.host, USER, ("TERMSRV", target.name), when)
    session = TcpSession(office.scene, seat.host, target, rdp.PORT, when + 0.1).connect()
    link = rdp.log_on(session, USER, failed=False)
    for _ in range(30):
        session.wait(rng.uniform(0.5, 30))
        link.send(rng.randint(60, 400)).reply(rng.randint(400, 9_000))
    link.close()
    return session.now


def shell(office: Office, seat: Seat, target: Host, when: float) -> float:
    """PowerShell by WinRM: the contents are encrypted by the ticket."""
    rng, name = office.scene.rng, target.name
    kerberos.service_ticket(office.scene, seat.host, USER, ("HTTP", name), when)
    session = TcpSession(office.scene, seat.host, target, 5985, when + 0.1).connect()
    media = 'multipart/encrypted;protocol="application/HTTP-Kerberos-session-encrypted";boundary="Encrypted Boundary"'
    for _ in range(rng.randint(12, 20)):
        headers = http.program_headers(f"{name}:5985", AGENT, Content_Type=media, Authorization="Kerberos YIIG")
        asked = http.Request(
            "POST", "/wsman?PSVersion=5.1.19041.5011", headers, rng.randbytes(rng.randint(1_200, 4_200))
        )
        answer = http.Response(
            200, {"Content-Type": media}, rng.randbytes(rng.randint(900, 9_000)), server="Microsoft-HTTPAPI/2.0"
        )
        http.exchange(session, asked, answer)
        session.wait(rng.uniform(0.2, 12))
    session.close()
    return session.now


def console(office: Office, seat: Seat, target: Host, when: float) -> float:
    """SSH to the router."""
    session = TcpSession(office.scene, seat.host, target, ssh.PORT, when).connect()
    ssh.work(ssh.connect(session, "putty"), [(60, 400)] * 12).close()
    return session.now


def _each(office: Office, seat: Seat, targets: list[Host], when: float, pause: float, act: Act) -> None:
    for target in targets:
        if target is not seat.host:
            done = act(office, seat, target, when)
            when = max(done, when) + pause * office.scene.rng.uniform(0.6, 1.4)


def _session(office: Office, seat: Seat, target: Host, when: float) -> smb2.SmbSession:
    when = kerberos.service_ticket(office.scene, seat.host, USER, ("cifs", target.name), when)
    return smb2.SmbSession(office.scene, seat.host, target, when + 0.02).negotiate().log_on_with_ticket(
        office.realm, target.name
    )  # fmt: skip


def _text(words: str) -> bytes:
    raw = f"{words}\0".encode("utf-16-le")
    count = len(raw) // 2
    return struct.pack("<III", count, 0, count) + raw + bytes(-len(raw) % 4)
