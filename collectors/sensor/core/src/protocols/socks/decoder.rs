//! Greeting, log-in, request and reply; what follows is another protocol.

use super::parser::{self, Request, Taken};
use crate::context::Context;
use crate::events;
use crate::protocols::{Decoder, Direction, Outcome};
use crate::secrets::mask;
use crate::text::lossless;
use crate::time::Micros;

/// What is expected next; client and server take turns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Step {
    #[default]
    Begin,
    Method,
    Credentials,
    Status,
    Request,
    Reply,
}

struct Credentials {
    time: Micros,
    user: String,
    secret: String,
}

/// One connection.
#[derive(Default)]
pub struct Socks {
    begun: Option<Micros>,
    step: Step,
    method: Option<String>,
    credentials: Option<Credentials>,
    user: Option<String>,
    request: Option<Request>,
    reply: Option<&'static str>,
    succeeded: bool,
    /// What came is not what the greeting promised.
    broken: bool,
}

impl Socks {
    /// Goes on to the next step, if the message is whole.
    fn take<T>(&mut self, taken: Taken<T>, act: impl FnOnce(&mut Self, T)) -> Outcome {
        match taken {
            Taken::Whole(message, used) => {
                act(self, message);
                Outcome::Parsed(used)
            }
            Taken::Incomplete => Outcome::Parsed(0),
            Taken::Broken => Outcome::Malformed("socks-malformed"),
        }
    }

    fn client(&mut self, bytes: &[u8], context: &Context<'_>) -> Outcome {
        let first = bytes.first().copied();
        match self.step {
            Step::Begin if first == Some(5) => {
                self.take(parser::greeting(bytes), |this, _| this.step = Step::Method)
            }
            Step::Begin => self.take(parser::request4(bytes), |this, mut request| {
                this.user = request.user.take();
                this.request = Some(request);
                this.step = Step::Reply;
            }),
            // What follows is for the other end.
            Step::Reply => Outcome::Parsed(0),
            // Some clients do not wait for the answers to greeting and password.
            _ if self.request.is_some() => Outcome::Parsed(0),
            _ if first == Some(1) && self.step != Step::Request => {
                self.take(parser::credentials(bytes), |this, (user, password)| {
                    let user = lossless(user).into_owned();
                    let secret = if password.is_empty() { String::new() } else { mask(password) };
                    this.credentials = Some(Credentials { time: context.time, user, secret });
                    this.advance();
                })
            }
            _ => self.take(parser::request5(bytes), |this, request| {
                this.request = Some(request);
                this.advance();
            }),
        }
    }

    /// Steps that the client has taken ahead are passed over.
    fn advance(&mut self) {
        if self.step == Step::Credentials && self.credentials.is_some() {
            self.step = Step::Status;
        } else if self.step == Step::Request && self.request.is_some() {
            self.step = Step::Reply;
        }
    }

    fn server(&mut self, bytes: &[u8], context: &mut Context<'_>) -> Outcome {
        match self.step {
            Step::Method => self.chosen(bytes),
            Step::Status => {
                let Some(status) = bytes.get(1) else { return Outcome::Parsed(0) };
                let ok = *status == 0;
                self.log_in(Some(ok), context);
                self.step = Step::Request;
                self.advance();
                if ok { Outcome::Parsed(2) } else { Outcome::Done }
            }
            Step::Reply if self.request.as_ref().is_some_and(|request| request.version == "5") => {
                self.reply5(bytes)
            }
            Step::Reply => self.reply4(bytes),
            Step::Begin | Step::Credentials | Step::Request => Outcome::Malformed("socks-server-first"),
        }
    }

