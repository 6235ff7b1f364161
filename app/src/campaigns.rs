//! Campaigns: suspicious mails that customers report, put together by the hand they are of (R63).
//!
//! Kept is what such mails have in common, what was found, and how many reported, clicked or gave
//! something away: no mail, and no word of who received it. A confirmed campaign can warn everybody
//! on the pages where it would be met.

pub mod indicators;

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::account;
use domain::case::Actor;
use domain::member::Member;
use domain::time::{DAY, Micros};
use mail::{Traits, Verdict};
use serde::{Deserialize, Serialize};
use store::{Applied, Changes, Document, DocumentKind, Put, StoreError};
use utoipa::ToSchema;

use crate::http::House;
use crate::http::problem::{Kind, Problem};
use crate::mail_check::{Checked, shown_reasons};
use crate::members::Found;

/// Campaigns that a report is held against, the newest.
const LOOKED_AT: u32 = 500;
/// Reporters that are told apart in one campaign; later ones are counted each time.
const REPORTERS_MAX: usize = 10_000;
/// Domains kept of one campaign, as it moves.
const DOMAINS_MAX: usize = 50;
/// Words of the desk kept of one campaign.
const STEPS_MAX: usize = 200;
/// A campaign is forgotten so long after its last report.
const KEPT: i64 = 180 * DAY;
/// Lost races until a caller is asked to come again.
const RACES_MAX: usize = 5;

/// How far the desk has come with a campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = CampaignState)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Customers say so; nobody has looked.
    New,
    /// Somebody has looked, and it is one.
    Confirmed,
    /// The same, and everybody is warned.
    Warned,
    /// It is a genuine mail, or none of the store's business.
    NotOurs,
    /// Nothing comes of it any more.
    Over,
}

impl State {
    /// Those that a report is held against.
    pub const ALL: [Self; 5] =
        [Self::New, Self::Confirmed, Self::Warned, Self::NotOurs, Self::Over];

    const fn number(self) -> i64 {
        self as i64
    }
}

/// What is done with a campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = CampaignDoing)]
#[serde(rename_all = "snake_case")]
pub enum Doing {
    /// It is one.
    Confirm,
    /// It is one, and everybody is warned on the pages.
    Warn,
    /// Nobody is warned any more.
    Calm,
    /// It is none of ours.
    NotOurs,
    /// It is over.
    Over,
}

impl Doing {
    /// Where it leads.
    const fn to(self) -> State {
        match self {
            Self::Confirm | Self::Calm => State::Confirmed,
            Self::Warn => State::Warned,
            Self::NotOurs => State::NotOurs,
            Self::Over => State::Over,
        }
    }
}

/// What whoever reports did with the mail.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = MailReportTold)]
#[serde(default)]
pub struct Told {
    /// Opened a link or an attachment.
    pub clicked: bool,
    /// Entered a password.
    pub gave_password: bool,
    /// Entered a card.
    pub gave_card: bool,
}

/// A word of the desk.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = CampaignStepTaken)]
pub struct Step {
    /// When, in microseconds since 1970.
    pub at: i64,
    /// Who.
    pub by: String,
    /// What.
    pub did: Doing,
    /// Why.
    pub reason: String,
}

/// A campaign as it is kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Kept {
    /// By what its mails are known again.
    pub traits: Traits,
    /// Domains of senders, as it moved.
    pub senders: BTreeSet<String>,
    /// How far the desk has come.
    pub state: State,
    /// What was said of the first mail: `forged`, `suspicious` or `unclear`.
    pub verdict: Verdict,
    /// Codes of why, strongest first.
    pub reasons: Vec<String>,
    /// How many reported it.
    pub reports: u32,
    /// How many of them opened something.
    pub clicked: u32,
    /// How many entered a password.
    pub gave_password: u32,
    /// How many entered a card.
    pub gave_card: u32,
    /// Keyed hashes of who reported.
    pub reporters: BTreeSet<u64>,
    /// When it was first reported.
    pub first_at: Micros,
    /// When it was last reported.
    pub last_at: Micros,
    /// What the desk did.
    pub steps: Vec<Step>,
}

