//! Names of numbers: encryption types, pre-authentication types and errors as the IANA registries and RFC 4120 (§7.5.9)
//! call them, those of Windows as MS-KILE and MS-SFU do.

use std::borrow::Cow;

/// Name of an encryption type; the number for what has none.
#[must_use]
pub fn encryption(number: i64) -> Cow<'static, str> {
    Cow::Borrowed(match number {
        1 => "des-cbc-crc",
        2 => "des-cbc-md4",
        3 => "des-cbc-md5",
        5 => "des3-cbc-md5",
        7 => "des3-cbc-sha1",
        9 => "dsa-with-sha1-cms",
        10 => "md5-with-rsa-encryption-cms",
        11 => "sha1-with-rsa-encryption-cms",
        12 => "rc2-cbc-env",
        13 => "rsa-encryption-env",
        14 => "rsa-es-oaep-env",
        15 => "des-ede3-cbc-env",
        16 => "des3-cbc-sha1-kd",
        17 => "aes128-cts-hmac-sha1-96",
        18 => "aes256-cts-hmac-sha1-96",
        19 => "aes128-cts-hmac-sha256-128",
        20 => "aes256-cts-hmac-sha384-192",
        23 => "rc4-hmac",
        24 => "rc4-hmac-exp",
        25 => "camellia128-cts-cmac",
        26 => "camellia256-cts-cmac",
        -128 => "rc4-md4",
        -133 => "rc4-hmac-old",
        -135 => "rc4-hmac-old-exp",
        other => return Cow::Owned(other.to_string()),
    })
}

/// Whether an encryption type can be broken or guessed at speed: all but AES and Camellia.
#[must_use]
pub fn is_weak(number: i64) -> bool {
    !matches!(number, 17..=20 | 25 | 26)
}

/// Name of a type of pre-authentication data.
#[must_use]
pub fn preauth(number: i64) -> Cow<'static, str> {
    Cow::Borrowed(match number {
        1 => "PA-TGS-REQ",
        2 => "PA-ENC-TIMESTAMP",
        3 => "PA-PW-SALT",
        11 => "PA-ETYPE-INFO",
        14 => "PA-PK-AS-REQ-OLD",
        15 => "PA-PK-AS-REP-OLD",
        16 => "PA-PK-AS-REQ",
        17 => "PA-PK-AS-REP",
        18 => "PA-PK-OCSP-RESPONSE",
        19 => "PA-ETYPE-INFO2",
        128 => "PA-PAC-REQUEST",
        129 => "PA-FOR-USER",
        130 => "PA-FOR-X509-USER",
        133 => "PA-FX-COOKIE",
        134 => "PA-AUTHENTICATION-SET",
        135 => "PA-AUTH-SET-SELECTED",
        136 => "PA-FX-FAST",
        137 => "PA-FX-ERROR",
        138 => "PA-ENCRYPTED-CHALLENGE",
        141 => "PA-OTP-CHALLENGE",
        142 => "PA-OTP-REQUEST",
        147 => "PA-PKINIT-KX",
        149 => "PA-REQ-ENC-PA-REP",
        150 => "PA-AS-FRESHNESS",
        151 => "PA-SPAKE",
        161 => "PA-KERB-KEY-LIST-REQ",
        165 => "PA-SUPPORTED-ENCTYPES",
        167 => "PA-PAC-OPTIONS",
        170 => "PA-SUPERSEDED-BY-USER",
        other => return Cow::Owned(other.to_string()),
    })
}

/// Names of the options of a request that are set; bit 0 is the highest (RFC 4120 §5.4.1, RFC 6806, MS-SFU).
#[must_use]
pub fn options(bits: u32) -> Vec<String> {
    const NAMES: [(u32, &str); 16] = [
        (1, "forwardable"),
        (2, "forwarded"),
        (3, "proxiable"),
        (4, "proxy"),
        (5, "allow-postdate"),
        (6, "postdated"),
        (8, "renewable"),
        (11, "opt-hardware-auth"),
        (14, "cname-in-addl-tkt"),
        (15, "canonicalize"),
        (16, "request-anonymous"),
        (26, "disable-transited-check"),
        (27, "renewable-ok"),
        (28, "enc-tkt-in-skey"),
        (30, "renew"),
        (31, "validate"),
    ];
    NAMES.iter().filter(|(bit, _)| bits >> (31 - bit) & 1 == 1).map(|(_, name)| (*name).to_owned()).collect()
}

