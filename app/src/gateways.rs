//! Gateways: how words reach a person, by mail, SMS or voice.
//!
//! A [`Letter`] is written into the outbox in the transaction it follows from; the [`Postman`]
//! claims it under a lease and hands it to the channel's [`Gateway`]. A letter is carried at least
//! once; one that is of no use any more (a code that has expired) is given up instead. Its words
//! leave the database as soon as it is carried.

mod mailbox;
mod postman;
mod smtp;
pub(crate) mod twilio;
mod webhook;

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

pub use domain::notice::Channel;
use domain::time::Micros;
use serde::{Deserialize, Serialize};
use store::{OutboxRow, Store};

use crate::config::{BadSetting, Config};
use crate::sent_mail::SentMail;
use crate::text::Language;
use crate::world::World;

pub use mailbox::{Mailbox, Sent};
pub use postman::{Carrying, Postman};
pub use smtp::Smtp;
pub use twilio::Twilio;
pub use webhook::StoreGateway;

/// A channel's number in the outbox, below those of webhook subscribers.
const fn endpoint_of(channel: Channel) -> i64 {
    match channel {
        Channel::Mail => -1,
        Channel::Sms => -2,
        Channel::Voice => -3,
    }
}

const fn kind_of(channel: Channel) -> &'static str {
    match channel {
        Channel::Mail => "letter.mail",
        Channel::Sms => "letter.sms",
        Channel::Voice => "letter.voice",
    }
}

const fn setting_of(channel: Channel) -> &'static str {
    match channel {
        Channel::Mail => "mail-gateway",
        Channel::Sms => "sms-gateway",
        Channel::Voice => "voice-gateway",
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
            endpoint: endpoint_of(self.channel),
            message: crate::id::show("msg", world.uuid()),
            kind: kind_of(self.channel),
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

    /// The mail that `letter` goes out as, for the ledger of sent mail (C2); none for what is no mail.
    fn sent_as(&self, _message: &str, _letter: &Letter, _now: Micros) -> Option<SentMail> {
        None
    }
}

/// The gateways in force; a channel without one is not offered to anybody.
#[derive(Clone, Default)]
pub struct Gateways(BTreeMap<Channel, Arc<dyn Gateway>>);

impl Gateways {
    /// The gateways that the settings name.
    pub fn of(config: &Config, store: &Store, world: &World) -> Result<Self, BadSetting> {
        let mut gateways = Self::default();
        for channel in Channel::ALL {
            let gateway: Arc<dyn Gateway> = match (config.said.text(setting_of(channel)), channel) {
                ("off", _) => continue,
                ("mailbox", _) => Arc::new(Mailbox { store: store.clone(), world: world.clone() }),
                ("webhook", _) => Arc::new(StoreGateway::of(config, world)?),
                ("smtp", Channel::Mail) => Arc::new(Smtp::of(config)?),
                ("twilio", Channel::Sms | Channel::Voice) => Arc::new(Twilio::of(config)?),
                _ => return Err(config.said.bad(setting_of(channel), "no such gateway here")),
            };
            gateways.0.insert(channel, gateway);
        }
        Ok(gateways)
    }

    /// The channels by which anything goes.
    pub fn offered(&self) -> Vec<Channel> {
        self.0.keys().copied().collect()
    }

    fn get(&self, channel: Channel) -> Option<&Arc<dyn Gateway>> {
        self.0.get(&channel)
    }
}
