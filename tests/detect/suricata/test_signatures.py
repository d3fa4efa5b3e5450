"""Signatures of Suricata as rules on single events. All of them are ours, in the shapes that public sets have."""

# ruff: noqa: E501  (a signature is one line)
from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.detect.finding import Finding
from pipelines.detect.importing import ruleset
from pipelines.detect.importing.outcome import Outcome
from pipelines.detect.matching.engine import MatchEngine
from pipelines.detect.rulefiles import UNREHEARSED_WEIGHT, RuleFolder
from pipelines.detect.suricata.importing import read
from tests.detect.events import MACHINE, OUTSIDE, START, segment


def signature(options: str, head: str = "alert http any any -> any any", sid: int = 7) -> str:
    return f'{head} (msg:"TEST a signature"; {options} sid:{sid}; rev:2;)\n'


def told(folder: Path, text: str) -> list[Outcome]:
    (folder / "our.rules").write_text(text, encoding="utf-8")
    return list(read([folder / "our.rules"], "set")[0].outcomes)


def engine(folder: Path, text: str) -> MatchEngine:
    """The signatures, imported and run as an installation does."""
    (folder / "our.rules").write_text(text, encoding="utf-8")
    report, contents = read([folder], "set")
    ruleset.publish(folder / "rules", "set", contents, report)
    made = MatchEngine([RuleFolder(folder / "rules")], folder / "cache")
    assert made.errors == []
    return made


def found(folder: Path, text: str, dataset: str, *rows: dict[str, object]) -> list[Finding]:
    made = engine(folder, text)
    findings = made.feed(segment({dataset: list(rows)}))
    made.close()
    assert all(one.weight.log10_ratio <= UNREHEARSED_WEIGHT and one.engine == "suricata" for one in findings)
    return [one for one in findings if one.role == "source"]


URI = {"url.original": "/gate.php?id=00ff00ff", "http.request.method": "POST"}


@pytest.mark.parametrize(
    ("options", "match", "near"),
    [
        ('http.uri; content:"/GATE.php"; nocase;', {"url.original": "/gate.php"}, {"url.original": "/gate_php"}),
        ('http.uri; content:"/GATE.php";', {"url.original": "/GATE.php"}, {"url.original": "/gate.php"}),
        ('content:"/gate.php"; http_uri;', {"url.original": "/x/gate.php"}, {"url.original": "/x"}),
        ('uricontent:"/gate.php";', {"url.original": "/gate.php"}, {"url.original": "/x"}),
        ('http.uri; content:"/gate"; startswith;', {"url.original": "/gate"}, {"url.original": "/x/gate"}),
        ('http.uri; content:".exe"; endswith;', {"url.original": "/a.exe"}, {"url.original": "/a.exe?x"}),
        ('http.uri; content:"/a|20|b";', {"url.original": "/a%20b"}, {"url.original": "/a+b"}),
        ('http.uri.raw; content:"%20";', {"url.original": "/a%20b"}, {"url.original": "/a b"}),
        ('http.uri; content:"abc"; offset:2; depth:4;', {"url.original": "/xyabc"}, {"url.original": "/xyzzabc"}),
        (
            'http.uri; content:"abc"; content:"de"; distance:1; within:3;',
            {"url.original": "/abc1de"},
            {"url.original": "/abc123de"},
        ),
        (
            'http.uri; content:"abc"; content:"de"; distance:1;',
            {"url.original": "/abc123de"},
            {"url.original": "/abcde"},
        ),
        ('http.uri; content:"abc"; isdataat:!1,relative;', {"url.original": "/abc"}, {"url.original": "/abcd"}),
        ('http.uri; content:"/gate"; content:!"ok=1";', {"url.original": "/gate"}, {"url.original": "/gate?ok=1"}),
        ('http.uri; pcre:"/^\\/g[a-z]{3}\\.php$/Ui";', {"url.original": "/GATE.php"}, {"url.original": "/gates.php"}),
        (
            'http.uri; content:"id="; pcre:"/^[0-9a-f]{8}$/R";',
            {"url.original": "/?id=00ff00ff"},
            {"url.original": "/?id=x00ff00ff"},
        ),
        ('http.uri; bsize:6; content:"/abc";', {"url.original": "/abcde"}, {"url.original": "/abcdef"}),
        ('urilen:<10; http.method; content:"POST";', {**URI, "url.original": "/abc"}, URI),
        (
            'http.user_agent; content:"Botty/"; depth:6;',
            {"user_agent.original": "Botty/1"},
            {"user_agent.original": "My Botty/1"},
        ),
        (
            'content:"User-Agent|3a 20|Botty"; http_header;',
            {"user_agent.original": "Botty"},
            {"user_agent.original": "My Botty"},
        ),
        (
            'http.header_names; content:!"Referer"; http.uri; content:"/gate";',
            {"url.original": "/gate", "vonggac.http.request.header_names": ["Host"]},
            {"url.original": "/gate", "vonggac.http.request.header_names": ["Host", "Referer"]},
        ),
        (
            'content:!"Referer|3a|"; http_header; content:"/gate"; http_uri;',
            {"url.original": "/gate", "vonggac.http.request.header_names": ["Host"]},
            {"url.original": "/gate", "vonggac.http.request.header_names": ["referer"]},
        ),
        (
            'http.host; content:"evil.example"; bsize:12;',
            {"url.domain": "evil.example"},
            {"url.domain": "notevil.example"},
        ),
        (
            'http.stat_code; content:"404"; http.server; content:"nginx";',
            {"http.response.status_code": 404, "vonggac.http.response.server": "nginx"},
            {"http.response.status_code": 200, "vonggac.http.response.server": "nginx"},
        ),
    ],
)
def test_http(tmp_path: Path, options: str, match: dict[str, object], near: dict[str, object]) -> None:
    assert [one.status for one in told(tmp_path, signature(options))] == ["proved"]
    assert len(found(tmp_path, signature(options), "http", match)) == 1
    assert found(tmp_path, signature(options), "http", near) == []


