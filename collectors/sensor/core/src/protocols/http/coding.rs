//! Content-Encoding undone: gzip, deflate and brotli in up to three layers, within bounds against bombs.
//!
//! What the header says and what the body is may differ, and browsers go by what works: a layer that the bytes do not
//! bear out lets them through as they are.

use brotli_decompressor::{BrotliDecompressStream, BrotliResult, BrotliState, StandardAlloc};
use flate2::{Decompress, FlushDecompress, Status};

/// Layers undone; browsers stop at about as many.
pub(super) const LAYERS_MAX: usize = 3;
/// Bytes that one layer may give: far above the limit of files.
pub(super) const DECODED_MAX: u64 = 64 << 20;
/// Bytes that one layer may give for one that it gets, once it has given [`FREE`]: real pages stay below 100, bombs
/// reach 1,000.
const RATIO_MAX: u64 = 250;
const FREE: u64 = 4 << 20;
/// The bounds are looked at whenever so much more was given, so that any split of the input is cut at the same byte.
const STEP: u64 = 1 << 20;
/// Bytes held back until a layer has proved itself by giving something.
const HELD_MAX: usize = 65_536;
const OUTPUT: usize = 16_384;

type Brotli = BrotliState<StandardAlloc, StandardAlloc, StandardAlloc>;

enum Codec {
    /// Waits for the gzip header.
    Gzip,
    /// Waits for the byte or two that tell zlib from raw deflate.
    Deflate,
    Inflate(Box<Decompress>),
    /// With the bytes taken so far.
    Brotli(Box<Brotli>, u64),
    /// Lets everything through.
    Through,
    /// Ended, or broken: what follows means nothing.
    Ended,
}

/// What went wrong while decoding.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Trouble {
    /// The body is not encoded as the header says.
    pub(super) mismatch: bool,
    /// The encoding broke off or the body is a bomb: the rest is missing.
    pub(super) broken: bool,
    /// A bound was reached.
    pub(super) bomb: bool,
}

struct Layer {
    codec: Codec,
    held: Vec<u8>,
    given: u64,
}

/// The layers of one body, outermost first.
#[derive(Default)]
pub(in crate::protocols) struct Coding {
    layers: Vec<Layer>,
    pub(super) trouble: Trouble,
    /// More layers than [`LAYERS_MAX`] were named.
    pub(super) excess: bool,
}

impl Coding {
    /// The layers that a Content-Encoding value names (several headers joined by commas).
    pub(in crate::protocols) fn of(value: &[u8]) -> Self {
        let mut layers: Vec<Layer> = value.split(|&b| b == b',').filter_map(codec).map(Layer::new).collect();
        let excess = layers.len() > LAYERS_MAX;
        layers.reverse();
        layers.truncate(LAYERS_MAX);
        Self { layers, trouble: Trouble::default(), excess }
    }

    /// Decodes the next bytes.
    pub(super) fn add(&mut self, bytes: &[u8], out: &mut dyn FnMut(&[u8])) {
        pass(&mut self.layers, bytes, &mut self.trouble, out);
    }

    /// Bytes are missing here: what an encoding gives behind a hole means nothing.
    pub(super) fn cut(&mut self) {
        for layer in &mut self.layers {
            if !matches!(layer.codec, Codec::Through) {
                layer.codec = Codec::Ended;
                self.trouble.broken = true;
            }
        }
    }

    /// Lets out what is still held back.
    pub(super) fn finish(&mut self, out: &mut dyn FnMut(&[u8])) {
        for at in 0..self.layers.len() {
            let (layer, inner) = self.layers[at..].split_at_mut(1);
            let Some(layer) = layer.first_mut() else { continue };
            if layer.given == 0 && !layer.held.is_empty() && !matches!(layer.codec, Codec::Ended) {
                let held = std::mem::take(&mut layer.held);
                layer.codec = Codec::Through;
                self.trouble.mismatch = true;
                pass(inner, &held, &mut self.trouble, out);
            }
        }
    }
}

