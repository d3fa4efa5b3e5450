//! Internet messages (RFC 5322) and their parts (MIME: RFC 2045 to 2047, 2231), read as they stream by, for every protocol
//! that carries letters. Attachments and pages become files; texts are searched for links.
//!
//! Read as mail programs read, not as the standards allow: what only a sensor refuses is what an attacker sends.

mod addresses;
mod body;
pub(crate) mod dots;
mod head;
mod links;
mod parameters;
mod reader;
#[cfg(test)]
mod tests;
pub(crate) mod transfer;
mod words;

pub(crate) use reader::Reader;

/// Mailboxes kept of one header: a letter to a whole office.
const MAILBOXES_MAX: usize = 64;
/// Names of attachments kept of one letter.
const ATTACHMENTS_MAX: usize = 64;

/// What is known of a letter; of nested letters only the attachments and links.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Letter {
    /// From, decoded.
    pub(crate) from: Option<String>,
    /// Addresses in From.
    pub(crate) from_addresses: Vec<String>,
    /// To, decoded, one a recipient.
    pub(crate) to: Vec<String>,
    /// Addresses in To.
    pub(crate) to_addresses: Vec<String>,
    /// Cc, decoded, one a recipient.
    pub(crate) cc: Vec<String>,
    /// Addresses in Cc.
    pub(crate) cc_addresses: Vec<String>,
    /// Addresses in Reply-To.
    pub(crate) reply_to: Vec<String>,
    /// Subject, decoded.
    pub(crate) subject: Option<String>,
    /// Date, as sent.
    pub(crate) date: Option<String>,
    /// Message-ID.
    pub(crate) message_id: Option<String>,
    /// X-Mailer or User-Agent.
    pub(crate) mailer: Option<String>,
    /// Received headers.
    pub(crate) received: i64,
    /// Texts and attachments.
    pub(crate) parts: i64,
    /// Bytes as carried.
    pub(crate) bytes: i64,
    /// Names of attachments.
    pub(crate) attachments: Vec<String>,
    /// Links in texts, passwords masked.
    pub(crate) links: Vec<String>,
    /// All of it was seen.
    pub(crate) complete: bool,
}

/// The list, if there is anything in it.
pub(crate) fn some(list: &[String]) -> Option<&[String]> {
    Some(list).filter(|list| !list.is_empty())
}

/// Fills the columns that `smtp`, `pop3` and `imap` share.
macro_rules! fill {
    ($row:ident, $letter:expr) => {
        let letter: &$crate::protocols::mime::Letter = $letter;
        $row.email_from_address = $crate::protocols::mime::some(&letter.from_addresses);
        $row.email_to_address = $crate::protocols::mime::some(&letter.to_addresses);
        $row.email_cc_address = $crate::protocols::mime::some(&letter.cc_addresses);
        $row.email_reply_to_address = $crate::protocols::mime::some(&letter.reply_to);
        $row.email_subject = letter.subject.as_deref();
        $row.email_message_id = letter.message_id.as_deref();
        $row.email_x_mailer = letter.mailer.as_deref();
        $row.email_attachments_file_name = $crate::protocols::mime::some(&letter.attachments);
        $row.vonggac_mail_from = letter.from.as_deref();
        $row.vonggac_mail_to = $crate::protocols::mime::some(&letter.to);
        $row.vonggac_mail_cc = $crate::protocols::mime::some(&letter.cc);
        $row.vonggac_mail_date = letter.date.as_deref();
        $row.vonggac_mail_received = Some(letter.received);
        $row.vonggac_mail_urls = $crate::protocols::mime::some(&letter.links);
        $row.vonggac_mail_parts = Some(letter.parts);
        $row.vonggac_mail_bytes = Some(letter.bytes);
        $row.vonggac_mail_complete = Some(letter.complete);
    };
}
pub(crate) use fill;
