"""Sigma rules of other people: what is taken over, what is put right, and what is said of the rest.

The rules are ours, in the shapes that public sets have.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from pipelines.detect.importing import ruleset
from pipelines.detect.importing.outcome import Outcome
from pipelines.detect.matching.engine import MatchEngine
from pipelines.detect.rulefiles import UNREHEARSED_WEIGHT, RuleFolder
from pipelines.detect.sigma.importing import read
from tests.detect.events import MACHINE, segment

ZEEK_FILES = {"product": "zeek", "service": "smb_files"}
SECURITY = {"product": "windows", "service": "security"}


def rule(logsource: dict[str, str], condition: str = "selection", **selections: object) -> dict[str, object]:
    return {
        "title": "A rule of somebody else",
        "id": "0f6f1a52-1111-4a11-9a11-000000000001",
        "status": "test",
        "logsource": logsource,
        "detection": {**selections, "condition": condition},
        "level": "high",
        "tags": ["attack.t1021.002"],
    }


def told(folder: Path, document: object) -> Outcome:
    folder.mkdir(exist_ok=True)
    (folder / "one.yml").write_text(yaml.safe_dump(document), encoding="utf-8")
    report, _ = read(folder, "set")
    assert len(report.outcomes) == 1
    return report.outcomes[0]


def hits(folder: Path, document: object, dataset: str, row: dict[str, object]) -> int:
    """Findings of the rule, taken over and run by the engine, on one event of the sensor's."""
    set_of_rules = folder / "set"
    set_of_rules.mkdir(exist_ok=True)
    (set_of_rules / "one.yml").write_text(yaml.safe_dump(document), encoding="utf-8")
    report, contents = read(set_of_rules, "mine")
    ruleset.publish(folder / "rules", "mine", contents, report)
    engine = MatchEngine([RuleFolder(folder / "rules")], folder / "cache")
    found = engine.feed(segment({dataset: [row]}))
    engine.close()
    assert all(one.weight.log10_ratio <= UNREHEARSED_WEIGHT and not one.weight.deterministic for one in found)
    return len({one.machine for one in found if one.machine == MACHINE})


SMB = {"vonggac.smb.command": "CREATE", "vonggac.smb.share": "\\\\10.20.1.5\\IPC$", "vonggac.smb.named_pipe": "atsvc"}


@pytest.mark.parametrize(
    ("document", "dataset", "match", "near"),
    [
        pytest.param(
            rule(ZEEK_FILES, selection={"path": "\\\\\\*\\IPC$", "name": "atsvc"}),
            "smb",
            SMB,
            {**SMB, "vonggac.smb.share": "\\\\10.20.1.5\\C$"},
            id="an escaped asterisk in a share is any host",
        ),
        pytest.param(
            rule(ZEEK_FILES, selection={"name": ["\\ntds.dit", "\\windows\\dumps\\"]}),
            "smb",
            {"file.path": "NTDS.dit"},
            {"file.path": "xntds.dit"},
            id="a backslash at the front begins a name",
        ),
        pytest.param(
            rule(ZEEK_FILES, selection={"name": ["\\ntds.dit", "\\windows\\dumps\\"]}),
            "smb",
            {"file.path": "old\\windows\\dumps\\a.dmp"},
            {"file.path": "old\\windows\\dumpster"},
            id="one at the end means below",
        ),
        pytest.param(
            rule({"product": "zeek", "service": "x509"}, selection={"certificate.serial": "8BB00EE"}),
            "x509",
            {"x509.serial_number": "08BB00EE"},
            {"x509.serial_number": "18BB00EE"},
            id="serial numbers have pairs of digits",
        ),
        pytest.param(
            rule(
                {"product": "zeek", "service": "kerberos"},
                "selection and not computer",
                selection={"request_type": "TGS", "cipher": "rc4-hmac"},
                computer={"service": "$*"},
            ),
            "kerberos",
            {
                "vonggac.kerberos.request_type": "TGS",
                "vonggac.kerberos.encryption.ticket": "rc4-hmac",
                "vonggac.kerberos.service.name": "MSSQLSvc/sql1",
            },
            {
                "vonggac.kerberos.request_type": "TGS",
                "vonggac.kerberos.encryption.ticket": "rc4-hmac",
                "vonggac.kerberos.service.name": "cifs/fs1",
            },
            id="accounts of computers",
        ),
        pytest.param(
            rule({"product": "zeek", "service": "dce_rpc"}, selection={"endpoint": "JobAdd", "operation": "atsvc"}),
            "dcerpc",
            {"vonggac.dcerpc.interface.name": "atsvc", "vonggac.dcerpc.operation.name": "NetrJobAdd"},
            {"vonggac.dcerpc.interface.name": "atsvc", "vonggac.dcerpc.operation.name": "NetrJobEnum"},
            id="endpoint and operation swapped",
        ),
        pytest.param(
            rule(
                SECURITY,
                "selection and not own",
                selection={
                    "EventID": 5145,
                    "ShareName": "\\\\\\\\\\*\\\\SYSVOL",
                    "RelativeTargetName|endswith": "\\Tasks.xml",
                    "Accesses|contains": "WriteData",
                },
                own={"SubjectUserName|endswith": "$"},
            ),
            "smb",
            {
                **SMB,
                "vonggac.smb.share": "\\\\dc1\\SYSVOL",
                "file.path": "a\\tasks.xml",
                "vonggac.smb.access": ["READ_DATA", "WRITE_DATA"],
            },
            {
                **SMB,
                "vonggac.smb.share": "\\\\dc1\\SYSVOL",
                "file.path": "a\\tasks.xml",
                "vonggac.smb.access": ["READ_DATA"],
            },
            id="share access of Windows",
        ),
        pytest.param(
            rule(SECURITY, selection={"EventID": 4769, "TicketEncryptionType": "0x17", "TicketOptions": "0x40810000"}),
            "kerberos",
            {
                "vonggac.kerberos.request_type": "TGS",
                "vonggac.kerberos.encryption.ticket": "rc4-hmac",
                "vonggac.kerberos.options": ["canonicalize", "forwardable", "renewable"],
            },
            {
                "vonggac.kerberos.request_type": "TGS",
                "vonggac.kerberos.encryption.ticket": "rc4-hmac",
                "vonggac.kerberos.options": ["forwardable", "renewable"],
            },
            id="numbers of Kerberos",
        ),
        pytest.param(
            rule({"product": "windows", "category": "pipe_created"}, selection={"PipeName|re": "\\\\[a-f0-9]{4}-x$"}),
            "smb",
            {**SMB, "vonggac.smb.named_pipe": "0abc-x"},
            {**SMB, "vonggac.smb.named_pipe": "q0abc-x"},
            id="pipes",
        ),
        pytest.param(
            rule({"category": "proxy"}, selection={"c-uri|contains": "drop.example/raw/"}),
            "http",
            {"url.domain": "drop.example", "url.port": 80, "url.original": "/raw/7"},
            {"url.domain": "drop.example", "url.port": 8080, "url.original": "/raw/7"},
            id="proxies log whole addresses",
        ),
        pytest.param(
            rule({"category": "proxy"}, selection={"cs-host|endswith": ".drop.example"}),
            "tls",
            {"tls.client.server_name": "a.drop.example"},
            {"tls.client.server_name": "drop.example"},
            id="hosts of proxies within TLS",
        ),
        pytest.param(
            rule(
                {"category": "network_connection", "product": "windows"},
                selection={"Initiated": "true", "DestinationHostname|endswith": "drop.example", "DestinationPort": 443},
            ),
            "flow",
            {"destination.domain": "x.drop.example", "destination.port": 443},
            {"destination.domain": "x.drop.example", "destination.port": 80},
            id="connections",
        ),
    ],
)
def test_rules_match_what_they_mean(
    tmp_path: Path, document: dict[str, object], dataset: str, match: dict[str, object], near: dict[str, object]
) -> None:
    assert told(tmp_path / "alone", document).status == "proved"
    assert hits(tmp_path, document, dataset, match) == 1
    assert hits(tmp_path, document, dataset, near) == 0


