//! Calls over an API compatible with Twilio's `Calls`: what is said is `TwiML` that the provider
//! asks us for, and what became of it comes to the same routes, signed.

use store::OutboxRow;

use super::{Call, Rung, Telephone};
use crate::config::{BadSetting, Config};
use crate::gateways::twilio::escaped;
use crate::gateways::{Carried, Twilio};
use crate::payments::Later;
use crate::text::{Language, text};

/// Seconds for which it rings, at either end.
const RINGS_SECONDS: u8 = 30;
/// Seconds for which a key is awaited.
const KEY_SECONDS: u8 = 8;

/// What the provider asks, or tells: the last part of its path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    /// Somebody answered: what is said to them?
    Answered,
    /// They pressed a key.
    Pressed,
    /// The desk's line answered too.
    Joined,
    /// The desk's line is out of it again.
    Left,
    /// The call is over.
    Ended,
}

impl Word {
    /// Every one.
    pub const ALL: [Self; 5] =
        [Self::Answered, Self::Pressed, Self::Joined, Self::Left, Self::Ended];

    /// Its part of the path.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Pressed => "pressed",
            Self::Joined => "joined",
            Self::Left => "left",
            Self::Ended => "ended",
        }
    }

    /// The word of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|word| word.name() == name)
    }
}

/// The provider, and the line at which the desk sits.
pub struct TwilioTelephone {
    api: Twilio,
    /// Where the provider finds us.
    public_url: String,
    desk: String,
    store: String,
}

impl TwilioTelephone {
    /// The provider of the settings `sms-url` and its like, with `callback-desk-number`.
    ///
    /// # Errors
    /// The setting that is missing.
    pub fn of(config: &Config) -> Result<Self, BadSetting> {
        let said = &config.said;
        let needed = |name: &'static str| {
            let value = said.optional(name).map(str::to_owned);
            value.ok_or_else(|| said.bad(name, "is missing, and callback-gateway is twilio"))
        };
        Ok(Self {
            api: Twilio::of(config)?,
            public_url: needed("public-url")?.trim_end_matches('/').to_owned(),
            desk: needed("callback-desk-number")?,
            store: said.text("store-name").to_owned(),
        })
    }

    /// Whether the provider itself asks at `path`.
    pub fn has_signed(&self, path: &str, form: &[(String, String)], signature: &str) -> bool {
        self.api.has_signed(&format!("{}{path}", self.public_url), form, signature)
    }

    /// Asks whoever answered for a key: who is calling, and no more than that (T9).
    pub fn asks(&self, language: Language, callback: u128, dial: u8) -> String {
        let says = self.says(language, "callback-says-ask");
        let action = escaped(&self.at(callback, dial, Word::Pressed));
        response(&format!(
            "<Gather numDigits=\"1\" timeout=\"{KEY_SECONDS}\" action=\"{action}\" \
             method=\"POST\">{says}<Pause length=\"1\"/>{says}</Gather><Hangup/>"
        ))
    }

    /// Joins the desk's line.
    pub fn joins(&self, language: Language, callback: u128, dial: u8) -> String {
        let (joined, left) = (
            escaped(&self.at(callback, dial, Word::Joined)),
            escaped(&self.at(callback, dial, Word::Left)),
        );
        let (says, from) = (self.says(language, "callback-says-join"), escaped(self.api.from()));
        response(&format!(
            "{says}<Dial timeout=\"{RINGS_SECONDS}\" callerId=\"{from}\" action=\"{left}\" \
             method=\"POST\"><Number statusCallback=\"{joined}\" statusCallbackEvent=\"answered\" \
             statusCallbackMethod=\"POST\">{}</Number></Dial>",
            escaped(&self.desk)
        ))
    }

    /// Says the words of `key` and hangs up.
    pub fn parts(&self, language: Language, key: &str) -> String {
        response(&format!("{}<Hangup/>", self.says(language, key)))
    }

    fn says(&self, language: Language, key: &str) -> String {
        let words = text().tell(language, key, &[("store", &self.store)]);
        let tag = match language {
            Language::Japanese => "ja-JP",
            Language::English => "en-US",
        };
        format!("<Say language=\"{tag}\">{}</Say>", escaped(&words))
    }

    fn at(&self, callback: u128, dial: u8, word: Word) -> String {
        let id = crate::id::show("cbk", callback);
        format!("{}/telephony/{id}/{dial}/{}", self.public_url, word.name())
    }
}

/// Nothing more is to be done on this line.
pub fn hangs_up() -> String {
    response("<Hangup/>")
}

/// Nothing is said.
pub fn says_nothing() -> String {
    response("")
}

fn response(inside: &str) -> String {
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response>{inside}</Response>")
}

impl Telephone for TwilioTelephone {
    fn is_there(&self) -> bool {
        true
    }

    fn rows(&self, _: &Call) -> Vec<OutboxRow> {
        Vec::new()
    }

    fn ring<'a>(&'a self, call: &'a Call) -> Later<'a, Rung> {
        Box::pin(async move {
            let answered = self.at(call.callback, call.dial, Word::Answered);
            let ended = self.at(call.callback, call.dial, Word::Ended);
            let timeout = RINGS_SECONDS.to_string();
            let form = [
                ("Url", answered.as_str()),
                ("Method", "POST"),
                ("StatusCallback", ended.as_str()),
                ("StatusCallbackMethod", "POST"),
                ("Timeout", timeout.as_str()),
            ];
            match self.api.call(&call.to, &form).await {
                Carried::Taken => Rung::Rings,
                Carried::Refused(why) | Carried::NotNow(why) => Rung::Not(why),
            }
        })
    }
}

/// Words that are said on the line.
#[cfg(test)]
pub(crate) const KEYS: [&str; 4] = [
    "callback-says-ask",
    "callback-says-join",
    "callback-says-declined",
    "callback-says-not-reached",
];
