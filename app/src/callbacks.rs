//! Call-backs as they are kept: each belongs to the report that asked for it, and is sealed with its
//! account as soon as that is known.
//!
//! A promise has a name that only one call-back can have: the place in a slot, and the one open
//! call-back of a report. So two that ask at once cannot both be promised the same (R22).

mod asking;
mod doing;
mod free;
mod known;
mod telling;
mod work;

use std::sync::Arc;

use domain::callback::{Callback, Hours, Refused, State, Wish};
use domain::case::Actor;
use domain::keyed::{AccountKey, Field};
use domain::time::{DAY, Micros};
use serde::{Deserialize, Serialize};
use store::{Changes, Document, DocumentKind, Put, StoreError};

use crate::audit::Act;
use crate::cases::Numbered as Case;
use crate::config::{BadSetting, Config};
use crate::http::House;
use crate::http::problem::{Kind, Problem};
use crate::telephony::{StoreTelephone, Telephone, TwilioTelephone};
use crate::webhooks::Subscribers;
use crate::world::World;

pub use asking::{Offer, Wanted};
pub use free::{Agent, FREE_MINUTES_MAX};
pub use known::Known;
#[cfg(test)]
pub(crate) use known::WORDS;
#[cfg(test)]
pub(crate) use telling::KEYS;

/// For how long one that is over is kept.
const KEPT: i64 = 400 * DAY;
/// Call-backs of one report.
const OF_CASE_MAX: usize = 20;
/// Call-backs looked at in one state.
const IN_STATE_MAX: u32 = 500;
/// Open call-backs shown at once.
const SHOWN_MAX: usize = 100;
/// Steps kept of one call-back.
const STEPS_MAX: usize = 60;
/// A command is judged again so often when somebody else was faster.
const TRIES: u32 = 40;

/// What calling needs from outside.
#[derive(Clone)]
pub struct Calling {
    /// Who makes calls; none where none are made.
    pub telephone: Option<Arc<dyn Telephone>>,
    /// The same, where the provider asks us back.
    pub twilio: Option<Arc<TwilioTelephone>>,
    /// When the desk is staffed.
    pub hours: Hours,
    /// Call-backs in one slot.
    pub at_once: usize,
}

impl Calling {
    /// What the settings say.
    ///
    /// # Errors
    /// The setting that makes no sense.
    pub fn of(
        config: &Config,
        subscribers: &Subscribers,
        world: &World,
    ) -> Result<Self, BadSetting> {
        let said = &config.said;
        let hours = Hours::read(said.text("desk-hours"));
        let hours = hours.map_err(|bad| said.bad("desk-hours", &bad.to_string()))?;
        let mut calling = Self {
            telephone: None,
            twilio: None,
            hours,
            at_once: said.parsed("callbacks-per-slot")?,
        };
        match said.text("callback-gateway") {
            "off" => {}
            "webhook" => {
                let (subscribers, world) = (subscribers.clone(), world.clone());
                calling.telephone = Some(Arc::new(StoreTelephone { subscribers, world }));
            }
            "twilio" => {
                let twilio = Arc::new(TwilioTelephone::of(config)?);
                calling.telephone = Some(Arc::<TwilioTelephone>::clone(&twilio));
                calling.twilio = Some(twilio);
            }
            _ => return Err(said.bad("callback-gateway", "off, webhook or twilio")),
        }
        Ok(calling)
    }

    /// A call can be made at all.
    pub fn is_on(&self) -> bool {
        self.telephone.as_ref().is_some_and(|telephone| telephone.is_there())
    }
}

/// A call-back as it is kept. No `Debug`: the number is personal data.
#[derive(Clone, Serialize, Deserialize)]
pub struct Kept {
    /// How far it has come.
    pub callback: Callback,
    /// The report that asked for it.
    pub case: u128,
    /// The account's id as the store gave it, once it is known.
    pub account_name: Option<String>,
    /// Who is called, in E.164.
    pub number: String,
    /// In which language they are spoken to.
    pub english: bool,
    /// Its place in its slot.
    pub place: Option<usize>,
    /// What it is for, as the agent who promised it wrote down (R28).
    pub reason: Option<String>,
    /// The call-back that promised it.
    pub follows: Option<u128>,
    /// Everything that was done, oldest first.
    pub steps: Vec<Step>,
}

