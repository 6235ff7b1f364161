//! Evidence as it is kept: a document of its own, sealed as its case is.

use domain::case::{Actor, Command};
use domain::time::Micros;
use serde::{Deserialize, Serialize};
use store::{Changes, DocumentKind, Put, StoreError};

use super::{CASE_MAX, Clean, FILES_MAX, Kind, Refused, sha256};
use crate::cases::Numbered;
use crate::http::House;
use crate::http::problem::Problem;

/// A file of a case, as the case names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = CaseEvidence)]
pub struct Item {
    /// Its id.
    #[serde(with = "as_id")]
    #[schema(value_type = String, example = "evd_0…")]
    pub id: u128,
    /// What it is.
    #[schema(value_type = String, example = "png")]
    pub kind: Kind,
    /// Bytes, as it is kept.
    pub bytes: usize,
    /// SHA-256 of what was sent.
    pub sha256_original: String,
    /// SHA-256 of what is kept.
    pub sha256: String,
    /// When it was given.
    #[serde(with = "as_time")]
    #[schema(value_type = String, format = DateTime)]
    pub at: Micros,
}

mod as_id {
    use serde::{Deserialize as _, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(id: &u128, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&crate::id::show("evd", *id))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<u128, D::Error> {
        let shown = String::deserialize(from)?;
        crate::id::read("evd", &shown).ok_or_else(|| serde::de::Error::custom("no id of evidence"))
    }
}

mod as_time {
    use domain::time::Micros;
    use serde::{Deserialize as _, Deserializer, Serializer};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde hands it")]
    pub(super) fn serialize<S: Serializer>(at: &Micros, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&crate::time::show(*at))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Micros, D::Error> {
        let shown = String::deserialize(from)?;
        crate::time::read(&shown).ok_or_else(|| serde::de::Error::custom("no time"))
    }
}

impl House {
    /// Adds a file to a case, if there is room; with its hash in the case's history.
    ///
    /// # Errors
    /// A problem when it cannot be written; within, why it is not taken.
    pub async fn add_evidence(
        &self,
        case: &Numbered,
        clean: Clean,
    ) -> Result<Result<Numbered, Refused>, Problem> {
        let kept = &case.kept.evidence;
        let held: usize = kept.iter().map(|item| item.bytes).sum();
        if kept.len() >= FILES_MAX || held + clean.bytes.len() > CASE_MAX {
            return Ok(Err(Refused::TooMany));
        }
        if kept.iter().any(|item| item.sha256_original == clean.original) {
            return Ok(Ok(case.clone()));
        }
        let now = self.world.now();
        let item = Item {
            id: self.world.uuid(),
            kind: clean.kind,
            bytes: clean.bytes.len(),
            sha256: sha256(&clean.bytes),
            sha256_original: clean.original,
            at: now,
        };
        let note = format!("sha256:{}", item.sha256);
        let (mut next, _) = case.step(Command::Supply, &Actor::Reporter, Some(&note), now)?;
        let put = Put {
            kind: DocumentKind::Evidence,
            id: item.id,
            account: next.kept.case.account.zip(next.kept.account_name.clone()),
            seen: None,
            state: 0,
            rank: now.0,
            due_at: None,
            expires_at: next.kept.case.files_until(),
            body: clean.bytes,
            names: None,
        };
        next.kept.evidence.push(item);
        let changes = Changes { puts: vec![put], ..Changes::default() };
        self.write_case(&next, changes).await.map(Ok)
    }

    /// A file of a case: what it is, and its bytes.
    pub async fn evidence(
        &self,
        case: &Numbered,
        id: u128,
    ) -> Result<Option<(Item, Vec<u8>)>, StoreError> {
        let Some(item) = case.kept.evidence.iter().find(|item| item.id == id) else {
            return Ok(None);
        };
        let document = self.store.document(DocumentKind::Evidence, id).await?;
        Ok(document.map(|document| (item.clone(), document.body)))
    }
}
