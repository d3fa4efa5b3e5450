"""Product of the rules: the reference of every rule that ships, whatever its engine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pipelines.detect.behaviour.reading import read as read_behaviour
from pipelines.detect.matching.compiled import SUFFIXES as SIGMA
from pipelines.detect.rulefiles import SHIPPED, RuleFolder
from pipelines.detect.sigma.convert import convert
from pipelines.detect.yara import mapping as yara_mapping
from pipelines.detect.yara import rules as yara_rules
from products import markdown
from schema import behaviours

HOUR = 3600 * 1_000_000
ENGINES = {
    "behaviour": "Queries over windows of event time. A site may change their parameters (`detect.parameters`).",
    "sigma": "Single events.",
    "yara": "Files that crossed the network.",
}


@dataclass(frozen=True, slots=True)
class Shipped:
    """One rule, whatever its engine."""

    engine: str
    id: str
    behaviour: str
    severity: str
    technique: str
    path: str
    title: Any
    """vi and en."""
    says: Any
    """vi and en."""
    extra: tuple[str, ...] = ()
    """Further lines of the reference."""


def shipped() -> Iterator[Shipped]:
    """Every rule that can be used; those with errors are told by ``vonggac rules lint``."""
    for folder in sorted((SHIPPED / "behaviour").iterdir()):
        if (folder / "rule.yaml").exists():
            rule, _ = read_behaviour(folder, {}, rehearsed=True)
            if rule is not None:
                yield _behaviour(rule.definition, folder.name)
    for path in RuleFolder(SHIPPED / "sigma").files(SIGMA):
        for found in convert(path, path.read_bytes())[0]:
            where = f"rules/sigma/{path.name}"
            yield Shipped(
                "sigma",
                found.id,
                found.behaviour,
                found.severity,
                ", ".join(found.technique),
                where,
                found.title,
                found.explanation,
            )
    for path in RuleFolder(SHIPPED / "yara").files(yara_rules.SUFFIXES):
        for raw in yara_rules.read(path, path.read_bytes())[0]:
            yield _yara(raw, path.name, path)


def _behaviour(definition: Any, folder: str) -> Shipped:
    raised = [
        f"{severity} when {' or '.join(' and '.join(f'`{flag}`' for flag in flags) for flags in alternatives)}"
        for severity, alternatives in definition.raise_.items()
    ]
    rows = [
        (f"`{name}`", f"`{p.default}`", _range(p.least, p.most), markdown.cell(p.why))
        for name, p in definition.parameters.items()
    ]
    extra = [
        f"Window {_time(definition.window)}, looked at every {_time(definition.every)}; reads {', '.join(definition.reads)}."
    ]
    if raised:
        extra.append(f"Raised to {'; '.join(raised)}.")
    if definition.against:
        extra.append(f"Against it: {', '.join(f'`{flag}`' for flag in definition.against)}.")
    if rows:
        extra += ["", *markdown.table(("Parameter", "Default", "Range", "Why"), rows)]
    return Shipped(
        "behaviour", definition.id, definition.behaviour, definition.severity, ", ".join(definition.technique),
        f"rules/behaviour/{folder}/rule.yaml", definition.title.model_dump(), definition.explain.model_dump(), tuple(extra),
    )  # fmt: skip


def _yara(raw: dict[str, Any], name: str, path: Any) -> Shipped:
    rule = yara_rules.YaraRule(name, raw["name"], path, raw["line"], raw["meta"], tuple(raw["tags"]), True)
    said = rule.statement(yara_mapping.shipped())
    return Shipped(
        "yara",
        said.rule,
        said.behaviour,
        said.severity,
        ", ".join(said.technique),
        f"rules/yara/{name}",
        said.title,
        said.explanation,
    )


def _range(least: float | None, most: float | None) -> str:
    return (
        ""
        if least is None and most is None
        else f"{'' if least is None else f'{least:g}'} … {'' if most is None else f'{most:g}'}"
    )


def _time(us: int) -> str:
    for unit, size in (("d", 24 * HOUR), ("h", HOUR), ("m", HOUR // 60)):
        if us % size == 0:
            return f"{us // size} {unit}"
    return f"{us // 1_000_000} s"


def _section(rule: Shipped) -> list[str]:
    known = behaviours()[rule.behaviour]
    facts = f"`{rule.behaviour}`, {known.track} track, stage {known.stage}, severity {rule.severity}"
    facts += f", {rule.technique}" if rule.technique else ""
    out = [
        f"### {rule.id}",
        "",
        f"**{rule.title['vi']}** · {rule.title['en']}",
        "",
        f"{facts}. [Rule](../../{rule.path})",
        "",
    ]
    out += [f"> {markdown.cell(rule.says['vi'])}", ">", f"> {markdown.cell(rule.says['en'])}", ""]
    return [*out, *rule.extra, ""] if rule.extra else out


def files() -> dict[str, str]:
    """``docs/reference/rules.md``."""
    rules = list(shipped())
    counts = Counter(rule.engine for rule in rules)
    out = ["# Rules · Luật phát hiện", "", markdown.warning("rules/"), ""]
    out += [f"{len(rules)} rules ship: {', '.join(f'{counts[engine]} {engine}' for engine in ENGINES)}."]
    out += [
        "The quoted text is what the alert says; words in braces are filled in. Adding a rule: [guide](../guides/en/rules.md).",
        "",
    ]
    out += [
        "*Đoạn trích là lời của cảnh báo; phần trong ngoặc nhọn là số liệu. Thêm luật: [hướng dẫn](../guides/vi/rules.md).*",
        "",
    ]
    for engine, text in ENGINES.items():
        out += [f"## {engine}", "", text, ""]
        for rule in sorted((r for r in rules if r.engine == engine), key=lambda r: r.id):
            out += _section(rule)
    return {"docs/reference/rules.md": "\n".join(out).rstrip() + "\n"}
