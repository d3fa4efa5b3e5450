from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from vonggac.commands import app

COMMANDS = (
    "analyse",
    "run",
    "demo",
    "doctor",
    "rules lint",
    "rules test",
    "rules import sigma",
    "rules import suricata",
    "rules import yara",
    "user add",
    "user list",
    "user reset",
    "unit list",
    "unit export",
    "unit import",
    "case list",
    "case show",
    "case export",
    "audit verify",
    "audit export",
)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    path = tmp_path / "site.yaml"
    path.write_text(yaml.safe_dump({"data": str(tmp_path / "data")}), encoding="utf-8")
    return path


def called(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, arguments)
    return result.exit_code, result.output


@pytest.mark.parametrize("command", COMMANDS)
def test_help_shows_an_example(command: str) -> None:
    code, said = called(*command.split(), "--help")
    assert code == 0
    assert re.search(rf"Examples?:\s+vonggac {command}", said)


def test_users(site: Path) -> None:
    code, said = called("user", "add", "lan", "--config", str(site))
    assert code == 0
    assert re.fullmatch(r"lan: (\w{4}-){3}\w{4}\n", said)
    assert called("user", "add", "lan", "--config", str(site))[0] == 2
    assert called("user", "add", "minh", "--role", "unit_admin", "--config", str(site))[0] == 2
    assert called("user", "list", "--config", str(site)) == (0, "lan\tspecialist\t\n")
    assert called("user", "reset", "lan", "--config", str(site))[1] != said
    assert called("user", "reset", "nobody", "--config", str(site))[0] == 2


@pytest.mark.parametrize(
    ("text", "told"),
    [("data: [", ":1:"), ("nonsense: 1", "nonsense: is not a setting"), ("console: {port: 0}", "console.port")],
)
def test_wrong_settings_are_one_clear_line(tmp_path: Path, text: str, told: str) -> None:
    site = tmp_path / "site.yaml"
    site.write_text(text)
    code, said = called("doctor", "--config", str(site))
    assert code == 2
    assert told in said
    assert said.count("\n") == 1


def test_unknown_kind_of_rule(site: Path) -> None:
    assert called("rules", "lint", "snort", "--config", str(site))[0] == 2


def test_a_bad_rule_is_reported_with_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "bad.yar").write_text('rule r {\n  strings:\n    $a = "x"\n  condition:\n    $b\n}\n')
    site = tmp_path / "site.yaml"
    site.write_text(yaml.safe_dump({"data": str(tmp_path / "data"), "detect": {"yara": [str(tmp_path)]}}))
    code, said = called("rules", "lint", "yara", "--config", str(site))
    assert code == 1
    assert re.search(r"bad\.yar:[56]: r: ", said)  # YARA counts from where it notices


def test_the_command_starts_without_the_heavy_parts() -> None:
    heavy = ("duckdb", "pyarrow", "sqlalchemy", "fastapi", "yara")
    code = f"import sys, vonggac.commands; print([name for name in {heavy} if name in sys.modules])"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"


def test_units_go_out_and_come_in(site: Path, tmp_path: Path) -> None:
    file = tmp_path / "units.csv"
    file.write_text("id,name,parent,networks\ntinh,Tỉnh ủy,,10.0.0.0/8\nxa,Xã A,tinh,10.1.0.0/16\n", encoding="utf-8")
    code, said = called("unit", "import", str(file), "--dry-run", "--config", str(site))
    assert (code, said.splitlines()[-1]) == (0, "2 changes (dry run: nothing was changed)")
    assert called("unit", "list", "--config", str(site)) == (0, "")
    assert called("unit", "import", str(file), "--config", str(site))[0] == 0
    assert called("unit", "list", "--config", str(site))[1] == "tinh  Tỉnh ủy  10.0.0.0/8\n  xa  Xã A  10.1.0.0/16\n"
    out = tmp_path / "out.xlsx"
    assert called("unit", "export", str(out), "--config", str(site))[0] == 0
    assert called("unit", "import", str(out), "--config", str(site)) == (0, "0 changes\n")
    file.write_text("id,name,networks\na,A,10.0.0.0/8\nb,B,10.1.0.0/16\n", encoding="utf-8")
    code, said = called("unit", "import", str(file), "--config", str(site))
    assert code == 2
    assert "10.1.0.0/16 of b overlaps 10.0.0.0/8 of a" in said


def test_the_audit_log_tells_what_was_done_at_the_terminal(site: Path) -> None:
    called("user", "add", "lan", "--config", str(site))
    code, said = called("audit", "verify", "--config", str(site))
    assert code == 0
    head = said.split()[-1]
    assert '"action": "add_person"' in called("audit", "export", "--config", str(site))[1]
    assert called("audit", "verify", "--head", head, "--config", str(site))[0] == 0
    assert called("audit", "verify", "--head", "0" * 63 + "1", "--config", str(site))[0] == 1
