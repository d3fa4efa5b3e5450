"""docs/reference/attack.md: which techniques of ATT&CK the rules find, and why the others not."""

from __future__ import annotations

from pipelines.lifecycle.coverage import coverage


def files() -> dict[str, str]:
    """The page."""
    tactics = coverage()
    found = sum(bool(one.rules) for tactic in tactics for one in tactic.techniques)
    total = sum(len(tactic.techniques) for tactic in tactics)
    lines = [
        "# ATT&CK coverage",
        "",
        "Made by `make generate` from `rules/attack.yaml` and the rules' technique ids.",
        "",
        f"Of {total} techniques that leave traces on a network, there are rules for {found}.",
    ]
    for tactic in tactics:
        lines += ["", f"## {tactic.title['en']}", "", "| Technique | Found by | or why not |", "|---|---|---|"]
        for one in tactic.techniques:
            more = f" and {len(one.rules) - 6} more" if len(one.rules) > 6 else ""
            rules = ", ".join(f"`{rule}`" for rule in one.rules[:6]) + more
            lines.append(f"| {one.id} {one.name} | {rules} | {one.why['en'] if one.why else ''} |")
    return {"docs/reference/attack.md": "\n".join(lines) + "\n"}
