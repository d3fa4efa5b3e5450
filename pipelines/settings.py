"""What a site can configure: ``config/default.yaml``, then the site's own file over it, checked as a whole.

>>> settings = load(Path("config/site.yaml"))
>>> settings.zones[0].name
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Any, Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, WithJsonSchema, field_validator

from schema import behaviours

DEFAULT: Final = Path(__file__).resolve().parents[1] / "config" / "default.yaml"
SEVERITIES: Final = ("low", "medium", "high", "critical")
_UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_SIZES: Final = {"": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40}


class _Loader(yaml.SafeLoader):
    """YAML 1.2 booleans: ``off`` and ``no`` are words (a key of ours, and Norway), only true and false are booleans."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|false|False)$"), list("tTfF"))


class SettingsError(Exception):
    """The configuration cannot be used; one line for each thing that is wrong: file, key, what to do."""


def _duration(value: object) -> object:
    match = re.fullmatch(r"(\d+)\s*([smhd])", value.strip()) if isinstance(value, str) else None
    if match is None:
        raise ValueError("write a number and s, m, h or d, such as 90d")
    return timedelta(seconds=int(match[1]) * _UNITS[match[2]])


def _size(value: object) -> object:
    match = re.fullmatch(r"(\d+)\s*(|KiB|MiB|GiB|TiB)", str(value).strip())
    if match is None:
        raise ValueError("write a number and KiB, MiB, GiB or TiB, such as 2 GiB")
    return int(match[1]) * _SIZES[match[2]]


Duration = Annotated[
    timedelta, BeforeValidator(_duration), WithJsonSchema({"type": "string", "pattern": r"^\s*\d+\s*[smhd]\s*$"})
]
Size = Annotated[
    int,
    BeforeValidator(_size),
    WithJsonSchema({"type": ["string", "integer"], "pattern": r"^\s*\d+\s*(|KiB|MiB|GiB|TiB)\s*$"}),
]
Network = IPv4Network | IPv6Network
Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.-]{0,63}$")]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Zone(_Part):
    """A part of the network with its own policy."""

    name: Name
    """Short name that events and texts use."""
    networks: tuple[Network, ...]
    """Address ranges of the zone; the narrowest range that holds an address decides."""
    isolated: bool = False
    """Machines here must not reach the Internet."""
    allow: tuple[str, ...] = ()
    """Policy behaviours that are permitted here, such as remote-control."""


class Contact(_Part):
    """Whom to reach in a unit."""

    name: str
    title: str = ""
    phones: tuple[str, ...] = ()
    email: str = ""


class Unit(_Part):
    """An organisation unit that owns address ranges from a day on, until another day."""

    id: Name
    """Short name that stays the same, used for rights (`vonggac user add --unit`)."""
    name: str
    """Full name for people."""
    parent: Name | None = None
    """`id` of the unit above."""
    networks: tuple[Network, ...] = ()
    """Address ranges of its machines."""
    since: date | None = None
    """First day on which this holds; none: always."""
    until: date | None = None
    """First day on which it holds no more; none: still."""
    level: int | None = Field(default=None, ge=1, le=5)
    """Level of its information system (cấp độ an toàn, 1 to 5)."""
    vlans: tuple[Annotated[int, Field(ge=1, le=4094)], ...] = ()
    """VLANs of its machines."""
    contacts: tuple[Contact, ...] = ()
    """Whom to reach, the most important first."""


class Sensor(_Part):
    """Capture and what the sensor keeps."""

    observer: Name
    interfaces: tuple[str, ...]
    filter: str | None
    secret_key: Path | None
    file_limit: Size
    md5: bool
    sha1: bool
    max_flows: int = Field(ge=1_000)
    segment_rows: int = Field(ge=100, le=1_000_000)
    segment_age: Duration


class Disk(_Part):
    """When the disk runs short."""

    spool: Size
    warn_free: float = Field(gt=0, lt=1)
    least_free: float = Field(gt=0, lt=1)
    flows_kept: Duration


class Detect(_Part):
    """Rules and what a site changes about them."""

    behaviour: tuple[Path, ...]
    yara: tuple[Path, ...]
    sigma: tuple[Path, ...]
    suricata: tuple[Path, ...]
    indicators: tuple[Path, ...]
    parameters: Mapping[str, Mapping[str, Any]]
    off: tuple[str, ...]
    history: Duration


class Console(_Part):
    """Where the console listens, and what a log-in needs."""

    host: str
    port: int = Field(ge=1, le=65535)
    hosts: tuple[str, ...]
    secure_cookie: bool
    session_hours: float = Field(gt=0)
    idle_minutes: float = Field(gt=0)
    second_factor: Literal["required", "optional"]


