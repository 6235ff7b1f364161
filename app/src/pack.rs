//! Evidence packs: what a case found, for its owner, an issuer or the police, as JSON and as a PDF.
//!
//! A pack is made once and kept, and its digest stands in the case's history, which the audit trail
//! covers: whoever holds a pack can show that it is the one that was made, and the trail's rows in its
//! proof that nothing before it was written later (X12).

pub mod content;
pub mod print;
pub mod proof;

use domain::account::Level;
use domain::case::{Actor, Command, Reporter, level};
use domain::time::Micros;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::{Changes, DocumentKind, Put};
use utoipa::ToSchema;

use crate::cases::Numbered;
use crate::evidence::sha256;
use crate::http::House;
use crate::http::problem::{Kind, Problem};

pub use proof::Proof;

/// Packs of one case.
const PACKS_MAX: usize = 20;
/// Lost races until a caller is asked to come again.
const RACES_MAX: usize = 4;

/// For whom a pack is. It decides what stands in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PackFor)]
#[serde(rename_all = "snake_case")]
pub enum For {
    /// Whose account it is: what happened, the orders, what was decided and paid. No address but a
    /// region (X10), no word of the desk's own.
    Owner,
    /// A card issuer or payment provider: that, and what it compares (device, place, 3-D Secure).
    Issuer,
    /// The police: that, and every event as the store told it, with addresses of both kinds. Made by
    /// a supervisor.
    Police,
}

impl For {
    /// Everybody.
    pub const ALL: [Self; 3] = [Self::Owner, Self::Issuer, Self::Police];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Issuer => "issuer",
            Self::Police => "police",
        }
    }

    /// The one of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }
}

/// A pack, as its case names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Its id.
    pub id: u128,
    /// For whom.
    pub whom: For,
    /// When it was made.
    pub at: Micros,
    /// SHA-256 of its content, hexadecimal.
    pub sha256: String,
}

/// A pack as an API or a page names it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = PackItem)]
pub struct ItemView {
    /// `pck_…`
    pub id: String,
    /// For whom.
    #[serde(rename = "for")]
    pub whom: For,
    /// When it was made.
    pub made_at: String,
    /// SHA-256 of its content: the `content` of the pack as JSON with keys sorted, without spaces.
    pub sha256: String,
}

impl From<&Item> for ItemView {
    fn from(item: &Item) -> Self {
        Self {
            id: crate::id::show("pck", item.id),
            whom: item.whom,
            made_at: crate::time::show(item.at),
            sha256: item.sha256.clone(),
        }
    }
}

/// A pack as it is handed out.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Pack)]
pub struct Pack {
    /// What the case found.
    #[schema(value_type = Object)]
    pub content: Value,
    /// What shows that it is the one that was made.
    pub proof: Proof,
}

impl House {
    /// Makes the reporter's own pack, of the case that their report went into.
    ///
    /// # Errors
    /// Refused below V3, proven by this very reporter (T15), and to who reports for somebody else.
    pub async fn make_own_pack(&self, own: &Numbered) -> Result<(), Problem> {
        let case = self.own_case(own).await?;
        let case = case.ok_or_else(|| Problem::new(Kind::Forbidden, ""))?;
        self.make_pack(&case, For::Owner, &Actor::Reporter, None).await.map(drop)
    }

    /// The case that a report went into, for a reporter who may have its packs.
    pub async fn own_case(&self, own: &Numbered) -> Result<Option<Numbered>, Problem> {
        let main = match own.kept.into {
            Some(main) => self.case(main).await?.ok_or_else(|| Problem::not_found("case"))?,
            None => own.clone(),
        };
        let told = &main.kept.case;
        let start = told.start.unwrap_or(told.opened_at);
        let proven = level(&own.kept.own, start, told.account_since) >= Level::V3;
        let is_owner = own.kept.case.reporter == Reporter::Owner;
        Ok(Some(main).filter(|main| proven && is_owner && main.kept.case.account.is_some()))
    }

    /// Makes a pack of a case, and notes it in the case's history.
    ///
    /// # Errors
    /// Refused to agents for the police, without a reason or an account, or where there are as many
    /// as may be.
    pub async fn make_pack(
        &self,
        case: &Numbered,
        whom: For,
        by: &Actor,
        reason: Option<&str>,
    ) -> Result<(Numbered, Item), Problem> {
        let mut case = case.clone();
        for _ in 0..RACES_MAX {
            match self.make_pack_once(&case, whom, by, reason).await {
                // Somebody else wrote the case meanwhile: again on what it says now.
                Err(problem) if problem.kind == Kind::Unavailable => {
                    case = self.case(case.id).await?.unwrap_or(case);
                }
                done => return done,
            }
        }
        Err(Problem::unavailable(1))
    }

    async fn make_pack_once(
        &self,
        case: &Numbered,
        whom: For,
        by: &Actor,
        reason: Option<&str>,
    ) -> Result<(Numbered, Item), Problem> {
        if whom == For::Police && !matches!(by, Actor::Supervisor(_)) {
            return Err(Problem::new(Kind::Forbidden, "a supervisor makes a pack for the police"));
        }
        if case.kept.packs.len() >= PACKS_MAX {
            return Err(Problem::new(Kind::Conflict, format!("a case has {PACKS_MAX} packs")));
        }
        let holder = case.holder().ok_or_else(|| Problem::not_found("account of the case"))?;
        let now = self.world.now();
        let id = self.world.uuid();
        let content = self.pack_content(case, id, whom, by).await?;
        let content = serde_json::to_value(content).map_err(|error| Problem::internal(&error))?;
        let written = proof::canonical(&content);
        let item = Item { id, whom, at: now, sha256: sha256(written.as_bytes()) };
        let shown = crate::id::show("pck", id);
        let noted = format!("{} {shown} sha256:{}", whom.name(), item.sha256);
        let noted = match reason.map(str::trim).filter(|reason| !reason.is_empty()) {
            Some(reason) => format!("{noted}: {reason}"),
            None if matches!(by, Actor::Reporter) => noted,
            None => return Err(Problem::invalid("/reason", "an agent acts with a reason")),
        };
        let (mut next, _) = case.step(Command::Pack, by, Some(&noted), now)?;
        next.kept.packs.push(item.clone());
        let put = Put {
            kind: DocumentKind::Pack,
            id,
            account: Some(holder),
            seen: None,
            state: 0,
            rank: now.0,
            due_at: None,
            expires_at: next.kept.case.files_until(),
            body: written.into_bytes(),
            names: None,
        };
        let changes = Changes { puts: vec![put], ..Changes::default() };
        Ok((self.write_case(&next, changes).await?, item))
    }

    /// A pack of a case with its proof; nothing where the case has none of this id.
    pub async fn pack(&self, case: &Numbered, id: u128) -> Result<Option<Pack>, Problem> {
        let Some(item) = case.kept.packs.iter().find(|item| item.id == id) else { return Ok(None) };
        let Some(document) = self.store.document(DocumentKind::Pack, id).await? else {
            return Ok(None);
        };
        let content =
            serde_json::from_slice(&document.body).map_err(|error| Problem::internal(&error))?;
        let proof = self.proof_of(case, item).await?;
        Ok(Some(Pack { content, proof }))
    }
}
