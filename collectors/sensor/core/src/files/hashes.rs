//! Hashes of a file: SHA-256 as its bytes come, MD5 and SHA-1 once for each content.

use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::RandomState;
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::FileSettings;
use super::content::{count, entropy};
use super::inside::Inside;
use super::kind::FileType;

/// Hash functions work on blocks of this size, each of which waits for the one before: taken in turns, the processor
/// works on several at a time.
const BLOCK: usize = 64;

/// Contents whose digests are remembered: what a network downloads most comes again within minutes. 100 bytes each.
const KNOWN_MAX: usize = 8_192;
/// Contents among them that were opened: what they hold takes up to some tens of kilobytes each.
const OPENED_MAX: usize = 512;

/// What follows from a content alone, beside its SHA-256.
#[derive(Clone, Copy)]
pub(super) struct Digests {
    pub(super) md5: Option<[u8; 16]>,
    pub(super) sha1: Option<[u8; 20]>,
    /// Bits a byte; `None` without bytes.
    pub(super) entropy: Option<f64>,
}

/// Digests under way.
pub(super) struct Hashes {
    md5: Option<Md5>,
    sha1: Option<Sha1>,
    counts: Box<[u64; 256]>,
}

impl Hashes {
    pub(super) fn new(settings: &FileSettings) -> Self {
        let (md5, sha1) = (settings.md5.then(Md5::new), settings.sha1.then(Sha1::new));
        Self { md5, sha1, counts: Box::new([0; 256]) }
    }

    pub(super) fn update(&mut self, bytes: &[u8]) {
        if let (Some(md5), Some(sha1)) = (&mut self.md5, &mut self.sha1) {
            for piece in bytes.chunks(BLOCK) {
                md5.update(piece);
                sha1.update(piece);
            }
        } else if let Some(md5) = &mut self.md5 {
            md5.update(bytes);
        } else if let Some(sha1) = &mut self.sha1 {
            sha1.update(bytes);
        }
        count(&mut self.counts, bytes);
    }

    /// All of a content at once.
    pub(super) fn all(bytes: &[u8], settings: &FileSettings) -> Digests {
        let mut hashes = Self::new(settings);
        hashes.update(bytes);
        hashes.finish()
    }

    pub(super) fn finish(self) -> Digests {
        Digests {
            md5: self.md5.map(|hash| hash.finalize().into()),
            sha1: self.sha1.map(|hash| hash.finalize().into()),
            entropy: entropy(&self.counts),
        }
    }
}

/// All that follows from a content: digests, type, and what it holds if it is of a kind that is opened.
#[derive(Clone)]
pub(super) struct Facts {
    pub(super) digests: Digests,
    pub(super) kind: FileType,
    pub(super) inside: Option<Arc<Inside>>,
}

/// Contents that were seen before, by SHA-256: the same installer or library is fetched by every machine.
#[derive(Default)]
pub(super) struct Known {
    contents: HashMap<[u8; 32], Facts, RandomState>,
    opened: usize,
}

impl Known {
    /// What follows from a content: remembered, or made from its bytes.
    pub(super) fn of(&mut self, sha256: [u8; 32], make: impl FnOnce() -> Facts) -> Facts {
        if let Some(known) = self.contents.get(&sha256) {
            return known.clone();
        }
        let made = make();
        if self.contents.len() >= KNOWN_MAX || self.opened >= OPENED_MAX {
            self.contents.clear();
            self.opened = 0;
        }
        self.opened += usize::from(made.inside.is_some());
        self.contents.insert(sha256, made.clone());
        made
    }
}

/// SHA-256 under way.
pub(super) type Identity = Sha256;