    fn chosen(&mut self, bytes: &[u8]) -> Outcome {
        let Some(message) = bytes.first_chunk::<2>() else { return Outcome::Parsed(0) };
        if message[0] != 5 {
            return Outcome::Malformed("socks-malformed");
        }
        let (method, step) = match message[1] {
            0 => ("none".to_owned(), Some(Step::Request)),
            1 => ("gssapi".to_owned(), None),
            2 => ("password".to_owned(), Some(Step::Credentials)),
            0xff => ("refused".to_owned(), None),
            number => (number.to_string(), None),
        };
        self.method = Some(method);
        match step {
            Some(step) => {
                self.step = step;
                self.advance();
                Outcome::Parsed(2)
            }
            None => Outcome::Done,
        }
    }

    fn reply5(&mut self, bytes: &[u8]) -> Outcome {
        let Some((head, rest)) = bytes.split_first_chunk::<3>() else { return Outcome::Parsed(0) };
        if head[0] != 5 {
            return Outcome::Malformed("socks-malformed");
        }
        let used = match parser::address(rest) {
            Taken::Whole(_, used) => used,
            Taken::Incomplete => return Outcome::Parsed(0),
            Taken::Broken => return Outcome::Malformed("socks-malformed"),
        };
        self.settle(parser::reply5(head[1]), 3 + used)
    }

    fn reply4(&mut self, bytes: &[u8]) -> Outcome {
        let Some(message) = bytes.first_chunk::<8>() else { return Outcome::Parsed(0) };
        match parser::reply4(message[1]) {
            Some(reply) if message[0] == 0 => self.settle(reply, message.len()),
            _ => Outcome::Malformed("socks-malformed"),
        }
    }

    /// The proxy has answered; what it granted begins behind the answer. BIND is answered twice, and UDP goes elsewhere.
    fn settle(&mut self, reply: &'static str, used: usize) -> Outcome {
        self.reply = Some(reply);
        self.succeeded = reply == "succeeded";
        let connects = self.request.as_ref().is_some_and(|request| request.command == "connect");
        if self.succeeded && connects { Outcome::Handover(used) } else { Outcome::Done }
    }

    fn log_in(&mut self, accepted: Option<bool>, context: &mut Context<'_>) {
        let Some(credentials) = self.credentials.take() else { return };
        let outcome = match accepted {
            Some(true) => "success",
            Some(false) => "failure",
            None => "unknown",
        };
        let row = events::Login {
            network_protocol: Some("socks"),
            user_name: Some(&credentials.user),
            event_outcome: Some(outcome),
            vonggac_login_method: Some("password"),
            vonggac_login_secret: Some(&credentials.secret),
            vonggac_login_encrypted: Some(false),
            ..events::Login::default()
        };
        context.emit(credentials.time, &row);
        self.user = Some(credentials.user);
    }
}

impl Decoder for Socks {
    fn data(&mut self, direction: Direction, bytes: &[u8], context: &mut Context<'_>) -> Outcome {
        self.begun.get_or_insert(context.time);
        let outcome = match direction {
            Direction::ToServer => self.client(bytes, context),
            Direction::ToClient => self.server(bytes, context),
        };
        self.broken = matches!(outcome, Outcome::Malformed(_));
        outcome
    }

    fn close(&mut self, context: &mut Context<'_>) {
        self.log_in(None, context);
        // Three bytes that looked like a greeting are no request to a proxy.
        if self.broken && self.method.is_none() && self.request.is_none() {
            return;
        }
        let request = self.request.as_ref();
        let outcome = match self.reply {
            Some(_) if self.succeeded => "success",
            Some(_) => "failure",
            None if self.method.as_deref() == Some("refused") => "failure",
            None => "unknown",
        };
        let row = events::Socks {
            user_name: self.user.as_deref(),
            event_outcome: Some(outcome),
            vonggac_socks_version: Some(request.map_or("5", |request| request.version)),
            vonggac_socks_command: request.map(|request| request.command),
            vonggac_socks_method: self.method.as_deref(),
            vonggac_socks_host: request.map(|request| request.host.as_str()),
            vonggac_socks_port: request.map(|request| request.port),
            vonggac_socks_reply: self.reply,
            ..events::Socks::default()
        };
        context.emit(self.begun.unwrap_or(context.time), &row);
    }
}
