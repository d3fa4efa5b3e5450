//! What the protocol's events must be.

use super::{TCP, UDP, filter};
use crate::asn1::writing::{element, holding};
use crate::asn1::{BOOLEAN, ENUMERATED, INTEGER, OCTET_STRING, OID, SEQUENCE, SET};
use crate::protocols::Direction::{ToClient, ToServer};
use crate::protocols::{Opening, Outcome, Verdict};
use crate::secrets::mask;
use crate::testing::robustness::stands;
use crate::testing::{Harness, ReadableEvent};

fn text(text: &str) -> Vec<u8> {
    element(OCTET_STRING, text.as_bytes())
}

fn int(value: u8) -> Vec<u8> {
    element(INTEGER, &[value])
}

fn choice(value: u8) -> Vec<u8> {
    element(ENUMERATED, &[value])
}

fn message(id: u8, operation: Vec<u8>) -> Vec<u8> {
    holding(SEQUENCE, &[int(id), operation])
}

fn simple(id: u8, name: &str, password: &str) -> Vec<u8> {
    message(id, holding(0x60, &[int(3), text(name), element(0x80, password.as_bytes())]))
}

fn sasl(id: u8, mechanism: &str, token: &[u8]) -> Vec<u8> {
    let credentials = holding(0xa3, &[text(mechanism), element(OCTET_STRING, token)]);
    message(id, holding(0x60, &[int(3), text(""), credentials]))
}

fn done(id: u8, tag: u8, code: u8, words: &str) -> Vec<u8> {
    message(id, holding(tag, &[choice(code), text(""), text(words)]))
}

fn equals(attribute: &str, value: &str) -> Vec<u8> {
    holding(0xa3, &[text(attribute), text(value)])
}

/// What tools look for: accounts with a service name.
fn roastable() -> Vec<u8> {
    holding(0xa0, &[equals("samAccountType", "805306368"), element(0x87, b"servicePrincipalName")])
}

fn search(id: u8, filter: Vec<u8>, attributes: &[&str]) -> Vec<u8> {
    let attributes: Vec<Vec<u8>> = attributes.iter().map(|attribute| text(attribute)).collect();
    let fields = [
        text("DC=tinhuy,DC=local"),
        choice(2),
        choice(0),
        int(0),
        int(120),
        element(BOOLEAN, &[0]),
        filter,
        holding(SEQUENCE, &attributes),
    ];
    let oid = text("1.2.840.113556.1.4.801");
    let controls = holding(0xa0, &[holding(SEQUENCE, &[oid]), holding(SEQUENCE, &[text("1.2.3.4")])]);
    holding(SEQUENCE, &[int(id), holding(0x63, &fields), controls])
}

fn attribute(name: &str, values: &[&str]) -> Vec<u8> {
    let values: Vec<Vec<u8>> = values.iter().map(|value| text(value)).collect();
    holding(SEQUENCE, &[text(name), holding(SET, &values)])
}

fn entry(id: u8, name: &str, attributes: &[Vec<u8>]) -> Vec<u8> {
    message(id, holding(0x64, &[text(name), holding(SEQUENCE, attributes)]))
}

fn flow() -> Harness {
    Harness::new((TCP.decoder)())
}

fn of<'a>(events: &'a [ReadableEvent], dataset: &str) -> Vec<&'a ReadableEvent> {
    events.iter().filter(|event| event["event.dataset"] == dataset).collect()
}

fn check(event: &ReadableEvent, expected: &[(&str, &str)]) {
    for (field, value) in expected {
        assert_eq!(event.get(*field).map_or("", String::as_str), *value, "{field}");
    }
}

