"""Imports point one way, and GPL code stays where it is."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.structure.tree import files, text

MAY_IMPORT = {
    "schema": set(),
    "collectors": {"schema"},
    "pipelines": {"schema", "collectors"},
    "dashboards": {"schema", "collectors", "pipelines"},
    "vonggac": {"schema", "collectors", "pipelines", "dashboards"},
    "scenarios": set(),  # a program of its own, because it uses GPL code
}
GPL = "scapy"
SENSOR = "vonggac_sensor"


def imported(name: str) -> Iterator[tuple[int, str]]:
    """(line, first part of the module) of every import, wherever it stands and whatever it is for."""
    for node in ast.walk(ast.parse(text(name))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name.split(".")[0]) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, (node.module or "").split(".")[0] if not node.level else name.split("/")[0]


@pytest.mark.parametrize("layer", MAY_IMPORT)
def test_imports_point_one_way(layer: str) -> None:
    wrong = [
        f"{name}:{line}: {layer} imports {module}"
        for name in files(".py")
        if name.startswith(f"{layer}/")
        for line, module in imported(name)
        if module in {*MAY_IMPORT, "tests", "benchmarks"} - MAY_IMPORT[layer] - {layer}
    ]
    assert not wrong, "\n".join(wrong)


def test_every_folder_of_code_has_its_place_in_the_order() -> None:
    top = {name.split("/")[0] for name in files(".py") if "/" in name}
    assert top - {"tests", "scripts", "benchmarks"} == set(MAY_IMPORT)


def test_only_scenarios_import_gpl_code() -> None:
    allowed = ("scenarios/", "tests/scenarios/")
    users = {name for name in files(".py") for _, module in imported(name) if module == GPL}
    assert users, "the test looks for the wrong thing"
    assert not [name for name in users if not name.startswith(allowed)]


def test_one_composition_root_builds_the_stages() -> None:
    stages = {
        "pipelines.detect.behaviour.engine", "pipelines.detect.matching.engine", "pipelines.detect.yara.engine",
        "pipelines.detect.indicators.engine", "pipelines.store.embedded.store", "pipelines.live", "dashboards.console.app",
    }  # fmt: skip
    builders: dict[str, set[str]] = {}
    for name in files(".py"):
        if name.startswith("vonggac/"):
            modules = {n.module or "" for n in ast.walk(ast.parse(text(name))) if isinstance(n, ast.ImportFrom)}
            builders |= {name: modules & stages} if modules & stages else {}
    assert builders == {"vonggac/run.py": stages}


def test_the_sensor_is_loaded_in_few_places() -> None:
    users = {name for name in files(".py") for _, module in imported(name) if module == SENSOR}
    assert {name for name in users if not name.startswith("tests/")} <= {"collectors/capture.py", "vonggac/doctor.py"}


def test_the_crates_keep_to_their_work() -> None:
    core = [name for name in files(".rs", "Cargo.toml") if name.startswith("collectors/sensor/core/")]
    assert core
    assert not [name for name in core if "pyo3" in text(name)], "core knows no Python"
