//! The three messages of one log-in, made field by field after the tables of MS-NLMP: for the tests of all that carries them.

/// UTF-16 in little endian.
#[must_use]
pub fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// A fixed part with fields `(place of its description, content)` behind it.
pub fn message(kind: u8, mut fixed: Vec<u8>, fields: &[(usize, &[u8])]) -> Vec<u8> {
    fixed[..12].copy_from_slice(&[b"NTLMSSP\0".as_slice(), &[kind, 0, 0, 0]].concat());
    for (at, content) in fields {
        let length = u16::try_from(content.len()).expect("short").to_le_bytes();
        let offset = u32::try_from(fixed.len()).expect("short").to_le_bytes();
        fixed[*at..*at + 8].copy_from_slice(&[&length[..], &length, &offset].concat());
        fixed.extend_from_slice(content);
    }
    fixed
}

const VERSION: [u8; 8] = [10, 0, 0x63, 0x45, 0, 0, 0, 15];

/// The first: machine VP-07 of TINHUY.
#[must_use]
pub fn negotiate() -> Vec<u8> {
    let mut fixed = vec![0; 40];
    fixed[12..16].copy_from_slice(&0xe208_b297_u32.to_le_bytes());
    fixed[32..].copy_from_slice(&VERSION);
    message(1, fixed, &[(16, b"TINHUY"), (24, b"VP-07")])
}

fn pairs(extra: &[(u16, Vec<u8>)]) -> Vec<u8> {
    let names = ["FS01", "TINHUY", "fs01.tinhuy.local", "tinhuy.local", "tinhuy.local"];
    let order: [(u16, &str); 5] = [(2, names[1]), (1, names[0]), (4, names[3]), (3, names[2]), (5, names[4])];
    let mut pairs: Vec<(u16, Vec<u8>)> = order.iter().map(|(kind, name)| (*kind, wide(name))).collect();
    // 2026-11-02T01:00:00Z
    pairs.push((7, ((1_793_581_200 + 11_644_473_600_u64) * 10_000_000).to_le_bytes().to_vec()));
    pairs.extend_from_slice(extra);
    pairs.push((0, Vec::new()));
    let length = |value: &[u8]| u16::try_from(value.len()).expect("short").to_le_bytes();
    pairs.iter().flat_map(|(kind, v)| [&kind.to_le_bytes()[..], &length(v), v].concat()).collect()
}

/// The second: server FS01.
#[must_use]
pub fn challenge() -> Vec<u8> {
    let mut fixed = vec![0; 56];
    fixed[20..24].copy_from_slice(&0xe289_8215_u32.to_le_bytes());
    fixed[24..32].copy_from_slice(&[0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88]);
    fixed[48..].copy_from_slice(&VERSION);
    message(2, fixed, &[(12, &wide("TINHUY")), (40, &pairs(&[]))])
}

/// The third: account nvan.
#[must_use]
pub fn authenticate() -> Vec<u8> {
    let mut fixed = vec![0; 88];
    fixed[60..64].copy_from_slice(&0xe288_8215_u32.to_le_bytes());
    fixed[64..72].copy_from_slice(&VERSION);
    let mut answer = vec![0xaa; 16];
    answer.extend([1, 1, 0, 0, 0, 0, 0, 0]);
    answer.extend([0xbb; 20]);
    answer.extend(pairs(&[(6, vec![2, 0, 0, 0]), (9, wide("cifs/FS01"))]));
    let fields = [
        (28, wide("TINHUY")),
        (36, wide("nvan")),
        (44, wide("VP-07")),
        (12, vec![0; 24]),
        (20, answer),
        (52, vec![9; 16]),
    ];
    let fields: Vec<(usize, &[u8])> = fields.iter().map(|(at, content)| (*at, content.as_slice())).collect();
    message(3, fixed, &fields)
}
