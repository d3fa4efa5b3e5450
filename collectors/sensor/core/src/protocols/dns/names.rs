//! Names of numbers, from the IANA registry "Domain Name System (DNS) Parameters".

use std::borrow::Cow;
use std::sync::LazyLock;

/// Record types.
const TYPES: &[(u16, &str)] = &[
    (1, "A"),
    (2, "NS"),
    (3, "MD"),
    (4, "MF"),
    (5, "CNAME"),
    (6, "SOA"),
    (7, "MB"),
    (8, "MG"),
    (9, "MR"),
    (10, "NULL"),
    (11, "WKS"),
    (12, "PTR"),
    (13, "HINFO"),
    (14, "MINFO"),
    (15, "MX"),
    (16, "TXT"),
    (17, "RP"),
    (18, "AFSDB"),
    (19, "X25"),
    (20, "ISDN"),
    (21, "RT"),
    (22, "NSAP"),
    (23, "NSAP-PTR"),
    (24, "SIG"),
    (25, "KEY"),
    (26, "PX"),
    (27, "GPOS"),
    (28, "AAAA"),
    (29, "LOC"),
    (30, "NXT"),
    (31, "EID"),
    (32, "NIMLOC"),
    (33, "SRV"),
    (34, "ATMA"),
    (35, "NAPTR"),
    (36, "KX"),
    (37, "CERT"),
    (38, "A6"),
    (39, "DNAME"),
    (40, "SINK"),
    (41, "OPT"),
    (42, "APL"),
    (43, "DS"),
    (44, "SSHFP"),
    (45, "IPSECKEY"),
    (46, "RRSIG"),
    (47, "NSEC"),
    (48, "DNSKEY"),
    (49, "DHCID"),
    (50, "NSEC3"),
    (51, "NSEC3PARAM"),
    (52, "TLSA"),
    (53, "SMIMEA"),
    (55, "HIP"),
    (56, "NINFO"),
    (57, "RKEY"),
    (58, "TALINK"),
    (59, "CDS"),
    (60, "CDNSKEY"),
    (61, "OPENPGPKEY"),
    (62, "CSYNC"),
    (63, "ZONEMD"),
    (64, "SVCB"),
    (65, "HTTPS"),
    (99, "SPF"),
    (100, "UINFO"),
    (101, "UID"),
    (102, "GID"),
    (103, "UNSPEC"),
    (104, "NID"),
    (105, "L32"),
    (106, "L64"),
    (107, "LP"),
    (108, "EUI48"),
    (109, "EUI64"),
    (249, "TKEY"),
    (250, "TSIG"),
    (251, "IXFR"),
    (252, "AXFR"),
    (253, "MAILB"),
    (254, "MAILA"),
    (255, "ANY"),
    (256, "URI"),
    (257, "CAA"),
    (258, "AVC"),
    (259, "DOA"),
    (260, "AMTRELAY"),
    (32768, "TA"),
    (32769, "DLV"),
];

const CLASSES: &[(u16, &str)] = &[(1, "IN"), (3, "CH"), (4, "HS"), (254, "NONE"), (255, "ANY")];

const OPCODES: &[(u16, &str)] =
    &[(0, "QUERY"), (1, "IQUERY"), (2, "STATUS"), (4, "NOTIFY"), (5, "UPDATE"), (6, "DSO")];

const RESPONSE_CODES: &[(u16, &str)] = &[
    (0, "NOERROR"),
    (1, "FORMERR"),
    (2, "SERVFAIL"),
    (3, "NXDOMAIN"),
    (4, "NOTIMP"),
    (5, "REFUSED"),
    (6, "YXDOMAIN"),
    (7, "YXRRSET"),
    (8, "NXRRSET"),
    (9, "NOTAUTH"),
    (10, "NOTZONE"),
    (11, "DSOTYPENI"),
    (16, "BADVERS"),
    (17, "BADKEY"),
    (18, "BADTIME"),
    (19, "BADMODE"),
    (20, "BADNAME"),
    (21, "BADALG"),
    (22, "BADTRUNC"),
    (23, "BADCOOKIE"),
];

/// The bits of the header that an event tells.
const FLAGS: [(u16, &str); 6] =
    [(0x0400, "AA"), (0x0200, "TC"), (0x0100, "RD"), (0x0080, "RA"), (0x0020, "AD"), (0x0010, "CD")];

fn look_up(table: &'static [(u16, &'static str)], number: u16, prefix: &str) -> Cow<'static, str> {
    match table.binary_search_by_key(&number, |(key, _)| *key) {
        Ok(found) => Cow::Borrowed(table[found].1),
        Err(_) => Cow::Owned(format!("{prefix}{number}")),
    }
}

/// `A`, `MX`, …; `TYPE65399` for what has no name (RFC 3597).
#[must_use]
pub fn kind(number: u16) -> Cow<'static, str> {
    look_up(TYPES, number, "TYPE")
}

/// `IN`, …; `CLASS42` for what has no name.
#[must_use]
pub fn class(number: u16) -> Cow<'static, str> {
    look_up(CLASSES, number, "CLASS")
}

/// `QUERY`, …; `OPCODE7` for what has no name.
#[must_use]
pub fn opcode(number: u16) -> Cow<'static, str> {
    look_up(OPCODES, number, "OPCODE")
}

/// `NOERROR`, …; `RCODE99` for what has no name.
#[must_use]
pub fn response_code(number: u16) -> Cow<'static, str> {
    look_up(RESPONSE_CODES, number, "RCODE")
}

/// `AA`, `TC`, `RD`, `RA`, `AD`, `CD`: those that are set.
#[must_use]
pub fn flags(bits: u16) -> &'static [String] {
    /// Every combination, by a number with one bit for each flag.
    static LISTS: LazyLock<Vec<Vec<String>>> = LazyLock::new(|| {
        let chosen = |set: usize| move |(place, _): &(usize, &(u16, &str))| set >> place & 1 != 0;
        let list =
            |set: usize| FLAGS.iter().enumerate().filter(chosen(set)).map(|(_, flag)| flag.1.to_owned());
        (0..1 << FLAGS.len()).map(|set| list(set).collect()).collect()
    });
    let set = FLAGS
        .iter()
        .enumerate()
        .map(|(place, (bit, _))| usize::from(bits & bit != 0) << place)
        .sum::<usize>();
    LISTS.get(set).map_or(&[], Vec::as_slice)
}
