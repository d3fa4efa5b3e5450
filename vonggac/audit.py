"""``vonggac audit``: whether the audit log is whole, and taking it out."""

from __future__ import annotations

import json
from pathlib import Path

import click

from vonggac import options
from vonggac.options import fail, state_of


@click.command()
@click.option("--head", metavar="HASH", help="Hash that an earlier `audit verify` printed: shows also a cut-off end.")
@options.config
def verify(head: str | None, config: Path | None) -> None:
    """Walk the chain of the audit log from its beginning.

    Note the printed hash outside this machine (on paper, in a report): given as --head the next time, it proves that no
    entries were cut off at the end.

    Exit codes: 0 the log is whole, 1 it is not or cannot be read, 2 wrong usage.

    \b
    Examples:
      vonggac audit verify
      vonggac audit verify --head 9f2c…
    """
    from sqlalchemy import select

    from pipelines.store.state import AuditEntry, audit

    with state_of(config) as session:
        found = audit.verify(session, head)
        newest = session.scalar(select(AuditEntry).order_by(AuditEntry.number.desc()).limit(1))
    if found is not None:
        fail(f"audit log: entry {found.number}: {found.why}; compare with a backup made before that entry")
    click.echo(f"{newest.number} entries, whole; head {newest.hash}" if newest else "0 entries")


@click.command()
@options.config
def export(config: Path | None) -> None:
    """Print every entry as one JSON object a line, oldest first.

    \b
    Example:
      vonggac audit export > audit.jsonl
    """
    from sqlalchemy import select

    from pipelines.store.state import AuditEntry

    columns = [column.name for column in AuditEntry.__table__.columns]
    with state_of(config) as session:
        for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.number).execution_options(yield_per=1000)):
            row = {name: getattr(entry, name) for name in columns}
            click.echo(json.dumps(row | {"at": entry.at.isoformat(timespec="microseconds")}, ensure_ascii=False))
