//! Text messages and calls over an HTTP API compatible with Twilio's `Messages` and `Calls`.

use std::time::Duration;

use reqwest::{Client, StatusCode, redirect};

use super::{Carriage, Carried, Channel, Gateway, Letter};
use crate::config::{BadSetting, Config};
use crate::text::Language;

/// Longest time for one call of the API.
const PATIENCE: Duration = Duration::from_secs(15);

/// An account with a provider of text messages and calls.
pub struct Twilio {
    client: Client,
    /// `https://api.twilio.com/2010-04-01/Accounts/AC…`
    base: String,
    account: String,
    token: String,
    from: String,
}

impl Twilio {
    /// The provider of the settings `sms-url`, `sms-account`, `sms-token` and `sms-from`.
    pub fn of(config: &Config) -> Result<Self, BadSetting> {
        let said = &config.said;
        let needed = |name: &'static str| {
            said.optional(name).map(str::to_owned).ok_or_else(|| said.bad(name, "is missing"))
        };
        let (url, account) = (needed("sms-url")?, needed("sms-account")?);
        let client = Client::builder()
            .no_proxy()
            .redirect(redirect::Policy::none())
            .timeout(PATIENCE)
            .user_agent(concat!("sekisho/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|_| said.bad("sms-url", "no client for it"))?;
        let base = format!("{}/2010-04-01/Accounts/{account}", url.trim_end_matches('/'));
        url::Url::parse(&base).map_err(|_| said.bad("sms-url", "not a URL"))?;
        Ok(Self { client, base, account, token: needed("sms-token")?, from: needed("sms-from")? })
    }

    async fn post(&self, resource: &str, form: &[(&str, &str)]) -> Carried {
        let request = self
            .client
            .post(format!("{}/{resource}.json", self.base))
            .basic_auth(&self.account, Some(&self.token))
            .form(form);
        match request.send().await {
            Ok(response) => judged(response.status()),
            Err(_) => Carried::NotNow("the provider does not answer"),
        }
    }
}

impl Gateway for Twilio {
    fn carry<'a>(&'a self, _: &'a str, letter: &'a Letter) -> Carriage<'a> {
        Box::pin(async move {
            let (to, from) = ("To", "From");
            if letter.channel == Channel::Voice {
                let said = said_twice(letter);
                return self
                    .post("Calls", &[(to, &letter.to), (from, &self.from), ("Twiml", &said)])
                    .await;
            }
            self.post("Messages", &[(to, &letter.to), (from, &self.from), ("Body", &letter.text)])
                .await
        })
    }
}

/// 400 names a number or text that will never do; 401 and 403 are ours to mend; the rest passes.
const fn judged(status: StatusCode) -> Carried {
    match status.as_u16() {
        200..=299 => Carried::Taken,
        400 | 404 | 410 | 422 => Carried::Refused("the provider refuses it"),
        401 | 403 => Carried::NotNow("the provider does not let us in"),
        429 => Carried::NotNow("the provider asks for patience"),
        _ => Carried::NotNow("the provider does not take it now"),
    }
}

/// `TwiML` that reads the text out twice, slowly enough to write it down.
fn said_twice(letter: &Letter) -> String {
    let language = match letter.language {
        Language::Japanese => "ja-JP",
        Language::English => "en-US",
    };
    let text = escaped(&letter.text);
    let say = format!("<Say language=\"{language}\">{text}</Say>");
    format!("<Response>{say}<Pause length=\"1\"/>{say}</Response>")
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            _ => escaped.push(character),
        }
    }
    escaped
}
