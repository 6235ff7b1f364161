//! What is done about a parcel, by where it is (§4.4, R33): the first act, what may follow, until
//! when, and whose turn it is. No refund waits for any of it (R38).

use serde::{Deserialize, Serialize};

use crate::gift_code::GiftCode;
use crate::intercept::Intercept;
use crate::seller_return::SellerReturn;
use crate::time::{DAY, HOUR, MINUTE, Micros};

/// Where a parcel is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words say it")]
pub enum State {
    NotAuthorised,
    Unshipped,
    Digital,
    InTransit,
    Delivered,
    Returned,
    RefusedAtDoor,
    Lost,
}

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words say it")]
pub enum Act {
    Cancel,
    Revoke,
    Intercept,
    AskSeller,
    CheckReceipt,
    ClaimFromCarrier,
    ClaimFromIntruder,
    WriteOff,
}

/// Whose turn it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words say it")]
pub enum Owner {
    Store,
    Agent,
    Supervisor,
    Seller,
    Carrier,
}

/// What is planned for a parcel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// At once.
    pub first: Act,
    /// What may follow, in order.
    pub follow_ups: &'static [Act],
    /// Microseconds after which somebody looks whether the first act is done.
    pub within: i64,
    /// Whose turn it is.
    pub owner: Owner,
}

/// The plan for a parcel that is in `state`, shipped by a seller or by the store itself.
pub const fn plan(state: State, by_seller: bool) -> Plan {
    use Act as A;
    let (first, follow_ups, within, owner): (_, &'static [Act], _, _) = match state {
        State::NotAuthorised => (A::Cancel, &[], HOUR, Owner::Store),
        State::Unshipped => (A::Cancel, &[A::Intercept, A::AskSeller], HOUR, Owner::Store),
        State::Digital => {
            (A::Revoke, &[A::ClaimFromIntruder, A::WriteOff], 30 * MINUTE, Owner::Store)
        }
        State::InTransit => {
            let owner = if by_seller { Owner::Seller } else { Owner::Carrier };
            let within = if by_seller { HOUR } else { 30 * MINUTE };
            (A::Intercept, &[A::CheckReceipt, A::AskSeller, A::ClaimFromIntruder], within, owner)
        }
        State::Delivered => {
            (A::AskSeller, &[A::ClaimFromIntruder, A::WriteOff], 7 * DAY, Owner::Seller)
        }
        State::Returned | State::RefusedAtDoor => (A::CheckReceipt, &[], 2 * DAY, Owner::Agent),
        State::Lost => {
            (A::ClaimFromCarrier, &[A::ClaimFromIntruder, A::WriteOff], 30 * DAY, Owner::Agent)
        }
    };
    Plan { first, follow_ups, within, owner }
}

/// How far a parcel has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Known, and nothing begun.
    Identified,
    /// Held; the store is asked to cancel it.
    Held,
    /// The code is being revoked.
    Revoking,
    /// Being stopped on its way.
    Intercepting,
    /// The seller is asked to take it back.
    ReturnRequested,
    /// Somebody looks whether it is there.
    CheckingReceipt,
    /// The carrier is asked to pay for it.
    ClaimingFromCarrier,
    /// The loss is claimed from the intruder.
    ClaimOpen,
    /// At its end.
    Resolved(End),
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words say it")]
pub enum End {
    Cancelled,
    Revoked,
    GoodsBack,
    PaidByCarrier,
    WrittenOff,
}

/// What the store says of a parcel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// The store's id.
    pub id: String,
    /// Where it is.
    pub state: State,
    /// The seller that ships it; none where the store does.
    #[serde(default)]
    pub seller: Option<String>,
    /// By whom it is carried.
    #[serde(default)]
    pub carrier: Option<String>,
    /// Under which number.
    #[serde(default)]
    pub tracking_number: Option<String>,
    /// Of a gift code: somebody has redeemed it.
    #[serde(default)]
    pub redeemed: bool,
}

/// A parcel of a restitution; a gift code is a parcel of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parcel {
    /// What the store says.
    pub facts: Facts,
    /// The carrier can be asked by a program.
    pub by_program: bool,
    /// How far it has come.
    pub stage: Stage,
    /// When somebody has to look whether the stage's act is done.
    pub due_at: Option<Micros>,
    /// Once it is being stopped.
    pub intercept: Option<Intercept>,
    /// Once the seller is asked.
    pub seller_return: Option<SellerReturn>,
    /// Of a gift code.
    pub code: Option<GiftCode>,
}

impl Parcel {
    /// Known, and nothing begun.
    pub const fn new(facts: Facts, by_program: bool) -> Self {
        Self {
            facts,
            by_program,
            stage: Stage::Identified,
            due_at: None,
            intercept: None,
            seller_return: None,
            code: None,
        }
    }

    /// What is planned for it, as it is now.
    pub const fn plan(&self) -> Plan {
        plan(self.facts.state, self.facts.seller.is_some())
    }

    /// It is not at its end.
    pub const fn is_open(&self) -> bool {
        !matches!(self.stage, Stage::Resolved(_))
    }

    /// The earliest timer.
    pub fn next_due(&self) -> Option<Micros> {
        let intercept = self.intercept.filter(|_| self.stage == Stage::Intercepting);
        let asked = self.seller_return.filter(|_| self.stage == Stage::ReturnRequested);
        let asked = asked.filter(|one| one.state == crate::seller_return::State::Requested);
        let timers =
            [self.due_at, intercept.and_then(|one| one.due_at), asked.map(|one| one.due_at)];
        timers.into_iter().flatten().min()
    }
}
