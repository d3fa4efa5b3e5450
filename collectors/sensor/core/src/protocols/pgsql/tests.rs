//! A session with a cleartext password, errors, and TLS.

use super::{PGSQL, probe, query};
use crate::protocols::Direction::{ToClient, ToServer};
use crate::protocols::{Opening, Outcome, Verdict};
use crate::testing::robustness::{Conversation, stands};
use crate::testing::{Harness, ReadableEvent};

fn startup(code: u32, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len() + 8).expect("short");
    [&length.to_be_bytes()[..], &code.to_be_bytes(), body].concat()
}

fn message(letter: u8, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len() + 4).expect("short");
    [&[letter][..], &length.to_be_bytes(), body].concat()
}

fn hello() -> Vec<u8> {
    startup(196_608, b"user\0nvana\0database\0hoso\0application_name\0psql\0\0")
}

fn conversation() -> Conversation {
    vec![
        (ToServer, startup(80_877_103, b"")),
        (ToClient, b"N".to_vec()),
        (ToServer, hello()),
        (ToClient, message(b'R', &[0, 0, 0, 3])),
        (ToServer, message(b'p', b"hunter22\0")),
        (
            ToClient,
            [message(b'R', &[0; 4]), message(b'S', b"server_version\x0013.4\0"), message(b'Z', b"I")]
                .concat(),
        ),
        (ToServer, message(b'Q', b"SELECT 1/0;\0")),
        (ToClient, [message(b'E', b"SERROR\0C22012\0Mdivision by zero\0\0"), message(b'Z', b"I")].concat()),
        (ToServer, message(b'Q', b"ALTER USER a PASSWORD 'secret77'\0")),
        (ToClient, [message(b'D', &[0; 9]), message(b'C', b"ALTER ROLE\0"), message(b'Z', b"I")].concat()),
        (ToServer, message(b'X', b"")),
    ]
}

fn told(conversation: &Conversation) -> Vec<ReadableEvent> {
    let mut harness = Harness::new((PGSQL.decoder)());
    for (direction, bytes) in conversation {
        harness.feed(*direction, bytes);
    }
    harness.finish()
}

#[test]
fn requests_and_answers_are_one_event() {
    let events = told(&conversation());
    let all: Vec<_> = events.iter().filter(|event| event["event.dataset"] == "sql").collect();
    let kinds: Vec<_> = all
        .iter()
        .map(|event| {
            (
                event["vonggac.sql.ordinal"].as_str(),
                event["vonggac.sql.request"].as_str(),
                event["event.outcome"].as_str(),
            )
        })
        .collect();
    assert_eq!(
        kinds,
        [
            ("1", "ssl", "failure"),
            ("2", "startup", "success"),
            ("3", "authentication", "success"),
            ("4", "query", "failure"),
            ("5", "query", "success"),
            ("6", "terminate", "unknown"),
        ]
    );
    assert_eq!((all[1]["user.name"].as_str(), all[1]["vonggac.sql.database"].as_str()), ("nvana", "hoso"));
    assert_eq!(all[2]["vonggac.sql.server_version"], "13.4");
    assert_eq!(
        (all[3]["vonggac.sql.error_code"].as_str(), all[3]["vonggac.sql.error"].as_str()),
        ("22012", "division by zero")
    );
    assert_eq!(
        (all[4]["vonggac.sql.result"].as_str(), all[4]["vonggac.sql.rows"].as_str()),
        ("ALTER ROLE", "1")
    );
    let login = events.iter().find(|event| event["event.dataset"] == "login").expect("a log-in");
    assert_eq!(
        (
            login["user.name"].as_str(),
            login["event.outcome"].as_str(),
            login["vonggac.login.method"].as_str()
        ),
        ("nvana", "success", "password")
    );
    assert!(
        events.iter().all(|event| event
            .values()
            .all(|value| !value.contains("hunter22") && !value.contains("secret77")))
    );
}

#[test]
fn a_refusal_says_why() {
    let refusal = message(b'E', b"SFATAL\0C28000\0Mno entry for host\0\0");
    let events = told(&vec![(ToServer, hello()), (ToClient, refusal)]);
    let login = events.iter().find(|event| event["event.dataset"] == "login").expect("a log-in");
    assert_eq!(
        (login["event.outcome"].as_str(), login["vonggac.login.reason"].as_str()),
        ("failure", "28000")
    );
}

#[test]
fn encryption_is_handed_over() {
    let mut harness = Harness::new((PGSQL.decoder)());
    harness.client(&startup(80_877_103, b"")).server(b"S");
    assert_eq!(harness.stopped, Some(Outcome::Handover(1)));
}

#[test]
fn passwords_in_queries_are_masked() {
    for text in [
        "CREATE USER a IDENTIFIED BY 'SECRET'",
        "create user a with encrypted password \"SECRET\" valid until '2030-01-01'",
        "SET PASSWORD = 'SECRET'",
        "ALTER USER a PASSWORD 'SECRET",
        "SELECT 1; ALTER USER a PASSWORD 'SECRET'; ALTER USER b PASSWORD 'SECRET'",
    ] {
        let shown = query::shown(text.as_bytes());
        assert!(!shown.contains("SECRET") && shown.contains("k:"), "{shown}");
    }
    assert_eq!(
        query::shown(b"SELECT password FROM users; SELECT 'x'\0"),
        "SELECT password FROM users; SELECT 'x'"
    );
    assert_eq!(query::shown(&[b'a'; 9_000]).len(), query::QUERY_MAX);
}

#[test]
fn is_recognised_by_its_first_message() {
    let probed = |direction, bytes: &[u8]| probe(&Opening { direction, bytes, ports: (50_000, 5_433) });
    assert_eq!(probed(ToServer, &hello()), Verdict::Mine);
    assert_eq!(probed(ToServer, &hello()[..20]), Verdict::Unsure);
    assert_eq!(probed(ToServer, &startup(80_877_103, b"")), Verdict::Mine);
    assert_eq!(probed(ToServer, &startup(196_608, b"\x01\x02\x03\0")), Verdict::NotMine);
    assert_eq!(probed(ToServer, &startup(131_072, b"user\0a\0\0")), Verdict::NotMine);
    assert_eq!(probed(ToServer, b"GET / HTTP/1.1\r\n"), Verdict::NotMine);
    assert_eq!(probed(ToClient, &hello()), Verdict::NotMine);
}

#[test]
fn stands_any_split_cut_and_noise() {
    stands(&PGSQL, &conversation());
}