fn codec(name: &[u8]) -> Option<Codec> {
    let name = name.to_ascii_lowercase();
    let has = |word: &[u8]| memchr::memmem::find(&name, word).is_some();
    if has(b"gzip") {
        Some(Codec::Gzip)
    } else if has(b"deflate") {
        Some(Codec::Deflate)
    } else if super::parser::trim(&name) == b"br" {
        let state =
            BrotliState::new(StandardAlloc::default(), StandardAlloc::default(), StandardAlloc::default());
        Some(Codec::Brotli(Box::new(state), 0))
    } else {
        None
    }
}

fn pass(layers: &mut [Layer], bytes: &[u8], trouble: &mut Trouble, out: &mut dyn FnMut(&[u8])) {
    match layers.split_first_mut() {
        None => out(bytes),
        Some((layer, inner)) => {
            let mut below = *trouble;
            let own = layer.add(bytes, &mut |decoded| pass(inner, decoded, &mut below, out));
            trouble.mismatch |= own.mismatch || below.mismatch;
            trouble.broken |= own.broken || below.broken;
            trouble.bomb |= own.bomb || below.bomb;
        }
    }
}

/// What a step of a layer came to.
enum Step {
    /// More input is wanted.
    Hungry,
    /// The encoded data ended.
    Ended,
    /// The bytes are not what the layer decodes.
    Broken,
    /// A bound was reached.
    Bomb,
}

impl Layer {
    fn new(codec: Codec) -> Self {
        Self { codec, held: Vec::new(), given: 0 }
    }

    fn add(&mut self, bytes: &[u8], out: &mut dyn FnMut(&[u8])) -> Trouble {
        let mut trouble = Trouble::default();
        match self.codec {
            Codec::Through => out(bytes),
            Codec::Ended => {}
            _ if self.given > 0 => {
                let step = self.decode(bytes, out);
                self.after(step, &mut trouble, out);
            }
            Codec::Gzip | Codec::Deflate => {
                self.held.extend_from_slice(bytes);
                self.open(&mut trouble, out);
            }
            _ => {
                let room = HELD_MAX.saturating_sub(self.held.len());
                self.held.extend_from_slice(&bytes[..bytes.len().min(room)]);
                let step = self.decode(bytes, out);
                self.after(step, &mut trouble, out);
            }
        }
        trouble
    }

    /// Reads the header of the encoding, then what follows it.
    fn open(&mut self, trouble: &mut Trouble, out: &mut dyn FnMut(&[u8])) {
        let start = match self.codec {
            Codec::Gzip => gzip_header(&self.held),
            _ => zlib_header(&self.held),
        };
        match start {
            None if self.held.len() <= HELD_MAX => {}
            Some(Ok(start)) => {
                self.codec = Codec::Inflate(Box::new(Decompress::new(false)));
                let held = std::mem::take(&mut self.held);
                let step = self.decode(&held[start..], out);
                if self.given == 0 {
                    self.held = held;
                }
                self.after(step, trouble, out);
            }
            None | Some(Err(())) => self.after(Step::Broken, trouble, out),
        }
    }

    fn after(&mut self, step: Step, trouble: &mut Trouble, out: &mut dyn FnMut(&[u8])) {
        let proved = self.given > 0;
        match step {
            Step::Hungry => {}
            Step::Ended => self.codec = Codec::Ended,
            Step::Broken if proved => {
                trouble.broken = true;
                self.codec = Codec::Ended;
            }
            Step::Broken => {
                trouble.mismatch = true;
                self.codec = Codec::Through;
                out(&std::mem::take(&mut self.held));
            }
            Step::Bomb => {
                trouble.bomb = true;
                trouble.broken = true;
                self.codec = Codec::Ended;
            }
        }
        if proved {
            self.held = Vec::new();
        }
    }

    fn decode(&mut self, bytes: &[u8], out: &mut dyn FnMut(&[u8])) -> Step {
        match &mut self.codec {
            Codec::Inflate(state) => inflate(state, bytes, &mut self.given, out),
            Codec::Brotli(state, taken) => brotli(state, taken, bytes, &mut self.given, out),
            _ => Step::Broken,
        }
    }
}

