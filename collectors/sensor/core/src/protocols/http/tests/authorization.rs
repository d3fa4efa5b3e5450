//! Log-ins with a password in the head, and programs that use HTTP as their carrier.

use super::*;

fn asked(path: &str, pair: &str, more: &str) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nHost: h\r\nAuthorization: Basic {pair}\r\n{more}Content-Length: 0\r\n\r\n"
    )
}

#[test]
fn a_password_in_the_head_is_a_login_when_it_changes() {
    // TINHUY\nvan:CanaryBird77, and the same user with another password.
    let (wrong, right) = ("VElOSFVZXG52YW46Q2FuYXJ5QmlyZDc3", "VElOSFVZXG52YW46Q2FuYXJ5QmlyZDc4");
    let requests = [wrong, right, right, right].map(|pair| asked("/a", pair, "")).concat();
    let answer = |status| format!("HTTP/1.1 {status} X\r\nContent-Length: 0\r\n\r\n");
    let answers = [401, 200, 302, 200].map(answer).concat();
    let events = talk(requests.as_bytes(), answers.as_bytes());
    let logins = of(&events, "login");
    assert_eq!(logins.len(), 2);
    check(
        logins[0],
        &[
            ("user.name", "nvan"),
            ("user.domain", "TINHUY"),
            ("event.outcome", "failure"),
            ("network.protocol", "http"),
            ("vonggac.login.method", "basic"),
            ("vonggac.login.secret", &crate::secrets::mask(b"CanaryBird77")),
            ("vonggac.login.encrypted", "false"),
            ("vonggac.login.reason", "401"),
        ],
    );
    check(logins[1], &[("event.outcome", "success")]);
    assert!(events.iter().flatten().all(|(_, value)| !value.contains("CanaryBird")));
}

#[test]
fn broken_pairs_are_no_logins() {
    for pair in ["", "bm8gY29sb24=", "!!!"] {
        assert!(of(&talk(asked("/a", pair, "").as_bytes(), b""), "login").is_empty());
    }
}

#[test]
fn remote_management_is_told_by_what_it_sends() {
    let soap = "Content-Type: application/soap+xml;charset=UTF-8\r\nUser-Agent: Microsoft WinRM Client\r\n";
    let told =
        |path, more| talk(asked(path, "", more).as_bytes(), b"").remove(0).remove("network.application");
    assert_eq!(told("/wsman", soap).as_deref(), Some("winrm"));
    assert_eq!(told("/wsman?PSVersion=5.1", soap).as_deref(), Some("winrm"));
    assert_eq!(told("/other", soap), None);
    assert_eq!(told("/wsman", ""), None);
}