/// The bit of [`options`] that makes a TGS-REQ one of constrained delegation (S4U2Proxy).
pub const CNAME_IN_ADDITIONAL_TICKET: u32 = 1 << (31 - 14);

/// Errors by their numbers.
pub mod error {
    /// The server wants pre-authentication: how an honest log-in begins.
    pub const PREAUTH_REQUIRED: i64 = 25;
    /// The clocks differ: clients try again with the server's time.
    pub const SKEW: i64 = 37;
    /// The answer needs TCP.
    pub const RESPONSE_TOO_BIG: i64 = 52;
    /// Another realm is responsible.
    pub const WRONG_REALM: i64 = 68;
    /// Pre-authentication takes another round.
    pub const MORE_PREAUTH_DATA_REQUIRED: i64 = 91;
}

/// Name of an error.
#[must_use]
pub fn failure(number: i64) -> Cow<'static, str> {
    let known = ERRORS.iter().find(|(known, _)| *known == number);
    known.map_or_else(|| Cow::Owned(number.to_string()), |(_, name)| Cow::Borrowed(*name))
}

/// Name of a status that Windows adds to an error (MS-ERREF §2.3); hexadecimal for others.
#[must_use]
pub fn status(number: u32) -> Cow<'static, str> {
    Cow::Borrowed(match number {
        0xc000_0064 => "STATUS_NO_SUCH_USER",
        0xc000_006a => "STATUS_WRONG_PASSWORD",
        0xc000_006d => "STATUS_LOGON_FAILURE",
        0xc000_006e => "STATUS_ACCOUNT_RESTRICTION",
        0xc000_006f => "STATUS_INVALID_LOGON_HOURS",
        0xc000_0070 => "STATUS_INVALID_WORKSTATION",
        0xc000_0071 => "STATUS_PASSWORD_EXPIRED",
        0xc000_0072 => "STATUS_ACCOUNT_DISABLED",
        0xc000_00bb => "STATUS_NOT_SUPPORTED",
        0xc000_0133 => "STATUS_TIME_DIFFERENCE_AT_DC",
        0xc000_015b => "STATUS_LOGON_TYPE_NOT_GRANTED",
        0xc000_0193 => "STATUS_ACCOUNT_EXPIRED",
        0xc000_0224 => "STATUS_PASSWORD_MUST_CHANGE",
        0xc000_0234 => "STATUS_ACCOUNT_LOCKED_OUT",
        0xc000_035b => "STATUS_BAD_BINDINGS",
        other => return Cow::Owned(format!("0x{other:08x}")),
    })
}

