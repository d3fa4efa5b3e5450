//! Letters in literals: whole, or in pieces that belong together.

use crate::context::{Context, EventId};
use crate::events;
use crate::files::FileMeta;
use crate::protocols::mime::{Reader, fill};
use crate::time::Micros;

/// A letter under way.
pub(super) struct Letters {
    reader: Reader,
    id: EventId,
    time: Micros,
    upload: bool,
    /// Bytes so far: where the next piece begins.
    next: u64,
}

impl Letters {
    /// A letter to the server (APPEND) or from it (FETCH).
    pub(super) fn new(upload: bool, context: &mut Context<'_>) -> Self {
        let id = context.reserve("imap");
        let about = FileMeta { protocol: "imap", upload, carrier: Some(id), ..FileMeta::default() };
        Self { reader: Reader::new(about), id, time: context.time, upload, next: 0 }
    }

    /// Where the next piece begins.
    pub(super) fn next(&self) -> u64 {
        self.next
    }

    pub(super) fn add(&mut self, bytes: &[u8], context: &mut Context<'_>) {
        self.next = self.next.saturating_add(bytes.len() as u64);
        self.reader.add(bytes, context);
    }

    pub(super) fn gap(&mut self, missing: u64, context: &mut Context<'_>) {
        self.next = self.next.saturating_add(missing);
        self.reader.gap(missing, context);
    }

    /// The letter has ended: emits its event.
    pub(super) fn emit(
        self,
        complete: bool,
        user: Option<&str>,
        mailbox: Option<&String>,
        context: &mut Context<'_>,
    ) {
        let letter = self.reader.finish(complete, context);
        let mut row = events::Imap {
            user_name: user,
            vonggac_imap_command: Some(if self.upload { "APPEND" } else { "FETCH" }),
            vonggac_imap_mailboxes: mailbox.map(std::slice::from_ref),
            ..events::Imap::default()
        };
        fill!(row, &letter);
        context.emit_as(self.id, self.time, &row);
    }
}
