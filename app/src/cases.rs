//! Cases as they are kept: what was reported, how far it has come, who may look (§4.2).
//!
//! Whoever reports gets a number to say aloud and a secret to come back with; only the secret's
//! keyed hash is kept. A case belongs to its account as soon as that is known, and is sealed with it.

pub mod alarm;
pub mod contain;
pub mod doing;
pub mod due;
pub mod figures;
pub mod flow;
pub mod heard;
pub mod history;
mod keeping;
mod kept;
mod lift;
mod recover;
pub mod report;
mod withdraw;

use std::collections::BTreeSet;

use domain::account::Level;
use domain::case::{Action, Actor, Case, Command, Given, Refused, State};
use domain::keyed::{AccountKey, Field};
use domain::time::{DAY, Micros};
use store::{Applied, Changes, Document, DocumentKind, Put, Spot, StoreError};

use crate::audit::Act;
use crate::http::House;
use crate::http::problem::{Kind, Problem};

pub use kept::{Kept, Message};
pub(crate) use recover::ComesBack;
pub use report::Report;

/// Cases of one account that are looked at.
const OF_ACCOUNT_MAX: u32 = 50;
/// How long a report that was never sent is kept.
const DRAFT_KEPT: i64 = 30 * DAY;
/// Messages of one case.
const MESSAGES_MAX: usize = 200;

/// A case with its place in the store.
#[derive(Clone)]
pub struct Numbered {
    /// Its id.
    pub id: u128,
    /// What it is.
    pub kept: Kept,
    version: Option<u64>,
    /// Steps that the audit trail has been told.
    told: usize,
}

/// A page of the queue.
pub struct QueuePage {
    /// The most urgent first.
    pub cases: Vec<Numbered>,
    /// After which the next page begins; none where this is the last.
    pub next: Option<Spot>,
}

/// How a case's secret is shown, once: its number and 160 random bits.
pub struct Opened {
    /// The case.
    pub case: Numbered,
    /// The secret, to be shown and never kept.
    pub secret: String,
}

impl Numbered {
    /// Whose it is, once that is known.
    pub fn holder(&self) -> Option<(AccountKey, String)> {
        self.kept.case.account.zip(self.kept.account_name.clone())
    }

    /// Puts it with what is written, and its new steps with what the audit trail is told.
    pub fn write(&self, house: &House, changes: &mut Changes) {
        changes.puts.push(self.put(house));
        let new = self.kept.case.steps.iter().skip(self.told);
        let acts: Vec<Act> = new.map(Act::from).collect();
        changes.told.extend(Act::told(&acts, (DocumentKind::Case, self.id), self.holder()));
    }

    fn put(&self, house: &House) -> Put {
        let case = &self.kept.case;
        Put {
            kind: DocumentKind::Case,
            id: self.id,
            account: self.holder(),
            seen: self.version,
            state: if self.owes_report() { OWES_REPORT } else { number_of(case.state) },
            rank: rank(case),
            due_at: case.timer_at(),
            expires_at: (case.hold.is_none())
                .then_some(case.opened_at.plus(DRAFT_KEPT))
                .filter(|_| case.state == State::Draft || self.kept.into.is_some()),
            body: serde_json::to_vec(&self.kept).unwrap_or_default(),
            names: Some(vec![house.case_name(&self.kept.number)]),
        }
    }

    /// It is closed, and a report to the commission is still owed.
    fn owes_report(&self) -> bool {
        self.kept.case.state == State::Closed && self.kept.case.owes_report()
    }

    /// A further report on its account goes into it: it is open, and nothing is decided yet.
    pub const fn takes_reports(&self) -> bool {
        let case = &self.kept.case;
        case.state.is_open() && case.decided_at.is_none() && self.kept.into.is_none()
    }

    /// The case after a step, with what is to be done when it is durable.
    ///
    /// # Errors
    /// A problem that says why not.
    pub fn step(
        &self,
        command: Command,
        by: &Actor,
        reason: Option<&str>,
        now: Micros,
    ) -> Result<(Self, Vec<Action>), Problem> {
        let (case, actions) = self.kept.case.next(command, by, reason, now).map_err(refusal)?;
        let mut next = self.clone();
        next.kept.case = case;
        Ok((next, actions))
    }

    /// One more word in the thread.
    pub fn say(&mut self, agent: Option<&str>, text: &str, at: Micros) {
        if self.kept.messages.len() < MESSAGES_MAX {
            let message = Message { at, agent: agent.map(str::to_owned), text: text.to_owned() };
            self.kept.messages.push(message);
        }
    }
}

