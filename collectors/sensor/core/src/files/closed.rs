//! A finished file: its event row, and its content if that is to be scanned.

use std::sync::Arc;

use super::content::Finished;
use super::hashes::{Facts, Known};
use super::inside::Inside;
use super::kind::FileType;
use super::{FileMeta, LetterMeta, Open};
use crate::context::{EventId, FlowIdentity};
use crate::events::File;
use crate::text::hex;
use crate::time::Micros;

/// A finished file.
pub struct Closed {
    /// `event.id` of its `file` event.
    pub id: EventId,
    /// When it was opened.
    pub time: Micros,
    /// The content up to the limit; `None` when it was not kept.
    pub content: Option<Vec<u8>>,
    /// Hashes and content are of a part only.
    pub truncated: bool,
    /// Joined of so many parts, the first of which came over this flow.
    pub(super) joined: Option<(i64, FlowIdentity)>,
    meta: FileMeta,
    extension: Option<String>,
    size: u64,
    missing: u64,
    /// Kind and media type by content.
    pub kind: FileType,
    inside: Option<Arc<Inside>>,
    entropy: Option<f64>,
    md5: Option<String>,
    sha1: Option<String>,
    sha256: String,
}

impl Closed {
    pub(super) fn new(open: Open, truncated: bool, known: &mut Known) -> Self {
        let Open { id, time, meta, content, .. } = open;
        let (size, missing) = (content.size(), content.missing());
        let truncated = truncated || meta.partial || content.incomplete();
        let Finished { sha256, facts, content } = content.finish(known);
        let Facts { digests, kind, inside } = facts;
        Self {
            id,
            time,
            content,
            truncated,
            joined: None,
            extension: meta.name.as_deref().and_then(extension),
            meta,
            size,
            missing,
            kind,
            inside,
            entropy: digests.entropy,
            md5: digests.md5.map(|hash| hex(&hash)),
            sha1: digests.sha1.map(|hash| hex(&hash)),
            sha256: hex(&sha256),
        }
    }

    /// The flow that its event belongs to, when that is not the one in which it ended.
    #[must_use]
    pub fn flow(&self) -> Option<&FlowIdentity> {
        self.joined.as_ref().map(|(_, flow)| flow)
    }

    /// The row of the `file` dataset.
    #[must_use]
    pub fn row(&self) -> File<'_> {
        let url = self.meta.url.as_deref();
        let letter = self.meta.letter.as_deref();
        let list = |list: fn(&LetterMeta) -> &Vec<String>| {
            letter.map(list).map(Vec::as_slice).filter(|list| !list.is_empty())
        };
        let inside = self.inside.as_deref();
        let names = |list: fn(&Inside) -> &Vec<String>| {
            inside.map(list).map(Vec::as_slice).filter(|list| !list.is_empty())
        };
        let pe = inside.and_then(|inside| inside.pe.as_ref());
        File {
            file_pe_architecture: pe.map(|pe| pe.architecture.as_str()),
            file_pe_imphash: pe.and_then(|pe| pe.imphash.as_deref()),
            file_pe_original_file_name: pe.and_then(|pe| pe.original_name.as_deref()),
            file_pe_sections_name: pe.map(|pe| pe.sections.as_slice()).filter(|list| !list.is_empty()),
            vonggac_file_pe_section_count: pe.map(|pe| pe.section_count),
            vonggac_file_pe_compiled: pe.map(|pe| Micros(pe.compiled * 1_000_000)),
            vonggac_file_pe_entry_entropy: pe.and_then(|pe| pe.entry_entropy),
            vonggac_file_pe_signed: pe.map(|pe| pe.signed),
            vonggac_file_pe_dotnet: pe.map(|pe| pe.dotnet),
            vonggac_file_pe_library: pe.map(|pe| pe.library),
            vonggac_file_members: names(|inside| &inside.members),
            vonggac_file_member_count: inside
                .and_then(|inside| inside.member_count)
                .and_then(|count| i64::try_from(count).ok()),
            vonggac_file_kinds_inside: names(|inside| &inside.kinds),
            vonggac_file_encrypted: inside.and_then(|inside| inside.encrypted),
            vonggac_file_members_hidden: inside.and_then(|inside| inside.hidden),
            vonggac_file_macros: inside.and_then(|inside| inside.macros),
            vonggac_file_external: names(|inside| &inside.external),
            vonggac_file_command: inside.and_then(|inside| inside.command.as_deref()),
            network_protocol: Some(self.meta.protocol).filter(|name| !name.is_empty()),
            url_original: url.map(|url| url.original.as_str()).filter(|text| !text.is_empty()),
            url_domain: url.and_then(|url| url.domain.as_deref()),
            url_port: url.and_then(|url| url.port),
            url_path: url.and_then(|url| url.path.as_deref()),
            url_query: url.and_then(|url| url.query.as_deref()),
            url_extension: url.and_then(|url| url.extension.as_deref()),
            http_request_method: self.meta.method.as_deref().filter(|_| self.meta.protocol != "ftp"),
            vonggac_ftp_command: self.meta.method.as_deref().filter(|_| self.meta.protocol == "ftp"),
            user_agent_original: self.meta.user_agent.as_deref(),
            email_from_address: list(|letter| &letter.from_addresses),
            email_subject: letter.and_then(|letter| letter.subject.as_deref()),
            vonggac_mail_from: letter.and_then(|letter| letter.from.as_deref()),
            vonggac_mail_to: list(|letter| &letter.to),
            vonggac_smtp_helo: letter.and_then(|letter| letter.helo.as_deref()),
            vonggac_smtp_mail_from: letter.and_then(|letter| letter.mail_from.as_deref()),
            vonggac_smtp_rcpt_to: list(|letter| &letter.rcpt_to),
            file_name: self.meta.name.as_deref(),
            file_extension: self.extension.as_deref(),
            file_size: i64::try_from(self.size.saturating_add(self.missing)).ok(),
            file_mime_type: Some(self.kind.mime),
            file_hash_md5: self.md5.as_deref(),
            file_hash_sha1: self.sha1.as_deref(),
            file_hash_sha256: Some(&self.sha256),
            vonggac_file_kind: Some(self.kind.kind.as_str()),
            vonggac_file_direction: Some(if self.meta.upload { "upload" } else { "download" }),
            vonggac_file_declared_type: self.meta.declared_type.as_deref(),
            vonggac_file_parts: self.joined.as_ref().map(|(parts, _)| *parts),
            vonggac_file_truncated: Some(self.truncated),
            vonggac_file_missing_bytes: i64::try_from(self.missing).ok(),
            vonggac_file_entropy: self.entropy,
            vonggac_file_carrier: self.meta.carrier.as_ref().map(EventId::as_str),
            ..File::default()
        }
    }
}

/// Longest extension worth a name: `.torrent` has seven letters, `.application` eleven.
const EXTENSION_MAX: usize = 12;

/// The last extension of a name, lower case; trailing dots and spaces go, as Windows drops them.
pub(crate) fn extension(name: &str) -> Option<String> {
    let last = name.rsplit(['/', '\\']).next()?.trim_end_matches(['.', ' ']);
    let (stem, extension) = last.rsplit_once('.')?;
    let fits = !extension.is_empty() && extension.len() <= EXTENSION_MAX;
    (fits && !stem.is_empty() && extension.chars().all(char::is_alphanumeric))
        .then(|| extension.to_lowercase())
}
