//! A member's changes, as they are kept and as they are put back.

use domain::keyed::AccountKey;
use domain::member::{Change, Restored};
use store::{Document, DocumentKind, Put, StoreError};

use super::{Found, Members};

/// Changes looked at when some are put back.
const CHANGES_MAX: u32 = 500;

/// A change with its document.
pub(crate) type Recorded = (Document, Change);

impl Members {
    /// A member's changes, oldest first.
    pub async fn changes_of(&self, account: AccountKey) -> Result<Vec<Recorded>, StoreError> {
        let all = self.store.documents_of(account, DocumentKind::Change, CHANGES_MAX).await?;
        let read = |document: Document| {
            let change = serde_json::from_slice(&document.body).ok()?;
            Some((document, change))
        };
        Ok(all.into_iter().rev().filter_map(read).collect())
    }

    /// What is to be written of changes that were put back.
    pub fn put_back(&self, found: &Found, kept: &[Recorded], restored: &Restored) -> Vec<Put> {
        let put = |(place, change): &(usize, Change)| {
            let (document, _) = kept.get(*place)?;
            Some(Put {
                kind: DocumentKind::Change,
                id: document.id,
                account: Some((found.account, found.member.account.clone())),
                seen: Some(document.version),
                state: 1,
                rank: document.rank,
                due_at: None,
                expires_at: None,
                body: serde_json::to_vec(change).unwrap_or_default(),
                names: None,
            })
        };
        restored.changes.iter().filter_map(put).collect()
    }

    /// Keyed hashes of the devices at which changes were made.
    pub async fn devices_of_changes(&self, restored: &Restored) -> Result<Vec<u64>, StoreError> {
        let mut devices = Vec::new();
        for (_, change) in &restored.changes {
            devices.extend(self.device_of_session(change.session).await?);
        }
        Ok(devices)
    }
}
