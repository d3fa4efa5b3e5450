//! Bytes to messages (RFC 4511 §4).

use super::bind::{Credentials, bind};
use super::{filter, names, values};
use crate::asn1::{self, Elements};
use crate::protocols::ntlm;
use crate::text::lossless;

/// The tag of the controls behind an operation.
pub const CONTROLS: u8 = 0xa0;

/// Controls kept of a request.
const CONTROLS_MAX: usize = 16;

/// Tags of the operations.
pub mod tag {
    /// BindRequest.
    pub const BIND: u8 = 0x60;
    /// BindResponse.
    pub const BIND_RESULT: u8 = 0x61;
    /// UnbindRequest.
    pub const UNBIND: u8 = 0x42;
    /// SearchRequest.
    pub const SEARCH: u8 = 0x63;
    /// SearchResultEntry.
    pub const ENTRY: u8 = 0x64;
    /// SearchResultDone.
    pub const SEARCH_RESULT: u8 = 0x65;
    /// ModifyRequest.
    pub const MODIFY: u8 = 0x66;
    /// AddRequest.
    pub const ADD: u8 = 0x68;
    /// DelRequest.
    pub const DELETE: u8 = 0x4a;
    /// ModifyDNRequest.
    pub const MODIFY_DN: u8 = 0x6c;
    /// CompareRequest.
    pub const COMPARE: u8 = 0x6e;
    /// AbandonRequest.
    pub const ABANDON: u8 = 0x50;
    /// SearchResultReference.
    pub const REFERENCE: u8 = 0x73;
    /// ExtendedRequest.
    pub const EXTENDED: u8 = 0x77;
    /// ExtendedResponse.
    pub const EXTENDED_RESULT: u8 = 0x78;
    /// IntermediateResponse.
    pub const INTERMEDIATE: u8 = 0x79;
}

/// The operation whose result has this tag.
#[must_use]
pub fn result_of(tag: u8) -> Option<&'static str> {
    Some(match tag {
        tag::BIND_RESULT => "bind",
        tag::SEARCH_RESULT => "search",
        0x67 => "modify",
        0x69 => "add",
        0x6b => "delete",
        0x6d => "modify_dn",
        0x6f => "compare",
        tag::EXTENDED_RESULT => "extended",
        _ => return None,
    })
}

/// A request, as far as its operation has the fields.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// `bind`, `search` …
    pub operation: &'static str,
    /// Distinguished name that is acted on.
    pub name: Option<String>,
    /// Version that a bind asks for.
    pub version: Option<i64>,
    /// Who binds, and how.
    pub credentials: Option<Credentials>,
    /// Scope of a search.
    pub scope: Option<&'static str>,
    /// When it follows aliases.
    pub dereference: Option<&'static str>,
    /// Entries wanted at most.
    pub size_limit: Option<i64>,
    /// Seconds at most.
    pub time_limit: Option<i64>,
    /// Attributes without values.
    pub types_only: Option<bool>,
    /// Filter as text.
    pub filter: Option<String>,
    /// Attributes asked for or compared.
    pub attributes: Vec<String>,
    /// Value compared with.
    pub value: Option<String>,
    /// What is written.
    pub changes: Vec<String>,
    /// New relative name.
    pub new_name: Option<String>,
    /// New parent.
    pub new_superior: Option<String>,
    /// The old relative name goes.
    pub delete_old_name: Option<bool>,
    /// Object identifier of an extended operation.
    pub extension: Option<String>,
    /// Names of the controls.
    pub controls: Vec<String>,
}

/// The result of an operation.
#[derive(Clone, Debug)]
pub struct Done {
    /// The operation.
    pub operation: &'static str,
    /// Code of the result.
    pub code: i64,
    /// How far the server found the name.
    pub name: Option<String>,
    /// Words of the server.
    pub text: Option<String>,
    /// Object identifier, of an extended operation.
    pub extension: Option<String>,
    /// Token of a bind's mechanism.
    pub token: Vec<u8>,
}

