//! What persons have to do: a timer that fired, a carrier without a program, money that cannot go back
//! by itself.

use serde::{Deserialize, Serialize};

use super::{Action, Restitution};
use crate::time::{DAY, Micros};

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
    /// The desk was reminded of it.
    #[serde(default)]
    pub reminded: bool,
}

impl Task {
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
}

impl TaskKind {
    /// Every kind.
    pub const ALL: [Self; 12] = [
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
    ];

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
                reminded: false,
            });
        }
    }
}
