//! Compressed captures, recognised by their first bytes. Decompression is streamed: a bomb costs time, never memory.

use std::io::{self, BufReader, Cursor, Read};

use flate2::read::MultiGzDecoder;
use zstd::stream::read::Decoder as ZstdDecoder;

const GZIP: [u8; 2] = [0x1f, 0x8b];
const ZSTD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// Largest zstd window, as a power of two: what `zstd` itself takes without being told more. Bounds memory to 128 MiB.
const ZSTD_WINDOW_LOG: u32 = 27;

/// Compressed bytes are read in such pieces.
const PIECE: usize = 128 << 10;

/// `reader` without its compression, if it has any.
pub(super) fn decompressed(mut reader: Box<dyn Read + Send>) -> io::Result<Box<dyn Read + Send>> {
    let head = first_bytes(&mut reader, ZSTD.len())?;
    let (gzip, zstd) = (head.starts_with(&GZIP), head.starts_with(&ZSTD));
    let whole = Cursor::new(head).chain(reader);
    if gzip {
        return Ok(Box::new(MultiGzDecoder::new(BufReader::with_capacity(PIECE, whole))));
    }
    if zstd {
        let mut decoder = ZstdDecoder::with_buffer(BufReader::with_capacity(PIECE, whole))?;
        decoder.window_log_max(ZSTD_WINDOW_LOG)?;
        return Ok(Box::new(decoder));
    }
    Ok(Box::new(whole))
}

fn first_bytes(reader: &mut dyn Read, count: usize) -> io::Result<Vec<u8>> {
    let mut head = vec![0; count];
    let mut filled = 0;
    while filled < count {
        match reader.read(&mut head[filled..])? {
            0 => break,
            got => filled += got,
        }
    }
    head.truncate(filled);
    Ok(head)
}
