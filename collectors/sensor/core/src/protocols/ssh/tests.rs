//! Banners, lists, host key and what sizes tell.

use super::algorithms::{Agreed, hassh};
use super::authentication::Sizes;
use super::{SSH, probe};
use crate::protocols::Direction::{ToClient, ToServer};
use crate::protocols::{Direction, Opening, Outcome, Verdict};
use crate::testing::robustness::{Conversation, stands};
use crate::testing::{Harness, ReadableEvent};

const CHACHA: &str = "chacha20-poly1305@openssh.com";

fn string(bytes: &[u8]) -> Vec<u8> {
    [&u32::try_from(bytes.len()).unwrap().to_be_bytes(), bytes].concat()
}

fn packet(payload: &[u8]) -> Vec<u8> {
    let padding = 4 + (8 - (payload.len() + 9) % 8) % 8;
    let length = u32::try_from(payload.len() + padding + 1).unwrap();
    [&length.to_be_bytes()[..], &[u8::try_from(padding).unwrap()], payload, &vec![0; padding]].concat()
}

fn kexinit(exchange: &str, cipher: &str) -> Vec<u8> {
    let lists =
        [exchange, "ssh-ed25519", cipher, cipher, "hmac-sha2-256", "hmac-sha2-256", "none", "none", "", ""];
    let lists: Vec<u8> = lists.iter().flat_map(|list| string(list.as_bytes())).collect();
    packet(&[&[20][..], &[0xaa; 16], &lists, &[0; 5]].concat())
}

/// Up to NEWKEYS.
fn opening(exchange: &str, cipher: &str) -> Conversation {
    let blob = [string(b"ssh-ed25519"), string(&[7; 32])].concat();
    let number = if exchange.contains("group-exchange") { 33 } else { 31 };
    let reply = [&[number][..], &string(&blob), &string(&[1; 32]), &string(&[2; 83])].concat();
    vec![
        (ToServer, b"SSH-2.0-OpenSSH_9.6 Ubuntu-3\r\n".to_vec()),
        (ToClient, b"SSH-1.99-dropbear_2022.83\n".to_vec()),
        (ToServer, kexinit(exchange, cipher)),
        (ToClient, kexinit(exchange, cipher)),
        (ToServer, packet(&[&[30][..], &string(&[3; 32])].concat())),
        (ToClient, packet(&reply)),
        (ToClient, packet(&[21])),
        (ToServer, packet(&[21])),
    ]
}

/// Behind it, answers with payloads of these sizes; the client asks before each.
fn session(cipher: &str, answers: &[u64]) -> Conversation {
    let agreed = Agreed {
        cipher: Some(cipher.to_owned()),
        mac: Some("hmac-sha2-256".to_owned()),
        ..Agreed::default()
    };
    let sizes = Sizes::of(&agreed);
    let bytes =
        |payload| vec![0x5a; usize::try_from(sizes.map_or(64, |sizes| sizes.packet(payload))).unwrap()];
    let mut conversation = opening("curve25519-sha256", cipher);
    conversation.push((ToServer, bytes(17)));
    conversation.push((ToClient, bytes(17)));
    for payload in answers {
        conversation.push((ToServer, bytes(60)));
        conversation.push((ToClient, bytes(*payload)));
    }
    conversation
}

fn play(conversation: &Conversation, ended: bool) -> (Vec<ReadableEvent>, Option<Outcome>) {
    let mut harness = Harness::new((SSH.decoder)());
    for (direction, bytes) in conversation {
        harness.feed(*direction, bytes);
    }
    if ended {
        harness.end(Direction::ToServer);
    }
    (harness.finish(), harness.stopped)
}

/// Outcome and rejections of a session, and whether the decoder stopped by itself.
fn inferred(cipher: &str, answers: &[u64], ended: bool) -> (String, String, bool) {
    let (events, stopped) = play(&session(cipher, answers), ended);
    let ssh = events.iter().find(|event| event["event.dataset"] == "ssh").expect("an event");
    let told = |field: &str| ssh.get(field).cloned().unwrap_or_default();
    let logins = events.iter().filter(|event| event["event.dataset"] == "login").count();
    assert_eq!(logins, usize::from(!told("event.outcome").is_empty()));
    (told("event.outcome"), told("vonggac.ssh.rejections"), stopped == Some(Outcome::Done))
}

#[test]
fn both_sides_are_told_with_their_fingerprints() {
    let (events, _) = play(&opening("curve25519-sha256", "aes128-ctr"), true);
    let text = "curve25519-sha256;aes128-ctr;hmac-sha2-256;none";
    for (field, value) in [
        ("vonggac.ssh.client.version", "2.0"),
        ("vonggac.ssh.client.software", "OpenSSH_9.6"),
        ("vonggac.ssh.server.version", "1.99"),
        ("vonggac.ssh.server.software", "dropbear_2022.83"),
        ("vonggac.ssh.client.algorithms", text),
        ("ssh.server.hassh", hassh(text).as_str()),
        ("vonggac.ssh.key_exchange", "curve25519-sha256"),
        ("vonggac.ssh.cipher", "aes128-ctr"),
        ("vonggac.ssh.host_key.type", "ssh-ed25519"),
    ] {
        assert_eq!(events[0].get(field).map(String::as_str), Some(value), "{field}");
    }
    assert_eq!(events[0]["vonggac.ssh.host_key.sha256"].len(), 64);
    assert_eq!(events.len(), 1, "nobody tried to log in");
}

