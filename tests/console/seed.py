"""A small office in the stores: one infected machine, one suspicious, one violating, and names chosen by an attacker."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from collectors.segment import Segment
from dashboards.console.security import accounts
from dashboards.console.security.passwords import hash_password
from pipelines.settings import Unit
from pipelines.store import state
from pipelines.store.embedded import EmbeddedStore
from pipelines.store.state import base
from pipelines.store.state.alerts import Alert
from pipelines.store.state.cases import Case, CaseAlert, CaseAttachment, CaseEntry, MachineDay
from pipelines.store.state.database import Database
from pipelines.store.state.findings import FindingRow, SegmentRow
from pipelines.store.state.health import ComponentHealth, ContentError, Counter, CounterPoint
from pipelines.store.state.machines import Machine, MachineAddress, MachineName, ScorePoint
from pipelines.store.state.people import ROLES, Person
from pipelines.units import register
from schema import DATASETS

NOW: Final = datetime(2026, 11, 4, 1, tzinfo=UTC)
PASSWORD: Final = "một câu ngắn dễ nhớ"
HOSTILE: Final = '<img src=x onerror="alert(1)">{{ 7*7 }}'
"""A host name as an attacker would choose it."""
UNITS: Final = {"mac:00": "vp-tinhuy", "mac:01": "vp-tinhuy", "mac:02": "bcy", "mac:03": "bcy"}
VERDICTS: Final = {
    "mac:00": ("infected", 91),
    "mac:01": ("suspicious", 63),
    "mac:02": ("violating", 12),
    "mac:03": ("clean", 2),
}
ALERTS: Final = (
    ("beacon", "mac:00", "c2-beacon", "infection", "c2", "high", "Kết nối định kỳ", 1.6),
    ("payload-download", "mac:00", "payload-download", "infection", "delivery", "high", "Tải tệp thực thi", 1.2),
    ("port-scan", "mac:01", "port-scan", "infection", "discovery", "medium", "Quét cổng", 1.0),
    ("remote-control", "mac:02", "remote-control", "policy", "policy", "medium", "Điều khiển từ xa", 0.0),
)


def people(database: Database) -> None:
    """One account a role, named like it; the unit administrator belongs to ``bcy``."""
    with database.transaction() as session:
        hashed = hash_password(PASSWORD)
        for role in ROLES:
            accounts.add_person(session, role, (role,), ("bcy",) if role == "unit_admin" else (), f"Người {role}")
            person = session.get_one(Person, role)
            person.password, person.must_change = hashed, False


def organisation(database: Database) -> None:
    """A province whose districts were abolished; ``bcy`` stands below ``bandang``."""
    given = [
        {"id": "tinhuy", "name": "Tỉnh ủy", "networks": ["10.20.0.0/16"], "level": 3},
        {"id": "vp-tinhuy", "name": "Văn phòng Tỉnh ủy", "parent": "tinhuy", "networks": ["10.20.7.0/28"], "contacts": [
            {"name": "Trần Văn Minh", "title": "Phó Chánh văn phòng", "phones": ["0251 382 1234"], "email": "minh@tinhuy"}]},
        {"id": "bandang", "name": "Khối ban đảng", "parent": "tinhuy"},
        {"id": "bcy", "name": "Ban Cơ yếu", "parent": "bandang", "networks": ["10.20.7.16/28"], "level": 3, "vlans": [20]},
        {"id": "huyen-a", "name": "Huyện ủy A", "parent": "tinhuy", "networks": ["10.20.9.0/24"], "until": "2025-07-01"},
    ]  # fmt: skip
    with database.transaction() as session:
        register.replace(session, [Unit.model_validate(one) for one in given])


def machines(database: Database) -> None:
    """Four machines with addresses, names and a score that rose over a day."""
    with database.transaction() as session:
        for number, (identity, (verdict, score)) in enumerate(VERDICTS.items()):
            first, last = NOW - timedelta(days=2), NOW - timedelta(minutes=number)
            session.add(
                Machine(
                    id=identity, mac=f"00:1b:21:00:00:{number:02x}", zone="office", unit=UNITS[identity], verdict=verdict,
                    score=score, violating=verdict == "violating", items=[], first_seen=first, last_seen=last,
                )
            )  # fmt: skip
            session.flush()
            session.add(MachineAddress(machine_id=identity, address=f"10.20.7.{number + 10}", first=first, last=last))
            name = HOSTILE if number == 1 else f"VP-TINHUY-{number:02d}"
            session.add(MachineName(machine_id=identity, name=name, source="dhcp", first=first, last=last))
            for past, hours in ((0, 0b1), (1, 0b11_1100_0000_0000_0000_1111_00)):
                session.add(MachineDay(machine_id=identity, day=(NOW - timedelta(days=past)).date(), hours=hours))
            for hour in (12, 6, 1):
                at = NOW - timedelta(hours=hour)
                session.add(ScorePoint(machine_id=identity, at=at, score=score // hour, verdict="clean"))


def strangers(database: Database) -> None:
    """A device of no unit with a hardware address that it made up itself, and an outside address that attacked."""
    with database.transaction() as session:
        times = {"first_seen": NOW - timedelta(hours=5), "last_seen": NOW}
        session.add(Machine(id="mac:04", mac="da:a1:19:00:00:04", zone="wifi", verdict="clean", items=[], **times))
        session.add(Machine(id="203.0.113.66", home=False, verdict="clean", items=[], **times))
        session.flush()
        at = {"first": times["first_seen"], "last": NOW}
        session.add(MachineAddress(machine_id="mac:04", address="10.20.40.4", **at))
        session.add(MachineName(machine_id="mac:04", name="Galaxy-A13", source="dhcp", **at))


def alerts(database: Database) -> None:
    """Four alerts with ten findings each."""
    with database.transaction() as session:
        for number, (rule, machine, behaviour, track, stage, severity, title, weight) in enumerate(ALERTS):
            words = {"vi": title, "en": rule}
            told = {"vi": f"{title}: gọi {HOSTILE} 412 lần.", "en": f"{rule}: called {HOSTILE} 412 times."}
            shared: dict[str, Any] = {
                "rule": rule, "machine_id": machine, "engine": "behaviour", "behaviour": behaviour, "severity": severity,
                "role": "source", "title": words, "explanation": told, "technique": ["T1071.001"],
                "facts": {"headline": "k", "k": 30.8, "gaps": 412}, "against": ["update_service"] if number == 2 else [],
            }  # fmt: skip
            session.add(
                Alert(
                    id=f"alert{number}", track=track, stage=stage, first=NOW - timedelta(hours=20), weight=weight,
                    last=NOW - timedelta(hours=number), count=412, peers=["203.0.113.9", HOSTILE], peer_count=2,
                    events=[f"e{at}" for at in range(40)], **shared,
                )
            )  # fmt: skip
            for hour in range(10):
                session.add(
                    FindingRow(
                        id=f"finding{number}-{hour}", version=1, machine="10.20.7.10", peer="203.0.113.9", window=NOW,
                        first=NOW - timedelta(hours=hour + 1), last=NOW - timedelta(hours=hour), events=[], event_count=40,
                        weight={"log10_ratio": weight, "family": "f", "half_life_hours": 72.0}, **shared,
                    )
                )  # fmt: skip


def cases(database: Database) -> None:
    """One open case of the infected machine."""
    with database.transaction() as session:
        session.add(
            Case(
                id="case0", number=1, machine_id="mac:00", track="infection", ordinal=1, severity="high",
                first=NOW - timedelta(hours=20), last=NOW, due_at=base.now() + timedelta(hours=72),
            )
        )  # fmt: skip
        session.flush()
        for alert in ("alert0", "alert1"):
            session.add(CaseAlert(case_id="case0", alert_id=alert))
        session.add(
            CaseAttachment(
                id="file0", case_id="case0", name="ảnh.png", mime="image/png", size=4, sha256="0" * 64, by="specialist"
            )
        )
        session.add(CaseEntry(case_id="case0", key="opened", kind="opened", event_at=NOW))


def health(database: Database) -> None:
    """A sensor that runs, a scheduler that warns, a rule that cannot be used."""
    with database.transaction() as session:
        session.add(ComponentHealth(name="sensor:eth1", status="ok"))
        warning = {"vi": "Đĩa còn 12 % trống", "en": "12 % of the disk is free"}
        session.add(ComponentHealth(name="scheduler", status="warning", message=warning))
        for name, value in (("packets.seen", 1_234_567), ("packets.dropped", 120)):
            session.add(Counter(component="sensor:eth1", name=name, value=value))
            for at in range(8):
                point = NOW - timedelta(minutes=15 * at)
                session.add(CounterPoint(component="sensor:eth1", name=name, at=point, value=value // (at + 900)))
        session.add(SegmentRow(id="hub-1-1", observer="hub-1", events=40, clock=NOW))
        session.add(ContentError(path="rules/sigma/x.yml", rule="x", line=12, message=f"unknown field {HOSTILE}"))


def events(store: EmbeddedStore) -> None:
    """Forty flows of the infected machine, a minute apart."""
    rows = [
        {
            "@timestamp": NOW - timedelta(minutes=at), "event.id": f"e{at}", "event.dataset": "flow", "observer.id": "hub-1",
            "source.ip": "10.20.7.10", "source.port": 50000 + at, "destination.ip": "203.0.113.9", "destination.port": 443,
            "network.protocol": "tls", "network.transport": "tcp", "vonggac.flow.state": "SF", "source.bytes": 900,
            "destination.bytes": 4000, "destination.domain": HOSTILE, "network.community_id": "1:abc",
        }
        for at in range(40)
    ]  # fmt: skip
    table = pa.Table.from_pylist(rows, schema=DATASETS["flow"])
    store.append(Segment("hub-1-1", "hub-1", {"flow": table}, int(NOW.timestamp() * 1_000_000)))


def doings(store: EmbeddedStore) -> None:
    """What else the infected machine did: it serves SSH and DNS, browses, logs in, fetches a file and sends another."""
    base: dict[str, Any] = {
        "@timestamp": NOW - timedelta(hours=3), "observer.id": "hub-1", "source.ip": "10.20.7.10", "source.port": 51000,
        "destination.ip": "10.20.7.20", "destination.port": 445, "network.transport": "tcp",
    }  # fmt: skip
    server = {"source.ip": "10.20.7.11", "destination.ip": "10.20.7.10", "destination.packets": 9, "source.packets": 9}
    home = {"vonggac.source.home": True, "vonggac.destination.home": True}
    rows: list[dict[str, Any]] = [
        {"event.dataset": "flow", **server, **home, "destination.port": 22, "network.protocol": "ssh"},
        {"event.dataset": "flow", **server, "destination.port": 3389, "destination.packets": 0},
        *(
            {"event.dataset": "flow", **server, **home, "source.ip": f"10.20.7.{client}", "destination.port": 53,
             "network.transport": "udp", "network.protocol": "dns"}
            for client in (11, 12, 13)
        ),
        {"event.dataset": "flow", "vonggac.source.ttl_first": 127, "destination.port": 445, "network.protocol": "smb"},
        {"event.dataset": "http", "user_agent.original": "Mozilla/5.0 (Windows NT 6.1; Win64) " + HOSTILE},
        {"event.dataset": "tls", "tls.client.ja4": "t13d1516h2_8daaf6152771_b186095e22b6"},
        {"event.dataset": "dhcp", "source.ip": "0.0.0.0", "vonggac.dhcp.client_mac": "00:1b:21:00:00:00",  # noqa: S104
         "vonggac.dhcp.vendor_class": "MSFT 5.0"},
        {"event.dataset": "login", "user.name": HOSTILE, "user.domain": "TINHUY", "network.protocol": "smb",
         "event.outcome": "failure"},
        {"event.dataset": "file", "file.name": "hóa đơn.exe", "vonggac.file.kind": "pe", "file.size": 73_802,
         "file.hash.sha256": "ab" * 32, "vonggac.file.direction": "download"},
        {"event.dataset": "file", "file.name": "danh sách.docx", "vonggac.file.kind": "office", "file.size": 20_480,
         "file.hash.sha256": "cd" * 32, "vonggac.file.direction": "upload"},
    ]  # fmt: skip
    tables: dict[str, list[dict[str, Any]]] = {}
    for number, row in enumerate(rows):
        tables.setdefault(row["event.dataset"], []).append({**base, **row, "event.id": f"d{number}"})
    made = {dataset: pa.Table.from_pylist(own, schema=DATASETS[dataset]) for dataset, own in tables.items()}
    store.append(Segment("hub-1-2", "hub-1", made, int(NOW.timestamp() * 1_000_000)))


def office(folder: Path) -> tuple[str, EmbeddedStore]:
    """Everything above below ``folder``; gives the URL of the state and the store."""
    url = f"sqlite:///{folder}/state.sqlite"
    database = state.open(url)
    for fill in (organisation, people, machines, strangers, alerts, cases, health):
        fill(database)
    database.close()
    (folder / "attachments").mkdir()
    (folder / "attachments" / "file0").write_bytes(b"file")
    store = EmbeddedStore(folder / "events")
    events(store)
    doings(store)
    return url, store
