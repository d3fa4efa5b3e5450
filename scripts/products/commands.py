"""Product of the command line itself: the reference of every command."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import typer

from products import markdown

EXIT_CODES = (
    (0, "nothing found, or done", "không thấy gì, hoặc đã xong"),
    (
        1,
        "found: a machine is not clean, a rule is wrong, something is missing",
        "có: máy không sạch, luật sai, thiếu thứ gì đó",
    ),
    (2, "wrong usage or settings", "dùng sai lệnh hoặc cấu hình sai"),
    (3, "an input cannot be read", "không đọc được đầu vào"),
    (130, "stopped by Ctrl-C (`demo`)", "dừng bằng Ctrl-C (`demo`)"),
)


def commands() -> Iterator[tuple[str, Any]]:
    """(`vonggac rules lint`, command) of every command that people may call, in the order of the help."""
    from vonggac.commands import app

    yield from _below("vonggac", typer.main.get_command(app))


def _below(name: str, command: Any) -> Iterator[tuple[str, Any]]:
    children = getattr(command, "commands", None)
    if children is None:
        yield name, command
        return
    for child, found in children.items():
        if not found.hidden:
            yield from _below(f"{name} {child}", found)


def _help(text: str) -> list[str]:
    """The docstring as Markdown: a block after ``\\b`` is kept as it is."""
    out: list[str] = []
    for block in re.split(r"\n\s*\n", text.strip()):
        lines = block.strip("\n").splitlines()
        if lines and lines[0].strip() == "\b":
            title, *rest = [line.strip("\b") for line in lines[1:]]
            out += [title.strip(), "", "```sh", *(line.strip() for line in rest), "```", ""]
        else:
            out += [" ".join(line.strip() for line in lines), ""]
    return out


def _options(command: Any) -> list[str]:
    rows = []
    for one in command.params:
        if one.name == "help" or getattr(one, "hidden", False):
            continue
        named = ", ".join(one.opts) if one.param_type_name == "option" else (one.metavar or one.name.upper())
        kind = getattr(one, "type", None) or getattr(one, "type_descriptor", None)  # typer renamed it in 0.2x
        choices = getattr(kind, "choices", None)
        values = f" ({', '.join(str(getattr(c, 'value', c)) for c in choices)})" if choices else ""
        rows.append((f"`{named}`", f"{markdown.cell(getattr(one, 'help', '') or '')}{values}", _default(one)))
    return markdown.table(("Argument or option", "Meaning", "Default"), rows) if rows else []


def _default(one: Any) -> str:
    value = one.default
    value = getattr(value, "value", value)
    return "" if value in (None, False, "", ()) or one.required else f"`{value}`"


def files() -> dict[str, str]:
    """``docs/reference/command-line.md``."""
    out = ["# Command line · Dòng lệnh", "", markdown.warning("the commands themselves"), ""]
    out += ["`.venv/bin/vonggac` after `make setup`; `--help` with any command shows the same.", ""]
    listed = list(commands())
    for name, command in listed:
        out += [f"- [`{name}`](#{name.replace(' ', '-')}): {command.help.strip().splitlines()[0]}"]
    out += ["", "## Exit codes · Mã kết thúc", ""]
    out += [*markdown.table(("Code", "Meaning", "Ý nghĩa"), EXIT_CODES), ""]
    for name, command in listed:
        out += [f"## {name}", "", *_help(command.help), *_options(command), ""]
    return {"docs/reference/command-line.md": "\n".join(out)}