#[test]
fn a_search_is_told_with_what_it_found() {
    let mut flow = flow();
    flow.client(&search(2, roastable(), &["sAMAccountName", "servicePrincipalName"]));
    let secret = attribute("ms-Mcs-AdmPwd", &["Hunter2!"]);
    let first = [attribute("sAMAccountName", &["svc_sql"]), secret, attribute("memberOf", &[])];
    flow.server(&entry(2, "CN=svc_sql,DC=tinhuy,DC=local", &first));
    flow.server(&entry(2, "CN=other,DC=tinhuy,DC=local", &[]));
    flow.server(&message(2, holding(0x73, &[text("ldap://dc2/")]))).server(&done(2, 0x65, 0, ""));
    let events = flow.finish();
    assert_eq!(events.len(), 1);
    let masked = format!("[sAMAccountName=svc_sql, ms-Mcs-AdmPwd={}, memberOf]", mask(b"Hunter2!"));
    check(
        &events[0],
        &[
            ("vonggac.ldap.operation", "search"),
            ("vonggac.ldap.message_id", "2"),
            ("vonggac.ldap.name", "DC=tinhuy,DC=local"),
            ("vonggac.ldap.scope", "sub"),
            ("vonggac.ldap.dereference", "never"),
            ("vonggac.ldap.size_limit", "0"),
            ("vonggac.ldap.time_limit", "120"),
            ("vonggac.ldap.types_only", "false"),
            ("vonggac.ldap.filter", "(&(samAccountType=805306368)(servicePrincipalName=*))"),
            ("vonggac.ldap.attributes", "[sAMAccountName, servicePrincipalName]"),
            ("vonggac.ldap.controls", "[sd-flags, 1.2.3.4]"),
            ("vonggac.ldap.entries", "2"),
            ("vonggac.ldap.references", "1"),
            ("vonggac.ldap.entry.name", "CN=svc_sql,DC=tinhuy,DC=local"),
            ("vonggac.ldap.entry.attributes", &masked),
            ("vonggac.ldap.result_code", "success"),
            ("event.outcome", "success"),
        ],
    );
}

#[test]
fn a_simple_bind_is_a_login_without_its_password() {
    let mut flow = flow();
    flow.client(&simple(1, "TINHUY\\nvan", "Hunter2!"));
    flow.server(&done(
        1,
        0x61,
        49,
        "80090308: LdapErr, comment: AcceptSecurityContext error, data 52e, v3839",
    ));
    flow.client(&simple(2, "uid=jdoe,ou=People,dc=example,dc=com", "x")).server(&done(2, 0x61, 0, ""));
    flow.client(&simple(3, "", "")).server(&done(3, 0x61, 0, ""));
    let events = flow.finish();
    assert!(!format!("{events:?}").contains("Hunter2"));
    let logins = of(&events, "login");
    assert_eq!(logins.len(), 2, "nobody logs in anonymously");
    check(
        logins[0],
        &[
            ("user.name", "nvan"),
            ("user.domain", "TINHUY"),
            ("event.outcome", "failure"),
            ("vonggac.login.method", "simple"),
            ("vonggac.login.secret", &mask(b"Hunter2!")),
            ("vonggac.login.encrypted", "false"),
            ("vonggac.login.reason", "invalidCredentials data 52e"),
        ],
    );
    check(logins[1], &[("user.name", "jdoe"), ("user.domain", "example.com"), ("event.outcome", "success")]);
    check(
        of(&events, "ldap")[0],
        &[("vonggac.ldap.version", "3"), ("vonggac.ldap.result_code", "invalidCredentials")],
    );
}

/// The first and third message of NTLM, in the shortest form.
fn ntlm(kind: u8) -> Vec<u8> {
    let mut token = b"NTLMSSP\0".to_vec();
    token.extend([kind, 0, 0, 0]);
    if kind == 1 {
        token.extend([0; 20]);
        return token;
    }
    let user: Vec<u8> = "nvan".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (length, offset) in [(0, 72), (24, 80), (0, 72), (8, 72), (0, 72), (0, 72)] {
        token.extend([length, 0, length, 0, offset, 0, 0, 0]);
    }
    token.extend([1, 0, 0, 0]);
    token.resize(72, 0);
    token.extend(user);
    token.extend([7; 24]);
    token
}

