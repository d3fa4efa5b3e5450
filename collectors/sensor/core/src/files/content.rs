//! The bytes of one open file: what of them is kept, hashed and counted.

use sha2::Digest as _;

use super::FileSettings;
use super::hashes::{Facts, Hashes, Identity, Known};
use super::inside::inspect;
use super::kind::{FileType, detect};
use super::markers::{Markers, Scan};

/// First bytes kept of every file for typing: the volume descriptor of an ISO image ends at 34,816.
pub(super) const HEAD_MAX: u64 = 34_816;
/// Bytes of a file that wait for its end even if nobody scans it: a content that was seen before is then known by its
/// SHA-256, without the other digests. Covers most documents and programs; larger files are hashed as they come.
const WAIT_MAX: u64 = 1 << 20;

/// One file under way.
pub(super) struct Content {
    settings: FileSettings,
    keep_limit: u64,
    bytes: Vec<u8>,
    unkept: bool,
    size: u64,
    missing: u64,
    sha256: Identity,
    /// There once `bytes` no longer holds everything that is to be hashed.
    hashes: Option<Hashes>,
    scan: Option<Scan>,
}

/// What is left of a file at its end.
pub(super) struct Finished {
    pub(super) sha256: [u8; 32],
    pub(super) facts: Facts,
    /// The content, when all of it (up to the limit) was kept for scanning.
    pub(super) content: Option<Vec<u8>>,
}

impl Content {
    pub(super) fn new(settings: &FileSettings) -> Self {
        let keep_limit = if settings.keep { settings.limit.max(HEAD_MAX) } else { WAIT_MAX.max(HEAD_MAX) };
        Self {
            settings: *settings,
            keep_limit,
            bytes: Vec::new(),
            unkept: false,
            size: 0,
            missing: 0,
            sha256: Identity::new(),
            hashes: None,
            scan: None,
        }
    }

    /// Adds bytes and says by how much the memory held grows, or shrinks; `room` bounds that.
    pub(super) fn add(&mut self, bytes: &[u8], room: u64) -> i64 {
        let within = usize::try_from(self.settings.limit.saturating_sub(self.size)).unwrap_or(usize::MAX);
        let bounded = &bytes[..bytes.len().min(within)];
        let before = self.size;
        self.size += bytes.len() as u64;
        if bounded.is_empty() {
            return 0;
        }
        self.sha256.update(bounded);
        let held = self.held();
        let settings = self.settings;
        if !self.unkept && !self.fits(bounded, room) {
            self.unkept = true;
            self.hashes.get_or_insert_with(|| Hashes::new(&settings)).update(&self.bytes);
            self.bytes.truncate(usize::try_from(HEAD_MAX).unwrap_or(usize::MAX));
            self.bytes.shrink_to_fit();
        }
        if let Some(hashes) = &mut self.hashes {
            hashes.update(bounded);
        }
        self.hold(bounded, room);
        self.look(before, bounded);
        self.held().cast_signed() - held.cast_signed()
    }

    fn fits(&self, bytes: &[u8], room: u64) -> bool {
        let size = bytes.len() as u64;
        self.held() + size <= self.keep_limit && size <= room
    }

    fn hold(&mut self, bytes: &[u8], room: u64) {
        let most = if self.unkept { HEAD_MAX.saturating_sub(self.held()).min(room) } else { u64::MAX };
        let held = bytes.len().min(usize::try_from(most).unwrap_or(usize::MAX));
        if self.bytes.len() + held > self.bytes.capacity() {
            // Growing fourfold halves what is copied about; memory that is never written costs nothing.
            self.bytes.reserve_exact(held.max(3 * self.bytes.len()));
        }
        self.bytes.extend_from_slice(&bytes[..held]);
    }

    /// Containers say what they hold in names that may lie anywhere in them.
    fn look(&mut self, before: u64, bytes: &[u8]) {
        if let Some(scan) = &mut self.scan {
            scan.add(bytes);
        } else if before < 8 {
            self.scan = Scan::of(&self.bytes).map(|mut scan| {
                scan.add(&self.bytes[..usize::try_from(before).unwrap_or(0).min(self.bytes.len())]);
                scan.add(bytes);
                scan
            });
        }
    }

    pub(super) fn gap(&mut self, missing: u64) {
        self.missing = self.missing.saturating_add(missing);
    }

    /// Counts bytes behind the limit.
    pub(super) fn pass(&mut self, bytes: u64) {
        self.size = self.size.saturating_add(bytes);
    }

    pub(super) fn size(&self) -> u64 {
        self.size
    }

    pub(super) fn missing(&self) -> u64 {
        self.missing
    }

    pub(super) fn held(&self) -> u64 {
        self.bytes.len() as u64
    }

    pub(super) fn head(&self) -> &[u8] {
        &self.bytes[..self.bytes.len().min(usize::try_from(HEAD_MAX).unwrap_or(usize::MAX))]
    }

    pub(super) fn file_type(&self) -> FileType {
        detect(self.head(), self.scan.as_ref().map_or(Markers::default(), Scan::found))
    }

    /// Hashes and content cover less than the whole.
    pub(super) fn incomplete(&self) -> bool {
        self.size > self.settings.limit || self.missing > 0
    }

    /// Ends the file; `known` are the contents of earlier ones.
    pub(super) fn finish(mut self, known: &mut Known) -> Finished {
        let sha256 = std::mem::take(&mut self.sha256).finalize().into();
        let kind = |content: &Self, whole| {
            let kind = content.file_type();
            (kind, inspect(&content.bytes, kind, whole).map(Into::into))
        };
        let facts = match self.hashes.take() {
            Some(hashes) => {
                let (kind, inside) = kind(&self, false);
                Facts { digests: hashes.finish(), kind, inside }
            }
            None => known.of(sha256, || {
                let (kind, inside) = kind(&self, true);
                Facts { digests: Hashes::all(&self.bytes, &self.settings), kind, inside }
            }),
        };
        let keep = self.settings.keep && !self.unkept;
        Finished { sha256, facts, content: keep.then_some(self.bytes) }
    }
}

/// Adds bytes to a histogram.
pub(crate) fn count(counts: &mut [u64; 256], bytes: &[u8]) {
    for &byte in bytes {
        counts[usize::from(byte)] += 1;
    }
}

/// Shannon entropy of a byte histogram, bits a byte; `None` without bytes.
#[allow(clippy::cast_precision_loss)] // counts stay far below 2^52
pub(crate) fn entropy(counts: &[u64; 256]) -> Option<f64> {
    let total: u64 = counts.iter().sum();
    (total > 0).then(|| {
        let total = total as f64;
        counts
            .iter()
            .filter(|&&count| count > 0)
            .map(|&count| {
                let share = count as f64 / total;
                -share * share.log2()
            })
            .sum::<f64>()
            .max(0.0)
    })
}
