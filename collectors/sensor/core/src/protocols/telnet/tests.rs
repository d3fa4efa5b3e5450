//! Log-ins by their prompts.

use super::prompts::{Prompt, prompt};
use super::{TELNET, probe};
use crate::protocols::Direction::{ToClient, ToServer};
use crate::protocols::{Opening, Verdict};
use crate::testing::robustness::{Conversation, stands};
use crate::testing::{Harness, ReadableEvent};

fn telnet() -> Harness {
    Harness::new((TELNET.decoder)())
}

fn of<'a>(events: &'a [ReadableEvent], dataset: &str) -> Vec<&'a ReadableEvent> {
    events.iter().filter(|event| event["event.dataset"] == dataset).collect()
}

fn told(event: &ReadableEvent, fields: &[&str]) -> String {
    fields.iter().map(|field| event.get(*field).cloned().unwrap_or_default()).collect::<Vec<_>>().join("|")
}

const LOGIN: [&str; 4] = ["user.name", "event.outcome", "vonggac.login.method", "vonggac.login.reason"];

/// Options and a log-in that fails once and then succeeds.
fn session() -> Conversation {
    vec![
        (ToClient, b"\xff\xfd\x18\xff\xfb\x01\xff\xfb\x03".to_vec()),
        (ToServer, b"\xff\xfb\x18\xff\xfd\x01\xff\xfa\x18\x00XTERM\xff\xf0".to_vec()),
        (ToClient, b"\r\nDVR-8 \x1b[1mv2\x1b[0m\r\nlogin: ".to_vec()),
        (ToServer, b"admim\x08n\r\0".to_vec()),
        (ToClient, b"admin\r\nPassword: ".to_vec()),
        (ToServer, b"hunter1\r\0".to_vec()),
        (ToClient, b"\r\nLogin incorrect\r\nlogin: ".to_vec()),
        (ToServer, b"root\r\n".to_vec()),
        (ToClient, b"Password: ".to_vec()),
        (ToServer, b"hunter2\r\n".to_vec()),
        (ToClient, b"\r\nLast failed login: today\r\nroot@dvr:~# ".to_vec()),
        (ToServer, b"cat /proc/cpuinfo\r\n".to_vec()),
        (ToClient, b"processor: 0\r\n# ".to_vec()),
    ]
}

fn play(conversation: &Conversation) -> Vec<ReadableEvent> {
    let mut harness = telnet();
    for (direction, bytes) in conversation {
        harness.feed(*direction, bytes);
    }
    harness.finish()
}

#[test]
fn each_attempt_is_a_log_in_and_the_session_is_summed_up() {
    let events = play(&session());
    let logins: Vec<String> = of(&events, "login").iter().map(|event| told(event, &LOGIN)).collect();
    assert_eq!(logins, ["admin|failure|password|incorrect", "root|success|password|"]);
    let fields = [
        "user.name",
        "event.outcome",
        "vonggac.telnet.terminal",
        "vonggac.telnet.options",
        "vonggac.telnet.greeting",
        "vonggac.telnet.attempts",
        "vonggac.telnet.shell",
        "vonggac.telnet.lines",
    ];
    let session = told(of(&events, "telnet")[0], &fields);
    assert_eq!(
        session,
        "root|success|XTERM|[terminal-type, echo, suppress-go-ahead]|DVR-8 v2 login:|2|true|1"
    );
}

#[test]
fn passwords_and_commands_are_not_kept() {
    let events = play(&session());
    let all = format!("{events:?}");
    assert!(!all.contains("hunter") && !all.contains("cpuinfo"), "{all}");
    assert!(of(&events, "login").iter().all(|event| event["vonggac.login.secret"].starts_with("k:")));
}

#[test]
fn bots_that_do_not_wait_are_judged_later() {
    let mut harness = telnet();
    harness.server(b"login: ").client(b"root\r\n").server(b"Password: ").client(b"xc3511\r\n");
    harness
        .client(b"enable\r\nshell\r\n")
        .server(b"\r\nBusyBox v1.19 built-in shell\r\n~ $ ")
        .client(b"sh\r\n");
    let events = harness.finish();
    assert_eq!(told(of(&events, "login")[0], &LOGIN), "root|success|password|");
}

