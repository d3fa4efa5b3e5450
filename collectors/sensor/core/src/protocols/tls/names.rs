//! Names of versions, groups and alerts (IANA registry "Transport Layer Security (TLS) Parameters"), and GREASE.

use std::borrow::Cow;

/// SSL 2.0, which has records of its own.
pub const SSL_2: u16 = 0x0002;
/// TLS 1.3.
pub const TLS_1_3: u16 = 0x0304;
/// TLS 1.3 before its sixteenth draft, when drafts had no numbers on the wire.
pub const TLS_1_3_EARLY: u16 = 0x7f00;

/// Values that clients sprinkle in so that servers stay tolerant (RFC 8701): random, so no part of a fingerprint.
#[must_use]
pub fn is_grease(value: u16) -> bool {
    let [high, low] = value.to_be_bytes();
    high == low && low & 0x0f == 0x0a
}

/// Is this TLS 1.3, DTLS 1.3 or one of its drafts (0x7fNN)?
#[must_use]
pub fn is_1_3(version: u16) -> bool {
    matches!(version, TLS_1_3 | 0xfefc) || version >> 8 == 0x7f
}

/// `1.2`, `SSLv3`, `1.3-draft18`; hexadecimal for what never was a version.
#[must_use]
pub fn version(number: u16) -> Cow<'static, str> {
    Cow::Borrowed(match number {
        SSL_2 => "SSLv2",
        0x0300 => "SSLv3",
        0x0301 => "1.0",
        0x0302 => "1.1",
        0x0303 => "1.2",
        TLS_1_3 => "1.3",
        TLS_1_3_EARLY => "1.3-draft<16",
        0xfeff => "DTLS 1.0",
        0xfefd => "DTLS 1.2",
        0xfefc => "DTLS 1.3",
        0x7f01..=0x7fff => return Cow::Owned(format!("1.3-draft{}", number & 0xff)),
        _ => return Cow::Owned(format!("0x{number:04x}")),
    })
}

/// Named groups; hexadecimal for what has no name.
#[must_use]
pub fn group(number: u16) -> Cow<'static, str> {
    Cow::Borrowed(match number {
        1 => "sect163k1",
        2 => "sect163r1",
        3 => "sect163r2",
        4 => "sect193r1",
        5 => "sect193r2",
        6 => "sect233k1",
        7 => "sect233r1",
        8 => "sect239k1",
        9 => "sect283k1",
        10 => "sect283r1",
        11 => "sect409k1",
        12 => "sect409r1",
        13 => "sect571k1",
        14 => "sect571r1",
        15 => "secp160k1",
        16 => "secp160r1",
        17 => "secp160r2",
        18 => "secp192k1",
        19 => "secp192r1",
        20 => "secp224k1",
        21 => "secp224r1",
        22 => "secp256k1",
        23 => "secp256r1",
        24 => "secp384r1",
        25 => "secp521r1",
        26 => "brainpoolP256r1",
        27 => "brainpoolP384r1",
        28 => "brainpoolP512r1",
        29 => "x25519",
        30 => "x448",
        31 => "brainpoolP256r1tls13",
        32 => "brainpoolP384r1tls13",
        33 => "brainpoolP512r1tls13",
        34 => "GC256A",
        35 => "GC256B",
        36 => "GC256C",
        37 => "GC256D",
        38 => "GC512A",
        39 => "GC512B",
        40 => "GC512C",
        41 => "curveSM2",
        256 => "ffdhe2048",
        257 => "ffdhe3072",
        258 => "ffdhe4096",
        259 => "ffdhe6144",
        260 => "ffdhe8192",
        512 => "MLKEM512",
        513 => "MLKEM768",
        514 => "MLKEM1024",
        4587 => "SecP256r1MLKEM768",
        4588 => "X25519MLKEM768",
        4589 => "SecP384r1MLKEM1024",
        25497 => "X25519Kyber768Draft00",
        25498 => "SecP256r1Kyber768Draft00",
        _ => return Cow::Owned(format!("0x{number:04x}")),
    })
}

/// Descriptions of alerts; the number for what has no name.
#[must_use]
pub fn alert(number: u8) -> Cow<'static, str> {
    Cow::Borrowed(match number {
        0 => "close_notify",
        10 => "unexpected_message",
        20 => "bad_record_mac",
        21 => "decryption_failed",
        22 => "record_overflow",
        30 => "decompression_failure",
        40 => "handshake_failure",
        41 => "no_certificate",
        42 => "bad_certificate",
        43 => "unsupported_certificate",
        44 => "certificate_revoked",
        45 => "certificate_expired",
        46 => "certificate_unknown",
        47 => "illegal_parameter",
        48 => "unknown_ca",
        49 => "access_denied",
        50 => "decode_error",
        51 => "decrypt_error",
        52 => "too_many_cids_requested",
        60 => "export_restriction",
        70 => "protocol_version",
        71 => "insufficient_security",
        80 => "internal_error",
        86 => "inappropriate_fallback",
        90 => "user_canceled",
        100 => "no_renegotiation",
        109 => "missing_extension",
        110 => "unsupported_extension",
        111 => "certificate_unobtainable",
        112 => "unrecognized_name",
        113 => "bad_certificate_status_response",
        114 => "bad_certificate_hash_value",
        115 => "unknown_psk_identity",
        116 => "certificate_required",
        120 => "no_application_protocol",
        121 => "ech_required",
        _ => return Cow::Owned(number.to_string()),
    })
}
