//! One request with its response, and the event that it becomes.

use std::sync::Arc;

use super::authorization::application;
use super::head::{Head, Start};
use super::parser::{Ranged, file_name, range};
use super::payload::{Carried, Figures};
use crate::context::{Context, EventId};
use crate::events::Http;
use crate::files::FileMeta;
use crate::text::lossless;
use crate::time::Micros;
use crate::url::Url;

/// One side of a transaction: its head, and the figures of its body once that has ended.
pub(in crate::protocols) struct Message {
    pub(in crate::protocols) head: Head,
    pub(in crate::protocols) figures: Figures,
    pub(in crate::protocols) ended: Option<Micros>,
}

impl Message {
    pub(in crate::protocols) fn new(head: Head) -> Self {
        Self { head, figures: Figures::default(), ended: None }
    }
}

/// One request with its response; either may never have been seen.
pub(in crate::protocols) struct Transaction {
    pub(in crate::protocols) id: EventId,
    pub(in crate::protocols) ordinal: i64,
    /// Number of the stream of HTTP/2.
    pub(in crate::protocols) stream: Option<i64>,
    pub(in crate::protocols) request: Option<Message>,
    pub(in crate::protocols) url: Arc<Url>,
    pub(in crate::protocols) response: Option<Message>,
}

impl Transaction {
    /// The next one of a connection; nothing of it is known yet but its target.
    pub(in crate::protocols) fn new(url: Arc<Url>, ordinal: i64, context: &mut Context<'_>) -> Self {
        Self { id: context.reserve("http"), ordinal, stream: None, request: None, url, response: None }
    }

    /// What a file in this body is called, and where it comes from.
    pub(in crate::protocols) fn carried(&self, head: &Head, request: bool) -> Carried {
        let disposition = head.disposition.as_deref().and_then(|value| file_name(value.as_bytes()));
        let name = disposition.map(|name| lossless(&name).into_owned());
        let asked = self.request.as_ref().map(|request| &request.head);
        let agent = if request {
            head.user_agent.as_ref()
        } else {
            asked.and_then(|asked| asked.user_agent.as_ref())
        };
        let ranged = head.content_range.as_deref().map_or(Ranged::Unknown, |value| range(value.as_bytes()));
        let ranged = if head.status() == Some(206) { ranged } else { Ranged::Whole };
        Carried {
            meta: FileMeta {
                carrier: Some(self.id),
                protocol: "http",
                upload: request,
                name: name.or_else(|| self.url.file_name().map(str::to_owned)),
                declared_type: head.content_type.clone(),
                url: Some(Arc::clone(&self.url)).filter(|url| !url.original.is_empty()),
                method: if request { head.method() } else { self.method() }.map(str::to_owned),
                user_agent: agent.cloned(),
                partial: matches!(ranged, Ranged::Unknown),
                range: if let Ranged::Part(range) = ranged { Some(range) } else { None },
                letter: None,
            },
            content_type: head.content_type.clone(),
            request,
        }
    }

    /// Both sides have ended; nothing can be added.
    pub(in crate::protocols) fn is_complete(&self) -> bool {
        let ended = |message: &Message| message.ended.is_some();
        self.request.as_ref().is_none_or(ended) && self.response.as_ref().is_some_and(ended)
    }

    pub(in crate::protocols) fn method(&self) -> Option<&str> {
        self.request.as_ref().and_then(|request| request.head.method())
    }

    /// Emits the event. What has not been seen stays empty.
    pub(in crate::protocols) fn emit(&self, context: &mut Context<'_>) {
        let first = self.request.as_ref().or(self.response.as_ref());
        let Some(time) = first.map(|message| message.head.time) else { return };
        let ended = self.response.as_ref().and_then(|response| response.ended);
        let version = first.and_then(|message| message.head.version());
        let marks =
            self.request.iter().flat_map(|asked| asked.head.markers.iter().chain(&asked.figures.markers));
        let marks: Vec<String> = marks.cloned().collect();
        let mut row = Http {
            vonggac_http_request_markers: Some(marks.as_slice()).filter(|marks| !marks.is_empty()),
            event_duration: ended.map(|ended| ended.since(time).saturating_mul(1_000)),
            http_version: version.filter(|version| !version.is_empty()),
            vonggac_http_ordinal: Some(self.ordinal),
            vonggac_http_stream: self.stream,
            ..Http::default()
        };
        if let Some(request) = &self.request {
            self.request_fields(request, &mut row);
        }
        if let Some(response) = &self.response {
            response_fields(response, &mut row);
        }
        context.emit_as(self.id, time, &row);
    }

    fn request_fields<'a>(&'a self, request: &'a Message, row: &mut Http<'a>) {
        let Message { head, figures, .. } = request;
        let url = &self.url;
        row.http_request_method = head.method();
        row.http_request_referrer = head.referrer.as_deref();
        row.http_request_body_bytes = i64::try_from(figures.bytes).ok();
        row.http_request_mime_type = figures.mime;
        row.url_original = Some(&url.original);
        row.url_domain = url.domain.as_deref();
        row.url_port = url.port;
        row.url_path = url.path.as_deref();
        row.url_query = url.query.as_deref();
        row.url_extension = url.extension.as_deref();
        row.user_agent_original = head.user_agent.as_deref();
        row.vonggac_http_request_header_names = Some(&head.names);
        row.vonggac_http_request_host = head.host.as_deref();
        row.vonggac_http_request_content_type = head.content_type.as_deref();
        row.vonggac_http_request_authorization = head.authorization.as_deref();
        row.vonggac_http_request_secret_hash = head.secret_hash.as_deref();
        row.vonggac_http_request_cookie_length = head.cookie_length;
        row.vonggac_http_request_transfer_encoding = head.transfer_encoding.as_deref();
        row.vonggac_http_request_body_entropy = figures.entropy;
        row.vonggac_http_request_body_printable = figures.printable;
        row.vonggac_http_request_form_fields = figures.fields;
        row.vonggac_http_request_form_password = figures.password;
        row.network_application = application(head, url.path.as_deref());
        row.vonggac_http_proxied = Some(url.absolute);
    }
}

fn response_fields<'a>(response: &'a Message, row: &mut Http<'a>) {
    let Message { head, figures, .. } = response;
    if let Start::Status { reason, .. } = &head.start {
        row.vonggac_http_response_reason = Some(reason.as_str()).filter(|reason| !reason.is_empty());
    }
    row.http_response_status_code = head.status();
    row.http_response_body_bytes = i64::try_from(figures.bytes).ok();
    row.http_response_mime_type = figures.mime;
    row.vonggac_http_response_header_names = Some(&head.names);
    row.vonggac_http_response_content_type = head.content_type.as_deref();
    row.vonggac_http_response_content_encoding = head.content_encoding.as_deref();
    row.vonggac_http_response_content_disposition = head.disposition.as_deref();
    row.vonggac_http_response_server = head.server.as_deref();
    row.vonggac_http_response_location = head.location.as_deref();
    row.vonggac_http_response_body_entropy = figures.entropy;
}