fn inflate(state: &mut Decompress, mut bytes: &[u8], given: &mut u64, out: &mut dyn FnMut(&[u8])) -> Step {
    let mut buffer = [0; OUTPUT];
    loop {
        let (taken, made) = (state.total_in(), state.total_out());
        let result = state.decompress(bytes, &mut buffer, FlushDecompress::None);
        let taken = usize::try_from(state.total_in() - taken).unwrap_or(bytes.len());
        let made = usize::try_from(state.total_out() - made).unwrap_or(OUTPUT);
        bytes = &bytes[taken..];
        if !give(&buffer[..made], given, state.total_in(), out) {
            return Step::Bomb;
        }
        match result {
            Err(_) => return Step::Broken,
            Ok(Status::StreamEnd) => return Step::Ended,
            Ok(_) if made < OUTPUT && bytes.is_empty() => return Step::Hungry,
            Ok(_) if made == 0 && taken == 0 => return Step::Broken,
            Ok(_) => {}
        }
    }
}

fn brotli(
    state: &mut Brotli,
    taken: &mut u64,
    bytes: &[u8],
    given: &mut u64,
    out: &mut dyn FnMut(&[u8]),
) -> Step {
    let mut buffer = [0; OUTPUT];
    let (mut left, mut at, mut total) = (bytes.len(), 0, 0);
    let before = *taken;
    loop {
        let (mut room, mut made) = (OUTPUT, 0);
        let result = BrotliDecompressStream(
            &mut left,
            &mut at,
            bytes,
            &mut room,
            &mut made,
            &mut buffer,
            &mut total,
            state,
        );
        *taken = before + at as u64;
        if !give(&buffer[..made], given, *taken, out) {
            return Step::Bomb;
        }
        match result {
            BrotliResult::ResultSuccess => return Step::Ended,
            BrotliResult::ResultFailure => return Step::Broken,
            BrotliResult::NeedsMoreInput => return Step::Hungry,
            BrotliResult::NeedsMoreOutput => {}
        }
    }
}

/// Lets decoded bytes out; false when a bound is reached.
fn give(bytes: &[u8], given: &mut u64, taken: u64, out: &mut dyn FnMut(&[u8])) -> bool {
    if bytes.is_empty() {
        return true;
    }
    let border = (*given / STEP + 1) * STEP;
    let end = *given + bytes.len() as u64;
    let bomb = border > DECODED_MAX || (border > FREE && border > RATIO_MAX.saturating_mul(taken));
    if end >= border && bomb {
        out(&bytes[..usize::try_from(border - *given).unwrap_or(0)]);
        *given = border;
        return false;
    }
    *given = end;
    out(bytes);
    true
}

/// Length of a gzip header (RFC 1952 §2.3); reserved flags are ignored, as browsers do. `None`: not all of it is here.
fn gzip_header(bytes: &[u8]) -> Option<Result<usize, ()>> {
    let magic = [0x1f, 0x8b];
    if bytes.iter().zip(magic).any(|(found, wanted)| *found != wanted) {
        return Some(Err(()));
    }
    let flags = *bytes.get(3)?;
    let mut end = 10;
    if flags & 4 != 0 {
        let length = bytes.get(end..end + 2)?;
        end += 2 + usize::from(u16::from_le_bytes([length[0], length[1]]));
    }
    for flag in [8, 16] {
        if flags & flag != 0 {
            end += memchr::memchr(0, bytes.get(end..)?)? + 1;
        }
    }
    end += if flags & 2 != 0 { 2 } else { 0 };
    (bytes.len() >= end).then_some(Ok(end))
}

/// Length of a zlib header (RFC 1950 §2.2), 0 where the stream is raw deflate: servers send both as "deflate".
fn zlib_header(bytes: &[u8]) -> Option<Result<usize, ()>> {
    let (first, second) = (*bytes.first()?, *bytes.get(1)?);
    let zlib = first & 0x0f == 8 && (u16::from(first) << 8 | u16::from(second)) % 31 == 0;
    Some(Ok(if zlib { 2 } else { 0 }))
}
