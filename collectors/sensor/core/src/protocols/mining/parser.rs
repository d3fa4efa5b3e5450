//! Lines to messages.

use super::json::Value;

/// How a method is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Telling {
    /// Each one, with its answer.
    Each,
    /// How many there were.
    Count,
}

/// A method of Stratum.
#[derive(Debug, PartialEq, Eq)]
pub struct Method {
    /// Its name.
    pub name: &'static str,
    /// How it is told.
    pub telling: Telling,
    /// The pool sends it.
    pub pushed: bool,
    /// Nothing but mining has a method of this name.
    pub certain: bool,
}

const fn asked(name: &'static str, telling: Telling, certain: bool) -> Method {
    Method { name, telling, pushed: false, certain }
}

const fn pushed(name: &'static str, telling: Telling, certain: bool) -> Method {
    Method { name, telling, pushed: true, certain }
}

/// What is known.
const METHODS: &[Method] = &[
    asked("mining.subscribe", Telling::Each, true),
    asked("mining.authorize", Telling::Each, true),
    asked("mining.configure", Telling::Each, true),
    asked("mining.extranonce.subscribe", Telling::Count, true),
    asked("mining.suggest_difficulty", Telling::Count, true),
    asked("mining.suggest_target", Telling::Count, true),
    asked("mining.get_transactions", Telling::Count, true),
    asked("mining.multi_version", Telling::Count, true),
    asked("mining.submit", Telling::Count, true),
    asked("login", Telling::Each, false),
    asked("getjob", Telling::Count, false),
    asked("submit", Telling::Count, false),
    asked("keepalived", Telling::Count, false),
    asked("eth_submitLogin", Telling::Each, true),
    asked("eth_login", Telling::Each, true),
    asked("eth_getWork", Telling::Count, true),
    asked("eth_submitWork", Telling::Count, true),
    asked("eth_submitHashrate", Telling::Count, true),
    asked("getblocktemplate", Telling::Count, false),
    pushed("mining.notify", Telling::Count, true),
    pushed("mining.set_difficulty", Telling::Count, true),
    pushed("mining.set_target", Telling::Count, true),
    pushed("mining.set_extranonce", Telling::Count, true),
    pushed("mining.set_version_mask", Telling::Count, true),
    pushed("job", Telling::Count, false),
    pushed("client.reconnect", Telling::Each, false),
    pushed("client.get_version", Telling::Count, false),
    pushed("client.show_message", Telling::Count, false),
];

/// What one line says.
#[derive(Debug)]
pub struct Message<'v> {
    /// A known method, in requests and what the pool pushes.
    pub method: Option<&'static Method>,
    /// The number that pairs request and answer, as text.
    pub id: Option<String>,
    value: &'v Value<'v>,
}

impl<'v> Message<'v> {
    /// Of an object; `None` for anything else.
    #[must_use]
    pub fn of(value: &'v Value<'v>) -> Option<Self> {
        if !matches!(value, Value::Object(_)) {
            return None;
        }
        let name = value.get("method").and_then(Value::text);
        let method = name.and_then(|name| METHODS.iter().find(|method| method.name == name));
        let id = match value.get("id") {
            Some(Value::Number(number)) => Some((*number).to_owned()),
            Some(Value::Text(text)) => Some(text.to_string()),
            _ => None,
        };
        Some(Self { method, id, value })
    }

    /// Whether nothing but mining begins like this. Monero's log-in is told by what it carries.
    #[must_use]
    pub fn is_mining(&self, by_pool: bool) -> bool {
        let Some(method) = self.method.filter(|method| method.pushed == by_pool) else { return false };
        let has = |name| self.parameters().is_some_and(|parameters| parameters.get(name).is_some());
        method.certain
            || (method.name == "login" && has("login") && (has("pass") || has("agent")))
            || (method.name == "job" && has("blob") && has("target"))
            || (method.name == "submit" && has("nonce") && has("job_id"))
    }

    fn parameters(&self) -> Option<&'v Value<'v>> {
        self.value.get("params")
    }

    fn parameter(&self, name: &str, index: usize) -> Option<&'v str> {
        let parameters = self.parameters()?;
        parameters.get(name).or_else(|| parameters.item(index)).and_then(Value::text)
    }

    /// Wallet or user, and password.
    #[must_use]
    pub fn account(&self) -> Option<(&'v str, Option<&'v str>)> {
        let account = match self.method?.name {
            "mining.authorize" | "login" | "eth_submitLogin" | "eth_login" => self.parameter("login", 0)?,
            _ => return None,
        };
        Some((account, self.parameter("pass", 1)))
    }

    /// What the miner runs.
    #[must_use]
    pub fn agent(&self) -> Option<&'v str> {
        match self.method?.name {
            "mining.subscribe" => self.parameter("agent", 0),
            "login" => self.parameter("agent", usize::MAX),
            _ => self.value.get("worker").and_then(Value::text),
        }
    }

    /// Algorithms offered by a log-in, or the one of a job.
    #[must_use]
    pub fn algorithms(&self) -> Vec<String> {
        let job = self.value.get("result").and_then(|result| result.get("job"));
        match self.parameters().or(job).and_then(|holder| holder.get("algo")) {
            Some(Value::List(names)) => names.iter().filter_map(Value::text).map(str::to_owned).collect(),
            Some(Value::Text(name)) => vec![name.to_string()],
            _ => Vec::new(),
        }
    }

    /// Of an answer: `None` when it went well, else why not.
    #[must_use]
    pub fn refusal(&self) -> Option<String> {
        match self.value.get("error") {
            Some(Value::List(parts)) => {
                Some(parts.iter().find_map(Value::text).unwrap_or("error").to_owned())
            }
            Some(error @ Value::Object(_)) => {
                Some(error.get("message").and_then(Value::text).unwrap_or("error").to_owned())
            }
            Some(Value::Text(text)) => Some(text.to_string()),
            _ if self.value.get("result") == Some(&Value::Flag(false)) => Some("false".to_owned()),
            _ => None,
        }
    }
}
