//! What follows for an order: a table of numbers with a date, and what it is applied to (C12–C14).

use serde::{Deserialize, Serialize};

use super::Case;
use crate::ledger::Bearer;
use crate::time::{DAY, Micros};

/// A version of the table. Money is in yen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Table {
    /// From which day it is in force, as people write it.
    pub version: &'static str,
    /// The marketplace's guarantee pays so much at most (R31).
    pub guarantee_cap: i64,
    /// And only so long after the latest day of delivery.
    pub guarantee_window: i64,
    /// Above this a second person agrees (T5).
    pub second_person_above: i64,
    /// So many claims within a year are looked at by a person (T1).
    pub repeat_claims: u32,
}

/// The table in force.
pub const TABLE: Table = Table {
    version: "2026-11-27",
    guarantee_cap: 300_000,
    guarantee_window: 90 * DAY,
    second_person_above: 50_000,
    repeat_claims: 2,
};

/// By what right money is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Claim {
    /// The account was entered: no cap (R31).
    UnauthorisedAccess,
    /// The marketplace's guarantee.
    Guarantee,
}

/// What is known of the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct Facts {
    /// By what right.
    pub claim: Claim,
    /// What was captured, shipping included.
    pub amount: i64,
    /// Gift codes, stored value, downloads.
    pub is_digital: bool,
    /// Latest day of delivery, where it is known.
    pub delivery_by: Option<Micros>,
    /// The payer has opened a dispute at the issuer.
    pub dispute_open: bool,
    /// It was placed from a device the account knew before the start.
    pub own_device: bool,
    /// It went to an address the account had used before the start.
    pub own_address: bool,
    /// Claims of the same account or card within a year.
    pub earlier_claims: u32,
}

/// Why a person has to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Review {
    /// From the owner's own device to the owner's own address (T1).
    LooksLikeTheOwner,
    /// There were several claims before.
    RepeatedClaims,
}

/// What follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// So much goes back to the original method.
    Refund {
        /// Minor units.
        amount: i64,
        /// Who bears it.
        borne_by: Bearer,
    },
    /// The issuer pays it back: nothing is paid twice (C13).
    SettledByIssuer,
    /// A person looks first.
    Review {
        /// Why.
        why: Review,
    },
    /// Nothing.
    NotConfirmed,
}

/// A ruling.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Ruling {
    /// What follows.
    pub outcome: Outcome,
    /// A second person has to agree.
    pub wants_second: bool,
    /// By which version of the table.
    pub table: String,
}

/// What the table says of an order.
pub fn rule(table: &Table, facts: &Facts, now: Micros) -> Ruling {
    let outcome = outcome(table, facts, now);
    let wants_second =
        matches!(outcome, Outcome::Refund { amount, .. } if amount > table.second_person_above);
    Ruling { outcome, wants_second, table: table.version.to_owned() }
}

fn outcome(table: &Table, facts: &Facts, now: Micros) -> Outcome {
    if facts.dispute_open {
        return Outcome::SettledByIssuer;
    }
    if facts.own_device && facts.own_address {
        return Outcome::Review { why: Review::LooksLikeTheOwner };
    }
    if facts.earlier_claims >= table.repeat_claims {
        return Outcome::Review { why: Review::RepeatedClaims };
    }
    match facts.claim {
        Claim::UnauthorisedAccess => {
            Outcome::Refund { amount: facts.amount, borne_by: Bearer::Store }
        }
        Claim::Guarantee => {
            let late = facts.delivery_by.is_some_and(|by| now.since(by) > table.guarantee_window);
            if facts.is_digital || late {
                return Outcome::NotConfirmed;
            }
            let amount = facts.amount.min(table.guarantee_cap);
            Outcome::Refund { amount, borne_by: Bearer::GuaranteeFund }
        }
    }
}

/// A ruling on one order, and who stands for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ruled {
    /// What follows.
    pub ruling: Ruling,
    /// Who ruled.
    pub by: String,
    /// The second person, where one is needed (T5).
    pub approved_by: Option<String>,
}

impl Ruled {
    /// It can be acted on.
    pub const fn is_final(&self) -> bool {
        !self.ruling.wants_second || self.approved_by.is_some()
    }
}

impl Case {
    /// At least one order was not the owner's.
    pub fn is_confirmed(&self) -> bool {
        self.rulings.keys().any(|order| self.is_confirmed_of(order))
    }

    /// This order was not the owner's.
    pub(super) fn is_confirmed_of(&self, order: &str) -> bool {
        let outcome = self.rulings.get(order).map(|ruled| ruled.ruling.outcome);
        matches!(outcome, Some(Outcome::Refund { .. } | Outcome::SettledByIssuer))
    }
}
