"""Office days of several shapes in which nothing is wrong: what false alarms are measured on (``make judge``)."""

from __future__ import annotations

from collections.abc import Sequence

from scenarios.clock import DAY, HOUR, MINUTE
from scenarios.office import machinery, programs, work
from scenarios.office.administrator import administers
from scenarios.office.day import AFTERNOON, DAILY, EVENING, MORNING, Act, moments
from scenarios.office.demo import START, first_midnight
from scenarios.office.staff import Office, Plan, Seat, furnished
from scenarios.protocols import media, ntp
from scenarios.protocols.tls_connection import visit
from scenarios.registry import scenario
from scenarios.scene import Scene

ADMINISTRATOR = 3
"""Number of the machine that the administrator works at."""
INSIDE: tuple[tuple[Act, float], ...] = (
    (work.letters, 2.0), (work.shared_files, 1.6), (work.documents_system, 2.0), (work.print_out, 0.4), (work.clock, 2.0),
    (programs.no_internet, 3.0),
)  # fmt: skip
"""Where there is no Internet."""
BROWSING: tuple[tuple[Act, float], ...] = (
    (work.read_page, 8.0), (programs.browser_starts, 1.2), (programs.browser_part, 0.3), (programs.program_update, 0.03),
)  # fmt: skip


@scenario("office-isolated", machine="10.64.12.31", start=START, peers=0)
def office_isolated(scene: Scene, *, machines: int = 40) -> None:
    """An office without the Internet: domain, Domino, antivirus, monitoring, an administrator, an inventory.

    machines: of people
    """
    net, servers = "10.64.12.", "10.64.1."
    plan = Plan(
        machines,
        "VP-MATTRAN",
        "noibo.example",
        _servers(servers, dc02=6, sep=15, domino=16, giamsat=17, saoluu=18),
        internet=False,
    )
    office, midnight = _opened(scene, plan, servers + "5")
    _people(office, midnight, INSIDE)
    administers(office, office.seat(ADMINISTRATOR), midnight)
    day = midnight + 6 * HOUR, midnight + 19 * HOUR
    machinery.monitors(office, office.servers["giamsat"], *day)
    machinery.finds_assets(office, scene.machine(f"{net}240", name="KIEMKE", ttl=64), midnight + 12.2 * HOUR)
    machinery.replicates(office, midnight, midnight + DAY)
    machinery.domino_replicates(office, office.servers["domino"], midnight, midnight + DAY)
    machinery.backs_up(office, office.servers["saoluu"], midnight + 22 * HOUR)
    for seat in office.seats[:5]:
        machinery.machine_backup(office, seat.host, midnight + 16.5 * HOUR + seat.number * MINUTE)


@scenario("office-internet", machine="10.30.4.31", start=START, peers=0)
def office_internet(scene: Scene, *, machines: int = 40) -> None:
    """An office of a domain with the Internet: every program of the country calls home, people meet by video.

    machines: of people
    """
    servers = "10.30.1."
    plan = Plan(
        machines,
        "SNV",
        "sonoivu.example",
        _servers(servers, ksc=15),
        left_on=(7, 18),
    )
    office, midnight = _opened(scene, plan, servers + "5")
    _people(office, midnight, (*DAILY, *BROWSING))
    administers(office, office.seat(ADMINISTRATOR), midnight)
    machinery.asks_the_world(office, scene.resolver, midnight, midnight + DAY)
    machinery.exchanges_letters(office, office.servers["mail"], midnight, midnight + DAY)
    _meeting(office, midnight + 9 * HOUR, "zoom-mmr.zoom.us", 8_801)
    _meeting(office, midnight + 14.2 * HOUR, "worldaz.tr.teams.microsoft.com", 3_478)


@scenario("office-servers", machine="172.20.8.31", start=START, peers=0)
def office_servers(scene: Scene, *, machines: int = 16) -> None:
    """A server zone with its administrators: public site, documents axis, mail, backup, monitoring, the approved scanner.

    machines: of administrators and operators
    """
    net = "172.20.8."
    plan = Plan(
        machines, "TTDL", "ttdl.example", _servers(net, congdan=15, giamsat=17, saoluu=18, lienthong=19, quet=20)
    )
    office, midnight = _opened(scene, plan, net + "5", beside=True)
    day = midnight, midnight + DAY
    _people(office, midnight, (*DAILY, *BROWSING))
    administers(office, office.seat(ADMINISTRATOR), midnight)
    machinery.monitors(office, office.servers["giamsat"], *day)
    machinery.serves_the_public(office, office.servers["congdan"], *day)
    machinery.documents_connector(office, office.servers["lienthong"], *day)
    machinery.exchanges_letters(office, office.servers["mail"], *day)
    machinery.asks_the_world(office, scene.resolver, *day)
    machinery.looks_for_holes(office, office.servers["quet"], midnight + 12 * HOUR)
    machinery.backs_up(office, office.servers["saoluu"], midnight + 22 * HOUR)


