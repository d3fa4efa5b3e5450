"""Uploaded proof: bounded, typed by content, stored under a random name, never given a name that somebody chose."""

from __future__ import annotations

import hashlib
import os
import secrets
import unicodedata
from pathlib import Path
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pipelines.cases import timeline
from pipelines.cases.book import Actor, CaseError
from pipelines.settings import Cases
from pipelines.store.state import Case, CaseAttachment

NAME_MOST: Final = 120
_MAGIC: Final = (
    (b"\xff\xd8\xff", "image/jpeg", (".jpg", ".jpeg")),
    (b"\x89PNG\r\n\x1a\n", "image/png", (".png",)),
    (b"%PDF-", "application/pdf", (".pdf",)),
    (b"PK\x03\x04", "application/zip", (".zip", ".docx", ".xlsx")),
)
TYPES: Final = (".jpg", ".jpeg", ".png", ".webp", ".heic", ".pdf", ".zip", ".docx", ".xlsx", ".txt", ".log", ".csv")
"""What proof is made of: photographs, scan reports, logs, minutes. Nothing that a browser would run."""


def kind_of(name: str, content: bytes) -> str | None:
    """MIME type, when the content is what its ending says and the ending is permitted; else None."""
    ending = Path(name).suffix.lower()
    if ending not in TYPES or not content:
        return None
    for magic, mime, endings in _MAGIC:
        if ending in endings:
            return mime if content.startswith(magic) else None
    if ending == ".webp":
        return "image/webp" if content[:4] == b"RIFF" and content[8:12] == b"WEBP" else None
    if ending == ".heic":
        return "image/heic" if content[4:8] == b"ftyp" else None
    return "text/plain" if b"\x00" not in content else None


def shown_name(name: str) -> str:
    """A name that is safe to show and to offer for saving: no path, no control characters, not too long."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    plain = "".join(char for char in unicodedata.normalize("NFC", last) if unicodedata.category(char)[0] != "C")
    stem, dot, ending = plain.strip(" .").rpartition(".")
    kept = f"{stem[: NAME_MOST - len(ending) - 1]}.{ending}" if dot else plain[:NAME_MOST]
    return kept.replace('"', "'") or "file"


def keep(
    session: Session, case: Case, actor: Actor, folder: Path, name: str, content: bytes, settings: Cases,
    step: str | None = None,
) -> CaseAttachment:  # fmt: skip
    """Store a file with a case. CaseError: too large, too many, or of a type that is not taken."""
    if "cases_work" not in actor.permissions:
        raise CaseError("forbidden")
    if not case.open:
        raise CaseError("not_open")
    if len(content) > settings.attachment:
        raise CaseError("too_large", most=settings.attachment)
    mime = kind_of(name, content)
    if mime is None:
        raise CaseError("type", types=", ".join(TYPES))
    counted = select(func.count()).select_from(CaseAttachment).where(CaseAttachment.case_id == case.id)
    if (session.scalar(counted) or 0) >= settings.attachments:
        raise CaseError("too_many", most=settings.attachments)
    made = CaseAttachment(
        id=secrets.token_hex(16), case_id=case.id, round=case.round, step=step, name=shown_name(name), mime=mime,
        size=len(content), sha256=hashlib.sha256(content).hexdigest(), by=actor.name,
    )  # fmt: skip
    _write(folder, made.id, content)
    session.add(made)
    session.flush()
    data = {"attachment": made.id, "name": made.name, "size": made.size, "sha256": made.sha256, "step": step}
    timeline.add(session, case, "attached", data, actor.name)
    return made


def content_of(folder: Path, attachment: CaseAttachment) -> bytes:
    """The bytes of a stored file; CaseError when it is gone."""
    try:
        return (folder / attachment.id).read_bytes()
    except OSError as error:
        raise CaseError("gone") from error


def _write(folder: Path, name: str, content: bytes) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o750)
    handle = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
