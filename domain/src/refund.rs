//! A refund of one component of one order line: to the original method, once (§4.5, T14).
//!
//! Its key is `case:order:line:component`; whoever pays is given the key, so that the same again is
//! the same refund. An issuer that has paid already is not paid over (C13).

use serde::{Deserialize, Serialize};

use crate::event::PaymentKind;
use crate::ledger::Way;
use crate::time::{DAY, HOUR, MINUTE, Micros};

/// Waits after the first, second … try that failed.
const WAITS: [i64; 5] = [MINUTE, 10 * MINUTE, HOUR, 6 * HOUR, DAY];

/// What part of a line's price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Component {
    /// The thing itself.
    Item,
    /// Tax.
    Tax,
    /// Shipping.
    Shipping,
    /// Gift wrap.
    Wrap,
    /// What was paid in points.
    Points,
    /// What was paid from a gift balance.
    GiftBalance,
}

impl Component {
    /// As it stands in a key.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Item => "item",
            Self::Tax => "tax",
            Self::Shipping => "shipping",
            Self::Wrap => "wrap",
            Self::Points => "points",
            Self::GiftBalance => "gift_balance",
        }
    }
}

/// By which path money goes back, by kind of payment (R51).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Path {
    /// A line of credit on the next statement.
    CardStatement,
    /// Into the bank account behind a debit card.
    BankAccount,
    /// Off the bill of who lets pay later.
    LaterBill,
    /// Off the phone bill.
    PhoneBill,
    /// Back onto the balance, at once.
    Balance,
    /// There is no way back by itself: a person agrees one with the owner.
    ByHand,
}

impl Path {
    /// The path of a kind of payment.
    pub const fn of(kind: PaymentKind) -> Self {
        match kind {
            PaymentKind::CreditCard => Self::CardStatement,
            PaymentKind::DebitCard => Self::BankAccount,
            PaymentKind::PayLater => Self::LaterBill,
            PaymentKind::CarrierBilling => Self::PhoneBill,
            PaymentKind::Points | PaymentKind::GiftBalance => Self::Balance,
            PaymentKind::BankTransfer | PaymentKind::CashOnDelivery | PaymentKind::Other => {
                Self::ByHand
            }
        }
    }

    /// Its name, as it stands in text keys.
    pub const fn name(self) -> &'static str {
        match self {
            Self::CardStatement => "card-statement",
            Self::BankAccount => "bank-account",
            Self::LaterBill => "later-bill",
            Self::PhoneBill => "phone-bill",
            Self::Balance => "balance",
            Self::ByHand => "by-hand",
        }
    }

    /// The owner sees it within so many days (C20).
    pub const fn seen_within_days(self) -> u32 {
        match self {
            Self::CardStatement => 21,
            Self::BankAccount => 10,
            Self::LaterBill | Self::PhoneBill => 45,
            Self::Balance => 0,
            Self::ByHand => 14,
        }
    }

    /// How the books call it.
    pub const fn way(self) -> Way {
        if matches!(self, Self::Balance) { Way::GiftBalance } else { Way::Psp }
    }
}

/// Where a refund stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum State {
    /// Planned.
    Proposed,
    /// Agreed to; it is paid as soon as the dispute state has been read.
    Approved,
    /// Whoever pays was told.
    Submitted {
        /// When.
        at: Micros,
    },
    /// It is there.
    Succeeded,
    /// Not now.
    FailedRetryable {
        /// When to try again.
        again_at: Micros,
    },
    /// Never by this way: it is still owed.
    FailedFinal,
    /// The issuer has paid it.
    SettledByIssuer,
    /// It came back: it is owed again.
    Reversed,
}

/// How a try to pay ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Settled {
    /// It is there.
    Succeeded,
    /// Not now.
    FailedRetryable,
    /// Never by this way.
    FailedFinal,
    /// The issuer has paid it.
    SettledByIssuer,
}

/// What happens to a refund.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Command {
    /// Agreed to.
    Approve,
    /// About to be paid; whether a dispute runs was read just before.
    Submit {
        /// At the issuer.
        disputed: bool,
    },
    /// How it ended.
    Settle(Settled),
    /// It came back.
    Reverse,
}

/// One refund.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refund {
    /// `case:order:line:component`.
    pub key: String,
    /// Which line of the order.
    pub line: String,
    /// What part of it.
    pub component: Component,
    /// In which parcel the line is.
    pub parcel: String,
    /// By which payment it was paid, and goes back.
    pub payment: String,
    /// Minor units.
    pub amount: i64,
    /// Where it stands.
    pub state: State,
    /// How often it was tried.
    pub tries: u32,
    /// What the payer calls it.
    pub reference: Option<String>,
}

impl Refund {
    /// The refund after `command`; `None` where that cannot follow. The same again changes nothing.
    pub fn next(&self, command: Command, now: Micros) -> Option<Self> {
        use State as S;
        let state = match (self.state, command) {
            (S::Proposed, Command::Approve) => S::Approved,
            (_, Command::Approve) => return Some(self.clone()),
            (S::Approved | S::FailedRetryable { .. }, Command::Submit { disputed: true }) => {
                S::SettledByIssuer
            }
            (S::Approved | S::FailedRetryable { .. }, Command::Submit { disputed: false }) => {
                S::Submitted { at: now }
            }
            (state, Command::Submit { .. }) if state != S::Proposed => return Some(self.clone()),
            (S::Submitted { .. }, Command::Settle(settled)) => self.after_try(settled, now),
            (state, Command::Settle(settled)) if settled.is(state) => return Some(self.clone()),
            (S::Succeeded | S::Reversed, Command::Reverse) => S::Reversed,
            _ => return None,
        };
        let tried = u32::from(matches!(state, S::Submitted { .. }));
        Some(Self { state, tries: self.tries + tried, ..self.clone() })
    }

    /// It may still move money, or has.
    pub const fn counts(&self) -> bool {
        !matches!(self.state, State::SettledByIssuer | State::Reversed)
    }

    /// The books have it as owed or paid.
    pub const fn is_booked(&self) -> bool {
        !matches!(self.state, State::Proposed | State::SettledByIssuer)
    }

    /// Nothing happens to it by itself any more.
    pub const fn is_over(&self) -> bool {
        matches!(
            self.state,
            State::Succeeded | State::FailedFinal | State::SettledByIssuer | State::Reversed
        )
    }

    /// When it is to be paid, or asked about again.
    pub const fn due_at(&self, silent_after: i64, now: Micros) -> Option<Micros> {
        match self.state {
            State::Approved => Some(now),
            State::FailedRetryable { again_at } => Some(again_at),
            State::Submitted { at } => Some(at.plus(silent_after)),
            _ => None,
        }
    }

    fn after_try(&self, settled: Settled, now: Micros) -> State {
        match settled {
            Settled::Succeeded => State::Succeeded,
            Settled::FailedFinal => State::FailedFinal,
            Settled::SettledByIssuer => State::SettledByIssuer,
            Settled::FailedRetryable => {
                let place = usize::try_from(self.tries.saturating_sub(1)).unwrap_or(usize::MAX);
                let wait = WAITS.get(place).copied();
                wait.map_or(State::FailedFinal, |wait| State::FailedRetryable {
                    again_at: now.plus(wait),
                })
            }
        }
    }
}

impl Settled {
    const fn is(self, state: State) -> bool {
        matches!(
            (self, state),
            (Self::Succeeded, State::Succeeded)
                | (Self::FailedFinal, State::FailedFinal)
                | (Self::SettledByIssuer, State::SettledByIssuer)
                | (Self::FailedRetryable, State::FailedRetryable { .. })
        )
    }
}
