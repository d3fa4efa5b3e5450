"""The examples of running it as a service agree with the program and give it no more rights than it needs."""

from __future__ import annotations

import configparser
import shlex
from typing import Any

import yaml

from pipelines.settings import load
from tests.docs.test_examples import KNOWN
from tests.structure.tree import ROOT, text


def unit() -> configparser.RawConfigParser:
    parser = configparser.RawConfigParser(strict=True)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(text("deploy/vonggac.service"))
    return parser


def service() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(text("docker-compose.yml"))["services"]["vonggac"]
    return found


def test_the_unit_starts_a_command_that_exists() -> None:
    program, command, *options = shlex.split(unit()["Service"]["ExecStart"])
    assert program.endswith("/.venv/bin/vonggac")
    assert KNOWN[f"vonggac {command}"].make_context("x", options, resilient_parsing=True)


def test_the_unit_gives_one_capability() -> None:
    section = unit()["Service"]
    assert section["AmbientCapabilities"] == section["CapabilityBoundingSet"] == "CAP_NET_RAW"
    assert section["NoNewPrivileges"] == "yes"
    assert section["ProtectSystem"] == "strict"
    assert section["User"] != "root"
    assert "AF_PACKET" in section["RestrictAddressFamilies"].split()


def test_the_container_gives_one_capability() -> None:
    it = service()
    assert (it["cap_drop"], it["cap_add"]) == (["ALL"], ["NET_RAW"])
    assert it["read_only"]
    assert not it.get("privileged")
    lines = text("deploy/Dockerfile").splitlines()
    assert "USER vonggac" in lines[max(at for at, line in enumerate(lines) if line.startswith("FROM")) :]


def test_the_container_is_asked_where_the_console_listens() -> None:
    console = load().console
    assert f"http://{console.host}:{console.port}/login" in " ".join(service()["healthcheck"]["test"])


def test_what_the_image_needs_is_there() -> None:
    it = service()
    assert (ROOT / it["build"]["dockerfile"]).is_file()
    copied = [
        line.split()[1] for line in text("deploy/Dockerfile").splitlines() if line.startswith("COPY requirements")
    ]
    assert copied
    assert all((ROOT / name).is_file() for name in copied)
