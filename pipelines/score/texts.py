"""The catalogue of the score's own sentences, and the explanation of an alert as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from pipelines.score.alerts import AlertSummary
from pipelines.score.odds import score
from pipelines.score.standing import Standing
from schema import behaviours, load_yaml

LANGUAGES: Final = ("vi", "en")
FOLDER: Final = Path(__file__).with_name("texts")


@cache
def catalogue(language: str) -> Mapping[str, Any]:
    """The texts of one language (``texts/<language>.yaml``)."""
    content: Mapping[str, Any] = load_yaml(FOLDER / f"{language}.yaml")
    return content


def explanation(alert: AlertSummary, standing: Standing) -> dict[str, str]:
    """What the rule says with its numbers, what speaks against it, and what would change the verdict."""
    return {language: _explained(language, alert, standing) for language in LANGUAGES}


def circumstance(name: str, language: str) -> str:
    """A circumstance that speaks against a finding, in words."""
    known = catalogue(language)["circumstance"]
    return str(known.get(name) or known["other"].format(name=name.replace("_", " ")))


def _explained(language: str, alert: AlertSummary, standing: Standing) -> str:
    texts = catalogue(language)
    said = alert.strongest.explanation.get(language) or alert.strongest.title.get(language, "")
    sentences = [said if said.endswith((".", "!", "?", "…")) else f"{said}."]
    against = [circumstance(name, language) for name in alert.strongest.against]
    sentences.append(texts["against"].format(circumstances="; ".join(against)) if against else texts["against_none"])
    sentences += [texts[key].format(**values) for key, values in _changes(alert, standing)]
    return " ".join(sentences)


def _changes(alert: AlertSummary, standing: Standing) -> list[tuple[str, dict[str, Any]]]:
    finding = alert.strongest
    if behaviours()[finding.behaviour].track == "policy":
        return [("change_policy", {})]
    weight = standing.weight(finding.rule)
    if weight <= 0:
        return [("change_target", {})] if finding.role == "target" else [("change_none", {"score": standing.score})]
    if any(item.deterministic and item.finding.rule == finding.rule for item in standing.sum.items):
        return [("change_deterministic", {})]
    without = score(standing.sum.log_odds - weight)
    changes: list[tuple[str, dict[str, Any]]] = [("change_false", {"score": standing.score, "without": without})]
    if finding.weight.half_life_hours > 0:
        changes.append(("change_decay", {"hours": f"{finding.weight.half_life_hours:g}"}))
    return changes
