"""Product of the command line itself: the reference of every command."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click

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


def commands() -> Iterator[tuple[str, click.Command]]:
    """(`vonggac rules lint`, command) of every command that people may call, in the order of the help."""
    from vonggac.commands import app

    yield from _below("vonggac", app)


def _below(name: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    if not isinstance(command, click.Group):
        yield name, command
        return
    context = click.Context(command)
    for child in command.list_commands(context):
        found = command.get_command(context, child)
        if found is not None and not found.hidden:
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


def _options(command: click.Command) -> list[str]:
    rows = []
    for one in command.params:
        if isinstance(one, click.Option):
            choices = one.type.choices if isinstance(one.type, click.Choice) else ()
            values = f" ({', '.join(map(str, choices))})" if choices else ""
            rows.append((f"`{', '.join(one.opts)}`", f"{markdown.cell(one.help or '')}{values}", _default(one)))
    return markdown.table(("Option", "Meaning", "Default"), rows) if rows else []


def _default(one: click.Parameter) -> str:
    value = one.default
    return f"`{value}`" if isinstance(value, (str, int)) and value not in ("", False) else ""


def files() -> dict[str, str]:
    """``docs/reference/command-line.md``."""
    out = ["# Command line · Dòng lệnh", "", markdown.warning("the commands themselves"), ""]
    out += ["`.venv/bin/vonggac` after `make setup`; `--help` with any command shows the same.", ""]
    listed = list(commands())
    for name, command in listed:
        out += [f"- [`{name}`](#{name.replace(' ', '-')}): {(command.help or '').strip().splitlines()[0]}"]
    out += ["", "## Exit codes · Mã kết thúc", ""]
    out += [*markdown.table(("Code", "Meaning", "Ý nghĩa"), EXIT_CODES), ""]
    for name, command in listed:
        usage = " ".join([name, *command.collect_usage_pieces(click.Context(command))])
        out += [f"## {name}", "", f"`{usage}`", "", *_help(command.help or ""), *_options(command), ""]
    return {"docs/reference/command-line.md": "\n".join(out)}