class Cases(_Part):
    """Deadlines of cases, and what proves a machine clean."""

    deadlines: Mapping[str, Duration]
    remind_before: Duration
    escalate_after: Duration
    quiet_days: int = Field(ge=1, le=90)
    quiet_days_for: Mapping[str, Annotated[int, Field(ge=1, le=90)]]
    quiet_hours: int = Field(ge=1, le=24)
    loss_most: float = Field(ge=0, lt=1)
    reopen_within: Duration
    attachment: Size
    attachments: int = Field(ge=1, le=1000)
    time_zone: str

    @field_validator("deadlines")
    @classmethod
    def _complete(cls, given: Mapping[str, timedelta]) -> Mapping[str, timedelta]:
        if wrong := set(SEVERITIES) ^ set(given):
            raise ValueError(f"give one time for each of {', '.join(SEVERITIES)} ({min(wrong)} is missing or strange)")
        return given

    @field_validator("quiet_days_for")
    @classmethod
    def _known(cls, given: Mapping[str, int]) -> Mapping[str, int]:
        if strange := set(given) - set(behaviours()):
            raise ValueError(f"no such behaviour: {min(strange)}; see docs/reference/behaviours.md")
        return given

    @field_validator("time_zone")
    @classmethod
    def _zone(cls, given: str) -> str:
        try:
            ZoneInfo(given)
        except (ValueError, OSError, ZoneInfoNotFoundError) as error:
            raise ValueError("write a zone such as Asia/Ho_Chi_Minh") from error
        return given


class Schedule(_Part):
    """How often the store is looked after."""

    compact: Duration
    retention: Duration
    disk: Duration
    health: Duration
    cases: Duration


class Settings(_Part):
    """The whole configuration of one installation."""

    data: Path
    """Folder of everything that is kept."""
    state: str | None
    """SQLAlchemy URL of the state database; none: SQLite in ``data``."""
    home: tuple[Network, ...]
    """Home networks; empty: private, link-local, unique-local and loopback addresses."""
    zones: tuple[Zone, ...]
    units: tuple[Unit, ...]
    """What a new installation begins with; from then on the register of units holds (`vonggac unit`)."""
    sensor: Sensor
    disk: Disk
    detect: Detect
    console: Console
    retention: Mapping[str, Duration]
    """Dataset or class → how long it is kept."""
    schedule: Schedule
    cases: Cases

    @property
    def attachments_folder(self) -> Path:
        """Where uploaded proof lies."""
        return self.data / "attachments"

    @property
    def state_url(self) -> str:
        """Where the state database is."""
        return self.state or f"sqlite:///{(self.data / 'state.sqlite').resolve()}"

    @property
    def store_folder(self) -> Path:
        """Where the embedded event store is."""
        return self.data / "events"

    @property
    def spool_folder(self) -> Path:
        """Parent of the spools, one of each observer."""
        return self.data / "spool"

    @property
    def secret_key(self) -> Path:
        """File of the key under which the sensor masks secrets."""
        return self.sensor.secret_key or self.data / "secret.key"

    @property
    def rules_folder(self) -> Path:
        """Rule sets that were imported: one folder for each kind, in it one for each set."""
        return self.data / "rules"

    @property
    def cache_folder(self) -> Path:
        """Compiled rules."""
        return self.data / "cache"


def load(site: Path | None = None, changes: Mapping[str, Any] | None = None) -> Settings:
    """Default, site file, then ``changes`` of the command line; raises SettingsError."""
    merged = _read(DEFAULT)
    if site is not None:
        merged = _merge(merged, _read(site))
    if changes:
        merged = _merge(merged, changes)
    try:
        return Settings.model_validate(merged)
    except ValidationError as error:
        lines = [f"{site or DEFAULT}: {_where(problem['loc'])}: {_why(problem)}" for problem in error.errors()]
        raise SettingsError("\n".join(lines)) from error


def _read(path: Path) -> dict[str, Any]:
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), _Loader)  # noqa: S506  (a safe loader)
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "is not UTF-8 text"
        raise SettingsError(f"{path}: {reason}; give a readable YAML file") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise SettingsError(f"{path}:{line}: {getattr(error, 'problem', None) or 'is not YAML'}") from error
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise SettingsError(f"{path}:1: a list of keys and values is expected; see config/site.example.yaml")
    return content


def _merge(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        old = merged.get(key)
        merged[key] = _merge(old, value) if isinstance(old, Mapping) and isinstance(value, Mapping) else value
    return merged


def _where(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location) or "the file"


def _why(problem: Mapping[str, Any]) -> str:
    if problem["type"] == "extra_forbidden":
        return "is not a setting; see config/default.yaml for all of them"
    return str(problem["msg"]).removeprefix("Value error, ")
