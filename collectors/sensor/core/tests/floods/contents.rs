//! What floods carry.

use std::io::Write;

/// A question about a name that was never asked before.
pub fn question(number: u32) -> Vec<u8> {
    let label = format!("{:08x}{number:08x}", number.wrapping_mul(2_654_435_761));
    let id = (number as u16).to_be_bytes();
    let head = [&id[..], b"\x01\0\0\x01\0\0\0\0\0\0\x10"].concat();
    [&head[..], label.as_bytes(), b"\x07example\0\0\x01\0\x01"].concat()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// 64 MiB of zeros in Brotli.
const BROTLI: &[u8] =
    b"\xcb\xff\xff\x3f\xf8\x27\x00\xe2\xb1\x40\x20\xf7\xfe\x8f\xff\xff\x7f\xf0\x4f\x00\xc4\x61\x11\x80\xee\xfd\x1f\xff\xff\xff\
      \xe0\x9f\x00\x88\xc3\x02\x00\xdd\xfb\x3f\xfe\xff\xff\xc1\x3f\x01\x10\x87\x05\x00\xba\xf7\x7f\xfc\xff\xff\x83\x7f\x02\
      \x20\x0e\x0b\x00\x74\xef\xff\xf8\xff\xff\x07\xff\x04\x40\x1c\x16\x00\xe8\xde\xff\xf1\xff\xff\x0f\xfe\x09\x80\x38\x2c\
      \x00\xd0\xbd\xff\xcb\xff\xff\x3f\xfc\x13\x00\x71\x58\x00\xa0\x7b\xff\x07";

/// Small bodies that become `size` bytes (the last one 64 MiB), by their content codings.
pub fn bombs(size: usize) -> Vec<(&'static str, Vec<u8>)> {
    let zeros = vec![0; size];
    let once = gzip(&zeros);
    let twice = gzip(&once);
    let zstd = zstd::encode_all(&zeros[..], 1).unwrap();
    vec![
        ("gzip, gzip, gzip", gzip(&twice)),
        ("gzip, gzip", twice),
        ("zstd, gzip", gzip(&zstd)),
        ("zstd", zstd),
        ("gzip", once),
        ("br, gzip", gzip(BROTLI)),
        ("br", BROTLI.to_vec()),
    ]
}

/// One message of SMB2 with this many echo requests.
pub fn compound(commands: usize, first: u64) -> Vec<u8> {
    let mut message = Vec::new();
    for number in 0..commands {
        let mut header = [0_u8; 72];
        header[..6].copy_from_slice(b"\xfeSMB\x40\0");
        header[12] = 13;
        if number + 1 < commands {
            header[20] = 72;
        }
        header[24..32].copy_from_slice(&(first + number as u64).to_le_bytes());
        header[64] = 4;
        message.extend(header);
    }
    [&u32::try_from(message.len()).unwrap().to_be_bytes()[..], &message].concat()
}

fn records(message: &[u8]) -> Vec<u8> {
    let length = |piece: &[u8]| u16::try_from(piece.len()).unwrap().to_be_bytes();
    message.chunks(16_000).flat_map(|piece| [&[22, 3, 3], &length(piece)[..], piece].concat()).collect()
}

fn handshake(kind: u8, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len()).unwrap().to_be_bytes();
    [&[kind], &length[1..], body].concat()
}

/// An opening of TLS 1.2, and an answer with about `size` bytes of certificates.
pub fn chain(size: usize) -> (Vec<u8>, Vec<u8>) {
    let random = [7_u8; 32];
    let client = [&[3, 3][..], &random, b"\0\0\x02\xc0\x2f\x01\0"].concat();
    let server = [&[3, 3][..], &random, b"\0\xc0\x2f\0"].concat();
    let certificate = [&[0, 0x03, 0xe8, 0x30, 0x82, 0x03, 0xe4][..], &[5; 996]].concat();
    let list = certificate.repeat(size / certificate.len());
    let length = u32::try_from(list.len()).unwrap().to_be_bytes();
    let chain = handshake(11, &[&length[1..], &list].concat());
    (records(&handshake(1, &client)), [records(&handshake(2, &server)), records(&chain)].concat())
}

/// A letter with this many attachments.
pub fn letter(parts: usize) -> Vec<u8> {
    let mut letter =
        b"Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n".to_vec();
    for number in 0..parts {
        letter.extend(
            format!(
                "--b\r\nContent-Type: application/zip; name=f{number}.zip\r\n\
                 Content-Transfer-Encoding: base64\r\n\r\nUEsDBAoAAAAAAA==\r\n"
            )
            .bytes(),
        );
    }
    letter.extend(b"--b--\r\n.\r\n");
    letter
}
