"""``vonggac case``: cases in the terminal."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import click

from vonggac import options
from vonggac.options import WRONG_USAGE, fail, operator, settings_of, state_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from pipelines.store.state import Case

NUMBER_MOST: Final = 2**31 - 1


@click.command("list")
@click.option("--all", "everything", is_flag=True, help="Also those that are closed.")
@click.option("--overdue", is_flag=True, help="Only open ones whose deadline has passed.")
@options.language("Language of states and times.")
@options.config
def listed(everything: bool, overdue: bool, language: str, config: Path | None) -> None:
    """List the open cases, the nearest deadline first.

    Columns, separated by tabs: number, state, severity, deadline, machine, unit, assignee.

    \b
    Examples:
      vonggac case list
      vonggac case list --overdue
      vonggac case list --all --language en
    """
    from sqlalchemy import select

    from pipelines.store.state import Case
    from pipelines.store.state.base import now

    found = select(Case).order_by(Case.open.desc(), Case.due_at, Case.number)
    if overdue:
        found = found.where(Case.open, Case.due_at <= now(), Case.state != "observation")
    elif not everything:
        found = found.where(Case.open)
    zone = _zone(config)
    with state_of(config) as session:
        for case in session.scalars(found):
            due = _time(case.due_at, zone) if case.open else ""
            columns = (str(case.number), _state(case, language), case.severity, due, _name(case),
                       case.machine.unit or "", case.assignee or "")  # fmt: skip
            click.echo("\t".join(map(_plain, columns)))


@click.command()
@click.argument("number", type=click.IntRange(1, NUMBER_MOST))
@options.language("Language of states, alerts and steps.")
@options.config
def show(number: int, language: str, config: Path | None) -> None:
    """Show one case: its state, evidence, steps and timeline.

    NUMBER is the number of the case, without VV- or C-.

    \b
    Examples:
      vonggac case show 12
      vonggac case show 12 --language en
    """
    from pipelines.cases import plan, timeline

    zone = _zone(config)
    with state_of(config) as session:
        case = _find(session, number)
        click.echo(_plain(f"{case.number}\t{_state(case, language)}\t{case.severity}\t{_name(case)}"))
        for name in ("unit", "assignee", "due_at", "cause", "action"):
            value = case.machine.unit if name == "unit" else getattr(case, name)
            shown = _time(value, zone) if isinstance(value, datetime) else value
            if shown:
                click.echo(_plain(f"{name}: {shown}"))
        alerts = plan.alerts_of(session, case)
        for alert in alerts:
            click.echo(_plain(f"! {alert.severity}  {alert.title.get(language, alert.rule)}"))
        for doing in plan.doings(session, case, plan.plan_of(alerts)):
            click.echo(f"[{'x' if doing.complete else ' '}] {doing.task.step.do.model_dump()[language]}")
        for entry in timeline.lines(session, case):
            said = next((str(entry.data[key]) for key in ("text", "comment", "name") if entry.data.get(key)), "")
            move = f"{entry.data['before']} → {entry.data['after']}" if entry.kind == "moved" else ""
            parts = (_time(entry.at, zone), entry.kind, entry.author or "–", move, said)
            click.echo(_plain("  ".join(filter(None, parts))))


@click.command()
@click.argument("number", type=click.IntRange(1, NUMBER_MOST))
@options.config
def export(number: int, config: Path | None) -> None:
    """Print the whole case as one JSON object.

    With its machine, alerts, playbook, steps, names and SHA-256 of uploaded files, quiet days and timeline; the audit log
    keeps who took it out.

    NUMBER is the number of the case, without VV- or C-.

    \b
    Examples:
      vonggac case export 12 > case-12.json
      vonggac case export 12 | jq .timeline
    """
    from pipelines.cases.export import document
    from pipelines.store.state import audit

    with state_of(config) as session:
        case = _find(session, number)
        audit.append(session, operator(), "export_case", f"cases:{case.id}")
        told = document(session, case, settings_of(config).cases)
        click.echo(json.dumps(told, ensure_ascii=False, indent=2, default=_json))


def _find(session: Session, number: int) -> Case:
    from sqlalchemy import select

    from pipelines.store.state import Case

    found = session.scalar(select(Case).where(Case.number == number))
    if found is None:
        fail(f"case {number}: there is none; `vonggac case list --all` shows all", WRONG_USAGE)
    return found


def _state(case: Case, language: str) -> str:
    from pipelines.cases.workflow import workflow

    return workflow().states[case.state].words(case.track)[language]


def _name(case: Case) -> str:
    names = sorted(case.machine.names, key=lambda one: one.last)
    addresses = sorted(case.machine.addresses, key=lambda one: one.last)
    return names[-1].name if names else addresses[-1].address if addresses else case.machine_id


def _zone(config: Path | None) -> ZoneInfo:
    return ZoneInfo(settings_of(config).cases.time_zone)


def _time(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime("%d/%m/%Y %H:%M")


def _plain(text: str) -> str:
    """Names and comments come from others: what would move a terminal's cursor or forge a line is taken out."""
    return "".join(char if char.isprintable() or char == "\t" else " " for char in text)


def _json(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)
