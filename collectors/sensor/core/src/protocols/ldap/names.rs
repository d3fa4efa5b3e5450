//! Names of numbers and object identifiers (RFC 4511 and those it refers to; MS-ADTS §3.1.1.3.4 for Active Directory).

use std::borrow::Cow;

/// Name of a result.
#[must_use]
pub fn result(code: i64) -> Cow<'static, str> {
    Cow::Borrowed(match code {
        0 => "success",
        1 => "operationsError",
        2 => "protocolError",
        3 => "timeLimitExceeded",
        4 => "sizeLimitExceeded",
        5 => "compareFalse",
        6 => "compareTrue",
        7 => "authMethodNotSupported",
        8 => "strongerAuthRequired",
        9 => "partialResults",
        10 => "referral",
        11 => "adminLimitExceeded",
        12 => "unavailableCriticalExtension",
        13 => "confidentialityRequired",
        14 => "saslBindInProgress",
        16 => "noSuchAttribute",
        17 => "undefinedAttributeType",
        18 => "inappropriateMatching",
        19 => "constraintViolation",
        20 => "attributeOrValueExists",
        21 => "invalidAttributeSyntax",
        32 => "noSuchObject",
        33 => "aliasProblem",
        34 => "invalidDNSyntax",
        35 => "isLeaf",
        36 => "aliasDereferencingProblem",
        48 => "inappropriateAuthentication",
        49 => "invalidCredentials",
        50 => "insufficientAccessRights",
        51 => "busy",
        52 => "unavailable",
        53 => "unwillingToPerform",
        54 => "loopDetect",
        64 => "namingViolation",
        65 => "objectClassViolation",
        66 => "notAllowedOnNonLeaf",
        67 => "notAllowedOnRDN",
        68 => "entryAlreadyExists",
        69 => "objectClassModsProhibited",
        71 => "affectsMultipleDSAs",
        80 => "other",
        118 => "canceled",
        119 => "noSuchOperation",
        120 => "tooLate",
        121 => "cannotCancel",
        other => return Cow::Owned(other.to_string()),
    })
}

/// Codes of results that decoders act on.
pub mod code {
    /// Done.
    pub const SUCCESS: i64 = 0;
    /// The answer to a comparison: no.
    pub const COMPARE_FALSE: i64 = 5;
    /// The answer to a comparison: yes.
    pub const COMPARE_TRUE: i64 = 6;
    /// Another server knows.
    pub const REFERRAL: i64 = 10;
    /// A log-in takes another round.
    pub const SASL_BIND_IN_PROGRESS: i64 = 14;
}

/// Scope of a search.
#[must_use]
pub fn scope(number: i64) -> Option<&'static str> {
    Some(match number {
        0 => "base",
        1 => "one",
        2 => "sub",
        3 => "children",
        _ => return None,
    })
}

/// When aliases are followed.
#[must_use]
pub fn dereference(number: i64) -> Option<&'static str> {
    Some(match number {
        0 => "never",
        1 => "searching",
        2 => "finding",
        3 => "always",
        _ => return None,
    })
}

/// Operation of one change.
#[must_use]
pub fn change(number: i64) -> &'static str {
    match number {
        0 => "add ",
        1 => "delete ",
        2 => "replace ",
        3 => "increment ",
        _ => "unknown ",
    }
}

/// Name of an extended operation; the identifier for what has none.
#[must_use]
pub fn extension(oid: &str) -> &str {
    match oid {
        START_TLS => "StartTLS",
        "1.3.6.1.4.1.1466.20036" => "notice-of-disconnection",
        "1.3.6.1.4.1.4203.1.11.1" => "password-modify",
        "1.3.6.1.4.1.4203.1.11.3" => "who-am-i",
        "1.3.6.1.1.8" => "cancel",
        "1.2.840.113556.1.4.1781" => "fast-bind",
        other => other,
    }
}

/// TLS from here on (RFC 4511 §4.14).
pub const START_TLS: &str = "1.3.6.1.4.1.1466.20037";

/// Name of a control; the identifier for what has none.
#[must_use]
pub fn control(oid: &str) -> &str {
    match oid {
        "1.2.840.113556.1.4.319" => "paged-results",
        "1.2.840.113556.1.4.417" => "show-deleted",
        "1.2.840.113556.1.4.473" => "server-sort",
        "1.2.840.113556.1.4.528" => "notification",
        "1.2.840.113556.1.4.529" => "extended-dn",
        "1.2.840.113556.1.4.619" => "lazy-commit",
        "1.2.840.113556.1.4.801" => "sd-flags",
        "1.2.840.113556.1.4.805" => "tree-delete",
        "1.2.840.113556.1.4.841" => "dirsync",
        "1.2.840.113556.1.4.1338" => "verify-name",
        "1.2.840.113556.1.4.1339" => "domain-scope",
        "1.2.840.113556.1.4.1340" => "search-options",
        "1.2.840.113556.1.4.1413" => "permissive-modify",
        "1.2.840.113556.1.4.1504" => "attribute-scoped-query",
        "1.2.840.113556.1.4.2064" => "show-recycled",
        "1.2.840.113556.1.4.2065" => "show-deactivated-links",
        "1.2.840.113556.1.4.2239" => "policy-hints",
        "2.16.840.1.113730.3.4.2" => "manage-dsa-it",
        "2.16.840.1.113730.3.4.9" => "virtual-list-view",
        "2.16.840.1.113730.3.4.18" => "proxied-authorization",
        "1.3.6.1.4.1.4203.1.9.1.1" => "content-sync",
        "1.3.6.1.4.1.42.2.27.8.5.1" => "password-policy",
        other => other,
    }
}
