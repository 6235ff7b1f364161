//! What the audit trail is told: who did what in a case and in what belongs to it (X12, T5).
//!
//! Every step of a case, a call-back or a restitution stands there with the write that it made.
//! What writes nothing (a look at a case, a refusal) is told for itself.

pub mod conduct;

use domain::case::Actor;
use domain::keyed::AccountKey;
use serde::{Deserialize, Serialize};
use store::{Changes, DocumentKind, Told};

use crate::cases::Numbered as Case;
use crate::desk::Colleague;
use crate::http::House;
use crate::http::problem::Problem;

/// One act, as the trail keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Act {
    /// `reporter`, `system`, or the name of whoever it was at the desk.
    pub by: String,
    /// What was done: a step's own name, or `looked`, `refused`, `packed`.
    pub did: String,
    /// Where it stands since, or on what it was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// Why, in the words of whoever did it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Act {
    /// Words for the trail about a document, as they go with what is written of it; nothing where
    /// nothing was done.
    pub fn told(
        acts: &[Self],
        (kind, id): (DocumentKind, u128),
        account: Option<(AccountKey, String)>,
    ) -> Option<Told> {
        let words = serde_json::to_vec(acts).ok().filter(|_| !acts.is_empty())?;
        Some(Told { kind, id, account, words })
    }
}

impl From<&domain::case::Step> for Act {
    fn from(step: &domain::case::Step) -> Self {
        let (did, about) = (word(&step.did), Some(word(&step.to)));
        Self { by: actor(&step.by).to_owned(), did, about, reason: step.reason.clone() }
    }
}

impl From<&domain::restitution::Step> for Act {
    fn from(step: &domain::restitution::Step) -> Self {
        let (did, about) = (step.did.clone(), Some(step.about.clone()));
        Self { by: actor(&step.by).to_owned(), did, about, reason: None }
    }
}

impl From<&crate::callbacks::Step> for Act {
    fn from(step: &crate::callbacks::Step) -> Self {
        let (did, about) = ("called_back".to_owned(), Some(word(&step.to)));
        Self { by: actor(&step.by).to_owned(), did, about, reason: None }
    }
}

/// Who acts, in one word.
pub const fn actor(by: &Actor) -> &str {
    match by {
        Actor::Reporter => "reporter",
        Actor::System => "system",
        Actor::Agent(name) | Actor::Supervisor(name) => name.as_str(),
    }
}

/// The name that a value has in JSON.
pub fn word(value: &impl Serialize) -> String {
    let value = serde_json::to_value(value).unwrap_or_default();
    value.as_str().map(str::to_owned).unwrap_or_default()
}

/// What somebody at the desk did in a case without a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// They were shown the case, or a part of it.
    Looked,
    /// They were refused it: it is not theirs.
    Refused,
}

impl House {
    /// Tells the trail that somebody at the desk looked at a case, or was refused it (T5). What is
    /// looked at is shown once that is durable.
    ///
    /// # Errors
    /// It could not be written.
    pub async fn tell_trail(
        &self,
        case: &Case,
        colleague: &Colleague,
        seen: Seen,
        about: &str,
    ) -> Result<(), Problem> {
        let did = match seen {
            Seen::Looked => "looked",
            Seen::Refused => "refused",
        };
        let (by, about) = (colleague.name.clone(), Some(about.to_owned()));
        let act = Act { by, did: did.to_owned(), about, reason: None };
        let told = Act::told(&[act], (DocumentKind::Case, case.id), case.holder());
        let changes = Changes { told: told.into_iter().collect(), ..Changes::default() };
        self.store.apply(&changes, self.world.now()).await?;
        Ok(())
    }
}