/// A campaign with its place in the store.
#[derive(Debug, Clone)]
pub struct Campaign {
    /// Its id.
    pub id: u128,
    /// What it is.
    pub kept: Kept,
    version: Option<u64>,
}

/// What everybody is warned of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = CampaignWarning)]
pub struct Warning {
    /// `cpn_…`
    pub campaign_id: String,
    /// The subject of the mails, digits as `#`.
    pub subject: String,
    /// When one was last reported.
    pub last_reported_at: String,
}

fn read(document: &Document) -> Option<Campaign> {
    let kept = serde_json::from_slice(&document.body).ok()?;
    Some(Campaign { id: document.id, kept, version: Some(document.version) })
}

impl Kept {
    fn first(checked: &Checked, traits: Traits, now: Micros) -> Self {
        Self {
            traits,
            senders: BTreeSet::new(),
            state: State::New,
            verdict: checked.report.verdict,
            reasons: shown_reasons(&checked.report).map(|one| one.code.to_owned()).collect(),
            reports: 0,
            clicked: 0,
            gave_password: 0,
            gave_card: 0,
            reporters: BTreeSet::new(),
            first_at: now,
            last_at: now,
            steps: Vec::new(),
        }
    }

    /// One more report; the same person's again changes nothing but the time.
    fn take(&mut self, traits: &Traits, told: Told, reporter: Option<u64>, now: Micros) {
        self.last_at = now;
        let hosts: BTreeSet<&String> = self.traits.hosts.iter().chain(&traits.hosts).collect();
        self.traits.hosts = hosts.into_iter().take(DOMAINS_MAX).cloned().collect();
        if !traits.sender.is_empty() && self.senders.len() < DOMAINS_MAX {
            self.senders.insert(traits.sender.clone());
        }
        if let Some(reporter) = reporter {
            if self.reporters.contains(&reporter) {
                return;
            }
            if self.reporters.len() < REPORTERS_MAX {
                self.reporters.insert(reporter);
            }
        }
        let add = |to: &mut u32, one: bool| *to = to.saturating_add(u32::from(one));
        add(&mut self.reports, true);
        add(&mut self.clicked, told.clicked);
        add(&mut self.gave_password, told.gave_password);
        add(&mut self.gave_card, told.gave_card);
    }
}

impl Campaign {
    fn put(&self) -> Put {
        let last = self.kept.last_at;
        Put {
            kind: DocumentKind::Campaign,
            id: self.id,
            account: None,
            seen: self.version,
            state: self.kept.state.number(),
            rank: i64::MAX.saturating_sub(last.0.max(0)),
            due_at: None,
            expires_at: Some(last.plus(KEPT)),
            body: serde_json::to_vec(&self.kept).unwrap_or_default(),
            names: None,
        }
    }
}

impl House {
    /// Takes a report: into the campaign that its mail is most like, or a new one. An account whose
    /// holder opened something, or gave something away, is watched.
    ///
    /// # Errors
    /// There is nothing in the mail by which it could be known again; the mail is genuine.
    pub(crate) async fn report_mail(
        &self,
        checked: &Checked,
        told: Told,
        reporter: Option<u64>,
        holder: Option<&Found>,
    ) -> Result<Campaign, Problem> {
        if checked.report.verdict == Verdict::Genuine {
            return Err(Problem::new(Kind::Conflict, "the mail is genuine"));
        }
        let traits = Traits::of(&checked.mail, self.mail_check.brands());
        if traits.is_empty() {
            return Err(Problem::invalid("/raw", "no sender, no link and no words"));
        }
        // One after another: the first two reports of a campaign would else begin it twice.
        let _turn = self.placing.lock().await;
        for _ in 0..RACES_MAX {
            let now = self.world.now();
            let known = self.campaigns(&State::ALL, LOOKED_AT).await?;
            let akin = known.into_iter().filter(|one| one.kept.traits.is_akin(&traits));
            let likeness = |one: &Campaign| one.kept.traits.likeness(&traits);
            let nearest = akin.max_by(|one, two| likeness(one).total_cmp(&likeness(two)));
            let mut campaign = nearest.unwrap_or_else(|| Campaign {
                id: self.world.uuid(),
                kept: Kept::first(checked, traits.clone(), now),
                version: None,
            });
            campaign.kept.take(&traits, told, reporter, now);
            let mut changes = Changes { puts: vec![campaign.put()], ..Changes::default() };
            if told != Told::default() {
                changes.puts.extend(holder.and_then(|found| self.watched(found)));
            }
            if let Applied::Done = self.store.apply(&changes, now).await? {
                return Ok(campaign);
            }
        }
        Err(Problem::unavailable(1))
    }