/// Why a step was refused, as callers are told.
fn refusal(refused: Refused) -> Problem {
    match refused {
        Refused::NoReason => Problem::invalid("/reason", "an agent acts with a reason"),
        Refused::LevelTooLow { needed } => Problem::new(
            Kind::Conflict,
            format!("the reporter has proven too little: level {} is needed", name_of(needed)),
        ),
        Refused::SamePerson => Problem::new(Kind::SamePerson, ""),
        other => Problem::new(Kind::Conflict, other.to_string()),
    }
}

/// `V2` …
pub const fn name_of(level: Level) -> &'static str {
    match level {
        Level::V0 => "V0",
        Level::V1 => "V1",
        Level::V2 => "V2",
        Level::V3 => "V3",
        Level::V4 => "V4",
    }
}

/// What the database calls a state.
const fn number_of(state: State) -> i64 {
    match state {
        State::Draft => 0,
        State::Submitted => 1,
        State::Triage => 2,
        State::Unidentified => 3,
        State::NeedInfo => 4,
        State::Verifying => 5,
        State::Contained => 6,
        State::Decided => 7,
        State::Restitution => 8,
        State::Monitoring => 9,
        State::Closed => 10,
        State::Appeal => 11,
        State::Merged => 12,
    }
}

/// What the database calls a closed case of which a report is owed.
const OWES_REPORT: i64 = 13;

/// States in which an agent has something to do.
const QUEUED: [State; 10] = [
    State::Submitted,
    State::Triage,
    State::Unidentified,
    State::NeedInfo,
    State::Verifying,
    State::Contained,
    State::Decided,
    State::Restitution,
    State::Monitoring,
    State::Appeal,
];

/// States of a case on which something was decided, or nothing will be.
const DECIDED: [i64; 6] = [
    number_of(State::Decided),
    number_of(State::Restitution),
    number_of(State::Monitoring),
    number_of(State::Appeal),
    number_of(State::Closed),
    OWES_REPORT,
];

/// What is due first comes first: by priority, then by age (R13).
fn rank(case: &Case) -> i64 {
    const SPAN: i64 = 1 << 56;
    case.priority as i64 * SPAN + case.opened_at.0.clamp(0, SPAN - 1)
}

fn read(document: &Document) -> Option<Numbered> {
    let kept: Kept = serde_json::from_slice(&document.body).ok()?;
    let told = kept.case.steps.len();
    Some(Numbered { id: document.id, kept, version: Some(document.version), told })
}

impl House {
    /// A new case, to be written.
    pub fn open_case(&self, case: Case, report: Report, english: bool) -> Opened {
        let mut random = [0; 5];
        self.world.random(&mut random);
        let number = crate::id::base32(&random).to_uppercase();
        let (secret, hash) = self.members.new_token();
        let kept = Kept {
            case,
            number,
            secret: Some(hash),
            english,
            account_name: None,
            report,
            own: Vec::new(),
            messages: Vec::new(),
            withdrawn: false,
            into: None,
            reports: 0,
            evidence: Vec::new(),
            callbacks: Vec::new(),
            contained: Vec::new(),
            held: BTreeSet::new(),
            was_contested: false,
            packs: Vec::new(),
        };
        Opened { case: Numbered { id: self.world.uuid(), kept, version: None, told: 0 }, secret }
    }

    fn case_name(&self, number: &str) -> u128 {
        self.hasher.wide(Field::Other, format!("case\0{number}").as_bytes())
    }

    /// The case of this id.
    pub async fn case(&self, id: u128) -> Result<Option<Numbered>, StoreError> {
        Ok(self.store.document(DocumentKind::Case, id).await?.as_ref().and_then(read))
    }

    /// Those cases of these ids that there are.
    pub async fn cases_with(&self, ids: &[u128]) -> Result<Vec<Numbered>, StoreError> {
        let found = self.store.documents_with(DocumentKind::Case, ids).await?;
        Ok(found.iter().filter_map(read).collect())
    }

    /// The case of this number, for whoever has its secret. The same work for a number that is none.
    pub async fn case_by_secret(
        &self,
        number: &str,
        secret: &str,
    ) -> Result<Option<Numbered>, StoreError> {
        let number = one_spelling(number);
        let hash = self.members.token_id(&one_spelling(secret).to_lowercase());
        let name = self.case_name(&number);
        let document = self.store.document_named(DocumentKind::Case, name).await?;
        let found = document.as_ref().and_then(read);
        Ok(found.filter(|found| found.kept.secret == Some(hash)))
    }

