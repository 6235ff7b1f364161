//! One try: sign, send, look at the status. Everything is bounded, nothing is followed.

use std::sync::Arc;
use std::time::Duration;

use domain::time::{Micros, SECOND};
use reqwest::{Client, header, redirect};
use store::{Delivery, Secret};

use super::schedule::retry_after;
use super::secret::sign;
use super::target::{Allowed, PublicOnly, Target};

/// Bytes of an answer that are read, so that the connection can be used again; no more.
const ANSWER_BYTES_MAX: usize = 16 << 10;

/// How long a receiver may take.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// To take a connection.
    pub connect: Duration,
    /// For the whole try, name look-up and answer included.
    pub answer: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { connect: Duration::from_secs(5), answer: Duration::from_secs(15) }
    }
}

/// What a try came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// 2xx: taken.
    Taken(u16),
    /// 410: the receiver wants no more of it.
    Gone,
    /// Any other status: not taken.
    NotTaken {
        /// The status.
        status: u16,
        /// What `Retry-After` asked for, microseconds.
        retry_after: Option<i64>,
    },
    /// No answer: refused target, unreachable, too slow. The word is for the log.
    Unanswered(&'static str),
}

impl Answer {
    /// The HTTP status, where there was one.
    pub const fn status(self) -> Option<u16> {
        match self {
            Self::Taken(status) | Self::NotTaken { status, .. } => Some(status),
            Self::Gone => Some(410),
            Self::Unanswered(_) => None,
        }
    }
}

/// Sends signed messages; cheap to clone.
#[derive(Clone)]
pub struct Sender {
    allowed: Allowed,
    /// Connects to public addresses only.
    guarded: Client,
    /// Connects to what the operator vouches for.
    vouched: Client,
}

impl Sender {
    /// A sender that takes no proxy from the environment and follows no redirect.
    pub fn new(allowed: Allowed, patience: Patience) -> Result<Self, reqwest::Error> {
        let client = || {
            Client::builder()
                .no_proxy()
                .redirect(redirect::Policy::none())
                .connect_timeout(patience.connect)
                .timeout(patience.answer)
                .user_agent(concat!("sekisho/", env!("CARGO_PKG_VERSION")))
        };
        Ok(Self {
            allowed,
            guarded: client().https_only(true).dns_resolver(Arc::new(PublicOnly)).build()?,
            vouched: client().build()?,
        })
    }

    /// Posts a form once to `url`, under the same guard; what it carries is signed by itself.
    pub async fn post_form(&self, url: &str, form: &[(&str, &str)], now: Micros) -> Answer {
        let Ok(target) = Target::check(url, &self.allowed) else {
            return Answer::Unanswered("refused target");
        };
        let client = if target.vouched { &self.vouched } else { &self.guarded };
        match client.post(target.url).form(form).send().await {
            Ok(response) => read_answer(response, now).await,
            Err(error) => Answer::Unanswered(why(&error)),
        }
    }

    /// Tries once to deliver to `url`, signed with each of `secrets` (two while a key rotates).
    /// `now` is signed as the time of the try.
    pub async fn send(
        &self,
        url: &str,
        secrets: &[Secret],
        delivery: &Delivery,
        now: Micros,
    ) -> Answer {
        self.send_signed(url, secrets, (&delivery.message, &delivery.body), now).await
    }

    /// The same for a message that is not a subscriber's: its id and body.
    pub async fn send_signed(
        &self,
        url: &str,
        secrets: &[Secret],
        (message, body): (&str, &[u8]),
        now: Micros,
    ) -> Answer {
        let Ok(target) = Target::check(url, &self.allowed) else {
            return Answer::Unanswered("refused target");
        };
        let seconds = now.0.div_euclid(SECOND);
        let signed = |secret| sign(secret, message, seconds, body);
        let signatures: Vec<String> = secrets.iter().map(signed).collect();
        let client = if target.vouched { &self.vouched } else { &self.guarded };
        let request = client
            .post(target.url)
            .header(header::CONTENT_TYPE, "application/json")
            .header("webhook-id", message)
            .header("webhook-timestamp", seconds)
            .header("webhook-signature", signatures.join(" "))
            .body(body.to_vec());
        match request.send().await {
            Ok(response) => read_answer(response, now).await,
            Err(error) => Answer::Unanswered(why(&error)),
        }
    }
}

async fn read_answer(mut response: reqwest::Response, now: Micros) -> Answer {
    let status = response.status().as_u16();
    let asked = response.headers().get(header::RETRY_AFTER);
    let asked = asked.and_then(|value| retry_after(value.to_str().ok()?, now));
    let mut read = 0;
    while let Ok(Some(chunk)) = response.chunk().await {
        read += chunk.len();
        if read > ANSWER_BYTES_MAX {
            break;
        }
    }
    match status {
        200..=299 => Answer::Taken(status),
        410 => Answer::Gone,
        _ => Answer::NotTaken { status, retry_after: asked },
    }
}

/// A word without the URL in it: URLs may carry what is none of the log's business.
fn why(error: &reqwest::Error) -> &'static str {
    if error.is_timeout() {
        "too slow"
    } else if error.is_connect() {
        "no connection"
    } else {
        "broken answer"
    }
}