const ERRORS: [(i64, &str); 74] = [
    (0, "KDC_ERR_NONE"),
    (1, "KDC_ERR_NAME_EXP"),
    (2, "KDC_ERR_SERVICE_EXP"),
    (3, "KDC_ERR_BAD_PVNO"),
    (4, "KDC_ERR_C_OLD_MAST_KVNO"),
    (5, "KDC_ERR_S_OLD_MAST_KVNO"),
    (6, "KDC_ERR_C_PRINCIPAL_UNKNOWN"),
    (7, "KDC_ERR_S_PRINCIPAL_UNKNOWN"),
    (8, "KDC_ERR_PRINCIPAL_NOT_UNIQUE"),
    (9, "KDC_ERR_NULL_KEY"),
    (10, "KDC_ERR_CANNOT_POSTDATE"),
    (11, "KDC_ERR_NEVER_VALID"),
    (12, "KDC_ERR_POLICY"),
    (13, "KDC_ERR_BADOPTION"),
    (14, "KDC_ERR_ETYPE_NOSUPP"),
    (15, "KDC_ERR_SUMTYPE_NOSUPP"),
    (16, "KDC_ERR_PADATA_TYPE_NOSUPP"),
    (17, "KDC_ERR_TRTYPE_NOSUPP"),
    (18, "KDC_ERR_CLIENT_REVOKED"),
    (19, "KDC_ERR_SERVICE_REVOKED"),
    (20, "KDC_ERR_TGT_REVOKED"),
    (21, "KDC_ERR_CLIENT_NOTYET"),
    (22, "KDC_ERR_SERVICE_NOTYET"),
    (23, "KDC_ERR_KEY_EXPIRED"),
    (24, "KDC_ERR_PREAUTH_FAILED"),
    (25, "KDC_ERR_PREAUTH_REQUIRED"),
    (26, "KDC_ERR_SERVER_NOMATCH"),
    (27, "KDC_ERR_MUST_USE_USER2USER"),
    (28, "KDC_ERR_PATH_NOT_ACCEPTED"),
    (29, "KDC_ERR_SVC_UNAVAILABLE"),
    (31, "KRB_AP_ERR_BAD_INTEGRITY"),
    (32, "KRB_AP_ERR_TKT_EXPIRED"),
    (33, "KRB_AP_ERR_TKT_NYV"),
    (34, "KRB_AP_ERR_REPEAT"),
    (35, "KRB_AP_ERR_NOT_US"),
    (36, "KRB_AP_ERR_BADMATCH"),
    (37, "KRB_AP_ERR_SKEW"),
    (38, "KRB_AP_ERR_BADADDR"),
    (39, "KRB_AP_ERR_BADVERSION"),
    (40, "KRB_AP_ERR_MSG_TYPE"),
    (41, "KRB_AP_ERR_MODIFIED"),
    (42, "KRB_AP_ERR_BADORDER"),
    (44, "KRB_AP_ERR_BADKEYVER"),
    (45, "KRB_AP_ERR_NOKEY"),
    (46, "KRB_AP_ERR_MUT_FAIL"),
    (47, "KRB_AP_ERR_BADDIRECTION"),
    (48, "KRB_AP_ERR_METHOD"),
    (49, "KRB_AP_ERR_BADSEQ"),
    (50, "KRB_AP_ERR_INAPP_CKSUM"),
    (51, "KRB_AP_PATH_NOT_ACCEPTED"),
    (52, "KRB_ERR_RESPONSE_TOO_BIG"),
    (60, "KRB_ERR_GENERIC"),
    (61, "KRB_ERR_FIELD_TOOLONG"),
    (62, "KDC_ERR_CLIENT_NOT_TRUSTED"),
    (63, "KDC_ERR_KDC_NOT_TRUSTED"),
    (64, "KDC_ERR_INVALID_SIG"),
    (65, "KDC_ERR_KEY_TOO_WEAK"),
    (66, "KDC_ERR_CERTIFICATE_MISMATCH"),
    (67, "KRB_AP_ERR_NO_TGT"),
    (68, "KDC_ERR_WRONG_REALM"),
    (69, "KRB_AP_ERR_USER_TO_USER_REQUIRED"),
    (70, "KDC_ERR_CANT_VERIFY_CERTIFICATE"),
    (71, "KDC_ERR_INVALID_CERTIFICATE"),
    (72, "KDC_ERR_REVOKED_CERTIFICATE"),
    (73, "KDC_ERR_REVOCATION_STATUS_UNKNOWN"),
    (74, "KDC_ERR_REVOCATION_STATUS_UNAVAILABLE"),
    (75, "KDC_ERR_CLIENT_NAME_MISMATCH"),
    (76, "KDC_ERR_KDC_NAME_MISMATCH"),
    (77, "KDC_ERR_INCONSISTENT_KEY_PURPOSE"),
    (78, "KDC_ERR_DIGEST_IN_CERT_NOT_ACCEPTED"),
    (90, "KDC_ERR_PREAUTH_EXPIRED"),
    (91, "KDC_ERR_MORE_PREAUTH_DATA_REQUIRED"),
    (92, "KDC_ERR_PREAUTH_BAD_AUTHENTICATION_SET"),
    (93, "KDC_ERR_UNKNOWN_CRITICAL_FAST_OPTIONS"),
];