#[test]
fn sasl_log_ins_take_their_rounds() {
    let mut flow = flow();
    flow.client(&sasl(1, "GSS-SPNEGO", &ntlm(1))).server(&done(1, 0x61, 14, ""));
    flow.client(&sasl(2, "GSS-SPNEGO", &ntlm(3))).server(&done(2, 0x61, 0, ""));
    flow.client(&[&[0, 0, 0, 40, 1, 0, 0, 0][..], &[0x99; 36]].concat());
    assert_eq!(flow.stopped, Some(Outcome::Done));
    let events = flow.finish();
    let logins = of(&events, "login");
    assert_eq!(logins.len(), 1);
    check(
        logins[0],
        &[("user.name", "nvan"), ("vonggac.login.method", "ntlm"), ("event.outcome", "success")],
    );
    let told = of(&events, "ldap");
    check(told[0], &[("vonggac.ldap.result_code", "saslBindInProgress"), ("event.outcome", "unknown")]);
    check(told[1], &[("user.name", "nvan"), ("vonggac.ldap.method", "GSS-SPNEGO")]);
    check(told[2], &[("vonggac.ldap.operation", "sealed"), ("user.name", "nvan")]);
    let mut flow = self::flow();
    flow.client(&sasl(1, "SCRAM-SHA-256", b"n,,n=jdoe,r=fyko")).server(&done(1, 0x61, 14, ""));
    flow.client(&sasl(2, "SCRAM-SHA-256", b"c=biws,r=fyko,p=dHzb")).server(&done(2, 0x61, 49, ""));
    let events = flow.finish();
    let expected =
        [("user.name", "jdoe"), ("vonggac.login.method", "scram-sha-256"), ("event.outcome", "failure")];
    check(of(&events, "login")[0], &expected);
    let mut flow = self::flow();
    flow.client(&sasl(1, "PLAIN", b"\0nvan\0Hunter2!")).server(&done(1, 0x61, 0, ""));
    let events = flow.finish();
    check(of(&events, "login")[0], &[("user.name", "nvan"), ("vonggac.login.method", "plain")]);
    assert!(!format!("{events:?}").contains("Hunter2"));
}

#[test]
fn what_is_only_signed_is_read() {
    let mut flow = flow();
    flow.client(&sasl(1, "GSSAPI", b"token")).server(&done(1, 0x61, 0, ""));
    let inner = search(5, roastable(), &["member"]);
    let kerberos = [&[5, 4, 0, 0xff, 0, 12, 0, 12][..], &[0; 8], &[0xcc; 12], &inner].concat();
    let signed = [&[1, 0, 0, 0][..], &[0xcc; 12], &done(5, 0x65, 0, "")].concat();
    flow.client(&[&(kerberos.len() as u32).to_be_bytes()[..], &kerberos].concat());
    flow.server(&[&(signed.len() as u32).to_be_bytes()[..], &signed].concat());
    let events = flow.finish();
    check(&events[1], &[("vonggac.ldap.operation", "search"), ("vonggac.ldap.result_code", "success")]);
}

