"""Mutable state in a relational database: SQLite (WAL) by default, PostgreSQL at scale.

>>> database = open("sqlite:////var/lib/vonggac/state.sqlite")
>>> with database.session() as session:            # reading
...     alerts = session.scalars(select(Alert).order_by(Alert.last.desc()).limit(50)).all()
>>> with database.transaction() as session:        # writing: commits at the end, rolls back on an error
...     session.get(Alert, alerts[0].id).state = "acknowledged"

Models stand in one file per aggregate; a new aggregate adds its file, its line here and a migration.
"""

from pipelines.store.state.alerts import ALERT_STATES, Alert
from pipelines.store.state.audit import AuditEntry
from pipelines.store.state.backup import backup, integrity
from pipelines.store.state.base import Base
from pipelines.store.state.cases import (
    Case,
    CaseAlert,
    CaseAttachment,
    CaseEntry,
    CaseStep,
    CaseWatcher,
    MachineDay,
    Message,
)
from pipelines.store.state.content import TLP, ListedIndicator, RuleChange
from pipelines.store.state.database import Database, StateError, open
from pipelines.store.state.findings import FindingRow, SegmentRow
from pipelines.store.state.health import ComponentHealth, ContentError, Counter, CounterPoint
from pipelines.store.state.machines import Machine, MachineAddress, MachineName, ScorePoint
from pipelines.store.state.people import ROLES, LoginSession, Person, RecoveryCode
from pipelines.store.state.suppressions import SUPPRESSION_KINDS, SuppressionRow
from pipelines.store.state.units import UnitVersion

__all__ = [
    "ALERT_STATES",
    "ROLES",
    "SUPPRESSION_KINDS",
    "TLP",
    "Alert",
    "AuditEntry",
    "Base",
    "Case",
    "CaseAlert",
    "CaseAttachment",
    "CaseEntry",
    "CaseStep",
    "CaseWatcher",
    "ComponentHealth",
    "ContentError",
    "Counter",
    "CounterPoint",
    "Database",
    "FindingRow",
    "ListedIndicator",
    "LoginSession",
    "Machine",
    "MachineAddress",
    "MachineDay",
    "MachineName",
    "Message",
    "Person",
    "RecoveryCode",
    "RuleChange",
    "ScorePoint",
    "SegmentRow",
    "StateError",
    "SuppressionRow",
    "UnitVersion",
    "backup",
    "integrity",
    "open",
]