/// One message behind its id.
#[derive(Clone, Debug)]
pub enum Operation {
    /// A request that has a result.
    Request(Box<Request>),
    /// Abandon and unbind: a request that has none.
    Farewell(&'static str),
    /// An entry found.
    Entry {
        /// Its distinguished name.
        name: String,
        /// Attributes with values.
        attributes: Vec<String>,
    },
    /// A reference to another server.
    Reference,
    /// The result.
    Done(Box<Done>),
    /// More of an extended operation is to come.
    Intermediate,
}

/// Id and tag of a message that need not have come whole; `content` is what stands in its sequence.
#[must_use]
pub fn peek(content: &[u8]) -> Option<(i64, u8)> {
    let mut elements = Elements(content);
    let id = asn1::integer(elements.expect(asn1::INTEGER)?)?;
    Some((id, *elements.0.first()?))
}

/// Reads the content of one whole message: its id and operation.
#[must_use]
pub fn message(content: &[u8]) -> Option<(i64, Operation)> {
    let mut elements = Elements(content);
    let id = asn1::integer(elements.expect(asn1::INTEGER)?)?;
    let (tag, content) = elements.next()?;
    let operation = match tag {
        tag::UNBIND => Operation::Farewell("unbind"),
        tag::ABANDON => Operation::Farewell("abandon"),
        tag::REFERENCE => Operation::Reference,
        tag::INTERMEDIATE => Operation::Intermediate,
        tag::ENTRY => {
            let mut entry = Elements(content);
            let name = values::name(entry.expect(asn1::OCTET_STRING)?);
            Operation::Entry { name, attributes: values::attributes("", entry.expect(asn1::SEQUENCE)?) }
        }
        _ => match result_of(tag) {
            Some(operation) => Operation::Done(Box::new(done(operation, content)?)),
            None => {
                let mut request = request(tag, content)?;
                request.controls = controls(elements.optional(CONTROLS).unwrap_or_default());
                Operation::Request(Box::new(request))
            }
        },
    };
    Some((id, operation))
}

fn done(operation: &'static str, content: &[u8]) -> Option<Done> {
    let mut fields = Elements(content);
    let code = asn1::integer(fields.expect(asn1::ENUMERATED)?)?;
    let name = fields.expect(asn1::OCTET_STRING).unwrap_or_default();
    let text = fields.expect(asn1::OCTET_STRING).unwrap_or_default();
    let shown = |text: &[u8]| Some(values::name(text)).filter(|text| !text.is_empty());
    let mut done =
        Done { operation, code, name: None, text: shown(text), extension: None, token: Vec::new() };
    if operation == "bind" && ntlm::find(name).is_some() {
        // Sicily has its token where others have a name.
        done.token = name.to_vec();
    } else {
        done.name = shown(name);
    }
    for (tag, content) in fields {
        match tag {
            0x87 => done.token = content.to_vec(),
            0x8a => done.extension = shown(content),
            _ => {}
        }
    }
    Some(done)
}

fn controls(list: &[u8]) -> Vec<String> {
    let (mut list, mut found) = (Elements(list), Vec::new());
    while let Some(control) = list.expect(asn1::SEQUENCE) {
        if found.len() == CONTROLS_MAX {
            break;
        }
        let oid =
            Elements(control).expect(asn1::OCTET_STRING).map(|oid| lossless(oid.get(..64).unwrap_or(oid)));
        found.extend(oid.map(|oid| names::control(&oid).to_owned()));
    }
    found
}

fn request(tag: u8, content: &[u8]) -> Option<Request> {
    let mut fields = Elements(content);
    match tag {
        tag::BIND => bind(fields),
        tag::SEARCH => search(fields),
        tag::MODIFY => modify(fields),
        tag::ADD => {
            let name = values::name(fields.expect(asn1::OCTET_STRING)?);
            let changes = values::attributes("add ", fields.expect(asn1::SEQUENCE)?);
            Some(Request { operation: "add", name: Some(name), changes, ..Request::default() })
        }
        tag::DELETE => {
            Some(Request { operation: "delete", name: Some(values::name(content)), ..Request::default() })
        }
        tag::MODIFY_DN => rename(fields),
        tag::COMPARE => compare(fields),
        tag::EXTENDED => {
            let extension = values::name(fields.expect(0x80)?);
            Some(Request { operation: "extended", extension: Some(extension), ..Request::default() })
        }
        _ => None,
    }
}

fn search(mut fields: Elements<'_>) -> Option<Request> {
    let name = values::name(fields.expect(asn1::OCTET_STRING)?);
    let scope = asn1::integer(fields.expect(asn1::ENUMERATED)?)?;
    let dereference = asn1::integer(fields.expect(asn1::ENUMERATED)?)?;
    let size_limit = asn1::integer(fields.expect(asn1::INTEGER)?);
    let time_limit = asn1::integer(fields.expect(asn1::INTEGER)?);
    let types_only = fields.expect(asn1::BOOLEAN)?.first().map(|flag| *flag != 0);
    let filter = filter::text(fields.0);
    fields.next()?;
    Some(Request {
        operation: "search",
        name: Some(name),
        scope: names::scope(scope),
        dereference: names::dereference(dereference),
        size_limit,
        time_limit,
        types_only,
        filter: Some(filter),
        attributes: values::names(fields.optional(asn1::SEQUENCE).unwrap_or_default()),
        ..Request::default()
    })
}

fn modify(mut fields: Elements<'_>) -> Option<Request> {
    let name = values::name(fields.expect(asn1::OCTET_STRING)?);
    let (mut list, mut changes) = (Elements(fields.expect(asn1::SEQUENCE)?), values::Texts::default());
    while let Some(change) = list.expect(asn1::SEQUENCE) {
        let mut change = Elements(change);
        let operation = asn1::integer(change.expect(asn1::ENUMERATED)?)?;
        if !changes.attribute(names::change(operation), change.expect(asn1::SEQUENCE)?) {
            break;
        }
    }
    let changes = changes.into_list();
    Some(Request { operation: "modify", name: Some(name), changes, ..Request::default() })
}

fn rename(mut fields: Elements<'_>) -> Option<Request> {
    Some(Request {
        operation: "modify_dn",
        name: Some(values::name(fields.expect(asn1::OCTET_STRING)?)),
        new_name: Some(values::name(fields.expect(asn1::OCTET_STRING)?)),
        delete_old_name: fields.expect(asn1::BOOLEAN)?.first().map(|flag| *flag != 0),
        new_superior: fields.optional(0x80).map(values::name),
        ..Request::default()
    })
}

fn compare(mut fields: Elements<'_>) -> Option<Request> {
    let name = values::name(fields.expect(asn1::OCTET_STRING)?);
    let mut assertion = Elements(fields.expect(asn1::SEQUENCE)?);
    let attribute = assertion.expect(asn1::OCTET_STRING)?;
    let value = values::value(attribute, assertion.expect(asn1::OCTET_STRING)?);
    let attributes = vec![values::name(attribute)];
    Some(Request {
        operation: "compare",
        name: Some(name),
        attributes,
        value: Some(value),
        ..Request::default()
    })
}
