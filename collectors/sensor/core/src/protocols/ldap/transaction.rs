//! One request with its result, and the event that it becomes.

use super::names;
use super::parser::{Done, Request};
use crate::context::Context;
use crate::events;
use crate::protocols::ntlm;
use crate::time::Micros;

/// A request that waits.
pub(super) struct Asked {
    pub(super) id: i64,
    pub(super) time: Micros,
    pub(super) request: Request,
    pub(super) entries: i64,
    pub(super) references: i64,
    pub(super) first: Option<(String, Vec<String>)>,
}

impl Asked {
    /// A request of which nothing has come back.
    pub(super) fn new(id: i64, time: Micros, request: Request) -> Self {
        Self { id, time, request, entries: 0, references: 0, first: None }
    }

    /// Emits the event; `ntlm` is the log-in under way.
    pub(super) fn emit(&self, done: Option<&Done>, ntlm: &ntlm::Exchange, context: &mut Context<'_>) {
        let mut row = events::Ldap { vonggac_ldap_message_id: Some(self.id), ..events::Ldap::default() };
        request(&self.request, &mut row);
        if let Some(credentials) = &self.request.credentials {
            row.user_name = credentials.user.as_deref().or(ntlm.user());
            row.user_domain = credentials.domain.as_deref().or(ntlm.domain());
            row.vonggac_ldap_method = Some(&credentials.method);
        }
        if self.request.operation == "search" {
            row.vonggac_ldap_entries = Some(self.entries);
            row.vonggac_ldap_references = Some(self.references).filter(|count| *count > 0);
        }
        if let Some((name, attributes)) = &self.first {
            row.vonggac_ldap_entry_name = Some(name);
            row.vonggac_ldap_entry_attributes = some(attributes);
        }
        row.event_outcome = Some(outcome(done));
        let code = done.map(|done| names::result(done.code));
        row.vonggac_ldap_result_code = code.as_deref();
        if let Some(done) = done {
            row.event_duration = Some(context.time.since(self.time).saturating_mul(1_000));
            row.vonggac_ldap_result_name = done.name.as_deref();
            row.vonggac_ldap_result_text = done.text.as_deref();
            let extension = self.request.extension.as_deref().or(done.extension.as_deref());
            row.vonggac_ldap_extension = extension.map(names::extension);
        }
        context.emit(self.time, &row);
    }
}

fn outcome(done: Option<&Done>) -> &'static str {
    use names::code::{COMPARE_FALSE, COMPARE_TRUE, REFERRAL, SASL_BIND_IN_PROGRESS, SUCCESS};
    match done.map(|done| done.code) {
        Some(SUCCESS | COMPARE_FALSE | COMPARE_TRUE) => "success",
        None | Some(REFERRAL | SASL_BIND_IN_PROGRESS) => "unknown",
        Some(_) => "failure",
    }
}

/// Result of a failed bind with the number that Active Directory adds: `invalidCredentials data 52e`.
pub(super) fn reason(done: &Done) -> String {
    let mut reason = names::result(done.code).into_owned();
    let detail = done.text.as_deref().and_then(|text| text.split_once(", data "));
    if let Some((_, detail)) = detail {
        let digits: String = detail.chars().take_while(char::is_ascii_hexdigit).take(8).collect();
        reason.push_str(" data ");
        reason.push_str(&digits);
    }
    reason
}

fn request<'a>(request: &'a Request, row: &mut events::Ldap<'a>) {
    row.vonggac_ldap_operation = Some(request.operation);
    row.vonggac_ldap_name = request.name.as_deref();
    row.vonggac_ldap_version = request.version;
    row.vonggac_ldap_scope = request.scope;
    row.vonggac_ldap_dereference = request.dereference;
    row.vonggac_ldap_size_limit = request.size_limit;
    row.vonggac_ldap_time_limit = request.time_limit;
    row.vonggac_ldap_types_only = request.types_only;
    row.vonggac_ldap_filter = request.filter.as_deref();
    row.vonggac_ldap_attributes = some(&request.attributes);
    row.vonggac_ldap_value = request.value.as_deref();
    row.vonggac_ldap_changes = some(&request.changes);
    row.vonggac_ldap_new_name = request.new_name.as_deref();
    row.vonggac_ldap_new_superior = request.new_superior.as_deref();
    row.vonggac_ldap_delete_old_name = request.delete_old_name;
    row.vonggac_ldap_extension = request.extension.as_deref().map(names::extension);
    row.vonggac_ldap_controls = some(&request.controls);
}

fn some(list: &[String]) -> Option<&[String]> {
    Some(list).filter(|list| !list.is_empty())
}
