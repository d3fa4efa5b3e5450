"""False alarms on generated office days: what people would have had to look at though nothing is wrong."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

import yaml

from judging.analyses import KEPT, ROOT, Analysed, kept
from judging.labelled import in_parallel
from pipelines.detect.finding import SEVERITIES, Finding
from pipelines.enrich.machine import KnownMachine
from pipelines.score.document import AssessedMachine
from schema import behaviours

DAYS: Final = Path(__file__).with_name("days.yaml")
LOUD: Final = SEVERITIES.index("medium")
GRAVE: Final = SEVERITIES.index("high")
Figures = dict[str, Any]


@dataclass(frozen=True)
class Day:
    """One generated capture."""

    name: str
    scenario: str
    seed: int
    days: int = 1
    parameters: Mapping[str, Any] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    expected: Mapping[str, list[str]] = field(default_factory=dict)
    """Address → behaviours that somebody would want to be asked about once."""
    declared: Collection[str] = ()
    """Addresses of machines that a site declares, because what they do is an attack in form."""

    def written(self, folder: Path) -> Path:
        """The capture in this folder."""
        path = folder / f"{self.name}.pcap"
        words = [f"{key}={value}" for key, value in self.parameters.items()]
        command = [sys.executable, "-m", "scenarios", "write", self.scenario, *words, "--seed", str(self.seed)]
        subprocess.run([*command, "--out", str(path)], cwd=ROOT, check=True, capture_output=True)
        return path

    def analysed(self) -> Analysed:
        """What was found, kept or fresh."""
        config = None
        if self.settings:
            config = KEPT / f"{self.name}.yaml"
            config.parent.mkdir(parents=True, exist_ok=True)
            config.write_text(yaml.safe_dump(dict(self.settings)))
        parts = [generators(), repr((self.scenario, self.seed, self.parameters, self.settings)).encode()]
        return kept(parts, lambda folder: [self.written(folder)], config)

    def expects(self, machine: KnownMachine, finding: Finding) -> bool:
        """Whether somebody would want to be asked about it once."""
        return any(finding.behaviour in self.expected.get(ip, ()) for ip in machine.ips)


@cache
def generators() -> bytes:
    """Digest of everything that the generated captures follow from."""
    digest = blake2b()
    for path in sorted((ROOT / "scenarios").rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.digest()


def all_days() -> list[Day]:
    """Those of ``days.yaml``."""
    return [Day(**entry) for entry in yaml.safe_load(DAYS.read_text(encoding="utf-8"))]


def days_analysed() -> Iterator[tuple[Day, Analysed]]:
    """Every day with what was found in it."""
    yield from in_parallel("office days", Day.analysed, all_days())


def days(_shared: Path) -> tuple[Figures, bool]:
    """Alerts for each machine-day, and every machine that would have been looked at."""
    machine_days, noise = 0, []
    alerts: Counter[str] = Counter()
    verdicts: Counter[str] = Counter()
    shapes: dict[str, Counter[str]] = {}
    for day, found in days_analysed():
        machines = [one for one in found.assessed() if one.machine.home]
        machine_days += day.days * len(machines)
        shape = shapes.setdefault(day.scenario, Counter())
        shape["machine_days"] += day.days * len(machines)
        for one in machines:
            verdicts[one.standing.verdict] += 1
            told = list(told_of(day, one))
            alerts.update("expected" if expected else severity for _, severity, expected in told)
            loud = [
                f"{rule} {severity}"
                for rule, severity, expected in told
                if not expected and SEVERITIES.index(severity) >= LOUD
            ]
            wrong = one.standing.verdict == "infected" or any(word.endswith(("high", "critical")) for word in loud)
            suspicious = one.standing.verdict == "suspicious" and not set(one.machine.ips) & set(day.declared)
            noisy = suspicious or bool(loud)
            shape["wrong"] += wrong
            shape["noisy"] += noisy and not wrong
            if wrong or noisy:
                name = one.machine.called_names[:1] or one.machine.ips[:1]
                noise.append(
                    {"day": day.name, "machine": name[0], "verdict": one.standing.verdict, "alerts": sorted(set(loud))}
                )
    return {
        "machine_days": machine_days,
        "alerts": {severity: alerts[severity] for severity in (*SEVERITIES, "expected")},
        "verdicts": dict(sorted(verdicts.items())),
        "wrong": sum(shape["wrong"] for shape in shapes.values()),
        "noisy": sum(shape["noisy"] for shape in shapes.values()),
        "shapes": {name: dict(counts) for name, counts in sorted(shapes.items())},
        "noise": noise,
    }, True


def told_of(day: Day, one: AssessedMachine) -> Iterable[tuple[str, str, bool]]:
    """Alerts of the infection track on a machine: rule, severity, whether it was to be expected."""
    for alert in one.alerts:
        if behaviours()[alert.strongest.behaviour].track != "infection" or alert.strongest.role != "source":
            continue
        bearable = SEVERITIES.index(alert.severity) < GRAVE or set(one.machine.ips) & set(day.declared)
        yield alert.strongest.rule, alert.severity, bool(bearable) and day.expects(one.machine, alert.strongest)
