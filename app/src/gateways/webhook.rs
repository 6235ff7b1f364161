//! The store's own mail and text service, told by a signed webhook: `notification.requested`.
//!
//! Not one of the subscribers' webhooks: it carries words and an address, may hold a code, and goes to
//! one place that the operator names. The store that sends a mail of ours tells it by
//! `POST /v1/mail/sent`, so that a check of it finds it.

use domain::time::Micros;
use serde_json::json;
use store::Secret;

use super::{Carriage, Carried, Gateway, Letter};
use crate::config::{BadSetting, Config};
use crate::time::show;
use crate::webhooks::{Allowed, Answer, Patience, Sender, secret};
use crate::world::World;

/// Where the store takes what is to be sent.
pub struct StoreGateway {
    sender: Sender,
    url: String,
    secrets: Vec<Secret>,
    world: World,
}

impl StoreGateway {
    /// The service of the settings `gateway-url` and `gateway-secret`, under the guard of webhooks.
    pub fn of(config: &Config, world: &World) -> Result<Self, BadSetting> {
        let said = &config.said;
        let needed =
            |name: &'static str| said.optional(name).ok_or_else(|| said.bad(name, "is missing"));
        let read = |one: &str| {
            secret::read(one.trim()).map_err(|bad| said.bad("gateway-secret", &bad.to_string()))
        };
        let secrets = needed("gateway-secret")?.split(',').map(read).collect::<Result<_, _>>()?;
        let allowed = Allowed::read(said.text("webhooks-allow"))
            .map_err(|entry| said.bad("webhooks-allow", &format!("{entry}: host:port")))?;
        let url = needed("gateway-url")?.to_owned();
        crate::webhooks::Target::check(&url, &allowed)
            .map_err(|refused| said.bad("gateway-url", &refused.to_string()))?;
        let sender = Sender::new(allowed, Patience::default())
            .map_err(|_| said.bad("gateway-url", "no client for it"))?;
        Ok(Self { sender, url, secrets, world: world.clone() })
    }

    fn body(letter: &Letter, now: Micros) -> Vec<u8> {
        let data = json!({
            "channel": letter.channel,
            "to": letter.to,
            "subject": (!letter.subject.is_empty()).then_some(&letter.subject),
            "text": letter.text,
            "language": letter.language.tag(),
            "not_after": letter.not_after.map(show),
        });
        let body =
            json!({ "type": "notification.requested", "timestamp": show(now), "data": data });
        body.to_string().into_bytes()
    }
}

impl Gateway for StoreGateway {
    fn carry<'a>(&'a self, message: &'a str, letter: &'a Letter) -> Carriage<'a> {
        Box::pin(async move {
            let now = self.world.now();
            let body = Self::body(letter, now);
            let sent = self.sender.send_signed(&self.url, &self.secrets, (message, &body), now);
            judged(sent.await)
        })
    }
}

/// 400 and 422 name an address or text that will never do; everything else passes.
const fn judged(answer: Answer) -> Carried {
    match answer {
        Answer::Taken(_) => Carried::Taken,
        Answer::NotTaken { status: 400 | 422, .. } => Carried::Refused("the store refuses it"),
        Answer::NotTaken { status: 401 | 403, .. } => {
            Carried::NotNow("the store does not take our signature")
        }
        Answer::NotTaken { .. } | Answer::Gone => Carried::NotNow("the store does not take it now"),
        Answer::Unanswered(why) => Carried::NotNow(why),
    }
}
