"""Letters: those of the office, and those that a spam bot sends."""

from __future__ import annotations

from scenarios.net.tcp import TcpSession, unanswered
from scenarios.protocols import smtp
from scenarios.protocols.dns import Record, lookup
from scenarios.registry import scenario
from scenarios.scene import Scene
from scenarios.sites import DOMAIN

REFUSALS = (
    "550 5.7.1 Service unavailable; client host blocked using zen.blocklist.example",
    "554 5.7.1 Message rejected as spam",
    "450 4.7.1 Greylisted, please try again",
)


@scenario("spam")
def spam(
    scene: Scene, *, domains: int = 25, rate: float = 0.4, refused: float = 0.4, silent: float = 0.2, letters: int = 1
) -> None:
    """A machine looks up the mail servers of many domains and brings them letters itself.

    domains: how many
    rate: domains a second
    refused: share of servers that refuse
    silent: share of servers that do not answer
    letters: on each connection
    """
    rng, when = scene.rng, scene.start
    for number in range(domains):
        domain = f"nguoi-nhan-{number}.example"
        server = scene.outside(f"mx.{domain}")
        mx = [Record("MX", f"10 mx.{domain}"), Record("A", server.ip, name=f"mx.{domain}")]
        ready = lookup(scene, scene.actor, domain, when, kind="MX", answers=mx) + 0.01
        if rng.random() < silent:
            unanswered(scene, scene.actor, server, smtp.PORT, ready)
        else:
            session = TcpSession(scene, scene.actor, server, smtp.PORT, ready).connect()
            smtp.greet(session, f"host-{rng.randrange(10**4)}.example", server=f"mx.{domain}")
            answer = rng.choice(REFUSALS) if rng.random() < refused else ""
            for _ in range(letters):
                to = tuple(f"u{rng.randrange(999)}@{domain}" for _ in range(rng.randint(1, 4)))
                body = "Khuyen mai lon\r\n" * rng.randint(3, 20)
                smtp.deliver(
                    session, smtp.Mail(f"shop{rng.randrange(99)}@sale.example", to, "SALE", body), refused=answer
                )
            smtp.leave(session)
        when += rng.expovariate(rate)


@scenario("mail-client")
def mail_client(scene: Scene, *, letters: int = 12, spacing: float = 600.0, secure: bool = False) -> None:
    """A person sends letters by the office's mail server: no spam.

    letters: how many
    spacing: seconds between on average
    secure: with STARTTLS
    """
    rng, when = scene.rng, scene.start
    server = scene.server("10.20.1.14", name=f"mail.{DOMAIN}")
    for _ in range(letters):
        session = TcpSession(scene, scene.actor, server, 587 if secure else smtp.PORT, when).connect()
        if secure:
            link = smtp.secured(session, scene.actor.name, server.name)
            link.send(300).reply(200).send(rng.randint(800, 20_000)).reply(90).close()
        else:
            smtp.greet(session, f"{scene.actor.name}.{DOMAIN}", server=server.name)
            to = tuple(f"canbo{rng.randrange(60)}@{DOMAIN}" for _ in range(rng.randint(1, 3)))
            smtp.leave(smtp.deliver(session, smtp.Mail(f"vanthu@{DOMAIN}", to)))
        when += rng.expovariate(1 / spacing)
