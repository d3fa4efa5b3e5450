"""Every command. Each stands in a file of its own, which is loaded when it is called."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

import click


class Commands(click.Group):
    """A group that knows its commands by their places, ``module:attribute``: a capture is measured without loading the
    console, and the help of one command does not wait for all of them.
    """

    def __init__(self, places: Mapping[str, str], name: str, summary: str, hidden: bool = False) -> None:
        super().__init__(name, help=summary, no_args_is_help=True, hidden=hidden)
        self._places = places

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of the help."""
        return list(self._places)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name, loaded."""
        place = self._places.get(cmd_name)
        if place is None:
            return None
        module, _, attribute = place.partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command


IMPORT = Commands(
    {"sigma": "vonggac.importing:sigma", "suricata": "vonggac.importing:suricata", "yara": "vonggac.importing:yara"},
    "import",
    "Take over rule sets of other people; each rule that is not used is told with the reason.",
)
RULES = Commands(
    {"lint": "vonggac.rules:lint", "test": "vonggac.rules:prove", "import": "vonggac.commands:IMPORT"},
    "rules",
    "Detection rules: lint, test, import.",
)
USER = Commands(
    {"add": "vonggac.user:add", "list": "vonggac.user:listed", "reset": "vonggac.user:reset"},
    "user",
    "Accounts of the console: add, list, reset.",
)
UNIT = Commands(
    {"list": "vonggac.unit:listed", "export": "vonggac.unit:export", "import": "vonggac.unit:take"},
    "unit",
    "Units of the organisation: list, export, import.",
)
AUDIT = Commands(
    {"verify": "vonggac.audit:verify", "export": "vonggac.audit:export"},
    "audit",
    "The audit log: verify, export.",
)
CASE = Commands(
    {"list": "vonggac.case:listed", "show": "vonggac.case:show", "export": "vonggac.case:export"},
    "case",
    "Cases: list, show, export.",
)
PART = Commands(
    {name: f"vonggac.part:{name}" for name in ("centre", "sensor", "scheduler", "console")},
    "part",
    "Parts of a running installation.",
    hidden=True,
)
app = Commands(
    {
        "analyse": "vonggac.analyse:analyse",
        "run": "vonggac.serve:run",
        "sensor": "vonggac.sensor:sensor",
        "demo": "vonggac.demo:demo",
        "doctor": "vonggac.doctor:doctor",
        "rules": "vonggac.commands:RULES",
        "user": "vonggac.commands:USER",
        "unit": "vonggac.commands:UNIT",
        "case": "vonggac.commands:CASE",
        "audit": "vonggac.commands:AUDIT",
        "part": "vonggac.commands:PART",
    },
    "vonggac",
    "Vọng Gác: network security monitoring. Packets in, explained verdicts out.",
)


def _version(context: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        click.echo(f"vonggac {version('vonggac')}")
        context.exit()


app.params.append(
    click.Option(
        ["--version"],
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=_version,
        help="Show the version and exit.",
    )
)
