"""Product of the sensor's protocol folders: what it reads, and what it recognises without reading it."""

from __future__ import annotations

import re
from pathlib import Path

from products import markdown

FOLDER = Path(__file__).resolve().parents[2] / "collectors/sensor/core/src/protocols"
SHARED = {"mime", "ntlm", "sasl"}
"""Carried by several protocols, without flows of their own."""
NAME = re.compile(r'\bname: "([^"]+)"')
ROW = re.compile(r'^\s+\("([a-z0-9-]+)",', re.MULTILINE)


def about(folder: Path) -> str:
    """The first paragraph of what a protocol's module says of itself."""
    lines = (folder / "mod.rs").read_text(encoding="utf-8").splitlines()
    told = [line.removeprefix("//!").strip() for line in lines if line.startswith("//!")]
    return " ".join(told[: told.index("")] if "" in told else told)


def files() -> dict[str, str]:
    """``docs/reference/protocols.md``."""
    rows = []
    for folder in sorted(
        path for path in FOLDER.iterdir() if path.is_dir() and path.name not in {"template", "recognised"}
    ):
        names = dict.fromkeys(NAME.findall((folder / "mod.rs").read_text(encoding="utf-8")))
        called = ", ".join(f"`{name}`" for name in names) or ("(inside others)" if folder.name in SHARED else "")
        rows.append((called, f"`{folder.name}/`", markdown.cell(about(folder))))
    recognised = sorted(set(ROW.findall((FOLDER / "recognised/mod.rs").read_text(encoding="utf-8"))))
    out = ["# Protocols · Giao thức", "", markdown.warning("the folders of collectors/sensor/core/src/protocols"), ""]
    out += [
        "Every protocol is recognised by its content, on any port. The first column is `network.protocol` of the flow; the",
        "datasets and fields that each gives stand in [fields.md](fields.md).",
        "",
        "Mọi giao thức được nhận biết theo nội dung, ở bất kỳ cổng nào. Cột đầu là `network.protocol` của kết nối.",
        "",
        *markdown.table(("`network.protocol`", "Folder", "What it is"), rows),
        "",
        "## Recognised by their handshakes only · Chỉ nhận biết qua bắt tay",
        "",
        about(FOLDER / "recognised"),
        "",
        ", ".join(f"`{name}`" for name in recognised) + ".",
        "",
    ]
    return {"docs/reference/protocols.md": "\n".join(out)}
