"""The result as one HTML page that carries everything it needs and asks the network for nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipelines.score.texts import catalogue, explanation
from schema import behaviours
from vonggac.show.words import clock, label, number, overview, words

if TYPE_CHECKING:
    from vonggac.work import Result


def render(result: Result, language: str) -> str:
    """The page. Everything that came from the wire is escaped by the template engine."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters["clock"] = lambda moment: clock(moment, language)
    environment.filters["number"] = lambda value: number(value, language)
    return environment.get_template("page.html.jinja").render(
        language=language,
        t=words(language),
        said=catalogue(language),
        lines=overview(result, language),
        files=result.summaries,
        machines=result.machines,
        label=label,
        explained=lambda alert, standing: explanation(alert, standing)[language],
        one_stage=lambda alert: behaviours()[alert.strongest.behaviour].stage,
    )
