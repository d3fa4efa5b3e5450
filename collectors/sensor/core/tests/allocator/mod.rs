//! An allocator that counts, for tests of limits on memory. It counts for the whole process: one test at a time.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

/// Bytes in use, and the most there ever were.
struct Counting {
    used: AtomicUsize,
    peak: AtomicUsize,
}

// SAFETY: every call is passed to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let used = self.used.fetch_add(layout.size(), Ordering::Relaxed) + layout.size();
        self.peak.fetch_max(used, Ordering::Relaxed);
        // SAFETY: as the caller promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        self.used.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: as the caller promises.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting { used: AtomicUsize::new(0), peak: AtomicUsize::new(0) };

/// What is in use beyond what was at its beginning.
pub struct Peak(usize);

impl Peak {
    /// From now on.
    pub fn begin() -> Self {
        let before = ALLOCATOR.used.load(Ordering::Relaxed);
        ALLOCATOR.peak.store(before, Ordering::Relaxed);
        Self(before)
    }

    /// The most since then, bytes.
    pub fn cost(&self) -> usize {
        ALLOCATOR.peak.load(Ordering::Relaxed).saturating_sub(self.0)
    }
}
