"""``vonggac rules``: check rules and prove them with their cases."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from vonggac import options
from vonggac.options import WRONG_USAGE, fail, settings_of

if TYPE_CHECKING:
    from pipelines.detect.engine import RuleError
    from pipelines.settings import Settings

KINDS: Final = ("behaviour", "sigma", "suricata", "yara", "indicators")
of_kinds = click.argument("kinds", metavar="[KIND…]", nargs=-1)


@click.command()
@of_kinds
@options.config
def lint(kinds: tuple[str, ...], config: Path | None) -> None:
    """Load every rule as the engines do and say which cannot be used, with file and line.

    KIND is behaviour, sigma, suricata, yara or indicators; without any, all of them.

    Exit codes: 0 all rules are usable, 1 some are not, 2 wrong usage.

    \b
    Examples:
      vonggac rules lint
      vonggac rules lint behaviour sigma --config site.yaml
    """
    from vonggac import run

    settings = settings_of(config)
    wanted = _known(kinds)
    off = {*settings.detect.off, *(kind for kind in KINDS if kind not in wanted)}
    engines = run.engines(settings, run.cache_folder(settings, config), off)
    errors = []
    try:
        for engine in engines.values():
            errors += engine.errors
    finally:
        for engine in engines.values():
            engine.close()
    _tell(errors)


@click.command("test")
@of_kinds
@options.config
def prove(kinds: tuple[str, ...], config: Path | None) -> None:
    """Run the cases beside every rule: what must match, and near misses that must not.

    KIND is behaviour, sigma, suricata, yara or indicators; without any, all of them.

    Exit codes: 0 every rule is proved, 1 some is not, 2 wrong usage.

    \b
    Examples:
      vonggac rules test
      vonggac rules test yara
    """
    settings = settings_of(config)
    errors: list[RuleError] = []
    for kind in _known(kinds):
        proving = _prover(kind)
        if proving is not None:
            for folder in _folders(settings, kind):
                errors += proving(folder)
    _tell(errors)


def _prover(kind: str) -> Callable[[Path], Sequence[RuleError]] | None:
    """The function that runs the cases of a folder of rules; None for indicators and signatures, which have no cases."""
    if kind == "behaviour":
        from pipelines.detect.behaviour.cases import test as behaviour

        return behaviour
    if kind == "sigma":
        from pipelines.detect.sigma.cases import test as sigma

        return sigma
    if kind == "yara":
        from pipelines.detect.yara.cases import test as yara

        return yara
    return None


def _folders(settings: Settings, kind: str) -> list[Path]:
    from pipelines.detect.rulefiles import SHIPPED

    own: tuple[Path, ...] = getattr(settings.detect, kind)
    return [path for path in (SHIPPED / kind, *own) if path.exists()]


def _known(kinds: tuple[str, ...]) -> tuple[str, ...]:
    for kind in kinds:
        if kind not in KINDS:
            fail(f"no kind of rule is called {kind!r}; there are {', '.join(KINDS)}", WRONG_USAGE)
    return kinds or KINDS


def _tell(errors: Sequence[RuleError]) -> None:
    for error in errors:
        click.echo(str(error))
    click.echo(f"{len(errors)} rules with errors" if errors else "all rules are in order", err=True)
    raise SystemExit(1 if errors else 0)
