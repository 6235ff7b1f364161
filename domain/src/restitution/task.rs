//! What persons have to do: a timer that fired, a carrier without a program, money that cannot go back
//! by itself.

use serde::{Deserialize, Serialize};

use super::{Action, Refused, Restitution};
use crate::case::Actor;
use crate::time::{DAY, HOUR, MINUTE, Micros};

/// A task waits so long before the desk is reminded of it.
const TASK_WAITS: i64 = DAY;

/// Something a person has to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// What; also the key of the words for the phone.
    pub kind: TaskKind,
    /// Which parcel, or which refund's key.
    pub about: String,
    /// Since when.
    pub since: Micros,
    /// It is done.
    pub done: bool,
    /// Which agent does it; nobody yet where absent.
    #[serde(default)]
    pub taken_by: Option<String>,
    /// The desk was reminded of it.
    #[serde(default)]
    pub reminded: bool,
}

impl Task {
    /// By when it is to be done.
    pub const fn due_at(&self) -> Micros {
        self.since.plus(self.kind.within())
    }

    /// When the desk is reminded of it; none once it was, or it is done.
    pub fn reminds_at(&self) -> Option<Micros> {
        (!self.done && !self.reminded).then(|| self.since.plus(TASK_WAITS))
    }
}

/// What a person has to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words say it")]
pub enum TaskKind {
    CancelNotDone,
    CodeNotRevoked,
    CallCarrier,
    CallSeller,
    ChaseCarrier,
    TraceParcel,
    SellerSilent,
    CheckReceipt,
    ClaimFromCarrier,
    PayerSilent,
    NobodyPays,
    RefundByHand,
    ReviewSeller,
}

impl TaskKind {
    /// Every kind.
    pub const ALL: [Self; 13] = [
        Self::CancelNotDone,
        Self::CodeNotRevoked,
        Self::CallCarrier,
        Self::CallSeller,
        Self::ChaseCarrier,
        Self::TraceParcel,
        Self::SellerSilent,
        Self::CheckReceipt,
        Self::ClaimFromCarrier,
        Self::PayerSilent,
        Self::NobodyPays,
        Self::RefundByHand,
        Self::ReviewSeller,
    ];

    /// How soon it is to be done: what can still stop a parcel first, money next (§4.6).
    pub const fn within(self) -> i64 {
        match self {
            Self::CancelNotDone | Self::CodeNotRevoked | Self::CallCarrier => 30 * MINUTE,
            Self::CallSeller => HOUR,
            Self::NobodyPays
            | Self::RefundByHand
            | Self::ChaseCarrier
            | Self::CheckReceipt
            | Self::ReviewSeller => DAY,
            Self::TraceParcel | Self::SellerSilent | Self::ClaimFromCarrier | Self::PayerSilent => {
                3 * DAY
            }
        }
    }

    /// Its name, as it stands in text keys.
    pub const fn name(self) -> &'static str {
        match self {
            Self::CancelNotDone => "cancel-not-done",
            Self::CodeNotRevoked => "code-not-revoked",
            Self::CallCarrier => "call-carrier",
            Self::CallSeller => "call-seller",
            Self::ChaseCarrier => "chase-carrier",
            Self::TraceParcel => "trace-parcel",
            Self::SellerSilent => "seller-silent",
            Self::CheckReceipt => "check-receipt",
            Self::ClaimFromCarrier => "claim-from-carrier",
            Self::PayerSilent => "payer-silent",
            Self::NobodyPays => "nobody-pays",
            Self::RefundByHand => "refund-by-hand",
            Self::ReviewSeller => "review-seller",
        }
    }
}

impl Restitution {
    pub(super) fn was_raised(&self, kind: TaskKind, about: &str) -> bool {
        self.tasks.iter().any(|task| task.kind == kind && task.about == about)
    }

    /// Nothing is left to do about it.
    pub(super) fn finish(&mut self, about: &str) {
        for task in self.tasks.iter_mut().filter(|task| task.about == about) {
            task.done = true;
        }
    }

    /// The desk is reminded once of each task that waits too long.
    pub(super) fn remind(&mut self, now: Micros, actions: &mut Vec<Action>) {
        for task in &mut self.tasks {
            if task.reminds_at().is_some_and(|at| at <= now) {
                task.reminded = true;
                actions.push(Action::RemindOf(task.kind, task.about.clone()));
            }
        }
    }

    /// Once for what it is about, until it is done.
    pub(super) fn raise(&mut self, kind: TaskKind, about: &str, now: Micros) {
        let open = |task: &Task| task.kind == kind && task.about == about && !task.done;
        if !self.tasks.iter().any(open) {
            self.tasks.push(Task {
                kind,
                about: about.to_owned(),
                since: now,
                done: false,
                taken_by: None,
                reminded: false,
            });
        }
    }

    /// An agent says that they do it; from another only a supervisor takes it over.
    pub(super) fn take_task(&mut self, place: usize, by: &Actor) -> Result<(), Refused> {
        let (Actor::Agent(name) | Actor::Supervisor(name)) = by else {
            return Err(Refused::NeedsAgent);
        };
        let task = self.tasks.get_mut(place).ok_or(Refused::Unknown)?;
        let is_anothers = task.taken_by.as_ref().is_some_and(|taken| taken != name);
        if task.done {
            return Err(Refused::NotNow);
        }
        if is_anothers && !matches!(by, Actor::Supervisor(_)) {
            return Err(Refused::NeedsSupervisor);
        }
        task.taken_by = Some(name.clone());
        Ok(())
    }
}