CERTIFICATE = {"tls.server.x509.subject.distinguished_name": "CN=evil, O=x", "tls.server.x509.serial_number": "0A1B"}
HASH = "0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize(
    ("text", "dataset", "match", "near"),
    [
        (
            signature(
                'dns.query; dotprefix; content:".bad.example"; nocase; endswith;', "alert dns any any -> any any"
            ),
            "dns",
            {"dns.question.name": "bad.example"},
            {"dns.question.name": "notbad.example"},
        ),
        (
            signature('tls.sni; content:"bad.example";', "alert tls any any -> any any"),
            "tls",
            {"tls.client.server_name": "x.bad.example"},
            {"tls.client.server_name": "bad.test"},
        ),
        (
            signature(
                'tls.cert_subject; content:"CN=evil"; tls.cert_serial; content:"0A:1B";', "alert tls any any -> any any"
            ),
            "tls",
            CERTIFICATE,
            {**CERTIFICATE, "tls.server.x509.serial_number": "0A1C"},
        ),
        (signature('tls.subject:"CN=evil";', "alert tls any any -> any any"), "tls", CERTIFICATE, {}),
        (
            signature(f'ja3.hash; content:"{HASH}";', "alert tls any any -> any any"),
            "tls",
            {"tls.client.ja3": HASH},
            {"tls.client.ja3": HASH[::-1]},
        ),
        (
            signature("filemd5:bad.md5;", "alert tcp any any -> any any"),
            "file",
            {"file.hash.md5": HASH},
            {"file.hash.md5": HASH[::-1]},
        ),
        (
            signature('fileext:"exe"; filesize:>1000;', "alert http any any -> any any"),
            "file",
            {"file.extension": "exe", "file.size": 1001},
            {"file.extension": "exe", "file.size": 1000},
        ),
        (
            signature('smb.named_pipe; content:"psexesvc"; nocase;', "alert smb any any -> any 445"),
            "smb",
            {"vonggac.smb.named_pipe": "PSEXESVC", "destination.port": 445},
            {"vonggac.smb.named_pipe": "PSEXESVC", "destination.port": 139},
        ),
        (
            signature("", "alert ip $HOME_NET any -> [203.0.113.0/24,!203.0.113.10] any"),
            "flow",
            {},
            {"destination.ip": "203.0.113.10"},
        ),
        (
            signature("", "alert tcp $HOME_NET any -> any [1:1023,!80]"),
            "flow",
            {"destination.port": 443, "network.transport": "tcp"},
            {"destination.port": 80, "network.transport": "tcp"},
        ),
        (
            signature("", "alert tcp $HOME_NET any -> $EXTERNAL_NET 4444"),
            "flow",
            {"destination.port": 4444, "network.transport": "tcp"},
            {"destination.port": 4444, "network.transport": "udp"},
        ),
        (
            signature(
                'flow:to_client; tls.cert_issuer; content:"Widgits";', "alert tls $EXTERNAL_NET 443 -> $HOME_NET any"
            ),
            "tls",
            {"tls.server.x509.issuer.distinguished_name": "O=Widgits", "destination.port": 443},
            {"tls.server.x509.issuer.distinguished_name": "O=Widgits", "destination.port": 8443},
        ),
        (
            signature("itype:13;", "alert icmp any any -> any any"),
            "icmp",
            {"vonggac.icmp.type": 13},
            {"vonggac.icmp.type": 8},
        ),
    ],
)
def test_other_buffers(
    tmp_path: Path, text: str, dataset: str, match: dict[str, object], near: dict[str, object]
) -> None:
    (tmp_path / "bad.md5").write_text(f"# a list\n{HASH}  bad.exe\n")
    assert len(found(tmp_path, text, dataset, match)) == 1
    assert found(tmp_path, text, dataset, near) == []


