"""The second factor: one-time codes of a telephone (TOTP, RFC 6238) and the recovery codes that replace it."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from typing import Final, Literal

import pyotp
import segno
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from dashboards.console.security.accounts import fail
from dashboards.console.security.passwords import ALPHABET
from dashboards.console.settings import ConsoleSettings
from pipelines.store.state.base import now
from pipelines.store.state.people import LoginSession, Person, RecoveryCode

ISSUER: Final = "Vọng Gác"
STEP: Final = 30
"""Seconds that a code holds: what every authenticator assumes."""
DRIFT: Final = 1
"""Steps to either side that are taken too: telephones without network are seconds off."""
CODES: Final = 10
"""Recovery codes of one enrolment: one sheet of paper, some years of lost telephones."""
GROUPS: Final = 3
"""Groups of four letters in a recovery code (59 bits): too many to guess, few enough to copy from paper."""
Outcome = Literal["right", "recovery", "wrong", "locked"]


def offer(session: Session, session_id: str) -> str:
    """The secret that this log-in's enrolment page shows; the same one until it is taken."""
    own = session.get_one(LoginSession, session_id)
    if own.totp_offered is None:
        own.totp_offered = pyotp.random_base32()
    return own.totp_offered


def address(secret: str, name: str) -> str:
    """What the QR code says: the ``otpauth`` address that authenticators read."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER)


def picture(secret: str, name: str) -> str:
    """The QR code as inline SVG, black on white whatever the theme: cameras need the contrast."""
    return segno.make_qr(address(secret, name), error="m").svg_inline(scale=4, border=3, light="#fff", omitsize=False)


def enrol(session: Session, session_id: str, code: str) -> list[str] | None:
    """Take the offered secret if the telephone shows its code; the recovery codes, or None for a wrong code.

    Every other log-in of the person ends: it was made without the second factor.
    """
    own = session.get_one(LoginSession, session_id)
    step = _step(own.totp_offered, code, 0) if own.totp_offered else None
    if step is None:
        return None
    own.person.totp_secret, own.person.totp_step, own.totp_offered = own.totp_offered, step, None
    others = LoginSession.person_name == own.person_name, LoginSession.id != session_id
    session.execute(delete(LoginSession).where(*others))
    return _recovery_codes(session, own.person_name)


def check(session: Session, name: str, code: str, settings: ConsoleSettings) -> Outcome:
    """Take a code of the telephone or a recovery code, each once; wrong ones count towards the lock-out."""
    person = session.get_one(Person, name)
    if person.locked_until and person.locked_until > now():
        return "locked"
    step = _step(person.totp_secret, code, person.totp_step) if person.totp_secret else None
    if step is not None:
        person.totp_step, person.failures = step, 0
        return "right"
    used = session.get(RecoveryCode, (name, _hash(code)))
    if used is not None:
        session.delete(used)
        person.failures = 0
        return "recovery"
    return "locked" if fail(person, settings) else "wrong"


def remove(session: Session, name: str, keep: str = "") -> None:
    """Away with the second factor and its recovery codes; log-ins end, but for ``keep`` (the id of one's own)."""
    person = session.get_one(Person, name)
    person.totp_secret, person.totp_step = None, 0
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_name == name))
    session.execute(delete(LoginSession).where(LoginSession.person_name == name, LoginSession.id != keep))


def codes_left(session: Session, name: str) -> int:
    """Recovery codes that were not used yet."""
    return session.scalar(select(func.count()).where(RecoveryCode.person_name == name)) or 0


def _step(secret: str, code: str, last: int) -> int | None:
    """The time step whose code this is, if it is near the present and later than the last one taken."""
    digits = "".join(code.split())
    present = int(time.time()) // STEP
    generator = pyotp.TOTP(secret)
    for step in range(max(present - DRIFT, last + 1), present + DRIFT + 1):
        if hmac.compare_digest(generator.at(step * STEP).encode(), digits.encode()):
            return step
    return None


def _recovery_codes(session: Session, name: str) -> list[str]:
    codes = [_recovery_code() for _ in range(CODES)]
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_name == name))
    session.add_all(RecoveryCode(person_name=name, hash=_hash(code)) for code in codes)
    return codes


def _recovery_code() -> str:
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(GROUPS))


def _hash(code: str) -> str:
    plain = "".join(letter for letter in code.lower() if letter.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()