/// HASSHServer of OpenSSH 5.3, from the catalogue that its authors publish (github.com/salesforce/hassh).
#[test]
fn fingerprints_are_the_published_ones() {
    let server = "diffie-hellman-group-exchange-sha256,diffie-hellman-group-exchange-sha1,\
                  diffie-hellman-group14-sha1,diffie-hellman-group1-sha1;\
                  aes128-ctr,aes192-ctr,aes256-ctr,arcfour256,arcfour128,aes128-cbc,3des-cbc,blowfish-cbc,cast128-cbc,\
                  aes192-cbc,aes256-cbc,arcfour,rijndael-cbc@lysator.liu.se;\
                  hmac-md5,hmac-sha1,umac-64@openssh.com,hmac-ripemd160,hmac-ripemd160@openssh.com,hmac-sha1-96,\
                  hmac-md5-96;none,zlib@openssh.com";
    assert_eq!(hassh(server), "b1c6c0d56317555b85c7005a3de29325");
}

#[test]
fn the_host_key_of_a_group_exchange_stands_in_another_message() {
    let (events, _) = play(&opening("diffie-hellman-group-exchange-sha256", "aes128-ctr"), true);
    assert_eq!(events[0]["vonggac.ssh.host_key.type"], "ssh-ed25519");
}

#[test]
fn sizes_tell_rejections_from_a_success() {
    for cipher in [CHACHA, "aes256-gcm@openssh.com", "aes128-ctr", "3des-cbc"] {
        let success = |answers: &[u64], rejections: &str| {
            assert_eq!(
                inferred(cipher, answers, false),
                ("success".into(), rejections.into(), true),
                "{cipher}"
            );
        };
        // Asked without credentials, one wrong password, the right one, and what follows.
        success(&[24, 24, 1, 30], "2");
        // A banner before the first rejection, a key that the server knows.
        success(&[300, 24, 71, 1, 30], "1");
        assert_eq!(inferred(cipher, &[24, 24, 24, 24], false), ("failure".into(), "4".into(), false));
    }
}

#[test]
fn what_is_not_sure_is_unknown() {
    assert_eq!(inferred(CHACHA, &[24], false), ("unknown".into(), "1".into(), false));
    assert_eq!(inferred(CHACHA, &[24], true), ("failure".into(), "1".into(), false));
    assert_eq!(inferred(CHACHA, &[], true), (String::new(), String::new(), false));
    assert_eq!(inferred("new-cipher", &[24, 1], true), (String::new(), String::new(), true));
    assert_eq!(inferred(CHACHA, &[24; 80], false), ("failure".into(), "64".into(), true));
    // A session of which the success was not seen, by its volume.
    assert_eq!(inferred(CHACHA, &[24, 40_000, 40_000, 40_000], false).0, "success");
}

#[test]
fn packets_have_the_sizes_that_are_seen_on_the_wire() {
    let packets = |cipher: &str, mac: &str| {
        let agreed =
            Agreed { cipher: Some(cipher.to_owned()), mac: Some(mac.to_owned()), ..Agreed::default() };
        Sizes::of(&agreed).map(|sizes| [sizes.packet(1), sizes.packet(14), sizes.packet(17)])
    };
    assert_eq!(packets(CHACHA, ""), Some([28, 44, 44]));
    assert_eq!(packets("aes128-gcm@openssh.com", ""), Some([36, 52, 52]));
    assert_eq!(packets("aes128-ctr", "hmac-sha1"), Some([36, 52, 52]));
    assert_eq!(packets("aes128-ctr", "hmac-sha2-256-etm@openssh.com"), Some([52, 68, 68]));
    assert_eq!(packets("aes128-ctr", "other"), None);
}

#[test]
fn long_banners_and_broken_packets_are_told() {
    let mut harness = Harness::new((SSH.decoder)());
    harness.server(b"hello\r\nSSH-2.0-").server(&[b'a'; 3_000]).server(b"\r\n").server(&packet(&[2]));
    assert_eq!(harness.anomalies(), ["ssh-long-banner"]);
    harness.server(&[0xff; 8]);
    assert_eq!(harness.stopped, Some(Outcome::Malformed("ssh-bad-packet")));
    assert_eq!(harness.finish()[0]["vonggac.ssh.server.version"], "2.0");
    let (events, stopped) =
        play(&vec![(ToClient, b"SSH-1.5-old\n".to_vec()), (ToServer, b"SSH-1.5-older\n".to_vec())], false);
    assert_eq!((events.len(), stopped), (1, Some(Outcome::Done)));
}

#[test]
fn is_recognised_by_its_banner() {
    let probed = |bytes: &[u8]| probe(&Opening { direction: ToServer, bytes, ports: (50_000, 902) });
    assert_eq!(
        [probed(b"SSH-2.0-x\r\n"), probed(b"SSH-1.5-"), probed(b"SS")],
        [Verdict::Mine, Verdict::Mine, Verdict::Unsure]
    );
    assert_eq!([probed(b"SSH server\r\n"), probed(b"220 hi\r\n")], [Verdict::NotMine; 2]);
}

#[test]
fn stands_any_split_cut_and_noise() {
    stands(&SSH, &session(CHACHA, &[24, 24, 1, 30]));
    stands(&SSH, &session("aes128-ctr", &[24, 24]));
}