#[test]
fn what_the_server_never_says_is_unknown() {
    let mut harness = telnet();
    harness.server(b"Username: ").client(b"a\r\n").server(b"Password:").client(b"\r\n");
    let events = harness.finish();
    assert_eq!(told(of(&events, "login")[0], &LOGIN), "a|unknown|password|");
    assert_eq!(of(&events, "login")[0]["vonggac.login.secret"], "");
    let mut harness = telnet();
    harness.server(b"login: ").client(b"guest\r\n").server(b"welcome\r\n$ ").client(b"ls\r\n");
    assert_eq!(told(of(&harness.finish(), "login")[0], &LOGIN), "guest|success|none|");
    let mut harness = telnet();
    harness
        .server(b"Password: ")
        .client(b"a\r\n")
        .server(b"Password: ")
        .client(b"b\r\n")
        .server(b"% Bad passwords\r\n");
    assert_eq!(of(&harness.finish(), "login").len(), 2);
}

#[test]
fn prompts_are_told_from_other_lines() {
    for (text, expected) in [
        ("\r\nlogin: ", Some(Prompt::User)),
        ("nvan@host's password: ", Some(Prompt::Password)),
        ("Mật khẩu: ", Some(Prompt::Password)),
        ("\x1b[32mroot@x:/# \x1b[0m", Some(Prompt::Shell)),
        ("Router>", Some(Prompt::Shell)),
        ("login: root", None),
        ("Last login: today\r\n", None),
        ("", None),
    ] {
        assert_eq!(prompt(text.as_bytes()), expected, "{text}");
    }
}

#[test]
fn long_sessions_stay_bounded() {
    let mut harness = telnet();
    harness
        .server(b"login: ")
        .client(b"a\r\n")
        .server(b"Password: ")
        .client(&[b'x'; 5_000])
        .client(b"\r\n$ ");
    for _ in 0..100 {
        harness.server(&[b'y'; 10_000]);
    }
    for _ in 0..2_000 {
        harness.client(b"x\r\n");
    }
    assert!(harness.stopped.is_some());
    assert_eq!(of(&harness.finish(), "telnet")[0]["vonggac.telnet.lines"], "1000");
}

#[test]
fn is_recognised_by_options_or_a_prompt() {
    let probed = |direction, port, bytes: &[u8]| probe(&Opening { direction, bytes, ports: (50_000, port) });
    for (direction, port, bytes, verdict) in [
        (ToServer, 48_101, &b"\xff\xfb\x18\xff\xfd\x01"[..], Verdict::Mine),
        (ToClient, 23, b"\xff\xfd\x18", Verdict::Mine),
        (ToClient, 9_999, b"\xff\xfd\x18", Verdict::Unsure),
        (ToClient, 9_999, b"\xff\xfd", Verdict::Unsure),
        (ToClient, 9_999, b"\xff\xfd\x18\xff", Verdict::Unsure),
        (ToClient, 9_999, b"\xff\xfb\x01\r\nlogin: ", Verdict::Mine),
        (ToServer, 9_999, b"\xff\xfb\x01\x80\x81", Verdict::NotMine),
        (ToClient, 9_999, b"\xff\xd8\xff\xe0", Verdict::NotMine),
        (ToClient, 9_999, b"DVR\r\nlogin: ", Verdict::Mine),
        (ToClient, 9_999, b"DVR\r\n", Verdict::Unsure),
        (ToServer, 9_999, b"login: ", Verdict::NotMine),
        (ToClient, 9_999, b"\x16\x03\x03\x00\x7a", Verdict::NotMine),
        (ToClient, 9_999, &[b'x'; 2_000], Verdict::NotMine),
    ] {
        assert_eq!(probed(direction, port, bytes), verdict, "{}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn stands_any_split_cut_and_noise() {
    stands(&TELNET, &session());
}