@pytest.mark.parametrize(
    ("text", "status", "reason"),
    [
        (signature('content:"abc";'), "content", "payload of packets"),
        (signature('http.request_body; content:"abc";'), "content", "the body of a request"),
        (signature('http.uri; content:"a"; flags:S;'), "content", "flags of packets"),
        (signature('http.cookie; content:"abc";'), "field", "masks"),
        (signature('http.uri; content:"abc"; xbits:set,x,track ip_src;'), "window", "marks on machines"),
        (signature('http.uri; content:"abc"; made_up:1;'), "field", "'made_up' is not translated"),
        (signature('http.uri; content:"abc"; tls.sni; content:"abc";'), "window", "together"),
        (signature('http.uri; content:"ab"; content:"cdef"; within:2;'), "never", "does not fit"),
        (signature('http.uri; pcre:"/(?=a)b/";'), "wrong", "invalid perl operator"),
        (signature('content:"Accept-Language|3a| vi"; http_header;'), "content", "values of headers"),
        (signature('http.uri; content:"a|0|";'), "wrong", "pairs"),
        (signature('http.uri; content:"abc";', "alert http $MY_NET any -> any any"), "field", "$MY_NET"),
        (signature('http.uri; content:"abc";', "alert http 999.1.1.1 any -> any any"), "wrong", "no address"),
        (signature('http.uri; content:"abc";', "pass http any any -> any any"), "elsewhere", "suppression"),
        ("#" + signature('http.uri; content:"abc";'), "withdrawn", "switched off"),
        ('alert http any any -> any any (msg:"x"; content:"abc', "wrong", "brackets"),
        ("alert http any any (sid:1;)", "wrong", "does not begin with"),
    ],
)
def test_what_is_left_out_is_told(tmp_path: Path, text: str, status: str, reason: str) -> None:
    (outcome,) = told(tmp_path, text)
    assert (outcome.status, reason in outcome.reason) == (status, True), outcome


def test_marks_hold_within_one_flow_only(tmp_path: Path) -> None:
    text = signature('http.uri; content:"/stage1"; flowbits:set,one; noalert;', sid=1)
    text += signature('flowbits:isset,one; http.uri; content:"/stage2";', sid=2)
    one, two = {"url.original": "/stage1", "vonggac.flow.id": "a"}, {"url.original": "/stage2", "vonggac.flow.id": "a"}
    assert [f.rule for f in found(tmp_path, text, "http", one, two)] == ["suricata-2"]
    assert found(tmp_path, text, "http", one, {**two, "vonggac.flow.id": "b"}) == []
    assert found(tmp_path, text, "http", two) == []


def test_marks_outlast_a_segment_but_not_the_input(tmp_path: Path) -> None:
    text = signature('http.uri; content:"/stage1"; flowbits:set,one; noalert;', sid=1)
    text += signature('flowbits:isset,one; http.uri; content:"/stage2";', sid=2)
    made = engine(tmp_path, text)
    one, two = {"url.original": "/stage1", "vonggac.flow.id": "a"}, {"url.original": "/stage2", "vonggac.flow.id": "a"}
    assert made.feed(segment({"http": [one]})) == []
    assert len(made.feed(segment({"http": [two]}))) == 1
    made.finish()
    assert made.feed(segment({"http": [two]})) == []
    made.close()


@pytest.mark.parametrize(("times", "findings"), [(4, 0), (5, 1), (9, 1), (10, 2)])
def test_thresholds_count_by_machine(tmp_path: Path, times: int, findings: int) -> None:
    text = signature('http.uri; content:"/login"; threshold:type both, track by_src, count 5, seconds 60;')
    rows = [{"url.original": "/login", "@timestamp": START.replace(second=at)} for at in range(times)]
    others = [{**row, "source.ip": "10.20.7.32"} for row in rows[:4]]
    assert len(found(tmp_path, text, "http", *rows, *others)) == findings


def test_what_is_slow_does_not_add_up(tmp_path: Path) -> None:
    text = signature('http.uri; content:"/login"; threshold:type both, track by_src, count 3, seconds 60;')
    rows = [{"url.original": "/login", "@timestamp": START.replace(minute=at)} for at in range(0, 50, 5)]
    assert found(tmp_path, text, "http", *rows) == []


def test_meaning_follows_from_class_and_metadata(tmp_path: Path) -> None:
    options = 'http.uri; content:"/gate"; classtype:command-and-control; metadata:signature_severity Critical, mitre_technique_id T1071_001;'
    (one,) = found(tmp_path, signature(options), "http", {"url.original": "/gate"})
    assert (one.behaviour, one.severity, one.technique, one.version) == ("c2-http", "high", ("T1071.001",), 2)
    assert (one.machine, one.peer, one.title["vi"]) == (MACHINE, OUTSIDE, "TEST a signature")


def test_signatures_may_go_on_in_the_next_line(tmp_path: Path) -> None:
    text = 'alert http any any -> [198.51.100.7, \\\n 203.0.113.0/24] any (msg:"x"; http.uri; \\\n content:"/gate"; sid:3;)\n'
    assert len(found(tmp_path, text, "http", {"url.original": "/gate"})) == 1


def test_hash_lists_come_from_beside_the_signatures_only(tmp_path: Path) -> None:
    (tmp_path / "secret.md5").write_text(HASH)
    folder = tmp_path / "set"
    folder.mkdir()
    (outcome,) = told(folder, signature("filemd5:../secret.md5;"))
    assert (outcome.status, "not beside" in outcome.reason) == ("wrong", True)