@scenario("office-commune", machine="192.168.1.31", start=START, peers=0)
def office_commune(scene: Scene, *, machines: int = 15) -> None:
    """A commune: a few machines without a domain behind a router that also resolves names, a recorder of cameras, a printer.

    machines: of people
    """
    plan = Plan(machines, "XA-HOABINH", "lan.example", {}, joined=False, left_on=(2,))
    office, midnight = _opened(scene, plan, "")
    acts = (*BROWSING, (work.print_out, 0.6), (work.telemetry, 1.6), (programs.chatter, 2.0), (_public_clock, 1.0))
    _people(office, midnight, acts)
    machinery.recorder(office, scene.machine("192.168.1.200", name="CAMERA", ttl=64), midnight, midnight + DAY)
    _meeting(office, midnight + 8.2 * HOUR, "hop.tinhmau.gov.vn", 10_000, people=2)


@scenario("office-proxy", machine="10.7.0.31", start=START, peers=0)
def office_proxy(scene: Scene, *, machines: int = 20) -> None:
    """Twenty machines whose only way out is the office's proxy.

    machines: of people
    """
    net = "10.7.0."
    plan = Plan(
        machines,
        "UBKT",
        "ubkt.example",
        _servers(net, sep=15, proxy=16),
        internet=False,
    )
    office, midnight = _opened(scene, plan, net + "5", beside=True)

    def browse(office: Office, seat: Seat, when: float) -> float:
        return machinery.goes_out_for(office, office.servers["proxy"], seat.host, when)

    acts = [one for one in DAILY if one[0] not in (work.read_page, work.telemetry)]
    _people(office, midnight, (*acts, (browse, 9.0), (programs.chatter, 1.0)))
    machinery.asks_the_world(office, scene.resolver, midnight, midnight + DAY, 30)
    administers(office, office.seat(ADMINISTRATOR), midnight)


@scenario("office-night", machine="10.81.3.31", start=START, peers=0)
def office_night(scene: Scene, *, machines: int = 60, days: int = 2) -> None:
    """Machines that are on while nobody works: only what programs do by themselves, over a weekend.

    machines: of people
    days: how many
    """
    servers = "10.81.1."
    plan = Plan(
        machines,
        "STC",
        "sotaichinh.example",
        _servers(
            servers,
        ),
        left_on=tuple(range(machines + 1)),
    )
    office, midnight = _opened(scene, plan, servers + "5")
    for seat in office.seats:
        first = midnight + scene.rng.uniform(0, 600)
        work.switch_on(office, seat, first)
        for program in programs.programs_of(office, seat):
            if scene.rng.random() < 0.35:
                programs.running(office, seat, program, first + 300, midnight + days * DAY)


def _opened(scene: Scene, plan: Plan, resolver: str, *, beside: bool = False) -> tuple[Office, float]:
    """The furnished office and its first midnight; no ``resolver``: the router resolves names."""
    name = f"dc01.{plan.domain}"
    stand = scene.machine if beside else scene.server
    scene.resolver = stand(resolver, name=name) if resolver else scene.gateway
    scene.domain = plan.domain
    return furnished(scene, plan), first_midnight(scene)


def _people(office: Office, midnight: float, acts: Sequence[tuple[Act, float]]) -> None:
    """Everybody comes, works and goes; programs run as long as the machine does."""
    rng = office.scene.rng
    for seat in office.seats:
        arrival = midnight + MORNING + rng.gauss(10, 9) * MINUTE
        leaving = midnight + EVENING + rng.gauss(0, 12) * MINUTE
        work.switch_on(office, seat, arrival)
        off = midnight + DAY if seat.left_on else leaving
        for program in programs.programs_of(office, seat):
            programs.running(office, seat, program, arrival + rng.uniform(20, 200), off)
        for act, often in acts:
            for when in moments(office, arrival + 4 * MINUTE, midnight, leaving, often):
                act(office, seat, when)
        if "wsus" in office.servers:
            work.ask_for_updates(office, seat, arrival + rng.uniform(5, 200) * MINUTE)
        if office.plan.internet and seat.number % 4 == 1:
            work.update(office, seat, midnight + AFTERNOON + rng.uniform(0, 2) * HOUR)


def _meeting(office: Office, when: float, host: str, port: int, people: int = 6) -> None:
    scene = office.scene
    for seat in office.seats[4 : 4 + people]:
        server, ready = visit(scene, seat.host, host, when + scene.rng.uniform(0, 120), [(900, 4_000)])
        media.conference(scene, seat.host, server, port, ready, seconds=600, per_second=0.6)


def _public_clock(office: Office, seat: Seat, when: float) -> float:
    return ntp.synchronise(office.scene, seat.host, office.scene.outside("time.windows.com"), when)


def _servers(net: str, **last: int) -> dict[str, str]:
    usual = {"dc01": 5, "tepchung": 11, "wsus": 12, "vanban": 13, "mail": 14}
    return {name: f"{net}{number}" for name, number in {**usual, **last}.items()}
