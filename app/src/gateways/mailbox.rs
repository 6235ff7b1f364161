//! The development mailbox: keeps what would have been sent, for a page that shows it.
//!
//! Whoever sees it sees codes: it is for development, demo and tests, never for customers.

use domain::time::{DAY, Micros};
use serde::Serialize;
use store::{Changes, DocumentKind, Put, Store, StoreError};

use super::{Carriage, Carried, Gateway, Letter};
use crate::world::World;

/// How long a letter is shown.
const KEPT: i64 = DAY;
/// Letters shown.
const SHOWN_MAX: u32 = 100;

/// Keeps letters in the database.
pub struct Mailbox {
    /// Where they are kept.
    pub store: Store,
    /// Time and chance.
    pub world: World,
}

/// A letter as it was kept.
#[derive(Clone, Serialize)]
pub struct Sent {
    /// When.
    pub at: Micros,
    /// What.
    pub letter: Letter,
}

impl Mailbox {
    /// What was sent of late, newest first.
    pub async fn sent(store: &Store) -> Result<Vec<Sent>, StoreError> {
        let kept = store.documents_in(DocumentKind::SentMessage, 0, None, SHOWN_MAX).await?;
        let read = |document: store::Document| {
            let letter = serde_json::from_slice(&document.body).ok()?;
            Some(Sent { at: document.created_at, letter })
        };
        Ok(kept.into_iter().filter_map(read).collect())
    }

    async fn keep(&self, message: &str, letter: &Letter) -> Result<(), StoreError> {
        let now = self.world.now();
        let put = Put {
            kind: DocumentKind::SentMessage,
            id: crate::id::read("msg", message).unwrap_or_default(),
            account: None,
            seen: None,
            state: 0,
            // Newest first.
            rank: -now.0,
            due_at: None,
            expires_at: Some(now.plus(KEPT)),
            body: serde_json::to_vec(letter).unwrap_or_default(),
            names: None,
        };
        // One that is there already was carried before.
        let changes = Changes { puts: vec![put], ..Changes::default() };
        self.store.apply(&changes, now).await.map(drop)
    }
}

impl Gateway for Mailbox {
    fn carry<'a>(&'a self, message: &'a str, letter: &'a Letter) -> Carriage<'a> {
        Box::pin(async move {
            match self.keep(message, letter).await {
                Ok(()) => Carried::Taken,
                Err(_) => Carried::NotNow("the mailbox cannot be written"),
            }
        })
    }
}
