use proptest::prelude::*;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, IsCa, KeyPair, SanType, SerialNumber, date_time_ymd,
};
use x509_parser::prelude::{FromDer, GeneralName, X509Certificate};

use super::{ALTERNATIVE_NAMES_MAX, Certificate, names};
use crate::asn1;
use crate::time::Micros;

fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).expect("short").to_be_bytes();
    [&[tag, 0x84], length.as_slice(), content].concat()
}

fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    element(asn1::SEQUENCE, &parts.concat())
}

const CN: [u8; 3] = [0x55, 4, 3];
const RSA: [u8; 9] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];
const MD5_WITH_RSA: [u8; 9] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 4];

fn name(tag: u8, text: &[u8]) -> Vec<u8> {
    sequence(&[element(asn1::SET, &sequence(&[element(asn1::OID, &CN), element(tag, text)]))])
}

/// A certificate that no honest library would write.
fn crafted(subject: Vec<u8>, validity: &[Vec<u8>], key: Vec<u8>) -> Vec<u8> {
    let algorithm = sequence(&[element(asn1::OID, &MD5_WITH_RSA), vec![5, 0]]);
    let body = sequence(&[
        element(asn1::INTEGER, &[0, 0x82, 0x64]),
        algorithm.clone(),
        name(12, b"issuer"),
        sequence(validity),
        subject,
        key,
    ]);
    sequence(&[body, algorithm, element(asn1::BIT_STRING, &[0, 1])])
}

fn rsa_key(bits: usize) -> Vec<u8> {
    let mut modulus = vec![0; bits / 8 + 1];
    modulus[1] = 0x80;
    let key = sequence(&[element(asn1::INTEGER, &modulus), element(asn1::INTEGER, &[1, 0, 1])]);
    let info = sequence(&[element(asn1::OID, &RSA), vec![5, 0]]);
    sequence(&[info, element(asn1::BIT_STRING, &[&[0], key.as_slice()].concat())])
}

fn utc(text: &str) -> Vec<u8> {
    element(0x17, text.as_bytes())
}

#[test]
fn reads_what_strict_libraries_refuse() {
    let bytes = crafted(
        name(12, b"www.bank.example\0.evil.example"),
        &[utc("not a date"), utc("200230000000Z")],
        rsa_key(1024),
    );
    assert!(X509Certificate::from_der(&bytes).is_err(), "the oracle refuses it whole");
    let certificate = Certificate::read(&bytes);
    assert_eq!(certificate.defects, ["x509-bad-validity"]);
    assert_eq!(certificate.version, Some(1));
    assert_eq!(certificate.serial.as_deref(), Some("8264"));
    assert_eq!(certificate.subject.common_name.as_deref(), Some("www.bank.example\\x00.evil.example"));
    assert_eq!(certificate.issuer.distinguished_name.as_deref(), Some("CN=issuer"));
    assert_eq!((certificate.not_before, certificate.not_after), (None, None));
    assert_eq!(certificate.signature_algorithm.as_deref(), Some("md5WithRSAEncryption"));
    assert_eq!((certificate.key_algorithm.as_deref(), certificate.key_size), (Some("RSA"), Some(1024)));
    assert!(!certificate.self_signed);
}

#[test]
fn reads_every_string_type_and_odd_keys() {
    let cases: [(u8, &[u8], &str); 6] = [
        (12, "Tỉnh ủy".as_bytes(), "Tỉnh ủy"),
        (0x13, b"plain", "plain"),
        (0x14, b"caf\xe9", "café"),
        (0x1e, &[0x1e, 0xc9, 0, b'x'], "ỉx"),
        (0x1c, &[0, 0, 0x1e, 0xc9], "ỉ"),
        (0x16, b"\xff", "\\xff"),
    ];
    for (tag, bytes, text) in cases {
        assert_eq!(asn1::text(tag, bytes), text);
    }
    let odd =
        sequence(&[sequence(&[element(asn1::OID, &[0x2a, 3, 4])]), element(asn1::BIT_STRING, &[0; 33])]);
    let certificate =
        Certificate::read(&crafted(name(12, b"issuer"), &[utc("200101000000Z"), utc("210101000000Z")], odd));
    assert_eq!((certificate.key_algorithm.as_deref(), certificate.key_size), (Some("1.2.3.4"), Some(256)));
    assert!(certificate.self_signed && certificate.defects.is_empty());
    assert_eq!(names::signature("1.3.101.112"), "Ed25519");
}

