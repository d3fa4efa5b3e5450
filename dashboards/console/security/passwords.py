"""Passwords: argon2id, one-time passwords, and what is too weak to accept."""

from __future__ import annotations

import secrets
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LEAST: Final = 12
"""Characters of a password (TCVN and NIST SP 800-63B both prefer length to odd characters)."""
MOST: Final = 256
"""Longer input is refused before hashing: argon2 time must not be the caller's to choose."""
ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters of a one-time password: none that look alike when read from paper or over the telephone."""
DISTINCT: Final = 5
"""Different characters that a password needs at least: ``aaaaaaaaaaaa`` is long but no secret."""
_hasher: Final = PasswordHasher()
_NOBODY: Final = _hasher.hash(secrets.token_hex(16))


def hash_password(password: str) -> str:
    """The argon2id string to store (RFC 9106 low-memory parameters of argon2-cffi)."""
    return _hasher.hash(password)


def check_password(stored: str | None, password: str) -> bool:
    """True if it is the password. For an unknown account a hash is computed too: the time tells nothing."""
    try:
        return _hasher.verify(stored or _NOBODY, password[:MOST]) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def one_time_password() -> str:
    """Four groups of four (79 bits): easy to read out, valid until the first log-in changes it."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(16))
    return "-".join(letters[at : at + 4] for at in range(0, 16, 4))


def weakness(password: str, name: str) -> str | None:
    """Key of the catalogue text that says why a new password cannot be taken, or None."""
    if len(password) < LEAST:
        return "login.weak.short"
    if len(password) > MOST:
        return "login.weak.long"
    if len(set(password)) < DISTINCT or (name and name.lower() in password.lower()):
        return "login.weak.guessable"
    return None
