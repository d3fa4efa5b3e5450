"""The result as a table in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipelines.score.texts import catalogue
from vonggac.show.words import clock, label, number, overview, words

if TYPE_CHECKING:
    from pipelines.score.alerts import AlertSummary
    from pipelines.score.document import AssessedMachine
    from vonggac.work import Result

STYLES: Final = {"infected": "bold red", "suspicious": "yellow", "violating": "magenta", "clean": "green"}
SEVERITY_STYLES: Final = {"critical": "bold red", "high": "red", "medium": "yellow", "low": "dim"}
PEERS_SHOWN: Final = 2
WIDTH: Final = 110
"""Columns where the output is no terminal: wide enough for a sentence."""


def machines(result: Result, language: str) -> None:
    """Print the machines with anything to say, the worst first, then the figures."""
    console = Console() if Console().is_terminal else Console(width=WIDTH)
    texts = words(language)
    told = [one for one in result.machines if one.alerts]
    for one in filter(_matters, told):
        _machine(console, one, language)
    minor = sum(not _matters(one) for one in told)
    if minor:
        console.print(Text(texts["minor"].format(count=minor), style="dim"))
    lines = overview(result, language)
    for line in lines:
        console.print(Text(line, style="bold" if line is lines[-1] else ""))
    if result.machines and all(one.standing.verdict == "clean" for one in result.machines):
        console.print(Text(texts["clean_note"], style="dim"))


def counters(result: Result) -> None:
    """Print the sensor's counters of every file on standard error."""
    console = Console(stderr=True)
    for summary in result.summaries:
        table = Table(title=summary.file, title_justify="left", box=None, show_header=False)
        table.add_column(justify="left")
        table.add_column(justify="right")
        for name, value in sorted(
            {**{f"events.{k}": v for k, v in summary.events.items()}, **summary.counters}.items()
        ):
            table.add_row(name, f"{value:,}")
        console.print(table)


def _matters(one: AssessedMachine) -> bool:
    return one.standing.verdict != "clean" or any(alert.severity != "low" for alert in one.alerts)


def _machine(console: Console, one: AssessedMachine, language: str) -> None:
    texts, said = words(language), catalogue(language)
    verdict = one.standing.verdict
    head = Text.assemble(
        (f"{said['verdict'][verdict]} ", STYLES[verdict]),
        (label(one), "bold"),
        f"  {texts['score'].lower()} {one.standing.score}/100",
    )
    if one.standing.violating and verdict != "violating":
        head.append(f" · {texts['policy']}", style=STYLES["violating"])
    console.print(head)
    table = Table(box=None, padding=(0, 1, 0, 2), expand=True)
    table.add_column("", no_wrap=True)
    table.add_column(texts["why"], ratio=4)
    table.add_column(texts["peers"], ratio=2, overflow="fold")
    table.add_column(texts["count"], justify="right", no_wrap=True)
    table.add_column(texts["time"], no_wrap=True)
    for alert in one.alerts:
        table.add_row(*_row(alert, language))
    console.print(table)
    console.print()


def _row(alert: AlertSummary, language: str) -> tuple[Text, Text, Text, str, str]:
    finding, texts = alert.strongest, words(language)
    severity = catalogue(language)["severity"][alert.severity]
    why = Text(finding.title[language], style="bold")
    if finding.role == "target":
        why.append(f" ({texts['victim']})", style="dim")
    why.append(f"\n{finding.explanation.get(language, '')}", style="not bold")
    peers = Text("\n".join(alert.peers[:PEERS_SHOWN]))
    if alert.peer_count > PEERS_SHOWN:
        peers.append("\n" + texts["more_peers"].format(count=alert.peer_count - PEERS_SHOWN), style="dim")
    times = f"{clock(alert.first, language)}\n{clock(alert.last, language)}"
    return Text(severity, style=SEVERITY_STYLES[alert.severity]), why, peers, number(alert.count, language), times