#[test]
fn reads_every_form_of_time() {
    let utc = |text: &str| asn1::time(0x17, text.as_bytes()).map(|t| t.0 / 1_000_000);
    let general = |text: &str| asn1::time(0x18, text.as_bytes()).map(|t| t.0 / 1_000_000);
    assert_eq!(utc("700101000000Z"), Some(0));
    assert_eq!(utc("491231235959Z"), Some(2_524_607_999));
    assert_eq!(utc("500101000000Z"), Some(-631_152_000));
    assert_eq!(utc("000229120000Z"), Some(951_825_600));
    assert_eq!(utc("7001010000Z"), Some(0), "without seconds");
    assert_eq!(utc("700101070000+0700"), Some(0));
    assert_eq!(general("19700101000000.5Z"), Some(0));
    assert_eq!(general("99991231235959Z"), Some(253_402_300_799));
    for broken in [
        "",
        "7",
        "010229000000Z",
        "701301000000Z",
        "700101240000Z",
        "70010100000Z",
        "7001010000000000Z",
        "700101000000X",
    ] {
        assert_eq!(utc(broken), None, "{broken}");
    }
    assert_eq!(general("00000101000000Z"), None);
    assert_eq!(asn1::time(12, b"700101000000Z"), None);
}

#[test]
fn alternative_names_are_bounded() {
    let names: Vec<String> = (0..ALTERNATIVE_NAMES_MAX + 9).map(|i| format!("h{i}.example")).collect();
    let bytes = rcgen::generate_simple_self_signed(names).expect("a certificate").cert.der().to_vec();
    assert_eq!(Certificate::read(&bytes).alternative_names.len(), ALTERNATIVE_NAMES_MAX);
}

fn agree(bytes: &[u8]) {
    let ours = Certificate::read(bytes);
    let (_, theirs) = X509Certificate::from_der(bytes).expect("a certificate");
    assert!(ours.defects.is_empty(), "{:?}", ours.defects);
    assert_eq!(ours.version, Some(u64::from(theirs.version().0) + 1));
    assert_eq!(ours.subject.distinguished_name.as_deref().unwrap_or_default(), theirs.subject().to_string());
    assert_eq!(ours.issuer.distinguished_name.as_deref().unwrap_or_default(), theirs.issuer().to_string());
    let micros = |time: x509_parser::time::ASN1Time| Some(Micros(time.timestamp() * 1_000_000));
    assert_eq!(ours.not_before, micros(theirs.validity().not_before));
    assert_eq!(ours.not_after, micros(theirs.validity().not_after));
    let serial = theirs.raw_serial_as_string().replace(':', "").to_ascii_uppercase();
    let unsigned = serial.strip_prefix("00").filter(|rest| !rest.is_empty()).unwrap_or(&serial);
    assert_eq!(ours.serial.as_deref(), Some(unsigned));
    let names = theirs.subject_alternative_name().expect("readable").map_or(0, |san| {
        san.value.general_names.iter().filter(|n| !matches!(n, GeneralName::DirectoryName(_))).count()
    });
    assert_eq!(ours.alternative_names.len(), names);
    let size = theirs.public_key().parsed().expect("a key").key_size();
    if ours.key_algorithm.as_deref() == Some("EC") {
        assert_eq!(ours.key_size, i64::try_from(size).ok());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn agrees_with_another_implementation(
        common in "[ -~]{1,30}",
        organization in "\\PC{1,20}",
        hosts in proptest::collection::vec("[a-z]{1,10}\\.example", 0..6),
        serial in proptest::collection::vec(any::<u8>(), 1..20),
        years in (1951..2100_i32, 1951..2100_i32),
        algorithm in 0..3_usize,
    ) {
        let algorithm = [&rcgen::PKCS_ECDSA_P256_SHA256, &rcgen::PKCS_ECDSA_P384_SHA384, &rcgen::PKCS_ED25519][algorithm];
        let key = KeyPair::generate_for(algorithm).expect("a key");
        let mut params = CertificateParams::new(hosts).expect("names");
        params.distinguished_name.push(DnType::CommonName, common);
        params.distinguished_name.push(DnType::OrganizationName, organization);
        params.serial_number = Some(SerialNumber::from(serial));
        params.subject_alt_names.push(SanType::IpAddress([192, 0, 2, 1].into()));
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.not_before = date_time_ymd(years.0.min(years.1), 2, 28);
        params.not_after = date_time_ymd(years.0.max(years.1), 12, 31);
        agree(params.self_signed(&key).expect("a certificate").der());
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let certificate = Certificate::read(&element(asn1::SEQUENCE, &element(asn1::SEQUENCE, &bytes)));
        prop_assert_eq!(certificate.sha256.len(), 64);
        let _ = asn1::time(0x17, &bytes);
        let _ = asn1::time(0x18, &bytes);
    }

    #[test]
    fn damaged_certificates_never_panic(at: prop::sample::Index, value: u8) {
        let mut bytes = rcgen::generate_simple_self_signed(vec!["a.example".to_owned()]).expect("a certificate").cert.der().to_vec();
        let at = at.index(bytes.len());
        bytes[at] = value;
        prop_assert_eq!(Certificate::read(&bytes).sha1.len(), 40);
    }
}
