//! `sekisho policy activate`: a policy on a running server, by two keys.

use std::path::PathBuf;
use std::time::Duration;

use clap::ArgGroup;
use reqwest::{Client, StatusCode, Url, redirect};
use serde_json::{Value, json};

use super::{compiled, read};
use crate::command::{Call, Exit, Failure, say, wait_for};
use crate::world::environment;

/// Where the key is read from: a flag would show it to everybody on the machine.
const KEY: &str = "SEKISHO_KEY";
/// How long the server may take to answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// What to do with which version. The key, of the scope `admin`, is read from `SEKISHO_KEY`.
#[derive(Debug, clap::Args)]
#[command(group = ArgGroup::new("what").required(true))]
pub(super) struct Args {
    /// A policy to be proposed, or the id of an approved version to be put into force
    #[arg(group = "what", value_name = "FILE|pol_ID")]
    policy: Option<PathBuf>,
    /// Approve this version; with another key than the one that proposed it
    #[arg(long, group = "what", value_name = "ID")]
    approve: Option<String>,
    /// Put this version into force
    #[arg(long, group = "what", value_name = "ID")]
    activate: Option<String>,
    /// Why, to be read beside the version
    #[arg(long, default_value = "", requires = "policy")]
    note: String,
    /// The server
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8470")]
    server: Url,
}

/// Does one step: propose, approve or activate.
pub(super) fn run(args: &Args, call: &Call) -> Result<Exit, Failure> {
    let step = Step::of(args)?;
    let key = environment(KEY)
        .ok_or_else(|| Failure::BadUsage(format!("put a key with the scope `admin` into {KEY}")))?;
    let (path, body) = step.request(&args.note)?;
    let version = wait_for(ask(&args.server, &path, &key, &body))?;
    say(if call.json { version.to_string() } else { step.done(&version) })?;
    Ok(Exit::Fine)
}

enum Step<'a> {
    Propose(&'a PathBuf),
    Approve(&'a str),
    Activate(&'a str),
}

impl<'a> Step<'a> {
    fn of(args: &'a Args) -> Result<Self, Failure> {
        let named = args.policy.as_deref().and_then(|policy| policy.to_str());
        let step = match (&args.policy, &args.approve, &args.activate) {
            (_, Some(id), _) => Self::Approve(id),
            (_, _, Some(id)) => Self::Activate(id),
            (Some(file), ..) => match named.filter(|name| is_id(name)) {
                Some(id) => Self::Activate(id),
                None => Self::Propose(file),
            },
            (None, None, None) => return Err(Failure::BadUsage("name a policy".to_owned())),
        };
        match step {
            Self::Approve(id) | Self::Activate(id) if !is_id(id) => {
                Err(Failure::BadUsage(format!("{id}: the id of a version begins with pol_")))
            }
            step => Ok(step),
        }
    }

    /// Path and body; a policy that cannot be understood does not leave this machine.
    fn request(&self, note: &str) -> Result<(String, Value), Failure> {
        Ok(match self {
            Self::Propose(file) => {
                compiled(file)?;
                ("/v1/policies".to_owned(), json!({ "text": read(file)?, "note": note }))
            }
            Self::Approve(id) => (format!("/v1/policies/{id}/approve"), Value::Null),
            Self::Activate(id) => (format!("/v1/policies/{id}/activate"), Value::Null),
        })
    }

    /// What was done, and what comes next.
    fn done(&self, version: &Value) -> String {
        let word = |field: &str| version.get(field).and_then(Value::as_str).unwrap_or_default();
        let id = word("id");
        match self {
            Self::Propose(_) => format!(
                "{id} is proposed\nnext, with another key: sekisho policy activate --approve {id}"
            ),
            Self::Approve(_) => format!(
                "{id} is approved by {}\nnext: sekisho policy activate --activate {id}",
                word("approved_by")
            ),
            Self::Activate(_) => format!("{id} is in force since {}", word("activated_at")),
        }
    }
}

/// `pol_` and what such an id is made of, so that it is nothing else in a path.
fn is_id(name: &str) -> bool {
    let id = name.strip_prefix("pol_");
    id.is_some_and(|id| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

async fn ask(server: &Url, path: &str, key: &str, body: &Value) -> Result<Value, Failure> {
    let unanswered = |error: reqwest::Error| {
        Failure::unfinished(&format!("no answer from {server}"), &error.without_url())
    };
    let url = server.join(path).map_err(|error| Failure::BadUsage(format!("{server}: {error}")))?;
    // The key goes to the server that was named, and nowhere else.
    let client = Client::builder().no_proxy().redirect(redirect::Policy::none()).timeout(PATIENCE);
    let client = client.build().map_err(unanswered)?;
    let request = client.post(url).bearer_auth(key).json(body);
    let answer = request.send().await.map_err(unanswered)?;
    let status = answer.status();
    let said: Value = answer.json().await.unwrap_or_default();
    if status.is_success() { Ok(said) } else { Err(refused(status, &said)) }
}

/// A refusal in words: input that is wrong is told from a step that cannot be taken now.
fn refused(status: StatusCode, problem: &Value) -> Failure {
    let word = |at: &Value, field: &str| {
        at.get(field).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let (title, detail) = (word(problem, "title"), word(problem, "detail"));
    let mut text = format!("the server refused ({}): {title}", status.as_u16());
    if !detail.is_empty() {
        text = format!("{text}: {detail}");
    }
    for error in problem.get("errors").and_then(Value::as_array).into_iter().flatten() {
        let place = |field: &str| error.get(field).and_then(Value::as_u64).unwrap_or_default();
        let (line, column) = (place("line"), place("column"));
        text = format!("{text}\n{line}:{column}: {}", word(error, "detail"));
    }
    match status {
        StatusCode::NOT_FOUND | StatusCode::UNPROCESSABLE_ENTITY => Failure::BadInput(text),
        _ => Failure::Unfinished(text),
    }
}
