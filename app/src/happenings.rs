//! What happens on our own pages goes the way of every event: into the log, judged.

use std::net::IpAddr;

use domain::decision::Mode;
use domain::event::{self, ChangeField, EventType, Status};
use domain::keyed::{AccountKey, Field, KeyedHasher};
use domain::observation::CredentialKind;
use domain::time::Micros;
use serde_json::{Map, Value, json};

use crate::http::House;
use crate::http::problem::Problem;
use crate::judge::Judged;
use crate::time::show;

/// Who looks at a page, as far as the request tells.
#[derive(Clone, Default)]
pub struct Visit {
    /// The peer, or whom a trusted proxy names.
    pub ip: Option<IpAddr>,
    /// As it was sent.
    pub user_agent: Option<String>,
    /// As it was sent.
    pub accept_language: Option<String>,
    /// The device's cookie, once its signature has been checked.
    pub device_token: Option<String>,
}

/// Something that happened on our pages.
pub struct Happening<'a> {
    /// What.
    pub kind: EventType,
    /// How far it got.
    pub status: Status,
    /// Whose account; a stranger's has none (see [`stranger`]).
    pub account: &'a str,
    /// The account's mail address.
    pub email: Option<&'a str>,
    /// The account's phone number.
    pub phone: Option<&'a str>,
    /// Since when there is the account.
    pub registered_at: Option<Micros>,
    /// The session in which it happened.
    pub session: Option<u128>,
    /// From where.
    pub visit: &'a Visit,
    /// What was presented, and the keyed hash of a secret.
    pub credential: Option<(CredentialKind, Option<String>)>,
    /// What was changed: field, old and new value.
    pub change: Option<(ChangeField, Option<&'a str>, Option<&'a str>)>,
}

/// How an address that is no member's appears in the log: as one of 65,536 accounts of nobody. So
/// breadth is counted (stuffing tries many), and a flood of invented addresses fills no table.
pub fn stranger(hasher: &KeyedHasher, login: &str) -> String {
    format!("nobody-{:04x}", hasher.short(Field::Email, login.as_bytes()) & 0xffff)
}

impl House {
    /// Judges what happened, and writes it down before it answers.
    pub async fn happened(&self, happening: &Happening<'_>) -> Result<Judged, Problem> {
        let now = self.world.now();
        let body = happening.body(&crate::id::show("evt", self.world.uuid()), now);
        let event = event::parse(&body, now)?;
        let submission = self.submission(event, &body, now, Some(Mode::Enforce));
        let kind = submission.observation.kind;
        let judged = self.judge.judge(submission).await?;
        self.metrics.judged(kind, &judged);
        Ok(judged)
    }

    /// The key under which an account is remembered.
    pub fn account_key(&self, account: &str) -> AccountKey {
        AccountKey(self.hasher.wide(Field::Account, account.as_bytes()))
    }
}

impl Happening<'_> {
    fn body(&self, event_id: &str, now: Micros) -> Vec<u8> {
        let mut account = Map::from_iter([("id".to_owned(), Value::from(self.account))]);
        put(&mut account, "email", self.email);
        put(&mut account, "phone", self.phone);
        put(&mut account, "registered_at", self.registered_at.map(show));
        let mut context = Map::new();
        put(&mut context, "ip", self.visit.ip.map(|ip| ip.to_string()));
        put(&mut context, "user_agent", self.visit.user_agent.as_deref());
        put(&mut context, "accept_language", self.visit.accept_language.as_deref());
        put(&mut context, "device_token", self.visit.device_token.as_deref());
        let session = self.session.map(|id| json!({ "id": crate::id::show("ses", id) }));
        let credential = self.credential.as_ref().map(|(kind, secret_hash)| {
            json!({ "kind": credential_name(*kind), "secret_hash": secret_hash })
        });
        let change =
            self.change.map(|(field, old, new)| json!({ "field": field, "old": old, "new": new }));
        let event = json!({
            "event_id": event_id,
            "type": self.kind,
            "status": self.status,
            "occurred_at": show(now),
            "account": account,
            "context": context,
            "session": session,
            "credential": credential,
            "change": change,
        });
        event.to_string().into_bytes()
    }
}

fn put(map: &mut Map<String, Value>, name: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        map.insert(name.to_owned(), value.into());
    }
}

const fn credential_name(kind: CredentialKind) -> &'static str {
    match kind {
        CredentialKind::Password => "password",
        CredentialKind::Passkey => "passkey",
        CredentialKind::Totp => "totp",
        CredentialKind::OneTimeCode => "one_time_code",
        CredentialKind::Federated => "federated",
        CredentialKind::RecoveryCode => "recovery_code",
        CredentialKind::Other => "other",
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn what_happens_here_is_an_event_like_any_other() {
        let visit = Visit {
            ip: Some("203.0.113.7".parse().unwrap()),
            user_agent: Some("Mozilla/5.0 \u{202e}\u{1f5fb}".to_owned()),
            accept_language: Some("ja".to_owned()),
            device_token: Some("dvt-1".to_owned()),
        };
        let now = Micros(1_780_488_245_000_000);
        let happening = Happening {
            kind: EventType::EmailChanged,
            status: Status::Succeeded,
            account: "acc_1",
            email: Some("hanako@example.jp"),
            phone: None,
            registered_at: Some(Micros(0)),
            session: Some(9),
            visit: &visit,
            credential: Some((CredentialKind::OneTimeCode, None)),
            change: Some((ChangeField::Email, Some("hanako@example.jp"), Some("h@example.net"))),
        };
        let event = event::parse(&happening.body("evt_1", now), now).unwrap();
        assert_eq!((event.kind, event.occurred_at), (EventType::EmailChanged, now));
        assert_eq!(event.account.unwrap().registered_at, Some(Micros(0)));
        assert_eq!(event.context.device_token.as_deref(), Some("dvt-1"));
        assert_eq!(event.credential.unwrap().kind, CredentialKind::OneTimeCode);
        let change = event.change.unwrap();
        assert_eq!(change.new.as_deref(), Some("h@example.net"));
        assert!(event.session_id.is_some());
    }

    #[test]
    fn invented_addresses_share_few_accounts_of_nobody() {
        let hasher = KeyedHasher::new([3; 32]);
        let names: std::collections::BTreeSet<_> =
            (0..100_000).map(|n| stranger(&hasher, &format!("{n}@example.jp"))).collect();
        assert!(names.len() <= 65_536, "{}", names.len());
        assert!(names.len() > 40_000, "and yet they are told apart: {}", names.len());
        assert_eq!(stranger(&hasher, "a@b.jp"), stranger(&hasher, "a@b.jp"));
    }
}