@pytest.mark.parametrize(
    ("document", "status", "reason"),
    [
        (
            rule({"category": "process_creation", "product": "windows"}, selection={"Image": "x"}),
            "elsewhere",
            "programs that start",
        ),
        (rule({"product": "cisco", "service": "aaa"}, selection={"x": "y"}), "elsewhere", "log of a network device"),
        (rule(SECURITY, selection={"EventID": 4625}), "elsewhere", "Windows event 4625"),
        (rule(SECURITY, "a and b", a={"EventID": 5145}, b={"EventID": 4769}), "window", "combines the Windows events"),
        (rule({"category": "dns_query"}, selection={"QueryName": "x", "Image|endswith": "a.exe"}), "field", "'Image'"),
        (rule({"product": "zeek", "service": "dns"}, selection={"Z": 1}), "field", "no field 'Z'"),
        (rule({"category": "proxy"}, selection={"cs-method": "PO ST"}), "never", "http.request.method"),
        (rule({"category": "proxy"}, selection={"c-uri|re": "(?<=a)b"}), "wrong", "invalid perl operator"),
        (rule({"category": "dns"}, selection={"query|expand": "%x%"}), "wrong", "laceholder"),
        ({**rule({"category": "dns"}, selection={"query": "x"}), "status": "deprecated"}, "withdrawn", "deprecated"),
        (
            rule({"category": "dns"}, "a and not b", a={"query": "a.example"}, b={"query|endswith": ".example"}),
            "used",
            "no event",
        ),
    ],
)
def test_the_others_are_told_with_the_reason(
    tmp_path: Path, document: dict[str, object], status: str, reason: str
) -> None:
    one = told(tmp_path, document)
    assert (one.status, reason in one.reason) == (status, True), one


def test_repairs_are_told(tmp_path: Path) -> None:
    one = told(tmp_path, rule({"product": "zeek", "service": "x509"}, selection={"certificate.serial": "8BB00EE"}))
    assert "8BB00EE → 08BB00EE" in one.reason


def test_our_own_rules_are_left_as_they_are(tmp_path: Path) -> None:
    own = rule({"product": "vonggac", "category": "x509"}, selection={"x509.serial_number": "8BB00EE"})
    assert hits(tmp_path, own, "x509", {"x509.serial_number": "08BB00EE"}) == 0


def test_a_rule_twice_counts_once(tmp_path: Path) -> None:
    document = yaml.safe_dump(rule({"category": "dns"}, selection={"query": "x"}))
    for name in ("a.yml", "b.yml"):
        (tmp_path / name).write_text(document)
    report, contents = read(tmp_path, "set")
    assert [one.status for one in report.outcomes] == ["proved", "double"]
    assert list(contents) == ["a.yml"]
    assert "a.yml" in report.outcomes[1].reason


def test_spreadsheets_calculate_nothing(tmp_path: Path) -> None:
    document = {**rule({"category": "dns"}, selection={"query": "x"}), "title": "=1+1"}
    (tmp_path / "a.yml").write_text(yaml.safe_dump(document))
    report, _ = read(tmp_path, "set")
    assert "'=1+1" in report.csv("vi")
