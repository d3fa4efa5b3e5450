//! Data connections: the file or listing that the control connection announced.

use std::borrow::Cow;
use std::net::IpAddr;

use crate::context::{Context, EventId};
use crate::events;
use crate::expectations::Shared;
use crate::files::{FileId, FileMeta};
use crate::protocols::{Decoder, Direction, Outcome};
use crate::time::Micros;

/// Bytes that wait for the command they belong to: passive clients connect first and then say what for.
const UNCLAIMED_MAX: usize = 8 << 10;

/// What control and data connection know together of one transfer.
pub struct Transfer {
    /// The client of the control connection.
    pub client: IpAddr,
    /// `active` or `passive`.
    pub mode: &'static str,
    /// Who is logged in.
    pub user: Option<String>,
    /// The command that began it; unknown as long as it has not come.
    pub command: Option<Begun>,
    /// The server says that it failed.
    pub failed: bool,
}

/// The command that begins a transfer.
pub struct Begun {
    /// Upper case.
    pub verb: Cow<'static, str>,
    /// Name of the file.
    pub name: Option<String>,
    /// `event.id` of its `ftp` event.
    pub id: EventId,
    /// It goes on from the middle of a file.
    pub partial: bool,
}

impl Begun {
    fn is_listing(&self) -> bool {
        matches!(&*self.verb, "LIST" | "NLST" | "MLSD")
    }
}

/// One data connection.
pub struct Data {
    transfer: Shared<Transfer>,
    begun: Option<Micros>,
    sender: Option<Direction>,
    bytes: u64,
    file: Option<FileId>,
    opened: bool,
    told: bool,
}

impl Data {
    /// The connection that `transfer` announces.
    pub fn new(transfer: Shared<Transfer>) -> Self {
        Self { transfer, begun: None, sender: None, bytes: 0, file: None, opened: false, told: false }
    }

    /// To the server?
    fn is_upload(&self, transfer: &Transfer, context: &Context<'_>) -> bool {
        match transfer.command.as_ref().map(|command| &*command.verb) {
            Some("STOR" | "STOU" | "APPE") => true,
            Some(_) => false,
            None => {
                let from_source = self.sender != Some(Direction::ToClient);
                from_source == (context.flow.source_ip == transfer.client)
            }
        }
    }

    fn begin(&mut self, direction: Direction, context: &mut Context<'_>) {
        self.begun.get_or_insert(context.time);
        self.sender.get_or_insert(direction);
        if self.opened {
            return;
        }
        self.opened = true;
        let shared = self.transfer.clone();
        let transfer = shared.get();
        let command = transfer.command.as_ref();
        if command.is_some_and(Begun::is_listing) {
            return;
        }
        self.file = context.file_open(FileMeta {
            carrier: command.map(|command| command.id),
            protocol: "ftp",
            upload: self.is_upload(&transfer, context),
            name: command.and_then(|command| command.name.clone()),
            method: command.map(|command| command.verb.to_string()),
            partial: command.is_some_and(|command| command.partial),
            ..FileMeta::default()
        });
    }

    /// All has come, or as much as will.
    fn finish(&mut self, complete: bool, context: &mut Context<'_>) {
        if std::mem::replace(&mut self.told, true) {
            return;
        }
        let shared = self.transfer.clone();
        let transfer = shared.get();
        if let Some(file) = self.file.take() {
            context.file_close(file, !complete || transfer.failed);
        }
        let command = transfer.command.as_ref();
        let direction = if self.is_upload(&transfer, context) { "upload" } else { "download" };
        let row = events::FtpData {
            user_name: transfer.user.as_deref(),
            file_name: command.and_then(|command| command.name.as_deref()),
            file_size: i64::try_from(self.bytes).ok(),
            vonggac_file_direction: Some(direction),
            vonggac_file_carrier: command.map(|command| command.id.as_str()),
            vonggac_ftp_command: command.map(|command| &*command.verb),
            vonggac_ftp_mode: Some(transfer.mode),
            ..events::FtpData::default()
        };
        context.emit(self.begun.unwrap_or(context.time), &row);
    }
}

impl Decoder for Data {
    fn data(&mut self, direction: Direction, bytes: &[u8], context: &mut Context<'_>) -> Outcome {
        if !self.opened && bytes.len() < UNCLAIMED_MAX && self.transfer.get().command.is_none() {
            return Outcome::Parsed(0);
        }
        self.begin(direction, context);
        if self.sender == Some(direction) {
            self.bytes += bytes.len() as u64;
            if let Some(file) = self.file {
                context.file_data(file, bytes);
            }
        }
        Outcome::Parsed(bytes.len())
    }

    fn gap(&mut self, direction: Direction, missing: u64, context: &mut Context<'_>) -> Outcome {
        self.begin(direction, context);
        if let Some(file) = self.file.filter(|_| self.sender == Some(direction)) {
            context.file_gap(file, missing);
        }
        Outcome::Parsed(0)
    }

    fn end(&mut self, direction: Direction, context: &mut Context<'_>) {
        if self.sender == Some(direction) {
            self.finish(true, context);
        }
    }

    fn close(&mut self, context: &mut Context<'_>) {
        self.finish(false, context);
    }
}