#[test]
fn changes_show_what_is_written() {
    let change = |kind, attribute| holding(SEQUENCE, &[choice(kind), attribute]);
    let changes = [
        change(0, attribute("msDS-KeyCredentialLink", &["B:828:0"])),
        change(1, attribute("description", &[])),
        change(2, attribute("unicodePwd", &["\"Hunter2!\""])),
    ];
    let mut flow = flow();
    let object = text("CN=web,DC=tinhuy,DC=local");
    flow.client(&message(3, holding(0x66, &[object.clone(), holding(SEQUENCE, &changes)])));
    flow.server(&done(3, 0x67, 50, "no rights"));
    let attributes = holding(SEQUENCE, &[attribute("objectClass", &["computer"])]);
    flow.client(&message(4, holding(0x68, &[object.clone(), attributes]))).server(&done(4, 0x69, 0, ""));
    flow.client(&message(5, element(0x4a, b"CN=web,DC=tinhuy,DC=local"))).server(&done(5, 0x6b, 0, ""));
    let rename = [object.clone(), text("CN=web2"), element(BOOLEAN, &[0xff]), element(0x80, b"OU=x")];
    flow.client(&message(6, holding(0x6c, &rename))).server(&done(6, 0x6d, 0, ""));
    let assertion = holding(SEQUENCE, &[text("userPassword"), text("Hunter2!")]);
    flow.client(&message(7, holding(0x6e, &[object, assertion]))).server(&done(7, 0x6f, 5, ""));
    flow.client(&message(8, element(0x50, &[3]))).client(&message(9, element(0x42, &[])));
    let events = flow.finish();
    assert!(!format!("{events:?}").contains("Hunter2"));
    let operations: Vec<&str> = events.iter().map(|event| event["vonggac.ldap.operation"].as_str()).collect();
    assert_eq!(operations, ["modify", "add", "delete", "modify_dn", "compare", "abandon", "unbind"]);
    let written = format!(
        "[add msDS-KeyCredentialLink=B:828:0, delete description, replace unicodePwd={}]",
        mask(b"\"Hunter2!\"")
    );
    check(&events[0], &[("vonggac.ldap.changes", &written), ("vonggac.ldap.result_text", "no rights")]);
    check(
        &events[0],
        &[("event.outcome", "failure"), ("vonggac.ldap.result_code", "insufficientAccessRights")],
    );
    check(&events[1], &[("vonggac.ldap.changes", "[add objectClass=computer]")]);
    check(&events[3], &[("vonggac.ldap.new_name", "CN=web2"), ("vonggac.ldap.new_superior", "OU=x")]);
    check(
        &events[4],
        &[("vonggac.ldap.result_code", "compareFalse"), ("vonggac.ldap.attributes", "[userPassword]")],
    );
}

#[test]
fn start_tls_hands_over() {
    let mut flow = flow();
    flow.client(&message(1, holding(0x77, &[element(0x80, b"1.3.6.1.4.1.1466.20037")])));
    let answer = done(1, 0x78, 0, "");
    flow.server(&answer);
    assert_eq!(flow.stopped, Some(Outcome::Handover(answer.len())));
    check(
        &flow.finish()[0],
        &[("vonggac.ldap.extension", "StartTLS"), ("vonggac.ldap.result_code", "success")],
    );
}

#[test]
fn filters_are_written_as_the_standard_does() {
    let substrings = holding(SEQUENCE, &[element(0x80, b"a(b"), element(0x81, b"c"), element(0x82, b"\xff")]);
    let extensible = [
        element(0x81, b"1.2.840.113556.1.4.803"),
        element(0x82, b"userAccountControl"),
        element(0x83, b"4194304"),
    ];
    let cases = [
        (holding(0xa4, &[text("cn"), substrings]), "(cn=a\\28b*c*\\ff)".to_owned()),
        (holding(0xa4, &[text("cn"), holding(SEQUENCE, &[element(0x81, b"x")])]), "(cn=*x*)".to_owned()),
        (holding(0xa9, &extensible), "(userAccountControl:1.2.840.113556.1.4.803:=4194304)".to_owned()),
        (holding(0xa2, &[holding(0xa5, &[text("n"), text("5")])]), "(!(n>=5))".to_owned()),
        (holding(0xa1, &[]), "(|)".to_owned()),
        (equals("userPassword", "Hunter2!"), format!("(userPassword={})", mask(b"Hunter2!"))),
    ];
    for (bytes, expected) in cases {
        assert_eq!(filter::text(&bytes), expected);
    }
    let deep = (0..60).fold(element(0x87, b"cn"), |inner, _| element(0xa2, &inner));
    assert!(filter::text(&deep).contains('…'));
    let wide: Vec<Vec<u8>> = (0..2_000).map(|_| equals("cn", "somebody")).collect();
    assert!(filter::text(&holding(0xa1, &wide)).len() < filter::TEXT_MAX + 100);
}

