//! Gateways: how words reach a person, by mail, SMS or voice.
//!
//! A [`Letter`] is written into the outbox in the transaction it follows from; the [`Postman`]
//! claims it under a lease and hands it to the channel's [`Gateway`]. A letter is carried at least
//! once; one that is of no use any more (a code that has expired) is given up instead. Its words
//! leave the database as soon as it is carried.

mod mailbox;
mod postman;
mod smtp;
mod twilio;

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use domain::time::Micros;
use serde::{Deserialize, Serialize};
use store::{OutboxRow, Store};

use crate::config::{BadSetting, Config};
use crate::text::Language;
use crate::world::World;

pub use mailbox::{Mailbox, Sent};
pub use postman::{Carrying, Postman};
pub use smtp::Smtp;
pub use twilio::Twilio;

/// A way to a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// E-mail.
    Mail,
    /// A text message.
    Sms,
    /// A call that reads the text out.
    Voice,
}

impl Channel {
    /// Every way.
    pub const ALL: [Self; 3] = [Self::Mail, Self::Sms, Self::Voice];

    /// Its number in the outbox, below those of webhook subscribers.
    pub const fn endpoint(self) -> i64 {
        match self {
            Self::Mail => -1,
            Self::Sms => -2,
            Self::Voice => -3,
        }
    }

    const fn kind(self) -> &'static str {
        match self {
            Self::Mail => "letter.mail",
            Self::Sms => "letter.sms",
            Self::Voice => "letter.voice",
        }
    }

    const fn setting(self) -> &'static str {
        match self {
            Self::Mail => "mail-gateway",
            Self::Sms => "sms-gateway",
            Self::Voice => "voice-gateway",
        }
    }
}

/// Words on their way to one person. No `Debug`: they may hold a code.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// By which way.
    pub channel: Channel,
    /// Mail address, or number in E.164.
    pub to: String,
    /// Of a mail; empty otherwise.
    pub subject: String,
    /// The words; lines end with `\n`.
    pub text: String,
    /// In which language they are.
    pub language: Language,
    /// After this it is of no use.
    pub not_after: Option<Micros>,
}

impl Letter {
    /// Its row of the outbox, under a new message id.
    pub fn row(&self, world: &World) -> OutboxRow {
        OutboxRow {
            endpoint: self.channel.endpoint(),
            message: crate::id::show("msg", world.uuid()),
            kind: self.channel.kind(),
            // Strings and numbers only: it cannot fail.
            body: serde_json::to_vec(self).unwrap_or_default(),
        }
    }
}

/// How a try to carry a letter ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carried {
    /// The next hop has it.
    Taken,
    /// It will never be taken; the word is for the log.
    Refused(&'static str),
    /// Not now; the word is for the log.
    NotNow(&'static str),
}

/// What a gateway answers with, some time later.
pub type Carriage<'a> = Pin<Box<dyn Future<Output = Carried> + Send + 'a>>;

/// Who carries letters of one channel.
pub trait Gateway: Send + Sync {
    /// Tries once to carry `letter`; `message` is the same at each try.
    fn carry<'a>(&'a self, message: &'a str, letter: &'a Letter) -> Carriage<'a>;
}

/// The gateways in force; a channel without one is not offered to anybody.
#[derive(Clone, Default)]
pub struct Gateways(BTreeMap<Channel, Arc<dyn Gateway>>);

impl Gateways {
    /// The gateways that the settings name.
    pub fn of(config: &Config, store: &Store, world: &World) -> Result<Self, BadSetting> {
        let mut gateways = Self::default();
        for channel in Channel::ALL {
            let gateway: Arc<dyn Gateway> = match (config.said.text(channel.setting()), channel) {
                ("off", _) => continue,
                ("mailbox", _) => Arc::new(Mailbox { store: store.clone(), world: world.clone() }),
                ("smtp", Channel::Mail) => Arc::new(Smtp::of(config)?),
                ("twilio", Channel::Sms | Channel::Voice) => Arc::new(Twilio::of(config)?),
                _ => return Err(config.said.bad(channel.setting(), "no such gateway here")),
            };
            gateways.0.insert(channel, gateway);
        }
        Ok(gateways)
    }

    /// Whether anything goes by `channel`.
    pub fn offers(&self, channel: Channel) -> bool {
        self.0.contains_key(&channel)
    }

    fn get(&self, channel: Channel) -> Option<&Arc<dyn Gateway>> {
        self.0.get(&channel)
    }
}
