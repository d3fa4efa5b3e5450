"""Signatures on real packets: scenarios, through the real sensor, through the whole analysis."""

# ruff: noqa: E501  (a signature is one line)
from __future__ import annotations

import json

import pytest
import yaml
from click.testing import CliRunner

from tests.vonggac.captures import write
from vonggac.commands import app

SIGNATURES = """
alert http $HOME_NET any -> $EXTERNAL_NET any (msg:"TEST program calls home"; flow:established,to_server; http.method; content:"GET"; http.uri; content:"/check"; bsize:6; http.user_agent; content:"WinInetLoader/"; startswith; http.header_names; content:!"Referer"; classtype:command-and-control; sid:101;)
alert http $HOME_NET any -> $EXTERNAL_NET any (msg:"TEST another program"; http.uri; content:"/check"; http.user_agent; content:"Mozilla/"; startswith; sid:102;)
alert dns $HOME_NET any -> any 53 (msg:"TEST name"; dns.query; dotprefix; content:".files-portal.example"; endswith; sid:103;)
alert tcp $HOME_NET any -> $EXTERNAL_NET 80 (msg:"TEST port"; sid:104;)
alert http $EXTERNAL_NET 80 -> $HOME_NET any (msg:"TEST answer"; flow:to_client; http.stat_code; content:"200"; http.content_type; content:"text/plain"; sid:105;)
"""


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Ids of the rules that speak about a program that calls home, imported by the command."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "ours.rules").write_text(SIGNATURES)
    site = folder / "site.yaml"
    site.write_text(yaml.safe_dump({"data": str(folder / "data")}))
    done = CliRunner().invoke(app, ["rules", "import", "suricata", str(folder / "ours.rules"), "--config", str(site)])
    assert done.exit_code == 0, done.output
    assert "5" in done.output
    capture = write(folder / "a.pcap", "user-agent")
    told = CliRunner().invoke(app, ["analyse", str(capture), "--format", "json", "--config", str(site)])
    document = json.loads(told.stdout)
    machines = {ip: one for one in document["machines"] for ip in one["ips"]}
    assert machines["10.20.7.31"]["verdict"] != "infected"
    return {alert["rule"] for alert in machines["10.20.7.31"]["alerts"] if alert["rule"].startswith("suricata")}


def test_what_matches_the_packets_is_told_and_nothing_else(rules: set[str]) -> None:
    assert rules == {"suricata-101", "suricata-103", "suricata-104", "suricata-105"}
