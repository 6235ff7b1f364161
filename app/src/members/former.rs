//! Members by contacts that they had: what an intruder changed first is what a victim still knows
//! (R25).

use domain::keyed::AccountKey;
use domain::member::{FORMER_CONTACT_TOLD, Member};
use serde::{Deserialize, Serialize};
use store::{DocumentKind, Put, StoreError};

use super::{Found, Login, Members};

/// Whose a contact was last.
#[derive(Serialize, Deserialize)]
struct Former {
    account: AccountKey,
}

impl Members {
    /// The member who signs in by `login`, or did until it was changed of late.
    pub async fn by_any_login(&self, login: &Login) -> Result<Option<Found>, StoreError> {
        let former = self.store.document(DocumentKind::FormerContact, self.former(login)).await?;
        let former = former.and_then(|kept| serde_json::from_slice::<Former>(&kept.body).ok());
        if let Some(found) = self.by_login(login).await? {
            return Ok(Some(found));
        }
        match former {
            Some(former) => self.of(former.account).await,
            None => Ok(None),
        }
    }

    /// What is to be written when contacts of `before` are not in `after`.
    pub async fn former_contacts(
        &self,
        found: &Found,
        after: &Member,
    ) -> Result<Vec<Put>, StoreError> {
        let gone = found.member.contacts().filter(|old| {
            !after.contacts().any(|now| now.kind == old.kind && now.value == old.value)
        });
        let mut puts = Vec::new();
        for login in gone.filter_map(|old| Login::read(&old.value)) {
            let id = self.former(&login);
            let kept = self.store.document(DocumentKind::FormerContact, id).await?;
            puts.push(Put {
                kind: DocumentKind::FormerContact,
                id,
                account: None,
                seen: kept.map(|kept| kept.version),
                state: 0,
                rank: 0,
                due_at: None,
                expires_at: Some(self.world.now().plus(FORMER_CONTACT_TOLD)),
                body: serde_json::to_vec(&Former { account: found.account }).unwrap_or_default(),
                names: None,
            });
        }
        Ok(puts)
    }

    fn former(&self, login: &Login) -> u128 {
        login.name(&self.hasher).rotate_left(1)
    }
}
