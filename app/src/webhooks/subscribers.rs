//! Who wants to hear what: held in memory, so that a decision knows its outbox rows at once.

use std::sync::{Arc, RwLock};

use serde_json::Value;
use store::{Endpoint, OutboxRow, Store, StoreError};

use super::messages::{Kind, Message, Subject, enveloped, messages_for};
use crate::id;
use crate::judge::{Judged, Submission};
use crate::world::World;

/// What one endpoint wants to hear.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// The endpoint's number.
    pub endpoint: i64,
    /// The kinds it wants; `None` is all of them.
    pub kinds: Option<Vec<Kind>>,
}

impl Subscription {
    /// What `endpoint` wants, as it is stored: no kinds is all of them. `None` while it is
    /// disabled.
    pub fn of(endpoint: &Endpoint) -> Option<Self> {
        let kinds: Vec<Kind> = endpoint.kinds.iter().filter_map(|name| Kind::named(name)).collect();
        let kinds = (!endpoint.kinds.is_empty()).then_some(kinds);
        endpoint.disabled.is_none().then_some(Self { endpoint: endpoint.number, kinds })
    }

    fn wants(&self, kind: Kind) -> bool {
        self.kinds.as_ref().is_none_or(|kinds| kinds.contains(&kind))
    }
}

/// Every subscription; cheap to clone, changed as a whole.
#[derive(Clone, Default)]
pub struct Subscribers(Arc<RwLock<Arc<[Subscription]>>>);

impl Subscribers {
    /// Reads the subscriptions anew.
    pub async fn refresh(&self, store: &Store) -> Result<(), StoreError> {
        self.replace(store.endpoints().await?.iter().filter_map(Subscription::of).collect());
        Ok(())
    }

    /// From now on these are the subscriptions.
    pub fn replace(&self, subscriptions: Vec<Subscription>) {
        *self.0.write().unwrap_or_else(std::sync::PoisonError::into_inner) = subscriptions.into();
    }

    /// The outbox rows of a judged event. Nothing is built that nobody wants.
    pub fn rows(&self, judged: &Judged, submission: &Submission, world: &World) -> Vec<OutboxRow> {
        let subscriptions =
            Arc::clone(&self.0.read().unwrap_or_else(std::sync::PoisonError::into_inner));
        if subscriptions.is_empty() {
            return Vec::new();
        }
        let subject = Subject::of(judged, submission);
        let wanted = |kind| subscriptions.iter().any(|one| one.wants(kind));
        let messages = messages_for(&subject, &wanted);
        messages.iter().flat_map(|message| addressed(message, &subscriptions, world)).collect()
    }

    /// The outbox rows of messages, to those who want them.
    pub fn rows_of(&self, messages: &[Message], world: &World) -> Vec<OutboxRow> {
        let subscriptions =
            Arc::clone(&self.0.read().unwrap_or_else(std::sync::PoisonError::into_inner));
        messages.iter().flat_map(|message| addressed(message, &subscriptions, world)).collect()
    }

    /// Somebody wants to hear of this kind.
    pub fn anybody_wants(&self, kind: Kind) -> bool {
        let subscriptions = self.0.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        subscriptions.iter().any(|one| one.wants(kind))
    }

    /// The outbox rows of something that no decision asked for: none where nobody wants to hear it.
    pub fn told(&self, kind: Kind, data: &Value, world: &World) -> Vec<OutboxRow> {
        self.rows_of(&[enveloped(kind, world.now(), data)], world)
    }
}

/// A message to everybody who wants it.
fn addressed(message: &Message, to: &[Subscription], world: &World) -> Vec<OutboxRow> {
    let row = |subscription: &Subscription| OutboxRow {
        endpoint: subscription.endpoint,
        message: id::show("msg", world.uuid()),
        kind: message.kind.name(),
        body: message.body.clone(),
    };
    to.iter().filter(|one| one.wants(message.kind)).map(row).collect()
}
