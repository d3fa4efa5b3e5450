"""What intruders ask a domain controller for, and the log-ins of every day beside it."""

from __future__ import annotations

from scenarios.clock import periodic
from scenarios.protocols import kerberos
from scenarios.registry import one_of, scenario
from scenarios.scene import Scene

KINDS = ("names", "passwords", "services")
SERVICES = ("MSSQLSvc", "HTTP", "SAPService", "oracle", "FIMService", "WebLogic")
FAMILY = ("nguyen", "tran", "le", "pham", "hoang", "phan", "vu", "dang", "bui", "do")


@scenario("directory-guessing")
def directory_guessing(
    scene: Scene, *, kind: str = "names", count: int = 12, rate: float = 5.0, known: int = 3
) -> None:
    """A machine guesses accounts or passwords over Kerberos, or collects tickets to guess with.

    kind: names (most do not exist), passwords (one try an account) or services (tickets encrypted with RC4)
    count: accounts or services
    rate: requests a second
    known: of the guessed names, how many exist
    """
    one_of("kind", kind, KINDS)
    for number, when in enumerate(periodic(scene.rng, scene.start, 1 / rate, 0.3, count)):
        user = f"{FAMILY[number % len(FAMILY)]}.{scene.rng.choice('abcdhklmnqtv')}{number}"
        if kind == "services":
            service = (SERVICES[number % len(SERVICES)], f"ung-dung-{number}.tinhuy.example")
            kerberos.service_ticket(scene, scene.actor, "canbo", service, when, ticket=kerberos.RC4)
        else:
            exists = kind == "passwords" or number < known
            error = kerberos.PREAUTH_FAILED if exists else kerberos.PRINCIPAL_UNKNOWN
            kerberos.authenticate(scene, scene.actor, user, when, error=error)


@scenario("directory-log-ins")
def directory_log_ins(scene: Scene, *, users: int = 12, spacing: float = 240.0, failing: float = 0.08) -> None:
    """People log in to the domain on one machine, a terminal server, and use its services; some mistype.

    users: how many
    spacing: seconds between them on average
    failing: share of log-ins that fail at first
    """
    when = scene.start
    for number in range(users):
        user = f"{FAMILY[number % len(FAMILY)]}.{number}"
        if scene.rng.random() < failing:
            when = kerberos.authenticate(scene, scene.actor, user, when, error=kerberos.PREAUTH_FAILED) + 8
        when = kerberos.authenticate(scene, scene.actor, user, when)
        for service in (("cifs", "tepchung.tinhuy.example"), ("HTTP", "vanban.tinhuy.example")):
            when = kerberos.service_ticket(scene, scene.actor, user, service, when + 0.5)
        when += scene.rng.expovariate(1 / spacing)
