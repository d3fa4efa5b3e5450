"""How the console behaves; a site sets the first few under ``console:`` in its configuration (pipelines/settings.py)."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from pipelines.settings import Cases, load


class ConsoleSettings(BaseModel):
    """Defaults suit one box on an intranet; every figure may be overridden per site."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rule_folders: tuple[Path, ...] = ()
    """The site's own behaviour rules, besides those that ship."""
    language: Literal["vi", "en"] = "vi"
    """Language before anybody has chosen one."""
    time_zone: str = "Asia/Ho_Chi_Minh"
    """Clock that people read; everything is stored in UTC."""
    secure_cookie: bool = False
    """True where the console is served over TLS: the session cookie is then never sent in clear."""
    hosts: tuple[str, ...] = ()
    """Names under which the console may be reached; empty = any (a DNS-rebinding guard where it is set)."""
    session_hours: float = Field(default=12, gt=0)
    """A working day and its overtime; then a new log-in."""
    idle_minutes: float = Field(default=60, gt=0)
    """A forgotten screen logs itself out."""
    second_factor: Literal["required", "optional"] = "required"
    """Whether specialists and system administrators must enrol a second factor at their first log-in."""
    attempts: int = Field(default=5, ge=1)
    """Wrong passwords or codes in a row before the account rests for ``lock_minutes``."""
    lock_minutes: float = Field(default=5, gt=0)
    """Long enough against guessing, short enough that nobody can lock the duty officer out of an incident."""
    attempts_per_address: int = Field(default=20, ge=1)
    """Log-in attempts of one client address in a minute, whatever the account."""
    export_rows: int = Field(default=100_000, ge=1)
    """Rows in one CSV export: opens in a spreadsheet, and bounds the time of a request."""
    cases: Cases = Field(default_factory=lambda: load().cases)
    """Deadlines, proof of cleaning, and what may be uploaded."""
    attachments: Path = Path("var/attachments")
    """Where uploaded proof lies."""
