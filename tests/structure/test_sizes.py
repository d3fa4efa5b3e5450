"""Files and functions that one can hold in the head."""

from __future__ import annotations

import ast
from statistics import median

from tests.structure.tree import text, written

LINES_MOST = 800
FUNCTION_MOST = 80
CODE = (".py", ".rs", ".js", ".sql", ".html", ".css", ".sh")
VAGUE = {"utils", "util", "common", "helpers", "helper", "misc", "manager", "tools"}


def test_no_file_is_too_long() -> None:
    lengths = {name: len(text(name).splitlines()) for name in written()}
    assert lengths
    assert not {name: lines for name, lines in lengths.items() if lines > LINES_MOST and not name.endswith(".txt")}


def test_most_files_are_short() -> None:
    assert median(len(text(name).splitlines()) for name in written(*CODE)) <= 150


def test_no_function_is_too_long() -> None:
    long = []
    for name in written(".py"):
        for node in ast.walk(ast.parse(text(name))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                long += [f"{name}:{node.lineno}: {node.name} has {lines} lines"] if lines > FUNCTION_MOST else []
    assert not long, "\n".join(long)


def test_names_say_what_is_inside() -> None:
    parts = {part.split(".")[0] for name in written(*CODE) for part in name.split("/")}
    assert not parts & VAGUE


def test_folders_of_data_hold_no_code() -> None:
    data = ("rules/", "config/")
    assert not [name for name in written(".py", ".rs", ".js", ".sh") if name.startswith(data)]