#[test]
fn a_domain_controller_is_looked_for_in_datagrams() {
    let mut flow = Harness::datagrams((UDP.decoder)(), 389);
    let asked = search(1, equals("DnsDomain", "tinhuy.local"), &["Netlogon"]);
    let both = [entry(1, "", &[attribute("netlogon", &["x"])]), done(1, 0x65, 0, "")].concat();
    flow.client(&asked).client(&asked).server(&both);
    let events = flow.finish();
    assert_eq!(events.len(), 1);
    check(&events[0], &[("vonggac.ldap.filter", "(DnsDomain=tinhuy.local)"), ("vonggac.ldap.entries", "1")]);
}

#[test]
fn limits_hold() {
    let mut flow = flow();
    for id in 1..=100 {
        flow.client(&search(id, roastable(), &[]));
    }
    assert_eq!(flow.anomalies(), ["ldap-many-requests"]);
    // An entry too long to be read counts all the same.
    let huge =
        [&[SEQUENCE, 0x83, 3, 0, 0, INTEGER, 1, 100, 0x64, 0x83, 2, 0xff, 0xf8][..], &vec![0; 0x3_0000 - 8]]
            .concat();
    flow.server(&huge).server(&done(100, 0x65, 4, ""));
    let events = flow.finish();
    assert_eq!(events.len(), 100);
    let last = events.iter().find(|event| event["vonggac.ldap.message_id"] == "100").expect("the last");
    check(last, &[("vonggac.ldap.entries", "1"), ("vonggac.ldap.result_code", "sizeLimitExceeded")]);
}

#[test]
fn is_recognised_by_content() {
    let probed = |bytes: &[u8]| (TCP.probe)(&Opening { direction: ToServer, bytes, ports: (50_000, 50_001) });
    let long = [
        &[SEQUENCE, 0x84, 0, 0, 0, 14, INTEGER, 1, 1, 0x60, 0x84, 0, 0, 0, 5][..],
        &[INTEGER, 1, 3, 4, 0, 0x80, 0],
    ]
    .concat();
    let abandon = message(6, element(0x50, &[5]));
    for message in [simple(1, "a", "b"), search(2, roastable(), &[]), done(1, 0x61, 0, ""), abandon, long] {
        assert_eq!(probed(&message), Verdict::Mine, "{message:02x?}");
        for cut in 0..6 {
            assert_eq!(probed(&message[..cut]), Verdict::Unsure, "{cut}");
        }
    }
    let community = holding(SEQUENCE, &[int(1), text("public"), element(0xa0, &[2, 1, 1])]);
    let version_3 = holding(SEQUENCE, &[int(3), holding(SEQUENCE, &[int(1)])]);
    let certificate = holding(SEQUENCE, &[holding(SEQUENCE, &[element(OID, &[0x2a, 3])])]);
    let noise = [SEQUENCE; 40];
    for other in [&community[..], &version_3, &certificate, &noise, b"0123456789", b"GET / HTTP/1.1\r\n"] {
        assert_eq!(probed(other), Verdict::NotMine, "{other:02x?}");
        assert_eq!(
            (UDP.probe)(&Opening { direction: ToServer, bytes: other, ports: (50_000, 389) }),
            Verdict::NotMine
        );
    }
}

#[test]
fn stands_any_split_cut_and_noise() {
    let conversation = [
        (ToServer, simple(1, "TINHUY\\nvan", "x")),
        (ToClient, done(1, 0x61, 0, "")),
        (ToServer, search(2, roastable(), &["member"])),
        (ToClient, entry(2, "CN=a", &[attribute("member", &["b", "c"])])),
        (ToClient, entry(2, "CN=b", &[attribute("member", &["b", "c"])])),
        (ToClient, done(2, 0x65, 0, "")),
        (ToServer, sasl(3, "GSS-SPNEGO", &ntlm(3))),
        (ToClient, done(3, 0x61, 0, "")),
        (
            ToServer,
            [&[0, 0, 0, 30, 1, 0, 0, 0][..], &[0; 12], &message(4, element(0x50, &[3])), &[0; 6]].concat(),
        ),
    ];
    stands(&TCP, &conversation.to_vec());
    stands(&UDP, &conversation[2..6].to_vec());
}
