//! Text messages and calls over an HTTP API compatible with Twilio's `Messages` and `Calls`.

use std::time::Duration;

use data_encoding::BASE64;
use reqwest::{Client, StatusCode, redirect};
use ring::hmac;

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

    /// Lets a number ring from ours; what is said is asked for at the URL in `form`.
    pub async fn call(&self, to: &str, form: &[(&str, &str)]) -> Carried {
        let form = [&[("To", to), ("From", &self.from)], form].concat();
        self.post("Calls", &form).await
    }

    /// From whom calls are, in E.164.
    pub fn from(&self) -> &str {
        &self.from
    }

    /// Whether the provider signed this request (`X-Twilio-Signature`): HMAC-SHA1 by the account's
    /// token over the URL that it was given and the fields in the order of their names.
    pub fn has_signed(&self, url: &str, form: &[(String, String)], signature: &str) -> bool {
        let mut fields: Vec<_> = form.iter().collect();
        fields.sort();
        let mut text = url.to_owned();
        for (name, value) in fields {
            text.push_str(name);
            text.push_str(value);
        }
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, self.token.as_bytes());
        let signed = BASE64.decode(signature.as_bytes());
        signed.is_ok_and(|signed| hmac::verify(&key, text.as_bytes(), &signed).is_ok())
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

pub(crate) fn escaped(text: &str) -> String {
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

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::config::{Said, Source};

    /// The example of Twilio's own libraries.
    #[test]
    fn a_request_is_the_providers_when_its_signature_is() {
        let said = ["sms-url", "sms-account", "sms-token", "sms-from"]
            .into_iter()
            .zip(["https://api.twilio.com", "AC1", "12345", "+815000000000"])
            .fold(Said::defaults(), |said, (name, value)| said.with(name, value, Source::Flag));
        let twilio = Twilio::of(&Config::of(said).unwrap()).unwrap();
        let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let form = [
            field("To", "+18005551212"),
            field("From", "+14158675309"),
            field("Digits", "1234"),
            field("Caller", "+14158675309"),
            field("CallSid", "CA1234567890ABCDE"),
        ];
        let url = "https://mycompany.com/myapp.php?foo=1&bar=2";
        let signature = "RSOYDt4T1cUTdK1PDd93/VVr8B8=";
        assert!(twilio.has_signed(url, &form, signature));
        assert!(!twilio.has_signed("https://mycompany.com/", &form, signature));
        assert!(!twilio.has_signed(url, form.get(1..).unwrap(), signature));
        for other in ["", "x", "AAAA", "RSOYDt4T1cUTdK1PDd93/VVr8B9="] {
            assert!(!twilio.has_signed(url, &form, other), "{other}");
        }
    }
}
