//! What is done again and again beside the requests: learning what others have changed, removing what
//! has expired, and what is due for members.

use std::sync::Arc;
use std::time::Duration;

use domain::list::OwnList;
use domain::member::{Change, TakenEffect};
use domain::session::Ended;
use domain::time::DAY;
use store::{Applied, Changes, Document, DocumentKind, Put, StoreError};

use super::House;
use super::lists;
use crate::members::Found;
use crate::world::pause;

/// Longest time for which a revoked key still opens.
const KEYS_STALE_MAX: Duration = Duration::from_secs(2);

/// Every so many rounds it is noted which keys were used, and lists are read again.
const SLOW_ROUNDS: u32 = 30;

/// Waiting changes that take effect in one round.
const CHANGES_AT_ONCE: u32 = 100;

/// Removals in one slow round, of a few thousand rows each.
const PRUNES_MAX: u32 = 50;

impl House {
    /// Learns of keys made and revoked by others.
    pub async fn refresh_keys(&self) {
        match self.store.api_keys().await {
            Ok(keys) => self.keys.keep(&keys),
            Err(error) => tracing::warn!(%error, "cannot learn which keys are revoked"),
        }
    }

    /// Learns again and again of keys and subscribers that others have changed.
    pub async fn keep_fresh(house: Arc<Self>) {
        for round in 1_u32.. {
            pause(KEYS_STALE_MAX).await;
            house.refresh_keys().await;
            if let Err(error) = house.subscribers.refresh(&house.store).await {
                tracing::warn!(%error, "cannot learn which webhooks there are");
            }
            if let Err(error) = house.learn_warning().await {
                tracing::warn!(%error, "cannot learn of which mails to warn");
            }
            if let Err(error) = house.look_after_members().await {
                tracing::warn!(%error, "what is due for members waits");
            }
            if round.is_multiple_of(SLOW_ROUNDS) {
                if let Err(error) = house.refresh_lists().await {
                    tracing::warn!(%error, "cannot learn what stands on the store's own lists");
                }
                for id in house.keys.take_used() {
                    let _ = house.store.touch_api_key(&id, house.world.now()).await;
                }
                house.prune().await;
            }
        }
    }

    /// Removes delivered messages after a day and answers that have expired, a little at a time.
    async fn prune(&self) {
        let now = self.world.now();
        for _ in 0..PRUNES_MAX {
            match self.store.prune(now, now.plus(-DAY)).await {
                Ok(0) => return,
                Ok(_) => {}
                Err(error) => return tracing::warn!(%error, "cannot remove what has expired"),
            }
        }
    }

    /// Learns what stands on the store's own lists now, if anything was changed since.
    pub async fn refresh_lists(&self) -> Result<(), StoreError> {
        let mut own = Vec::new();
        for list in self.store.lists().await? {
            let Some(kind) = lists::kind_named(&list.kind) else { continue };
            let now = self.world.now();
            let entries = self.store.list_entries(&list.name, now, u32::MAX, None).await?;
            let entries = entries.into_iter().map(|entry| entry.value).collect();
            own.push(OwnList { name: list.name.into(), kind, entries });
        }
        self.surroundings.set_own_lists(&own);
        Ok(())
    }

    /// Uses the next channel for urgent notices that nobody has read (R3), and lets changes take
    /// effect that have waited.
    pub async fn look_after_members(&self) -> Result<(), StoreError> {
        if self.notices.escalate().await? > 0 {
            self.letters.notify_one();
        }
        let now = self.world.now();
        for document in self.store.documents_due(DocumentKind::Change, now, CHANGES_AT_ONCE).await?
        {
            let Ok(change) = serde_json::from_slice::<Change>(&document.body) else { continue };
            let Some(account) = document.account else { continue };
            let Some(found) = self.members.of(account).await? else { continue };
            if let Some(taken) = change.take_effect(&found.member, now) {
                self.take_effect(&document, &found, taken).await?;
            }
        }
        Ok(())
    }

    /// Writes a change that takes effect, tells who was there before and who comes with it, and ends
    /// the sessions that did not ask for it, as a change that did not wait would have.
    async fn take_effect(
        &self,
        document: &Document,
        found: &Found,
        TakenEffect { member, change, telling }: TakenEffect,
    ) -> Result<(), StoreError> {
        let now = self.world.now();
        let kept = Put {
            kind: DocumentKind::Change,
            id: document.id,
            account: Some((found.account, found.member.account.clone())),
            seen: Some(document.version),
            state: 0,
            rank: document.rank,
            due_at: None,
            expires_at: None,
            body: serde_json::to_vec(&change).unwrap_or_default(),
            names: None,
        };
        let mut puts = self.members.former_contacts(found, &member).await?;
        puts.extend([self.members.change(found, &member), kept]);
        let mut changes = Changes { puts, ..Changes::default() };
        let mut ended = Vec::new();
        if let Some(telling) = telling {
            ended = self.members.sessions_of(found.account).await?;
            ended.retain(|live| live.id != change.session);
            changes.puts.extend(self.members.end_sessions(&ended, Ended::CredentialChanged));
            self.tell_of(&mut changes, found, telling, document.id);
        }
        // A lost race is taken up in the next round.
        if self.store.apply(&changes, now).await? == Applied::Done {
            self.letters.notify_one();
            if let Err(problem) = self.sessions_ended(&ended).await {
                tracing::warn!(kind = ?problem.kind, "a store was not told of a session's end");
            }
        }
        Ok(())
    }
}