/// A row of a call-back's history.
#[derive(Clone, Serialize, Deserialize)]
pub struct Step {
    /// When.
    pub at: Micros,
    /// Who.
    pub by: Actor,
    /// Where it stood.
    pub from: State,
    /// Where it stands since.
    pub to: State,
}

/// A call-back with its place in the store.
#[derive(Clone)]
pub struct Numbered {
    /// Its id.
    pub id: u128,
    /// What it is.
    pub kept: Kept,
    account: Option<AccountKey>,
    version: Option<u64>,
    /// Steps that the audit trail has been told.
    told: usize,
}

impl Numbered {
    fn holder(&self) -> Option<(AccountKey, String)> {
        self.account.zip(self.kept.account_name.clone())
    }

    /// Puts it with what is written, and its new steps with what the audit trail is told.
    fn write(&self, house: &House, changes: &mut Changes) {
        changes.puts.push(self.put(house));
        let acts: Vec<Act> = self.kept.steps.iter().skip(self.told).map(Act::from).collect();
        changes.told.extend(Act::told(&acts, (DocumentKind::Callback, self.id), self.holder()));
    }

    /// The same once that is durable.
    fn written(self) -> Self {
        let version = Some(self.version.map_or(1, |seen| seen + 1));
        Self { version, told: self.kept.steps.len(), ..self }
    }

    fn put(&self, house: &House) -> Put {
        let one = &self.kept.callback;
        let open = one.state.is_open();
        Put {
            kind: DocumentKind::Callback,
            id: self.id,
            account: self.holder(),
            seen: self.version,
            state: number_of(one.state),
            rank: rank(one),
            due_at: one.due_at.filter(|_| open),
            expires_at: (!open).then(|| one.since.plus(KEPT)),
            body: serde_json::to_vec(&self.kept).unwrap_or_default(),
            names: Some(if open { self.names(house) } else { Vec::new() }),
        }
    }

    /// What nobody else can have while it is open.
    fn names(&self, house: &House) -> Vec<u128> {
        let mut names = vec![house.open_callback_name(self.kept.case)];
        if let (Wish::Slot { from }, Some(place)) = (self.kept.callback.wish, self.kept.place) {
            let name = format!("callback-place\0{}\0{place}", from.0);
            names.push(house.hasher.wide(Field::Other, name.as_bytes()));
        }
        names
    }

    /// The same, sealed with the account of its report once that is known.
    fn sealed_with(mut self, own: &Case) -> Self {
        if let (None, Some(account), Some(name)) =
            (self.account, own.kept.case.account, &own.kept.account_name)
        {
            (self.account, self.kept.account_name) = (Some(account), Some(name.clone()));
        }
        self
    }

    /// The same with another state of things, which goes into its history.
    fn with(&self, callback: Callback, by: &Actor, now: Micros) -> Self {
        let mut next = self.clone();
        let (from, to) = (self.kept.callback.state, callback.state);
        if from != to && next.kept.steps.len() < STEPS_MAX {
            next.kept.steps.push(Step { at: now, by: by.clone(), from, to });
        }
        next.kept.callback = callback;
        next
    }
}

/// What the database calls a state.
const fn number_of(state: State) -> i64 {
    match state {
        State::Waiting | State::Retrying => WAITING,
        State::Queued => QUEUED,
        State::Dialling | State::Consented | State::Connected => UNDER_WAY,
        State::Resolved
        | State::FollowedUp { .. }
        | State::Unanswered
        | State::NobodyThere
        | State::Cancelled
        | State::Declined => OVER,
    }
}

const WAITING: i64 = 0;
const QUEUED: i64 = 1;
const UNDER_WAY: i64 = 2;
const OVER: i64 = 3;

/// What a person has promised comes first (R28), then who was promised the earliest.
fn rank(one: &Callback) -> i64 {
    const SPAN: i64 = 1 << 56;
    let promised = one.promised().0.clamp(0, SPAN - 1);
    if matches!(one.wish, Wish::FollowUp { .. }) { promised } else { SPAN + promised }
}