    /// The account under watch, where it was not.
    fn watched(&self, found: &Found) -> Option<Put> {
        let signal =
            account::Command::Signal { risk: account::Risk::Medium, is_authenticated: false };
        let (standing, _) = found.member.standing.next(signal, self.world.now()).ok()?;
        let member = Member { standing, ..found.member.clone() };
        Some(self.members.change(found, &member))
    }

    /// Campaigns in these states, the last reported first.
    pub(crate) async fn campaigns(
        &self,
        states: &[State],
        limit: u32,
    ) -> Result<Vec<Campaign>, StoreError> {
        let states: Vec<i64> = states.iter().map(|state| state.number()).collect();
        let kind = DocumentKind::Campaign;
        let all = self.store.documents_queued(kind, &states, None, limit).await?;
        Ok(all.iter().filter_map(read).collect())
    }

    /// The campaign of this id, as it is shown.
    pub(crate) async fn campaign(&self, id: &str) -> Result<Campaign, Problem> {
        let missing = || Problem::not_found("campaign");
        let id = crate::id::read("cpn", id).ok_or_else(missing)?;
        let found = self.store.document(DocumentKind::Campaign, id).await?;
        found.as_ref().and_then(read).ok_or_else(missing)
    }

    /// Does something with a campaign; the same again changes nothing.
    pub(crate) async fn step_campaign(
        &self,
        id: &str,
        doing: Doing,
        by: &Actor,
        reason: &str,
    ) -> Result<Campaign, Problem> {
        let reason = reason.trim();
        if reason.is_empty() || reason.chars().count() > 1_000 {
            return Err(Problem::invalid("/reason", "1 to 1,000 characters"));
        }
        for _ in 0..RACES_MAX {
            let mut campaign = self.campaign(id).await?;
            if campaign.kept.state == doing.to() {
                return Ok(campaign);
            }
            if campaign.kept.steps.len() >= STEPS_MAX {
                return Err(Problem::new(Kind::Conflict, "too many steps"));
            }
            let now = self.world.now();
            let by = crate::audit::actor(by).to_owned();
            campaign.kept.state = doing.to();
            campaign.kept.steps.push(Step { at: now.0, by, did: doing, reason: reason.to_owned() });
            let changes = Changes { puts: vec![campaign.put()], ..Changes::default() };
            if let Applied::Done = self.store.apply(&changes, now).await? {
                self.learn_warning().await?;
                return Ok(campaign);
            }
        }
        Err(Problem::unavailable(1))
    }

    /// Learns of what everybody is warned, also by others.
    pub(crate) async fn learn_warning(&self) -> Result<(), StoreError> {
        let warned = self.campaigns(&[State::Warned], 1).await?;
        let warning = warned.first().map(|one| Warning {
            campaign_id: crate::id::show("cpn", one.id),
            subject: one.kept.traits.subject.clone(),
            last_reported_at: crate::time::show(one.kept.last_at),
        });
        self.mail_check.warn_of(warning.map(Arc::new));
        Ok(())
    }
}
