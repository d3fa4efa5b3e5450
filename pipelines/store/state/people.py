"""People who use the console, and their log-ins."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pipelines.store.state.base import Base, now

ROLES: Final = ("specialist", "unit_admin", "leader", "system_admin", "auditor")


class Person(Base):
    """One account. Passwords are kept as argon2id strings only."""

    __tablename__ = "person"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    """What is typed at the log-in, lower case."""
    full_name: Mapped[str] = mapped_column(String(120), default="")
    roles: Mapped[list[str]] = mapped_column(JSON)
    """One or several of ``ROLES``; what they may is added up."""
    units: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Units whose machines, with all below them, a ``unit_admin`` sees; the other roles see all."""
    password: Mapped[str] = mapped_column(String(200))
    must_change: Mapped[bool] = mapped_column(default=True)
    """The password is a one-time one: nothing but changing it is allowed."""
    totp_secret: Mapped[str | None] = mapped_column(String(64))
    """Shared with the person's telephone (RFC 6238); None = no second factor yet."""
    totp_step: Mapped[int] = mapped_column(default=0)
    """Time step of the last code that was taken: no code is taken twice."""
    failures: Mapped[int] = mapped_column(default=0)
    """Wrong passwords and codes since the last complete log-in."""
    locked_until: Mapped[datetime | None]
    disabled: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str | None] = mapped_column(String(5))
    theme: Mapped[str | None] = mapped_column(String(10))
    created_at: Mapped[datetime] = mapped_column(default=now)
    last_login_at: Mapped[datetime | None]


class LoginSession(Base):
    """One log-in of one browser. The cookie's token itself is not kept: a stolen database opens no session."""

    __tablename__ = "login_session"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    """SHA-256 of the token."""
    person_name: Mapped[str] = mapped_column(ForeignKey("person.name", ondelete="CASCADE"), index=True)
    csrf: Mapped[str] = mapped_column(String(64))
    complete: Mapped[bool] = mapped_column(default=True)
    """False while the password was right and the code of the second factor is still to come."""
    totp_offered: Mapped[str | None] = mapped_column(String(64))
    """Secret that the enrolment page of this session shows."""
    address: Mapped[str] = mapped_column(String(50))
    agent: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(default=now)
    seen_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]

    person: Mapped[Person] = relationship()


class RecoveryCode(Base):
    """A code that replaces a lost telephone once; it is deleted when it is used."""

    __tablename__ = "recovery_code"

    person_name: Mapped[str] = mapped_column(ForeignKey("person.name", ondelete="CASCADE"), primary_key=True)
    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    """SHA-256: the codes are random, so a slow hash would add nothing."""
