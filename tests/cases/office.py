"""A state database with machines, alerts and people, for tests of cases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from pipelines.cases.book import Actor
from pipelines.cases.following import follow
from pipelines.settings import Cases, load
from pipelines.store import state
from pipelines.store.state import Alert, Case, Machine, Person
from pipelines.store.state.base import now

SETTINGS: Cases = load().cases
CENTRE = Actor("lan", frozenset({"cases_work", "cases_approve"}))
UNIT = Actor("minh", frozenset({"cases_work"}))
READER = Actor("vinh", frozenset())


@contextmanager
def office(folder: Path) -> Iterator[state.Database]:
    database = state.open(f"sqlite:///{folder}/state.sqlite")
    with database.transaction() as session:
        for name, role, units in (("lan", "specialist", []), ("minh", "unit_admin", ["bcy"]), ("vinh", "leader", [])):
            session.add(Person(name=name, roles=[role], units=units, password="x"))
        for name in ("m1", "m2"):
            at = now()
            session.add(
                Machine(id=name, unit="bcy", verdict="infected", score=90, items=[], first_seen=at, last_seen=at)
            )
    yield database
    database.close()


def alert(session: Session, rule: str = "beacon", machine: str = "m1", **changes: Any) -> Alert:
    at = now()
    values: dict[str, Any] = {
        "id": f"{rule}-{machine}", "rule": rule, "machine_id": machine, "engine": "behaviour", "behaviour": "c2-beacon",
        "track": "infection", "stage": "c2", "technique": [], "severity": "medium", "role": "source",
        "title": {"vi": rule, "en": rule}, "explanation": {"vi": rule, "en": rule}, "first": at - timedelta(hours=2),
        "last": at - timedelta(hours=1), "count": 3, "peers": ["203.0.113.9"], "peer_count": 1, "events": [], "facts": {},
        "against": [], "weight": 1.9,
    }  # fmt: skip
    row = Alert(**{**values, **changes})
    session.add(row)
    session.flush()
    return row


def seen(session: Session, machine: str = "m1") -> Case | None:
    """Let cases follow what is in the database; gives the infection case of the machine."""
    row = session.get_one(Machine, machine)
    alerts = list(session.query(Alert).filter(Alert.machine_id == machine))
    follow(session, row, alerts, SETTINGS)
    return session.query(Case).filter(Case.machine_id == machine).order_by(Case.ordinal.desc()).first()