fn read(document: &Document) -> Option<Numbered> {
    let kept: Kept = serde_json::from_slice(&document.body).ok()?;
    let (id, version, told) = (document.id, Some(document.version), kept.steps.len());
    Some(Numbered { id, kept, account: document.account, version, told })
}

/// Why a command was refused, as callers of the API are told.
pub fn refusal(refused: Refused) -> Problem {
    match refused {
        Refused::Number(_) => Problem::invalid("/number", refused.to_string()),
        Refused::BadDue => Problem::invalid("/due_at", refused.to_string()),
        Refused::NoSuchSlot => Problem::invalid("/slot", refused.to_string()),
        Refused::TooMany | Refused::OpenAlready | Refused::NobodyFree | Refused::NotNow => {
            Problem::new(Kind::Conflict, refused.to_string())
        }
    }
}

impl House {
    fn open_callback_name(&self, case: u128) -> u128 {
        self.hasher.wide(Field::Other, format!("callback-open\0{case:032x}").as_bytes())
    }

    /// The call-back of this id.
    ///
    /// # Errors
    /// There is none.
    pub async fn callback(&self, id: u128) -> Result<Numbered, Problem> {
        let found = self.store.document(DocumentKind::Callback, id).await?;
        found.as_ref().and_then(read).ok_or_else(|| Problem::not_found("call-back"))
    }

    /// The open call-back of a report.
    pub async fn open_callback(&self, case: u128) -> Result<Option<Numbered>, StoreError> {
        let name = self.open_callback_name(case);
        let found = self.store.document_named(DocumentKind::Callback, name).await?;
        Ok(found.as_ref().and_then(read))
    }

    /// The call-backs of a case and of the reports that went into it, the latest first.
    ///
    /// # Errors
    /// They cannot be read now.
    pub async fn callbacks_of(&self, case: &Case) -> Result<Vec<Numbered>, StoreError> {
        let mut all = self.callbacks_of_report(case).await?;
        if let Some(account) = case.kept.case.account {
            let others = self.cases_of(account).await?;
            for merged in others.iter().filter(|other| other.kept.into == Some(case.id)) {
                all.extend(self.callbacks_of_report(merged).await?);
            }
        }
        all.sort_by_key(|one| std::cmp::Reverse(one.kept.callback.asked_at));
        Ok(all)
    }

    /// Those that one report asked for, the latest first: the same work whosever account it is about
    /// (T6).
    ///
    /// # Errors
    /// They cannot be read now.
    pub async fn callbacks_of_report(&self, report: &Case) -> Result<Vec<Numbered>, StoreError> {
        let mut all = Vec::with_capacity(report.kept.callbacks.len());
        for id in report.kept.callbacks.iter().rev() {
            let found = self.store.document(DocumentKind::Callback, *id).await?;
            all.extend(found.as_ref().and_then(read));
        }
        Ok(all)
    }

    /// Call-backs that are open: overdue follow-ups first (R28), then what rings or is talked
    /// on, then by the time that was promised; at most 100.
    ///
    /// # Errors
    /// They cannot be read now.
    pub async fn open_callbacks(&self) -> Result<Vec<Numbered>, StoreError> {
        let now = self.world.now();
        let mut all = Vec::new();
        for state in [UNDER_WAY, QUEUED, WAITING] {
            all.extend(self.callbacks_in(state).await?);
        }
        all.sort_by_key(|one| {
            let callback = &one.kept.callback;
            let under_way = callback.state.holds_an_agent();
            (!callback.is_overdue(now), !under_way, callback.promised())
        });
        all.truncate(SHOWN_MAX);
        Ok(all)
    }

    async fn callbacks_in(&self, state: i64) -> Result<Vec<Numbered>, StoreError> {
        let kind = DocumentKind::Callback;
        let found = self.store.documents_in(kind, state, None, IN_STATE_MAX).await?;
        Ok(found.iter().filter_map(read).collect())
    }
}