    /// The case of this number, for the desk.
    pub async fn case_numbered(&self, number: &str) -> Result<Option<Numbered>, StoreError> {
        let name = self.case_name(&one_spelling(number));
        Ok(self.store.document_named(DocumentKind::Case, name).await?.as_ref().and_then(read))
    }

    /// Cases of an account, the latest last.
    pub async fn cases_of(&self, account: AccountKey) -> Result<Vec<Numbered>, StoreError> {
        let all = self.store.documents_of(account, DocumentKind::Case, OF_ACCOUNT_MAX).await?;
        let mut cases: Vec<Numbered> = all.iter().filter_map(read).collect();
        cases.sort_by_key(|case| case.kept.case.opened_at);
        Ok(cases)
    }

    /// Those of which the reports of a flood are none: decided, or closed (T1, T7).
    pub async fn decided_cases_of(&self, account: AccountKey) -> Result<Vec<Numbered>, StoreError> {
        self.cases_in(account, &DECIDED).await
    }

    async fn cases_in(
        &self,
        account: AccountKey,
        states: &[i64],
    ) -> Result<Vec<Numbered>, StoreError> {
        let kind = DocumentKind::Case;
        let all = self.store.documents_of_in(account, kind, states, OF_ACCOUNT_MAX).await?;
        Ok(all.iter().filter_map(read).collect())
    }

    /// The case of an account that another report, or an alarm, goes into: the most urgent, the
    /// oldest of such, however many reports are on their way (T7).
    pub async fn case_that_takes(
        &self,
        account: AccountKey,
        report: u128,
    ) -> Result<Option<Numbered>, StoreError> {
        let open = self.cases_in(account, &QUEUED.map(number_of)).await?;
        let takes = |case: &Numbered| case.id != report && case.takes_reports();
        Ok(open.into_iter().find(takes))
    }

    /// A page of the queue: what is open, or closed with a report owed, the most urgent first, at most
    /// `limit` after `after`.
    pub async fn case_queue(
        &self,
        only: Option<State>,
        after: Option<Spot>,
        limit: u32,
    ) -> Result<QueuePage, StoreError> {
        let states = QUEUED.into_iter().filter(|state| only.is_none_or(|only| only == *state));
        let owing = only.is_none().then_some(OWES_REPORT);
        let states: Vec<i64> = states.map(number_of).chain(owing).collect();
        if states.is_empty() {
            return Ok(QueuePage { cases: Vec::new(), next: None });
        }
        let kind = DocumentKind::Case;
        let mut found = self.store.documents_queued(kind, &states, after, limit + 1).await?;
        let more = found.len() > limit as usize;
        found.truncate(limit as usize);
        let spot = |last: &Document| Spot { rank: last.rank, id: last.id };
        let next = found.last().filter(|_| more).map(spot);
        Ok(QueuePage { cases: found.iter().filter_map(read).collect(), next })
    }

    /// Writes a case, with what follows from its step.
    ///
    /// # Errors
    /// Busy, when somebody else wrote it meanwhile: nothing was changed.
    pub async fn write_case(
        &self,
        case: &Numbered,
        mut changes: Changes,
    ) -> Result<Numbered, Problem> {
        self.keep_files(case, &mut changes).await?;
        case.write(self, &mut changes);
        match self.store.apply(&changes, self.world.now()).await? {
            Applied::Done => {
                let version = Some(case.version.map_or(1, |seen| seen + 1));
                let told = case.kept.case.steps.len();
                Ok(Numbered { version, told, ..case.clone() })
            }
            Applied::Raced(..) | Applied::NameTaken(..) => Err(Problem::unavailable(1)),
        }
    }

    /// Writes down what was proven to a case. What is proven in a report that went into
    /// another counts there for the desk; to its reporter it counts in their own alone.
    pub async fn prove_case(
        &self,
        id: u128,
        given: Vec<Given>,
        mut changes: Changes,
    ) -> Result<(), Problem> {
        let Some(mut own) = self.case(id).await? else { return Err(Problem::not_found("case")) };
        let now = self.world.now();
        own.kept.own.extend(given.iter().cloned());
        if let Some(main) = own.kept.into {
            own.write(self, &mut changes);
            own = self.case(main).await?.ok_or_else(|| Problem::not_found("case"))?;
        }
        for given in given {
            own = own.step(Command::Prove(given), &Actor::Reporter, None, now)?.0;
        }
        self.write_case(&own, changes).await.map(drop)
    }
}

/// Numbers and secrets are read with dashes, spaces and small letters.
fn one_spelling(typed: &str) -> String {
    typed.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_uppercase()
}
